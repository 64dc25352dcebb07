"""Calculates exactly: its own evaluator over Python's syntax tree, with fractions and bounds; nothing is executed."""

import ast
import math
from collections.abc import Callable
from fractions import Fraction

from app.assistant.experts.expert import Outcome, Work
from app.domain.actions import Action
from app.errors import BadInput

MAX_EXPRESSION = 500  # characters: what fits on a few lines; a table belongs in a file
MAX_BITS = 10_000  # of a numerator or denominator: some 3,000 digits, more than anybody reads
PLACES = 30  # decimal places shown of a number that does not end

_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "^": "**", "\u00a0": " ", "\u202f": " "})


class Calculator:
    """See Expert."""

    name = "calculator"
    hue = 145

    def answers(self, action: Action, path: str) -> bool:
        """Any file, as the expression is the selection or the instruction."""
        return action is Action.CALCULATE

    async def available(self) -> str | None:
        """It needs nothing."""
        return None

    async def run(self, work: Work) -> Outcome:
        """Return the value of the instruction, or of the selected text when there is none."""
        text = work.instruction
        if not text and work.range is not None:
            units = work.text.encode("utf-16-le")[work.range.start * 2 : work.range.end * 2]
            text = units.decode("utf-16-le", "ignore")
        expression = " ".join(text.split()).rstrip("= ?")
        return Outcome(answer=f"`{expression}` = **{show(evaluate(expression))}**")


def evaluate(expression: str) -> Fraction:
    """Return the exact value. Raises BadInput with a sentence for anything but bounded arithmetic."""
    if not expression or len(expression) > MAX_EXPRESSION:
        raise BadInput(f"Select or write an expression of at most {MAX_EXPRESSION} characters, such as (3 + 4) / 7.")
    source = expression.translate(_SIGNS)
    try:
        tree = ast.parse(source, mode="eval")
        return _value(tree.body, source)
    except ZeroDivisionError:
        raise BadInput("This divides by zero.") from None
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise BadInput(f"“{expression[:60]}” is not arithmetic; write numbers, + - * / // % ** and brackets.") from None


def show(value: Fraction) -> str:
    """Return the value as people read it: whole, as a decimal that ends, or as a fraction and its decimal."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest == 1 and places <= PLACES:
        return _decimal(value, places)
    return f"{value.numerator}/{value.denominator} ≈ {_decimal(value, PLACES)}"


def _decimal(value: Fraction, places: int) -> str:
    digits = str(abs(round(value * 10**places))).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise BadInput("Only whole exponents are exact; a root of a whole square is sqrt(…).")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent.numerator) * bits > MAX_BITS and base not in (0, 1, -1):
        raise _too_big()
    if base in (1, -1):  # whose powers stay small, however large the exponent
        return base ** (exponent.numerator % 2)
    return Fraction(base**exponent.numerator)


def _sqrt(value: Fraction) -> Fraction:
    if value < 0:
        raise BadInput("A negative number has no real square root.")
    root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
    if root * root != value:
        raise BadInput(f"sqrt({value}) has no exact value; only whole squares and their ratios do.")
    return root


def _factorial(value: Fraction) -> Fraction:
    if value.denominator != 1 or not 0 <= value <= 1_000:
        raise BadInput("factorial takes a whole number from 0 to 1,000.")
    return Fraction(math.factorial(value.numerator))


_BINARY: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: Fraction(a // b),
    ast.Mod: lambda a, b: a % b,
    ast.Pow: _power,
}
_UNARY: dict[type[ast.unaryop], Callable[[Fraction], Fraction]] = {ast.UAdd: lambda a: a, ast.USub: lambda a: -a}
_ONE: dict[str, Callable[[Fraction], Fraction]] = {
    "abs": abs,
    "round": lambda a: Fraction(round(a)),
    "floor": lambda a: Fraction(math.floor(a)),
    "ceil": lambda a: Fraction(math.ceil(a)),
    "sqrt": _sqrt,
    "factorial": _factorial,
}
_MANY: dict[str, Callable[[list[Fraction]], Fraction]] = {"min": min, "max": max, "sum": lambda a: sum(a, Fraction(0))}


def _value(node: ast.expr, source: str) -> Fraction:
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            # From the text, not the float: 0.1 is a tenth here.
            literal = (ast.get_source_segment(source, node) or "").replace("_", "")
            if (
                "e" in literal.lower()
                and not literal.lower().startswith("0x")
                and abs(_exponent(literal)) > PLACES * 10
            ):
                raise _too_big()
            return _bounded(Fraction(node.value) if isinstance(node.value, int) else Fraction(literal))
        case ast.BinOp() if type(node.op) in _BINARY:
            return _bounded(_BINARY[type(node.op)](_value(node.left, source), _value(node.right, source)))
        case ast.UnaryOp() if type(node.op) in _UNARY:
            return _UNARY[type(node.op)](_value(node.operand, source))
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _ONE and len(node.args) == 1:
            return _bounded(_ONE[name](_value(node.args[0], source)))
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _MANY and node.args:
            return _bounded(_MANY[name]([_value(argument, source) for argument in node.args]))
    raise ValueError("not arithmetic")


def _exponent(literal: str) -> int:
    return int(literal.lower().partition("e")[2] or 0)


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise _too_big()
    return value


def _too_big() -> BadInput:
    return BadInput("This number has more than 3,000 digits; the calculator stops there.")

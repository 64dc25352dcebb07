"""Mirrors app/assistant/experts/calculator.py."""

import pytest

from app.assistant.experts import Calculator, Work
from app.assistant.experts.calculator import evaluate, show
from app.assistant.run import Range
from app.domain.actions import Action
from app.errors import BadInput


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1/3", "1/3 ≈ 0.333333333333333333333333333333"),
        ("-7 // 2", "-4"),
        ("2^10 × 3 ÷ 4", "768"),
        ("(-1)**99999999999", "-1"),
        ("10**-3", "0.001"),
        ("1_000.5 * 2", "2001"),
        ("sqrt(9/4)", "1.5"),
        ("max(1, 2/3) + abs(-2)", "3"),
        ("factorial(20)", "2432902008176640000"),
        ("round(2.5)", "2"),
        ("-0.25", "-0.25"),
        ("0x1e9", "489"),
    ],
)
def test_values_are_exact(expression: str, value: str) -> None:
    assert show(evaluate(expression)) == value


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("1/0", "zero"),
        ("0**-1", "zero"),
        ("9**9**9", "digits"),
        ("1e999999999", "digits"),
        ("factorial(10**9)", "1,000"),
        ("2**0.5", "whole exponents"),
        ("sqrt(2)", "no exact value"),
        ("sqrt(-1)", "negative"),
        ("__import__('os').system('x')", "not arithmetic"),
        ("(1).real", "not arithmetic"),
        ("True + 1", "not arithmetic"),
        ("'a' * 10**9", "not arithmetic"),
        ("[0] * 10**9", "not arithmetic"),
        ("x", "not arithmetic"),
        ("1 +", "not arithmetic"),
        ("", "at most"),
        ("1" * 501, "at most"),
        ("-" * 400 + "1" + ")", "not arithmetic"),
    ],
)
def test_anything_else_is_a_sentence(expression: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        evaluate(expression)


async def test_it_takes_the_selection_when_there_is_no_instruction() -> None:
    work = Work(Action.CALCULATE, "notes.md", "👋 6*7 =", Range(3, 8))
    assert (await Calculator().run(work)).answer == "`6*7` = **42**"

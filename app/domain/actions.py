"""The actions: what a person can ask of the assistant, and what each of them needs. Pure.

What must not be here: how an action is carried out (app/assistant) and which model gets it (routing.py).
"""

import difflib
from dataclasses import dataclass
from enum import StrEnum

from app.errors import BadInput, TooLarge

MAX_INSTRUCTION = 8_000  # characters: a long paragraph of wishes; whole documents belong in a file


class Action(StrEnum):
    """The word a program sends."""

    EXPLAIN = "explain"
    FIX = "fix"
    EDIT = "edit"
    GENERATE = "generate"
    FORMAT = "format"
    LINT = "lint"
    CALCULATE = "calculate"


@dataclass(frozen=True, slots=True)
class Needs:
    """What an action takes and gives.

    `writes`: it ends in a suggestion, else in an answer. `experts`: the names of the tools that answer it exactly,
    in order. `experts_only`: a model is never asked, because a guess would be worse than saying no.
    `tokens_out`: what a model usually writes for it, for the estimate before a run; `tokens_max`: where it is cut,
    with room for a model that thinks before it writes.
    """

    label: str
    instruction: bool
    range_or_instruction: bool
    writes: bool
    experts: tuple[str, ...]
    experts_only: bool
    tokens_out: int
    tokens_max: int


NEEDS: dict[Action, Needs] = {
    Action.EXPLAIN: Needs("Explain", False, False, False, (), False, 500, 3_000),
    Action.FIX: Needs("Fix", False, False, True, (), False, 700, 6_000),
    Action.EDIT: Needs("Edit", True, False, True, (), False, 900, 6_000),
    Action.GENERATE: Needs("Generate", True, False, True, (), False, 2_000, 12_000),
    Action.FORMAT: Needs("Format", False, False, True, ("ruff", "prettier"), True, 0, 0),
    Action.LINT: Needs("Fix lint", False, False, True, ("ruff", "prettier"), True, 0, 0),
    Action.CALCULATE: Needs("Calculate", False, True, False, ("calculator",), True, 0, 0),
}


def parse(word: str) -> Action:
    """Return the action named `word`, or raise BadInput naming the known ones and the nearest."""
    try:
        return Action(word)
    except ValueError:
        known = ", ".join(action.value for action in Action)
        near = difflib.get_close_matches(word.lower(), [action.value for action in Action], n=1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        raise BadInput(f"There is no action “{word[:40]}”; the actions are {known}.{hint}") from None


def check_request(action: Action, instruction: str, *, has_range: bool) -> str:
    """Return the trimmed instruction if the request has what `action` needs; raise BadInput or TooLarge saying what."""
    needs = NEEDS[action]
    clean = instruction.strip()
    if len(clean) > MAX_INSTRUCTION:
        raise TooLarge(f"An instruction may have at most {MAX_INSTRUCTION:,} characters; this one has {len(clean):,}.")
    if needs.instruction and not clean:
        raise BadInput(f"{needs.label} needs an instruction: say in a sentence what should come out.")
    if needs.range_or_instruction and not clean and not has_range:
        raise BadInput(f"{needs.label} needs something to work on: select it, or write it as the instruction.")
    return clean

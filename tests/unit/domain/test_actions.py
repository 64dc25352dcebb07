"""Mirrors app/domain/actions.py."""

import pytest

from app.domain.actions import MAX_INSTRUCTION, NEEDS, Action, check_request, parse
from app.errors import BadInput, TooLarge


def test_every_action_says_what_it_needs() -> None:
    assert set(NEEDS) == set(Action)


def test_an_unknown_action_names_the_known_ones_and_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        parse("formatt")
    assert "explain, fix, edit, generate, format, lint, calculate" in refused.value.sentence
    assert "Did you mean “format”?" in refused.value.sentence


def test_edit_and_generate_need_an_instruction() -> None:
    for action in (Action.EDIT, Action.GENERATE):
        with pytest.raises(BadInput, match="instruction"):
            check_request(action, "  \n", has_range=True)
    assert check_request(Action.EDIT, " shorter ", has_range=False) == "shorter"


def test_calculate_needs_a_selection_or_an_instruction() -> None:
    with pytest.raises(BadInput, match="select it"):
        check_request(Action.CALCULATE, "", has_range=False)
    assert check_request(Action.CALCULATE, "", has_range=True) == ""


def test_an_instruction_is_bounded() -> None:
    with pytest.raises(TooLarge):
        check_request(Action.FIX, "x" * (MAX_INSTRUCTION + 1), has_range=False)

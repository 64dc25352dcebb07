"""Mirrors app/domain/routing_evidence.py and routing_priors.py."""

import pytest

from app.domain.actions import Action
from app.domain.routing_evidence import EXACT, Belief
from app.domain.routing_priors import POLYGLOT, prior


def test_without_verdicts_the_mean_is_the_prior_and_with_many_it_is_the_share() -> None:
    assert Belief(0.7, 10, "a test").mean == pytest.approx(0.7)
    assert Belief(0.7, 10, "a test", accepted=10, rejected=990).mean == pytest.approx(17 / 1010)
    assert Belief(0.7, 0, "a test").mean == 0.7
    assert EXACT.mean == 1.0


def test_a_measured_model_is_believed_by_its_rate_whatever_its_spelling() -> None:
    for name in ("gpt-5", "openai/gpt-5-2025-08-07", "openrouter/openai/GPT-5"):
        assert prior(name, Action.FIX, local=False).prior == prior("gpt-5", Action.FIX, local=False).prior
    assert "88%" in prior("gpt-5", Action.FIX, local=False).source
    assert "Aider" in prior("gpt-5", Action.FIX, local=False).source


def test_a_smaller_member_of_a_family_inherits_nothing() -> None:
    for name in ("gpt-5-nano", "gpt-5-mini", "gemini-2.5-flash-lite", "deepseek-r1:8b", "claude-haiku-4-5"):
        assert "not measured" in prior(name, Action.FIX, local=False).source, name


def test_a_later_member_of_a_family_is_believed_less_surely() -> None:
    later, measured = (prior(name, Action.EDIT, local=False) for name in ("anthropic/claude-sonnet-4-6", "gpt-5"))
    assert "claude-sonnet-4" in later.source
    assert later.weight < measured.weight


def test_longest_name_wins() -> None:
    assert POLYGLOT["gpt-4.1-mini"] < POLYGLOT["gpt-4.1"]
    assert prior("gpt-4.1-mini-2025-04-14", Action.FIX, local=False).source.startswith("32%")


def test_an_unknown_local_model_is_believed_less_than_an_unknown_remote_one() -> None:
    assert prior("foo", Action.FIX, local=True).mean < prior("foo", Action.FIX, local=False).mean


def test_explaining_is_easier_than_generating() -> None:
    means = [prior("gpt-4o", a, local=False).mean for a in (Action.EXPLAIN, Action.EDIT, Action.FIX, Action.GENERATE)]
    assert means == sorted(means, reverse=True)

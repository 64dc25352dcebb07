"""Mirrors app/domain/routing.py: hard constraints, ranking, reasons, determinism, cost."""

import random
from dataclasses import replace

import pytest

from app.domain.actions import Action
from app.domain.routing import Candidate, Policy, Task, decide, money, price_question, taken_over, utility
from app.domain.routing_evidence import EXACT, Belief
from tests.counted import calls

TASK = Task(Action.FIX, tokens_in=2_000, tokens_out=700, tokens_max=6_000)


def model(name: str, success: float = 0.5, **more: object) -> Candidate:
    fields: dict[str, object] = {"price_in": 1.0, "price_out": 5.0, "open": False, "local": False, **more}
    return Candidate("model", name, name, 10, belief=Belief(success, 10, "a test"), **fields)  # type: ignore[arg-type]


RUFF = Candidate("expert", "ruff", "ruff", 205, True, True, EXACT)


@pytest.mark.parametrize(
    ("candidate", "policy", "task", "said"),
    [
        (model("a"), Policy(privacy="local"), TASK, "local models only"),
        (model("a"), Policy(privacy="open"), TASK, "open models only"),
        (model("a", trouble="It sleeps."), Policy(), TASK, "It sleeps."),
        (model("a", context=2_500), Policy(), TASK, "needs about 2,700 tokens, and it takes 2,500"),
        (model("a"), Policy(budget_usd=0.03), TASK, r"could cost up to \$0.032, and \$0.03 of the budget is left"),
        (model("a"), Policy(budget_usd=-1), TASK, r"\$0 of the budget"),
        (model("a", price_in=None), Policy(budget_usd=5), TASK, "price is not known"),
        (model("a"), Policy(), replace(TASK, model="b"), "asked for by name"),
        (model("a"), Policy(), replace(TASK, action=Action.FORMAT), "exact tool"),
    ],
)
def test_a_hard_constraint_removes_with_a_sentence(candidate: Candidate, policy: Policy, task: Task, said: str) -> None:
    route = decide(task, policy, [candidate])
    assert route.chosen is None
    (removed,) = route.removed
    assert removed.candidate is candidate
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(removed.why)
    assert removed.why.endswith(".")


def test_an_open_policy_allows_open_and_local_models() -> None:
    route = decide(TASK, Policy(privacy="open"), [model("closed"), model("open", open=True), model("mine", local=True)])
    assert {c.id for c in (route.chosen, *route.fallbacks) if c} == {"open", "mine"}


def test_an_expert_always_wins() -> None:
    best = model("best", success=1.0, price_in=0.0, price_out=0.0, first_seconds=0.0)
    for candidates in ([best, RUFF], [RUFF, best]):
        route = decide(TASK, Policy(), candidates)
        assert route.chosen is RUFF
        assert route.estimate.usd == 0.0
        assert route.estimate.tokens_out == 0


def test_success_price_and_waiting_are_traded() -> None:
    strong = model("strong", success=0.9, price_in=10.0, price_out=50.0)
    cheap = model("cheap", success=0.7, price_in=0.1, price_out=0.4)
    assert decide(TASK, Policy(value_usd=0.10), [strong, cheap]).chosen is cheap
    assert decide(TASK, Policy(value_usd=10.0), [strong, cheap]).chosen is strong
    slow = model("slow", success=0.71, price_in=0.1, price_out=0.4, tokens_per_second=5.0)
    assert decide(TASK, Policy(second_usd=0.002), [slow, cheap]).chosen is cheap


def test_an_unpriced_model_is_ranked_as_a_dear_one_and_shown_without_a_price() -> None:
    unpriced = model("unpriced", price_in=None, price_out=None)
    assert utility(unpriced, TASK, Policy()) < utility(model("cheap"), TASK, Policy())
    route = decide(TASK, Policy(), [unpriced])
    assert route.estimate.usd is None
    assert any("price is not known" in reason for reason in route.reasons)


def test_reasons_are_sentences_with_the_evidence() -> None:
    seen = replace(model("seen", success=0.6), belief=Belief(0.6, 10, "a test", accepted=9, rejected=1))
    route = decide(TASK, Policy(), [seen, model("other", success=0.6)])
    assert route.reasons[0] == "It is likelier to succeed than other, the next best."
    assert route.reasons[1] == "Fix: about 75% expected to be accepted (a test; 9 of 10 accepted here)."


def test_equal_input_gives_an_equal_route_in_any_order() -> None:
    chance = random.Random(7)
    candidates = [model(f"m{n}", success=0.5) for n in range(10)]
    first = decide(TASK, Policy(), candidates)
    assert first.chosen is not None
    assert first.chosen.id == "m0"
    for _ in range(20):
        chance.shuffle(candidates)
        again = decide(TASK, Policy(), candidates)
        assert (again.chosen, again.fallbacks) == (first.chosen, first.fallbacks)


def test_effort_starts_low_and_fallbacks_are_bounded_and_in_order() -> None:
    route = decide(TASK, Policy(), [model(f"m{n}", success=n / 10) for n in range(8)])
    assert route.effort == "low"
    assert [c.id for c in route.fallbacks] == ["m6", "m5", "m4"]


@pytest.mark.parametrize(
    ("limit", "price", "needs"), [(0.01, 1.0, False), (0.001, 1.0, True), (None, 1e6, False), (9.0, None, True)]
)
def test_above_a_price_or_without_one_it_waits_for_a_yes(limit: float | None, price: float | None, needs: bool) -> None:
    route = decide(TASK, Policy(confirm_above_usd=limit), [model("m", price_in=price)])
    assert route.needs_yes is needs
    assert route.to_json()["needs_yes"] is needs


def test_who_says_yes_to_a_price_has_not_agreed_to_a_dearer_model() -> None:
    candidates = [model("m", price_in=2.0), model("dear", 0.4, price_in=50.0), model("cheap", 0.1, price_in=1.0)]
    asked = decide(TASK, Policy(confirm_above_usd=0.0001), candidates)
    assert (asked.chosen, asked.needs_yes) == (candidates[0], True)
    assert [c.id for c in asked.fallbacks] == ["cheap"]
    assert [c.id for c in decide(TASK, Policy(confirm_above_usd=None), candidates).fallbacks] == ["cheap", "dear"]
    assert "m would cost about $0.0075" in price_question(asked, Policy(confirm_above_usd=0.0001))


def test_an_expert_never_waits() -> None:
    assert not decide(replace(TASK, action=Action.FORMAT), Policy(confirm_above_usd=0.0), [RUFF]).needs_yes


def test_the_receipt_is_json_of_plain_words() -> None:
    value = decide(TASK, Policy(privacy="open"), [model("open", open=True), model("closed")]).to_json()
    assert value["chosen"] == {"kind": "model", "id": "open", "name": "open", "hue": 10, "open": True, "local": False}
    assert value["removed"] == [
        {"id": "closed", "name": "closed", "why": "This canvas lets text go to open models only."}
    ]
    assert value["estimate"]["tokens"] == {"in": 2_000, "out": 700}


@pytest.mark.parametrize(
    ("usd", "shown"), [(0, "$0"), (1.5, "$1.50"), (0.0123, "$0.012"), (0.00001, "under $0.0001"), (0.25, "$0.25")]
)
def test_money_reads_as_people_write_it(usd: float, shown: str) -> None:
    assert money(usd) == shown


def test_a_candidate_more_costs_no_more_than_the_one_before() -> None:
    """Some ten calls for each and nothing else: thirty are decided in a fraction of a millisecond."""

    def cost(count: int) -> int:
        candidates = [model(f"m{n}", success=n / count, context=None if n % 3 else 1_000) for n in range(count)]
        return calls(lambda: decide(TASK, Policy(budget_usd=100.0), candidates))

    assert cost(30) < 30 * 12
    assert cost(3_000) < 110 * cost(30)


def test_a_fallback_brings_its_own_reasons_and_removes_the_one_that_failed() -> None:
    second = model("second", success=0.4, price_in=2.0, local=True)
    route = decide(TASK, Policy(), [model("first"), second, model("third", success=0.1)])
    after = taken_over(route, TASK.action, "The server of first failed.", "medium")
    assert after.chosen is second
    assert after.reasons[0] == "The server of first failed. second took over."
    assert "about 40%" in after.reasons[1]
    assert [(removed.candidate.id, removed.why) for removed in after.removed] == [
        ("first", "The server of first failed.")
    ]
    assert [candidate.id for candidate in after.fallbacks] == ["third"]
    assert after.effort == "medium"
    assert after.estimate.usd == second.usd(TASK.tokens_in, TASK.tokens_out)

"""The router: from a task, a policy and the candidates to one route with its reasons. Pure and deterministic.

Hard constraints remove candidates, each with a sentence; what is left is ranked by expected utility. An expert
that answers exactly always wins. What must not be here: clocks, networks, providers, or anything random.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from app.domain.actions import NEEDS, Action
from app.domain.routing_evidence import Belief

Privacy = Literal["any", "open", "local"]
Effort = Literal["low", "medium", "high"]

MAX_FALLBACKS = 3  # after three other models failed as well, the trouble is ours or the network's: say so instead
UNKNOWN_PRICE = (3.0, 15.0)  # USD per million tokens in and out assumed when ranking an unpriced model: a dear one's
CONFIRM_ABOVE = 0.25  # USD; a run that is expected to cost more than an accepted result is worth waits for a yes
NEXT_EFFORT: dict[Effort, Effort] = {"low": "medium", "medium": "high", "high": "high"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A deployment or an expert that could take the task.

    `context` tokens it reads and writes together (None: unknown, taken as enough). Prices are USD per million
    tokens, None when nobody states them; a local model's are 0. `first_seconds` until it starts to answer, then
    `tokens_per_second`. `belief` is the chance that its result is accepted. `trouble`: why it cannot be used now.
    """

    kind: Literal["model", "expert"]
    id: str
    name: str
    hue: int
    open: bool
    local: bool
    belief: Belief
    context: int | None = None
    price_in: float | None = 0.0
    price_out: float | None = 0.0
    first_seconds: float = 1.0
    tokens_per_second: float = 60.0
    trouble: str | None = None

    @property
    def priced(self) -> bool:
        """True when a call's price can be told before and after it."""
        return self.price_in is not None and self.price_out is not None

    def to_json(self) -> dict[str, Any]:
        """Return what a receipt shows of it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "hue": self.hue,
            "open": self.open,
            "local": self.local,
        }

    def usd(self, tokens_in: int, tokens_out: int) -> float | None:
        """Return the price of a call in USD, None when this candidate states no price."""
        if self.price_in is None or self.price_out is None:
            return None
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6

    def seconds(self, tokens_out: int) -> float:
        """Return the expected duration of a call in seconds."""
        return self.first_seconds + tokens_out / self.tokens_per_second


@dataclass(frozen=True, slots=True)
class Policy:
    """A canvas's rules. `privacy`: "any" model, only "open" weights, or only "local" ones.

    `budget_usd`: what is left to spend in this canvas (None: no budget). `value_usd`: what an accepted result is
    worth, the exchange rate between success and price. `second_usd`: what a second of waiting is worth.
    `confirm_above_usd`: the price above which, or when it is not known, a person is asked first (None: never).
    """

    privacy: Privacy = "any"
    budget_usd: float | None = None
    value_usd: float = 0.25
    second_usd: float = 0.0005
    confirm_above_usd: float | None = CONFIRM_ABOVE

    def wants_yes(self, usd: float | None) -> bool:
        """Say whether a run at this price (None: unknown) waits until somebody says yes to it."""
        return self.confirm_above_usd is not None and (usd is None or usd > self.confirm_above_usd)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done: the action, the tokens it reads, those it is expected to write and those it may write.

    `model`: the id of the model asked for by name. A budget is held against `tokens_max`, so it cannot be overrun.
    """

    action: Action
    tokens_in: int
    tokens_out: int
    tokens_max: int
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A candidate that may not take the task, and the sentence that says why."""

    candidate: Candidate
    why: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run is expected to take: USD (None: unknown), seconds, tokens."""

    usd: float | None
    seconds: float
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Route:
    """The decision. `chosen` is None when nothing is left; then `removed` says why for each.

    `needs_yes`: its price is above what the canvas lets run unasked.
    """

    chosen: Candidate | None
    effort: Effort
    reasons: tuple[str, ...]
    removed: tuple[Removed, ...] = ()
    fallbacks: tuple[Candidate, ...] = ()
    estimate: Estimate = field(default_factory=lambda: Estimate(0.0, 0.0, 0, 0))
    needs_yes: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as everyone sees it."""
        chosen, estimate = self.chosen, self.estimate
        return {
            "chosen": chosen.to_json() if chosen else None,
            "effort": self.effort,
            "reasons": list(self.reasons),
            "removed": [{"id": r.candidate.id, "name": r.candidate.name, "why": r.why} for r in self.removed],
            "fallbacks": [{"id": c.id, "name": c.name} for c in self.fallbacks],
            "needs_yes": self.needs_yes,
            "estimate": {
                "usd": estimate.usd,
                "seconds": estimate.seconds,
                "tokens": {"in": estimate.tokens_in, "out": estimate.tokens_out},
            },
        }


def why_not(candidate: Candidate, task: Task, policy: Policy) -> str | None:
    """Return the sentence that removes `candidate`, or None when every hard constraint holds."""
    if candidate.kind == "model" and NEEDS[task.action].experts_only:
        return f"{NEEDS[task.action].label} is answered by an exact tool, never by a model."
    if task.model is not None and candidate.kind == "model" and candidate.id != task.model:
        return "Another model was asked for by name."
    if policy.privacy == "local" and not candidate.local:
        return "This canvas lets text go to local models only."
    if policy.privacy == "open" and not (candidate.open or candidate.local):
        return "This canvas lets text go to open models only."
    if candidate.trouble is not None:
        return candidate.trouble
    needed = task.tokens_in + task.tokens_out
    if candidate.context is not None and needed > candidate.context:
        return f"The text needs about {needed:,} tokens, and it takes {candidate.context:,}."
    return _over_budget(candidate, task, policy)


def _over_budget(candidate: Candidate, task: Task, policy: Policy) -> str | None:
    if policy.budget_usd is None:
        return None
    usd = candidate.usd(task.tokens_in, task.tokens_max)
    if usd is None:
        return "Its price is not known, and this canvas has a budget; state the price in models.toml."
    if usd > policy.budget_usd:
        return f"It could cost up to {money(usd)}, and {money(max(policy.budget_usd, 0.0))} of the budget is left."
    return None


def utility(candidate: Candidate, task: Task, policy: Policy) -> float:
    """Return expected success minus price and waiting, both in units of an accepted result's value."""
    usd = candidate.usd(task.tokens_in, task.tokens_out)
    if usd is None:
        usd = (task.tokens_in * UNKNOWN_PRICE[0] + task.tokens_out * UNKNOWN_PRICE[1]) / 1e6
    waiting = candidate.seconds(task.tokens_out) * policy.second_usd
    return candidate.belief.mean - (usd + waiting) / policy.value_usd


def decide(task: Task, policy: Policy, candidates: list[Candidate]) -> Route:
    """Return the route for `task`. Ties go to the smaller id, so equal input gives an equal route."""
    removed: list[Removed] = []
    left: list[Candidate] = []
    for candidate in candidates:
        why = why_not(candidate, task, policy)
        if why is None:
            left.append(candidate)
        else:
            removed.append(Removed(candidate, why))
    # An expert's result is exact and free: no model, however good, is preferred to it.
    left.sort(key=lambda c: (c.kind != "expert", -utility(c, task, policy), c.id))
    if not left:
        return Route(None, "low", ("Nothing here can take this now.",), tuple(removed))
    chosen, rest = left[0], left[1:]
    tokens = (0, 0) if chosen.kind == "expert" else (task.tokens_in, task.tokens_out)
    estimate = Estimate(chosen.usd(*tokens), round(chosen.seconds(tokens[1]), 1), *tokens)
    return Route(
        chosen=chosen,
        # Start low and raise on failure: more effort helps hard problems and hardly the easy ones, which are most.
        effort="low",
        reasons=_reasons(chosen, rest, task, policy),
        removed=tuple(removed),
        fallbacks=tuple(_within(rest, estimate, task, policy)[:MAX_FALLBACKS]),
        estimate=estimate,
        needs_yes=policy.wants_yes(estimate.usd),
    )


def _within(rest: list[Candidate], estimate: Estimate, task: Task, policy: Policy) -> list[Candidate]:
    """Return those that may take over unasked: whoever says yes to a price, or is not asked, has not agreed to more."""
    prices = [(c, c.usd(task.tokens_in, task.tokens_out)) for c in rest]
    agreed = estimate.usd if estimate.usd is not None else 0.0
    return [c for c, usd in prices if not policy.wants_yes(usd) or (usd is not None and usd <= agreed)]


def price_question(route: Route, policy: Policy) -> str:
    """Return the sentence for a run that waits for a yes."""
    limit, chosen = policy.confirm_above_usd or 0.0, route.chosen
    name = chosen.name if chosen else "It"
    usd = route.estimate.usd
    cost = f"{name} states no price" if usd is None else f"{name} would cost about {money(usd)} for this"
    return f"{cost}, and this canvas asks before more than {money(limit)} is spent at once. Say yes to run it."


def taken_over(route: Route, action: Action, why: str, effort: Effort) -> Route:
    """Return `route` after its chosen model failed, as the sentence `why` says: its first fallback has it now."""
    failed, to = route.chosen, route.fallbacks[0]
    assert failed is not None
    tokens_in, tokens_out = route.estimate.tokens_in, route.estimate.tokens_out
    return Route(
        chosen=to,
        effort=effort,
        reasons=(f"{why} {to.name} took over.", *_about(to, action)),
        removed=(Removed(failed, why), *route.removed),
        fallbacks=route.fallbacks[1:],
        estimate=Estimate(to.usd(tokens_in, tokens_out), round(to.seconds(tokens_out), 1), tokens_in, tokens_out),
    )


def _reasons(chosen: Candidate, rest: list[Candidate], task: Task, policy: Policy) -> tuple[str, ...]:
    if chosen.kind == "expert":
        return (f"{chosen.name} answers this exactly, at once and for nothing; no model is asked.",)
    reasons = []
    if task.model is not None:
        reasons.append("It was asked for by name.")
    elif not rest:
        reasons.append("It is the only model that can take this now.")
    else:
        reasons.append(_against(chosen, rest[0], task, policy))
    reasons += _about(chosen, task.action)
    if policy.privacy != "any":
        reasons.append(f"This canvas allows {policy.privacy} models only.")
    return tuple(reasons)


def _about(chosen: Candidate, action: Action) -> list[str]:
    reasons = [chosen.belief.sentence(NEEDS[action].label)]
    if chosen.local:
        costs = " and it costs nothing" if chosen.usd(1, 1) == 0 else ""
        reasons.append(f"It runs on your own machines, so the text does not leave them{costs}.")
    elif not chosen.priced:
        reasons.append("Its price is not known; state it in models.toml to see it here.")
    return reasons


def _against(chosen: Candidate, other: Candidate, task: Task, policy: Policy) -> str:
    """Say in one sentence what decided against the next best."""
    gain = chosen.belief.mean - other.belief.mean
    usd, other_usd = (c.usd(task.tokens_in, task.tokens_out) for c in (chosen, other))
    faster = other.seconds(task.tokens_out) - chosen.seconds(task.tokens_out)
    parts = []
    if gain > 0.01:
        parts.append("likelier to succeed")
    if usd is not None and other_usd is not None and usd < other_usd:
        parts.append("cheaper")
    if faster > 0.5:
        parts.append("faster")
    than = f"than {other.name}, the next best"
    return f"It is {' and '.join(parts)} {than}." if parts else f"It is level with {other.name} and first by name."


def money(usd: float) -> str:
    """Return an amount as people read it: $0, under $0.01, or cents; small prices keep two figures."""
    if usd == 0:
        return "$0"
    return f"${usd:.2f}" if usd >= 0.1 else f"${usd:.2g}" if usd >= 0.0001 else "under $0.0001"

"""A run: one execution of an action, the request it came from, and the JSON that everyone sees of it.

What must not be here: carrying a run out (runs.py), storing it (the Ledger port).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from app.domain.people import Person
from app.ids import CanvasId, PersonId, RunId, SuggestionId

State = Literal["queued", "running", "done", "failed", "stopped"]
MAX_SHOWN = 200  # characters of an instruction on a chip; everybody in the room gets each of these at every change
GOING: frozenset[State] = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a file's text: UTF-16 offsets, `end` behind the last unit."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person asks. `action` is the word as sent; `file` is a path; `model` an id from `Runs.models`.

    `confirmed`: they saw the price and said yes to it. `owner`: they may set up what is missing; others
    can only ask for it.
    """

    canvas: CanvasId
    action: str
    file: str
    by: Person
    range: Range | None = None
    instruction: str = ""
    model: str | None = None
    confirmed: bool = False
    owner: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """One execution, as it stands now. `route` is `Route.to_json()`, the receipt. Times are seconds since 1970.

    `cost_usd` is None while unknown or when the model states no price. `fell_back_from` are the names of the models
    that failed before, `fallback_reasons` a sentence for each. `redacted` counts secrets that were taken out.
    `seconds` is what the attempt that did it took by itself, without waiting and without the ones that failed.
    """

    id: RunId
    canvas: CanvasId
    action: str
    file: str
    range: Range | None
    instruction: str
    by: Person
    route: dict[str, Any]
    started_at: float
    state: State = "queued"
    ended_at: float | None = None
    cost_usd: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    error: str | None = None
    suggestion: SuggestionId | None = None
    answer: str | None = None
    note: str = ""
    fell_back_from: tuple[str, ...] = ()
    fallback_reasons: tuple[str, ...] = ()
    redacted: int = 0
    seconds: float | None = None
    verdict: Literal["accepted", "rejected"] | None = None

    @property
    def going(self) -> bool:
        """True until the run is done, failed or stopped."""
        return self.state in GOING

    @property
    def source(self) -> str | None:
        """The id of the model or expert that has or had it last."""
        chosen = self.route.get("chosen")
        return str(chosen["id"]) if chosen else None

    def but(self, **changes: Any) -> "Run":
        """Return this run with some fields changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return the public JSON: the answer of `GET runs/{id}` and, in awareness, a RunView."""
        return {
            "id": self.id,
            "canvas": self.canvas,
            "action": self.action,
            "file": self.file,
            "range": {"start": self.range.start, "end": self.range.end} if self.range else None,
            "instruction": self.instruction,
            "state": self.state,
            "route": self.route,
            "cost_usd": self.cost_usd,
            "tokens": {"in": self.tokens_in, "out": self.tokens_out},
            "error": self.error,
            "suggestion": self.suggestion,
            "answer": self.answer,
            "note": self.note,
            "fell_back_from": list(self.fell_back_from),
            "fallback_reasons": list(self.fallback_reasons),
            "redacted": self.redacted,
            "seconds": self.seconds,
            "verdict": self.verdict,
            "by": {"id": self.by.id, "name": self.by.name, "hue": self.by.hue, "kind": self.by.kind},
            "started_at": _stamp(self.started_at),
            "ended_at": _stamp(self.ended_at),
        }

    def view(self) -> dict[str, Any]:
        """Return what awareness shows of it while it goes: the public JSON without what makes it long."""
        route = {**self.route, "removed": [], "fallbacks": []}
        return {**self.to_json(), "route": route, "instruction": self.instruction[:MAX_SHOWN]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Run":
        """Read what `to_json` gave."""
        by, part, tokens = value["by"], value["range"], value["tokens"]
        started = _seconds(value["started_at"])
        return cls(
            id=RunId(value["id"]),
            canvas=CanvasId(value["canvas"]),
            action=value["action"],
            file=value["file"],
            range=Range(part["start"], part["end"]) if part else None,
            instruction=value["instruction"],
            by=Person(PersonId(by["id"]), by["name"], by["hue"], by.get("kind", "member")),
            route=value["route"],
            started_at=started if started is not None else 0.0,
            state=value["state"],
            ended_at=_seconds(value["ended_at"]),
            cost_usd=value["cost_usd"],
            tokens_in=tokens["in"],
            tokens_out=tokens["out"],
            error=value["error"],
            suggestion=SuggestionId(value["suggestion"]) if value["suggestion"] else None,
            answer=value["answer"],
            note=value.get("note", ""),
            fell_back_from=tuple(value["fell_back_from"]),
            fallback_reasons=tuple(value.get("fallback_reasons", ())),
            redacted=value.get("redacted", 0),
            seconds=value.get("seconds"),
            verdict=value.get("verdict"),
        )


@dataclass(frozen=True, slots=True)
class RunEvent:
    """What `Runs.events` yields: a new piece of what the model writes, or the run after a change of state."""

    kind: Literal["text", "run"]
    text: str = ""
    run: Run | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON of one server-sent event."""
        return {"text": self.text} if self.kind == "text" else {"run": self.run.to_json() if self.run else None}


def _stamp(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(stamp: str | None) -> float | None:
    return datetime.fromisoformat(stamp).timestamp() if stamp else None

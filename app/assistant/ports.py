"""What the assistant needs of other rooms, as Protocols; bootstrap wires the real ones.

What must not be here: implementations.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.assistant.run import Run
from app.domain.actions import Action
from app.domain.people import Person
from app.domain.routing import Policy
from app.domain.suggestions import Proposal
from app.ids import CanvasId, FileId, RunId, SuggestionId


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read: `base` is the room's snapshot that edits are anchored against, taken with `text`.

    `file` is None for one that is to be generated and does not exist yet; it is made when its text is there.
    """

    file: FileId | None
    path: str
    text: str
    base: bytes


class Texts(Protocol):
    """The files of a canvas. collab's rooms and suggestions, seen from here."""

    async def read(self, canvas: CanvasId, path: str) -> Reading:
        """Return the file's text and the revision it is of. Raises NotFound."""
        ...

    async def create(self, canvas: CanvasId, path: str) -> Reading:
        """Make an empty file at `path`, or beside it when that is taken by now, in nobody's name; return it as read.

        Raises TooLarge when the canvas is full.
        """
        ...

    async def propose(self, canvas: CanvasId, proposal: Proposal) -> SuggestionId:
        """Store a suggestion anchored against `proposal.base`; durable on return. Raises BadInput, Conflict."""
        ...


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How often what a model or expert (`source`, its id) made for `action` was accepted and rejected."""

    source: str
    action: Action
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Took:
    """How long a model or expert (`source`, its id) took for one run of `action`, in seconds."""

    source: str
    action: Action
    seconds: float


class Ledger(Protocol):
    """Where runs are kept. Each call is one transaction; raises Unavailable when the store cannot write."""

    async def add(self, run: Run) -> None:
        """Store a new run."""
        ...

    async def save(self, run: Run) -> None:
        """Store the run as it stands now, under its id."""
        ...

    async def get(self, run: RunId) -> Run:
        """Return the run. Raises NotFound."""
        ...

    async def of_canvas(self, canvas: CanvasId, limit: int) -> list[Run]:
        """Return the newest `limit` runs of a canvas, newest first."""
        ...

    async def going(self) -> list[Run]:
        """Return the runs stored as queued or running: after a start, those that a stop interrupted."""
        ...

    async def spent(self, canvas: CanvasId, since: float) -> float:
        """Return the USD spent in a canvas by runs started at or after `since` (seconds since 1970)."""
        ...

    async def verdicts(self) -> Sequence[Verdicts]:
        """Return the counts of accepted and rejected results, per source and action."""
        ...

    async def durations(self) -> Sequence[Took]:
        """Return how long the newest runs that ended well took, oldest first."""
        ...


# Which suffix, without the dot, a new file with this text should have.
GuessExtension = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Rules:
    """A canvas's policy before spending is taken off. `budget_usd` per calendar month (None: no budget)."""

    policy: Policy = field(default_factory=Policy)
    budget_usd: float | None = None


class Policies(Protocol):
    """Where canvases' rules are kept."""

    async def rules(self, canvas: CanvasId) -> Rules:
        """Return the rules of a canvas: `Rules()` until somebody sets others."""
        ...

    async def put(self, canvas: CanvasId, rules: Rules, by: Person) -> None:
        """Give a canvas these rules and write down who did; durable on return."""
        ...


# Called with every going run of a canvas whenever one of them changes: the room's `publish_runs`, made to find the
# room itself and to do nothing when it is not open. Must not block and must not raise.
Publish = Callable[[CanvasId, list[dict[str, Any]]], None]

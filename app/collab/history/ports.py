"""What the history needs of the store: what is kept of a canvas's past, and to put it in order. Records and a protocol.

What must not be here: pycrdt, SQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.people import Origin
from app.ids import CanvasId


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The state at `seq`, as one v1 update. `sum`: its CRC-32, None when none was kept (the log's own snapshot)."""

    seq: int
    at: float
    payload: bytes
    sum: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Updates from `first` to `seq` as one: a moment, or a raw update of the log (then `sum` is None).

    `authors`: ids of origins, who wrote most first. `changes`: what it did, packed; None when not known yet.
    """

    first: int
    seq: int
    at: float
    until: float
    authors: tuple[str, ...]
    note: str | None
    payload: bytes
    sum: int | None
    changes: bytes | None


@dataclass(frozen=True, slots=True)
class Version:
    """A named moment. `by` is `{"id", "name", "hue"}`; `at`: when it was named."""

    id: str
    name: str
    seq: int
    at: float
    by: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """All that is kept of a canvas's past, in order. `covered`: the log's snapshot holds what is up to there.

    `base`: what the pieces begin from; `mark`: the state at the end of the last piece whose changes are known.
    `count` and `size`: of the moments, how many and how many bytes. `people` names authors of whom `clients` says
    nothing: those who only ever deleted.
    """

    base: Keyframe
    mark: Keyframe | None
    pieces: list[Piece]
    covered: int
    clients: dict[int, Origin]
    people: dict[str, Origin]
    versions: list[Version]
    count: int = 0
    size: int = 0

    @property
    def head(self) -> int:
        """The seq of the last update."""
        return self.pieces[-1].seq if self.pieces else self.base.seq


@dataclass(frozen=True, slots=True)
class Past:
    """A canvas with its past, to be stored at once: `snapshot` is the state after all of `pieces`, which begin from
    `base`; `clients` says whose each client id is."""

    snapshot: bytes
    base: Keyframe
    pieces: Sequence[Piece]
    clients: Mapping[int, Origin]
    versions: Sequence[Version]

    @property
    def head(self) -> int:
        """The seq of the last update."""
        return self.pieces[-1].seq if self.pieces else self.base.seq


class HistoryStore(Protocol):
    """Where the history lies, beside the log. Every method may raise Unavailable, and NotFound for a canvas."""

    async def head(self, canvas: CanvasId) -> tuple[int, int]:
        """Return the seq of the last update, and a number that changes whenever what is kept was put in order."""

    async def load(self, canvas: CanvasId, *, tail: bool = False) -> StoredHistory:
        """Return what is kept; of the pieces only those after the last keyframe when `tail` says so."""

    async def snapshot(self, canvas: CanvasId) -> Keyframe:
        """Return the log's own snapshot: the state that covers every piece up to `covered`."""

    async def adopt(
        self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin], note: str | None, at: float
    ) -> None:
        """Store a new canvas's first state with its client ids. Raises Conflict when it has one."""

    async def take_in(self, canvas: CanvasId, past: Past) -> None:
        """Store a canvas with its past. Raises Conflict when there is one."""

    async def versions(self, canvas: CanvasId) -> list[Version]:
        """Return the named moments, oldest first."""

    async def add_version(self, canvas: CanvasId, version: Version, most: int) -> None:
        """Name a moment. Raises Conflict when nothing kept ends at its seq, TooMany when there are `most`."""

    async def rename_version(self, canvas: CanvasId, version: str, name: str) -> Version:
        """Give a version another name. Raises NotFound."""

    async def remove_version(self, canvas: CanvasId, version: str) -> Version:
        """Forget a name; the moment stays as long as its neighbours. Raises NotFound."""

    async def replace(
        self, canvas: CanvasId, old: Sequence[Piece], new: Sequence[Piece], keyframe: Keyframe | None
    ) -> bool:
        """Put `new` in place of `old`, which lie side by side; all or nothing.

        A `keyframe` before `new` becomes the base, one at their end the mark. False, and nothing is changed, when
        `old` is not what is kept any more or a version would lose its moment.
        """

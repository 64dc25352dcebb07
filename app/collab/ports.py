"""What a room needs of the world: a durable log of updates and one socket per session. Protocols and their records.

What must not be here: anything that knows SQL, HTTP, uvicorn or pycrdt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.people import Origin
from app.errors import PolycanvasError
from app.ids import CanvasId, FileId


class Disconnected(PolycanvasError):
    """The other end of a socket is gone; not a fault."""

    code = "disconnected"


class Damaged(PolycanvasError):
    """What everything else of a canvas builds on is not what was written: serving it would lose text."""

    code = "damaged"


@dataclass(frozen=True, slots=True)
class NewUpdate:
    """One update to store. `payload`: a Yjs v1 update. `author`: an origin's id.

    `clients`: the Yjs client ids first seen with this update and whom they belong to; stored with it or not at all.
    `note`: what the history says of it (“restored to …”), None for ordinary work.
    """

    payload: bytes
    author: str
    clients: Mapping[int, Origin]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedUpdate:
    """One stored update. `seq` rises within a canvas; `at` is seconds since the epoch."""

    seq: int
    at: float
    author: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class StoredRoom:
    """All that is stored of a canvas: a snapshot (a v1 update) up to `snapshot_seq`, and the updates after it.

    `refused`: the rows that are not what was written any more, in words; they are in none of the others.
    """

    snapshot: bytes | None
    snapshot_seq: int
    updates: list[LoggedUpdate]
    clients: dict[int, Origin]
    refused: tuple[str, ...] = ()


class UpdateLog(Protocol):
    """Where updates become durable. Every method may raise Unavailable."""

    async def create(self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin]) -> None:
        """Store the first state of a canvas. Raises Conflict when it has one."""

    async def load(self, canvas: CanvasId) -> StoredRoom:
        """Return what is stored. Raises NotFound, or Damaged when the snapshot is not what was written."""

    async def append(self, canvas: CanvasId, updates: Sequence[NewUpdate]) -> int:
        """Store `updates` in order, all or none; durable when it returns the last one's seq."""

    async def compact(self, canvas: CanvasId, seq: int, snapshot: bytes) -> None:
        """Replace the snapshot by one that contains every update up to `seq`."""


class Edits(Protocol):
    """Who hears of what people did to files, once it is durable. Must return at once."""

    def wants(self, canvas: CanvasId, person: str, file: FileId) -> bool:
        """Say whether an edit of this file by this person is worth telling now."""

    def tell(self, canvas: CanvasId, origin: Origin, kind: str, path: str, more: Mapping[str, str]) -> None:
        """Hear that `origin` did `kind` to a file; `more` says what else is worth reading.

        Kinds: `file-edited`, `file-created`, `file-renamed`, `file-removed`, and `comment-added`, `comment-answered`,
        `comment-resolved`, `comment-reopened`, `comment-removed`, `comment-restored` with `title` (the first words) and
        `mentions` (names).
        """


@dataclass(frozen=True, slots=True)
class Lane:
    """The short way to a socket for which nothing waits: `write` takes what `frame` made of a message.

    All sockets of a server frame alike, so one message is framed once for everybody.
    """

    frame: Callable[[bytes], bytes]
    write: Callable[[bytes], object]


class Socket(Protocol):
    """One live connection. The room writes whole binary messages and never waits for the network to send one."""

    def send(self, frame: bytes) -> None:
        """Queue one binary message. Does not raise when the other end is gone: `each` returns."""

    def offer(self, frame: bytes) -> bool:
        """Send one binary message if nothing is queued; otherwise do nothing and return False."""

    def lane(self, ended: Callable[[], None]) -> Lane | None:
        """Return the short way while nothing is queued, None if there is none now or ever.

        `ended` is called once, as soon as something is queued or the connection ends; then nothing more is written.
        """

    def backlog(self) -> int:
        """Return the bytes queued and not yet taken by the network."""

    async def drained(self) -> None:
        """Return when the backlog is 0. Raises Disconnected when it will never be."""

    async def each(self, hear: Callable[[bytes], float]) -> None:
        """Give each binary message to `hear`, in order and one at a time, until the connection ends.

        For as many seconds as `hear` returns, nothing more is read. What it raises is raised here.
        """

    async def close(self, code: int, reason: str) -> None:
        """End the connection with a close code and a reason of at most 123 bytes; again is a no-op."""

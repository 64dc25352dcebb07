"""What canvases need of the outside: rows to keep, the text of a canvas, and the live rooms to tell.

Protocols and their records only. Times are seconds since 1970.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.audit import AuditEntry
from app.domain.layout import Device
from app.domain.people import Origin, Person, Role
from app.ids import CanvasId, InviteId, PersonId

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A canvas as one person sees it: `role` is that person's."""

    id: CanvasId
    name: str
    role: Role
    created_at: float


@dataclass(frozen=True, slots=True)
class CanvasOverview:
    """A line of the list of canvases. `hues`: of its first members; `changed_at`: when something last happened."""

    canvas: Canvas
    hues: tuple[int, ...]
    changed_at: float


@dataclass(frozen=True, slots=True)
class CanvasMember:
    """Somebody who belongs to a canvas. `invite`: the link that their role is from, unless it was given by hand."""

    person: Person
    role: Role
    since: float
    invite: InviteId | None = None


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One line of a canvas's activity feed. `detail` is small plain JSON that depends on `kind`."""

    id: int
    at: float
    by: dict[str, Any]
    kind: str
    detail: dict[str, Any]


class CanvasRows(Protocol):
    async def add(self, canvas: CanvasId, name: str, by: PersonId, at: float) -> None: ...
    async def get(self, canvas: CanvasId, person: PersonId) -> Canvas | None: ...
    async def of(self, person: PersonId) -> list[Canvas]: ...
    async def overview(self, person: PersonId, faces: int) -> list[CanvasOverview]: ...
    async def rename(self, canvas: CanvasId, name: str) -> None: ...
    async def remove(self, canvas: CanvasId) -> None: ...


class MemberRows(Protocol):
    async def role(self, canvas: CanvasId, person: PersonId) -> Role | None: ...
    async def of(self, canvas: CanvasId) -> list[CanvasMember]: ...
    async def put(
        self, canvas: CanvasId, person: PersonId, role: Role, *, invite: InviteId | None, at: float
    ) -> None: ...
    async def remove(self, canvas: CanvasId, person: PersonId) -> None: ...
    async def lock(self, canvas: CanvasId) -> None: ...


class LayoutRows(Protocol):
    async def get(self, person: PersonId, canvas: CanvasId, device: Device) -> str | None: ...
    async def put(self, person: PersonId, canvas: CanvasId, device: Device, text: str, at: float) -> None: ...
    async def remove(self, person: PersonId, canvas: CanvasId, device: Device) -> None: ...


class SeenRows(Protocol):
    async def of(self, person: PersonId, canvas: CanvasId) -> list[str]: ...
    async def add(self, person: PersonId, canvas: CanvasId, comments: Sequence[str], at: float) -> None: ...
    async def remove(self, person: PersonId, canvas: CanvasId, comments: Sequence[str]) -> None: ...


class ActivityRows(Protocol):
    async def add(self, canvas: CanvasId, by: Mapping[str, Any], kind: str, detail: str, at: float) -> None: ...
    async def recent(self, canvas: CanvasId, limit: int) -> Sequence[ActivityEntry]: ...
    async def trim(self, canvas: CanvasId, keep: int) -> None: ...


class AuditRows(Protocol):
    async def add(self, entry: AuditEntry) -> None: ...
    async def taken_out_by(self, canvas: CanvasId, person: PersonId) -> PersonId | None: ...


class CanvasUnit(Protocol):
    """One transaction over the rows of canvases."""

    @property
    def canvases(self) -> CanvasRows: ...
    @property
    def members(self) -> MemberRows: ...
    @property
    def layouts(self) -> LayoutRows: ...
    @property
    def seen(self) -> SeenRows: ...
    @property
    def activity(self) -> ActivityRows: ...
    @property
    def audit(self) -> AuditRows: ...


class CanvasStore(Protocol):
    """Where canvases are listed. Leaving a block commits it; an exception undoes it. Unavailable when it cannot."""

    def begin(self) -> AbstractAsyncContextManager[CanvasUnit]: ...
    def reading(self) -> AbstractAsyncContextManager[CanvasUnit]: ...


class TextStore(Protocol):
    """Where the text of canvases lives (the rooms)."""

    async def create(self, canvas: CanvasId, files: Mapping[str, str], origin: Origin) -> None: ...


class LiveRooms(Protocol):
    """The open sockets: told after a change is stored."""

    async def change_role(self, canvas: CanvasId, person: PersonId, role: Role | None) -> None: ...
    async def drop(self, canvas: CanvasId) -> None: ...

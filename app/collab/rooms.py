"""All live rooms of this process: load, pin, serve, unload, shut down."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from app.collab.ports import Socket, UpdateLog
from app.collab.room import Room
from app.domain.people import Origin, Person, Role
from app.ids import CanvasId, PersonId


@dataclass(frozen=True, slots=True)
class Member:
    """A person and their role in one canvas, as known when the socket opened."""

    person: Person
    role: Role


class Rooms:
    """Every live room, by canvas."""

    def __init__(self, log: UpdateLog, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._clock = clock

    @property
    def open_rooms(self) -> int:
        """How many rooms are in memory."""
        raise NotImplementedError

    @property
    def sessions(self) -> int:
        """How many sockets are open in all rooms."""
        raise NotImplementedError

    async def create(self, canvas: CanvasId, files: Mapping[str, str], origin: Origin) -> None:
        """Store a new canvas's first document: `files` is path → text. Raises BadInput, TooLarge, Conflict."""
        raise NotImplementedError

    def use(self, canvas: CanvasId) -> AbstractAsyncContextManager[Room]:
        """Load the room and keep it in memory for the block. Raises NotFound."""
        raise NotImplementedError

    async def serve(self, canvas: CanvasId, socket: Socket, member: Member, *, wants_ack: bool) -> None:
        """Serve one socket until it ends; closes it itself with a CloseCode when it must."""
        raise NotImplementedError

    async def change_role(self, canvas: CanvasId, person: PersonId, role: Role | None) -> None:
        """Change what a person's live sockets may do; None closes them with 4403."""
        raise NotImplementedError

    async def drop(self, canvas: CanvasId) -> None:
        """The canvas was deleted: close its sockets with 4404 and forget the room."""
        raise NotImplementedError

    async def close(self) -> None:
        """Flush everything and close all sockets with 4503."""
        raise NotImplementedError

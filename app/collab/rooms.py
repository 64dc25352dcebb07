"""All live rooms of this process: load, pin, serve, unload, shut down. One process holds a canvas's only room.

What must not be here: what happens within a room.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.collab import document
from app.collab.close_codes import CloseCode
from app.collab.comparing import Diverged
from app.collab.limits import Limits
from app.collab.ports import Disconnected, Edits, Socket, UpdateLog
from app.collab.room import Room
from app.collab.session import Session
from app.domain.people import Origin, Person, Role
from app.errors import NotFound, PolycanvasError, TooMany, Unavailable
from app.ids import CanvasId, PersonId

logger = logging.getLogger(__name__)
STOPPING = "The server is stopping; this page connects again by itself."
DELETED = "This canvas was deleted."
SIGNED_OUT = "The session behind this page has ended; sign in again."


@dataclass(frozen=True, slots=True)
class Member:
    """A person and their role in one canvas, as known when the socket opened."""

    person: Person
    role: Role
    credential: str | None = None  # digest of the session or API token behind it; None: the owner at the keyboard


@dataclass(slots=True, eq=False)
class _Slot:
    """A loaded room, its journal's task, and how many use it."""

    room: Room
    journal: asyncio.Task[None]
    pins: int = 0
    unloading: asyncio.TimerHandle | None = None


class Rooms:
    """Every live room, by canvas. `clock` gives seconds for rates and compaction; `limits` bounds everything."""

    def __init__(
        self,
        log: UpdateLog,
        *,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits | None = None,
        edits: Edits | None = None,
    ) -> None:
        self._log = log
        self._edits = edits
        self._clock = clock
        self._limits = limits or Limits()
        self._slots: dict[CanvasId, _Slot] = {}
        self._loading: dict[CanvasId, asyncio.Task[_Slot]] = {}
        self._unloads: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._shown: dict[Session, str] = {}
        self._watchers: list[Callable[[Room], None]] = []

    @property
    def open_rooms(self) -> int:
        """How many rooms are in memory."""
        return len(self._slots)

    @property
    def sessions(self) -> int:
        """How many sockets are open in all rooms."""
        return sum(len(slot.room.sessions) for slot in self._slots.values())

    def watch(self, loaded: Callable[[Room], None]) -> None:
        """Call `loaded` with each room that is loaded from now on."""
        self._watchers.append(loaded)

    async def create(self, canvas: CanvasId, files: Mapping[str, str], origin: Origin) -> None:
        """Store a new canvas's first document: `files` is path → text. Raises BadInput, TooLarge, Conflict."""
        snapshot, client = document.new_document(files, origin)
        await self._log.create(canvas, snapshot, {client: origin})

    def use(self, canvas: CanvasId) -> AbstractAsyncContextManager[Room]:
        """Load the room and keep it in memory for the block. Raises NotFound or Unavailable."""
        return self._use(canvas)

    async def serve(
        self,
        canvas: CanvasId,
        socket: Socket,
        member: Member,
        *,
        wants_ack: bool,
        role_now: Callable[[], Awaitable[Role | None]] | None = None,
    ) -> None:
        """Serve one socket until it ends; closes it itself with a CloseCode when it must.

        `role_now` is asked once `change_role` reaches the session: a role may change while a socket opens.
        """
        try:
            async with self._use(canvas) as room:
                if len(room.sessions) >= self._limits.sessions_per_room:
                    raise TooMany("Too many pages are open on this canvas; close one and reload.")
                session = Session(room, socket, member.person, member.role, wants_ack=wants_ack)
                room.sessions[session] = None
                room.relay.join(session)
                if member.credential is not None:
                    self._shown[session] = member.credential
                try:
                    if role_now is not None:
                        role = await role_now()
                        if session.role is member.role:  # otherwise it was told of something newer meanwhile
                            session.change_role(role)
                    await session.run()
                finally:
                    del room.sessions[session]
                    room.relay.leave(session)
                    self._shown.pop(session, None)
                    session.leave()
                    if not room.sessions:
                        room.journal.compact_soon()
        except NotFound as error:
            await self._refuse(socket, CloseCode.NO_SUCH_CANVAS, error.sentence)
        except TooMany as error:
            await self._refuse(socket, CloseCode.TOO_MANY, error.sentence)
        except PolycanvasError as error:
            logger.warning("canvas %s cannot be served: %s", canvas, error.sentence)
            await self._refuse(socket, CloseCode.UNAVAILABLE, error.sentence)

    def canvas_with(self, root: str, key: str) -> CanvasId | None:
        """Return the open room's canvas whose server-written map `root` has `key`, None when no open room has it."""
        found = (canvas for canvas, slot in self._slots.items() if slot.room.has(root, key))
        return next(found, None)

    async def change_role(self, canvas: CanvasId, person: PersonId, role: Role | None) -> None:
        """Change what a person's live sockets may do, at once; None closes them with 4403."""
        slot = self._slots.get(canvas)
        for session in list(slot.room.sessions) if slot else ():
            if session.person.id == person:
                session.change_role(role)
            else:
                session.tell({"changed": ["members"]})

    def tell_of_change(self, canvas: CanvasId, what: str) -> None:
        """Tell every open page of a canvas that `what` (`activity`, `members`), which it reads over HTTP, changed."""
        self._tell_all(canvas, {"changed": [what]})

    def tell_of_restore(self, canvas: CanvasId, by: Person, path: str | None, to: str, *, undone: bool = False) -> None:
        """Tell every open page that `by` restored a file (None: the whole canvas) `to` a version or an instant.

        `undone`: that took the last restore back.
        """
        value: dict[str, Any] = {"by": {"id": by.id, "name": by.name}, "path": path, "to": to}
        self._tell_all(canvas, {"restored": value | ({"undone": True} if undone else {})})

    def _tell_all(self, canvas: CanvasId, value: dict[str, Any]) -> None:
        slot = self._slots.get(canvas)
        for session in list(slot.room.sessions) if slot else ():
            session.tell(value)

    def credentials(self) -> set[str]:
        """Return the digests of the sessions and API tokens behind the open sockets."""
        return set(self._shown.values())

    def end_credentials(self, ended: Collection[str]) -> None:
        """Close the sockets behind which one of these stands; a page that is signed in anew connects again."""
        for session, credential in list(self._shown.items()):
            if credential in ended:
                session.end(CloseCode.BAD_TICKET, SIGNED_OUT)

    async def drop(self, canvas: CanvasId) -> None:
        """The canvas was deleted: close its sockets with 4404 and forget the room."""
        slot = self._slots.pop(canvas, None)
        if slot is not None:
            for session in slot.room.sessions:
                session.end(CloseCode.NO_SUCH_CANVAS, DELETED)
            slot.room.end(DELETED)
            await self._stop(slot)

    async def close(self) -> None:
        """Flush everything and close all sockets with 4503. What the store cannot take stays with the clients."""
        self._is_closed = True
        for slot in list(self._slots.values()):
            with contextlib.suppress(Unavailable):
                await slot.room.journal.flushed()  # the last acknowledgements leave before the sockets close
        for canvas, slot in list(self._slots.items()):
            sessions = list(slot.room.sessions)
            for session in sessions:
                session.end(CloseCode.UNAVAILABLE, STOPPING)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2 * self._limits.close):
                    await asyncio.gather(*(session.gone.wait() for session in sessions))
            try:
                await slot.room.journal.flushed()
            except Unavailable:
                logger.error("canvas %s has edits that the store did not take; its pages keep theirs", canvas)
            slot.room.end(STOPPING)
            await self._stop(slot)
        self._slots.clear()
        await asyncio.gather(*self._unloads, *self._loading.values(), return_exceptions=True)

    @asynccontextmanager
    async def _use(self, canvas: CanvasId) -> AsyncIterator[Room]:
        slot = await self._slot(canvas)
        slot.pins += 1
        if slot.unloading is not None:
            slot.unloading.cancel()
            slot.unloading = None
        try:
            yield slot.room
        finally:
            slot.pins -= 1
            self._unload_later(canvas, slot)

    async def _slot(self, canvas: CanvasId) -> _Slot:
        while True:
            if self._is_closed:
                raise Unavailable(STOPPING)
            slot = self._slots.get(canvas)
            if slot is not None and slot.room.ended is None:
                return slot
            loading = self._loading.get(canvas)
            if loading is None:
                loading = self._loading[canvas] = asyncio.create_task(self._load(canvas))
                loading.add_done_callback(lambda task: self._loaded(canvas, task))
            # Whoever asked first may go away; the others still want the room.
            await asyncio.shield(loading)

    async def _load(self, canvas: CanvasId) -> _Slot:
        ended = self._slots.pop(canvas, None)
        if ended is not None:
            await self._stop(ended)
        room = Room(canvas, await self._log.load(canvas), self._log, self._limits, self._clock, self._edits)
        slot = self._slots[canvas] = _Slot(room, asyncio.create_task(room.journal.run()))
        slot.journal.add_done_callback(lambda task: self._journal_ended(room, task))
        self._unload_later(canvas, slot)
        for loaded in self._watchers:
            loaded(room)
        return slot

    def _loaded(self, canvas: CanvasId, task: asyncio.Task[_Slot]) -> None:
        del self._loading[canvas]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.info("canvas %s was not loaded: %s", canvas, error)  # whoever still waits gets it raised

    @staticmethod
    def _journal_ended(room: Room, task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, NotFound):  # deleted while something was on its way to the log
            for session in room.sessions:
                session.end(CloseCode.NO_SUCH_CANVAS, DELETED)
            room.end(DELETED)
        elif isinstance(error, Diverged):
            logger.error("canvas %s: %s", room.canvas, error.sentence)
            room.end(error.sentence)
        else:
            logger.error("canvas %s cannot be kept", room.canvas, exc_info=error)
            room.end("The server could not keep this canvas's changes; reload the page.")

    def _unload_later(self, canvas: CanvasId, slot: _Slot) -> None:
        if slot.pins == 0 and slot.unloading is None and self._slots.get(canvas) is slot and not self._is_closed:
            loop = asyncio.get_running_loop()
            slot.unloading = loop.call_later(self._limits.idle, self._start_unload, canvas, slot)

    def _start_unload(self, canvas: CanvasId, slot: _Slot) -> None:
        task = asyncio.create_task(self._unload(canvas, slot))
        self._unloads.add(task)
        task.add_done_callback(self._unloads.discard)

    async def _unload(self, canvas: CanvasId, slot: _Slot) -> None:
        slot.unloading = None
        try:
            if slot.room.ended is None:
                slot.room.journal.compact_soon()
                await slot.room.journal.flushed()
        except Unavailable:
            logger.warning("canvas %s stays in memory: its last edits could not be written", canvas)
        is_needed = slot.pins or (not slot.room.journal.is_idle and slot.room.ended is None)
        if is_needed or self._slots.get(canvas) is not slot:
            self._unload_later(canvas, slot)
            return
        del self._slots[canvas]
        await self._stop(slot)

    @staticmethod
    async def _stop(slot: _Slot) -> None:
        if slot.unloading is not None:
            slot.unloading.cancel()
        slot.journal.cancel()
        await asyncio.gather(slot.journal, return_exceptions=True)

    @staticmethod
    async def _refuse(socket: Socket, code: CloseCode, reason: str) -> None:
        with contextlib.suppress(Disconnected):
            await socket.close(code, reason)

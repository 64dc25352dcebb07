"""One socket in a room: what it may do, what it sent, and what it is told.

What must not be here: judging updates (see `validator`), changing the document (see `taking`).
"""

import asyncio
import contextlib
import logging
from typing import Any

from app.collab import protocol
from app.collab.close_codes import CloseCode
from app.collab.document import DocumentFault
from app.collab.lib0 import Malformed
from app.collab.limits import MAX_AWARENESS_FRAME
from app.collab.outbox import Outbox
from app.collab.ports import Disconnected, Socket
from app.collab.presence import encode_entries, read_entries, read_state
from app.collab.protocol import Kind
from app.collab.rate import Bucket
from app.collab.room import Room
from app.collab.validator import Writer
from app.collab.verdicts import Denied, Foreign, Gap, Overfull
from app.domain.people import Origin, Person, Role
from app.errors import TooLarge, Unavailable

logger = logging.getLogger(__name__)
_UNIT = 4_096  # bytes that cost as much of the rate as one update
_NAMED = 20  # client ids in one message that do: to keep a thousand takes 6 ms, and more where many have some
STUCK = "This page has text of somebody who has not come back, which only they can bring to the server."
STOLEN = "Somebody else wrote under this page's number while it was away."
_FAULT = (CloseCode.UNAVAILABLE, "The server stopped serving this page; it connects again by itself.")


class _End(Exception):
    """Ends the session's tasks."""


class Session:
    """One connection of a person to a room."""

    def __init__(self, room: Room, socket: Socket, person: Person, role: Role, *, wants_ack: bool) -> None:
        self._room, self._socket, self.person = room, socket, person
        self._wants_ack = wants_ack
        self._writer = Writer(Origin.of(person), role)
        self.outbox = Outbox(socket, room.limits.outbox, self._cut)
        self._count = 0  # step 2 and update messages received
        self._acknowledged = 0
        self._is_behind = False  # something sent is not in the document: no acknowledgement until a step 2 fits
        self._is_asked = False  # a step 1 is out, and its step 2 not yet here
        self._resyncs = 0
        self._put_off = 0
        self._asking: asyncio.TimerHandle | None = None
        self._client: int | None = None  # the awareness id of this socket
        limits, now = room.limits, room.clock()
        self._updates = Bucket(limits.updates_per_second, limits.burst, now)
        self._others = Bucket(limits.awareness_per_second, limits.burst, now)
        self.gone = asyncio.Event()
        self._throttled_since: float | None = None
        self._ending: asyncio.Future[tuple[CloseCode, str] | None] = asyncio.get_running_loop().create_future()

    @property
    def role(self) -> Role:
        """What the person may do now."""
        return self._writer.role or Role.VIEWER

    async def run(self) -> None:
        """Serve the socket until it ends, then close it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._write())
                tasks.create_task(self._read())
                await self._ending
                raise _End
        except* _End:
            pass
        finally:
            if self._asking is not None:
                self._asking.cancel()
            how = self._ending.result() if self._ending.done() and not self._ending.cancelled() else _FAULT
            if how is not None:
                with contextlib.suppress(Disconnected, TimeoutError):
                    await asyncio.wait_for(self._socket.close(*how), self._room.limits.close)
            self.gone.set()

    def end(self, code: CloseCode, reason: str) -> None:
        """Close the socket for a reason; the first reason stands."""
        if not self._ending.done():
            self._ending.set_result((code, reason))

    def change_role(self, role: Role | None) -> None:
        """Change what the person may do from now on; None closes the socket."""
        if role is None:
            self.end(CloseCode.NOT_ALLOWED, "You no longer have access to this canvas.")
        elif role is not self.role:
            self._writer = Writer(self._writer.origin, role)
            if self._client is not None:
                self._claim(self._client)
            self.tell({"role": str(role)})
            self._ask()  # what was refused under the old role may be welcome now

    def acknowledge(self, count: int) -> None:
        """Say that the first `count` messages are durable."""
        if self._wants_ack and not self._is_behind and count > self._acknowledged:
            self._acknowledged = count
            self.outbox.send(protocol.ack(count))

    def tell(self, value: dict[str, Any]) -> None:
        """Send a status, to clients that know of it."""
        if self._wants_ack:
            self.outbox.send(protocol.status(value))

    def leave(self) -> None:
        """Take the person's caret off everybody's screen. The id stays theirs: it may be typing offline."""
        if self._client is not None:
            self._room.relay.awareness(self._room.presence.clear(self._client), self)

    def _fail(self, sentence: str) -> None:
        self.end(CloseCode.UNAVAILABLE, sentence)

    def _cut(self) -> None:
        self.end(CloseCode.DEAD, "This page did not take what was sent to it; it connects again by itself.")

    def _ask(self) -> None:
        self._is_asked = True
        self.outbox.send(protocol.step1(self._room.live.state_vector()))

    async def _write(self) -> None:
        with contextlib.suppress(Disconnected):  # `_read` hears of it too
            await self.outbox.run()

    async def _read(self) -> None:
        self._ask()
        if entries := self._room.presence.entries():
            self.outbox.send(protocol.awareness(encode_entries(entries)))
        if self._room.read_only is not None:
            self.tell({"read_only": self._room.read_only})
        await self._socket.each(self._handle)
        if not self._ending.done():
            self._ending.set_result(None)

    def _handle(self, frame: bytes) -> float:
        """Do what one message asks; return for how long to read nothing more."""
        if self._ending.done():
            return 0.0
        if len(frame) > protocol.bound_of(frame):
            self.end(CloseCode.TOO_LARGE, "An edit may have at most 1 MiB; split what you paste.")
            return 0.0
        try:
            kind, payload = protocol.decode(frame)
            if kind is Kind.UPDATE or kind is Kind.STEP2:
                units = 1 + len(frame) / _UNIT
                if kind is Kind.STEP2 and self._is_asked:  # the server wanted it, however long it is
                    units = min(units, self._room.limits.burst / 2)
                self._receive(payload, is_answer=kind is Kind.STEP2)
                return self._throttle(self._updates, units)
            if kind is Kind.STEP1:
                protocol.check_state_vector(payload)
                self._room.answers.ask(payload, self.outbox.send, self._fail)
            elif kind is Kind.AWARENESS:
                self._receive_awareness(payload)
            elif kind is Kind.OWN and self._wants_ack:
                clients = protocol.read_own(payload)
                self._receive_own(clients)
                return self._throttle(self._others, 1 + len(clients) / _NAMED)
            elif kind is Kind.QUERY_AWARENESS:
                self.outbox.send(protocol.awareness(encode_entries(self._room.presence.entries())))
        except Malformed as error:
            logger.info("canvas %s: %s sent a malformed message: %s", self._room.canvas, self.person.id, error)
            self.end(CloseCode.MALFORMED, error.sentence)
        except DocumentFault as error:
            logger.exception("canvas %s failed", self._room.canvas)
            self.end(CloseCode.UNAVAILABLE, error.sentence)
        return self._throttle(self._others, 1 + len(frame) / _UNIT)

    def _receive(self, payload: bytes, *, is_answer: bool) -> None:
        self._count += 1
        if is_answer:
            self._is_asked = False
        try:
            self._receive_update(payload, is_answer)
        except Denied as error:
            self._is_behind = True
            if isinstance(error, Overfull):
                self._resyncs = 0 if is_answer else self._resyncs  # it fits; its writer may need a few tries to mend it
                self.tell({"overfull": True})
            self.outbox.send(protocol.denied(error.sentence))
        except Gap as error:
            self._is_behind = True
            if not self._is_asked:
                self._resyncs += 1
                if self._resyncs > self._room.limits.resyncs:
                    raise Malformed(error.sentence) from error
                self._ask()
        except Foreign as error:
            self._is_behind = True
            if is_answer and self._ask_later():
                return
            if is_answer:
                self.tell({"stuck": STUCK})
            self.end(CloseCode.FOREIGN_CLIENT, error.sentence)
        except TooLarge as error:
            self.end(CloseCode.TOO_LARGE, error.sentence)
        except Unavailable as error:
            self.end(CloseCode.UNAVAILABLE, error.sentence)

    def _receive_update(self, payload: bytes, is_answer: bool) -> None:
        room = self._room
        was_behind = self._is_behind
        self._is_behind = was_behind and not is_answer  # an answer holds all that the client has
        try:
            room.taking.receive(payload, self._writer, self, self._count)
        except Denied:
            if not is_answer:
                raise
            room.live.refresh_deletes()  # an answer names every deletion that the client knows of
            room.taking.receive(payload, self._writer, self, self._count)
        if is_answer:
            self._resyncs = self._put_off = 0

    def _ask_later(self) -> bool:
        """After a restart, others may bring text whose author has not come back yet: ask again in a while."""
        limits = self._room.limits
        if self._put_off >= limits.put_off_times:
            return False
        self._put_off += 1
        self._is_asked = True
        self._asking = asyncio.get_running_loop().call_later(limits.put_off, self._ask)
        return True

    def _receive_awareness(self, payload: bytes) -> None:
        if len(payload) > MAX_AWARENESS_FRAME:
            raise Malformed("An awareness message is too large.")
        room = self._room
        entries = read_entries(payload)
        for client, clock, text in entries:
            if client != self._client and not (len(entries) == 1 and self._adopt(client, text)):
                continue  # a stock provider echoes what it was told of others
            state = read_state(text)
            if state is None:
                room.relay.awareness(room.presence.clear(client, clock), self)
            else:
                room.relay.awareness(room.presence.set(client, clock, state, self.person), self)

    def _receive_own(self, clients: list[int]) -> None:
        """Keep for this person the client ids that their browser wrote under, or say that somebody has taken one."""
        if any(self._is_somebody_else_s(client) for client in clients):
            self._tell_stolen()
        else:
            self._claim(*clients)

    def _adopt(self, client: int, text: str) -> bool:
        """Make `client` the id of this socket if it has none yet and nobody else owns it."""
        if self._client is not None or text == "null":
            return False
        is_taken = self._room.presence.is_taken(client)
        if self._is_somebody_else_s(client, or_shown=not is_taken):
            if self._wants_ack:
                self._tell_stolen()
            return False
        if is_taken:
            return False
        self._client = client
        self._claim(client)
        return True

    def _is_somebody_else_s(self, client: int, *, or_shown: bool = True) -> bool:
        """Say whether another person wrote under a client id, or (`or_shown`) only keeps it."""
        taking, origin = self._room.taking, self._writer.origin
        owner = taking.owners.get(client) or (taking.claims.get(client) if or_shown else None)
        return owner is not None and (owner.id, owner.kind) != (origin.id, origin.kind)

    def _tell_stolen(self) -> None:
        # Somebody wrote under this page's number while it was away, and may be here under it. What it typed under the
        # same clocks would be taken for known, and be lost: it has to bring that anew, under a number of its own.
        self.tell({"stuck": STOLEN})
        self.end(CloseCode.FOREIGN_CLIENT, STOLEN)

    def _claim(self, *clients: int) -> None:
        """Keep client ids from others, but for those that are kept for one of them. Who writes nothing keeps none."""
        if self.role is Role.VIEWER:
            return
        for client in clients:
            if client not in self._room.taking.owners and not self._is_somebody_else_s(client):
                self._room.taking.claims.keep(client, self._writer.origin)

    def _throttle(self, bucket: Bucket, units: float) -> float:
        now = self._room.clock()
        delay = bucket.take(units, now)
        if not delay:
            if bucket is self._updates:
                self._throttled_since = None
            return 0.0
        self._throttled_since = self._throttled_since or now
        if now - self._throttled_since > self._room.limits.throttled_for:
            self.end(CloseCode.TOO_MANY, "This page sends more changes than a canvas takes; it connects again.")
        return delay

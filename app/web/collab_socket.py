"""`/collab/{canvas}`: the ticket and the origin are checked, then the room serves the socket.

What must not be here: the protocol (app/collab), and which server carries the bytes beyond ASGI and `Direct`.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.collab.close_codes import CloseCode
from app.collab.ports import Disconnected, Lane
from app.collab.rooms import Member
from app.domain.people import Role
from app.domain.permissions import Right
from app.errors import NotFound, NotSignedIn, PolycanvasError
from app.ids import CanvasId, is_id
from app.services import services
from app.web.direct import TURN, Direct, NotBinary, direct, framed

MAX_REASON = 123  # bytes of a close frame's reason, by RFC 6455
_NOT_BINARY = (CloseCode.MALFORMED, "This socket takes binary messages only.")


def clip_reason(reason: str) -> str:
    """Return `reason` cut to what a close frame can hold."""
    return reason.encode("utf-8")[:MAX_REASON].decode("utf-8", "ignore")


class _Closing:
    """What both kinds of socket share: closing once."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._closed = False

    async def close(self, code: int, reason: str) -> None:
        """Close once; again is a no-op."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._websocket.close(code, clip_reason(reason))
        except (RuntimeError, WebSocketDisconnect, OSError):
            return  # the other end was faster


class AsgiSocket(_Closing):
    """A socket over plain ASGI: one task sends what is queued, in order."""

    def __init__(self, websocket: WebSocket) -> None:
        super().__init__(websocket)
        self._queue: deque[bytes] = deque()  # bounded by the room, which cuts a reader off at its backlog
        self._bytes = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self._more = asyncio.Event()
        self._gone = False

    def send(self, frame: bytes) -> None:
        """Queue one message."""
        if self._gone or self._closed:
            return
        self._queue.append(frame)
        self._bytes += len(frame)
        self._empty.clear()
        self._more.set()

    def offer(self, frame: bytes) -> bool:
        """Queue one message unless others are queued."""
        if self._bytes:
            return False
        self.send(frame)
        return True

    def lane(self, ended: Callable[[], None]) -> Lane | None:
        """Return nothing: a task sends here."""
        return None

    async def each(self, hear: Callable[[bytes], float]) -> None:
        """Give each binary message to `hear` until the connection ends."""
        turn = 0
        while not self._closed:
            try:
                message = await self._websocket.receive()
            except RuntimeError:  # Starlette: receiving after the end was seen
                return
            if message["type"] == "websocket.disconnect":
                self._closed = True
                return
            frame = message.get("bytes")
            if frame is None:
                await self.close(*_NOT_BINARY)
                return
            wait = hear(bytes(frame))
            turn += 1
            if wait or turn % TURN == 0:
                await asyncio.sleep(wait)

    def backlog(self) -> int:
        """Return the bytes not yet taken by the network."""
        return self._bytes

    async def drained(self) -> None:
        """Return when the backlog is 0. Raises Disconnected when the connection ended first."""
        await self._empty.wait()
        if self._gone or self._closed:
            raise Disconnected("The connection has ended.")

    async def pump(self) -> None:
        """Send what is queued until the connection ends; run as a task beside the room's serving."""
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                while self._queue:
                    frame = self._queue.popleft()
                    await self._websocket.send_bytes(frame)
                    self._bytes -= len(frame)
                self._empty.set()
        except (RuntimeError, WebSocketDisconnect, OSError):
            self._queue.clear()
        finally:
            self._gone = True
            self._bytes = 0
            self._empty.set()


class DirectSocket(_Closing):
    """A socket whose messages come and go without a task and without a queue of its own between."""

    def __init__(self, websocket: WebSocket, direct: Direct) -> None:
        super().__init__(websocket)
        self._direct = direct
        self.offer = direct.offer

    def send(self, frame: bytes) -> None:
        """Hand one message to the transport."""
        if not self._closed:
            self._direct.write(frame)

    def lane(self, ended: Callable[[], None]) -> Lane | None:
        """Return the transport's own way while nothing is queued there."""
        write = None if self._closed else self._direct.lane(ended)
        return None if write is None else Lane(framed, write)

    async def each(self, hear: Callable[[bytes], float]) -> None:
        """Give each binary message to `hear` until the connection ends."""
        try:
            await self._direct.each(hear)
        except NotBinary:
            await self.close(*_NOT_BINARY)

    def backlog(self) -> int:
        """Return the bytes that the kernel has not taken yet."""
        return self._direct.backlog()

    async def drained(self) -> None:
        """Return when the backlog is 0. Raises Disconnected when the connection ended first."""
        await self._direct.drained()
        if self._closed or self._direct.gone:
            raise Disconnected("The connection has ended.")


async def _refuse(websocket: WebSocket, code: CloseCode, reason: str) -> None:
    """Close with a code that the client can read: it must be accepted first, or browsers only see “failed”."""
    await websocket.accept()
    await websocket.close(code, clip_reason(reason))


async def collab(websocket: WebSocket) -> None:
    """Serve one co-editing socket."""
    running = services()
    canvas = CanvasId(str(websocket.path_params["canvas"]))
    if not is_id(canvas):
        await _refuse(websocket, CloseCode.NO_SUCH_CANVAS, "There is no such canvas.")
        return
    try:
        admitted = running.tickets.redeem(
            websocket.query_params.get("ticket", ""), canvas, websocket.headers.get("origin")
        )
        person = admitted.person
        role = await running.canvases.require(canvas, person, Right.READ)
    except NotSignedIn as error:
        await _refuse(websocket, CloseCode.BAD_TICKET, error.sentence)
        return
    except NotFound as error:
        await _refuse(websocket, CloseCode.NO_SUCH_CANVAS, error.sentence)
        return
    except PolycanvasError as error:
        code = CloseCode.UNAVAILABLE if error.status >= 500 else CloseCode.NOT_ALLOWED
        await _refuse(websocket, code, error.sentence)
        return
    await websocket.accept()
    member, wants_ack = Member(person, role, admitted.credential), websocket.query_params.get("ack") == "1"

    async def role_now() -> Role | None:
        try:
            return await running.canvases.require(canvas, person, Right.READ)
        except PolycanvasError as error:
            if error.status >= 500:
                raise
            return None

    short = direct(websocket.scope)
    if short is not None:
        there = DirectSocket(websocket, short)
        await running.rooms.serve(canvas, there, member, wants_ack=wants_ack, role_now=role_now)
        return
    socket = AsgiSocket(websocket)
    pump = asyncio.create_task(socket.pump())
    try:
        await running.rooms.serve(canvas, socket, member, wants_ack=wants_ack, role_now=role_now)
    finally:
        pump.cancel()
        await asyncio.wait({pump})

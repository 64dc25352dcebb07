"""uvicorn's WebSocket protocol with two shorter ways: messages straight in, and frames straight out.

In: a whole, masked, binary frame is unmasked and handed over within the very read that brought it, where ASGI takes a
parser of its own, a queue, a pause and a task for each. Whatever is not such a frame goes uvicorn's way. Out: a room
sends the same bytes to every reader and a server never masks, so a message is framed once and written to each
transport. What was measured is in docs/PERFORMANCE.md. What must not be here: anything of rooms.
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any, Protocol, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

try:
    from websockets.speedups import apply_mask  # in C, where a wheel for this machine has it
except ImportError:  # pragma: no cover
    from websockets.utils import apply_mask

EXTENSION = "polycanvas.direct"
TURN = 64  # messages taken from one read before other connections get their turn
_BINARY_FINAL = 0x82
_MASKED = 128
_FAILED = "polycanvas.failed"

Hear = Callable[[bytes], float]
Write = Callable[[bytes], None]


class NotBinary(Exception):
    """A text message came."""


class Direct(Protocol):
    """What the socket of a room reads and writes with."""

    @property
    def gone(self) -> bool:
        """True once nothing can be written any more."""

    async def each(self, hear: Hear) -> None:
        """Give each binary message to `hear` until the connection ends; see `app.collab.ports.Socket`."""

    def offer(self, message: bytes) -> bool:
        """Write one binary message unless something waits to be written; say whether nothing did."""

    def write(self, message: bytes) -> None:
        """Write one binary message."""

    def lane(self, ended: Callable[[], None]) -> Write | None:
        """Return what writes a whole frame while nothing waits to be written; `ended` says, once, when it is over."""

    def backlog(self) -> int:
        """Return the bytes waiting in this process."""

    async def drained(self) -> None:
        """Return when nothing waits, or when nothing ever will be written."""


def framed(message: bytes) -> bytes:
    """Return one unmasked, final binary frame (RFC 6455, 5.2)."""
    size = len(message)
    if size < 126:
        return bytes((_BINARY_FINAL, size)) + message
    if size < 65536:
        return struct.pack("!BBH", _BINARY_FINAL, 126, size) + message
    return struct.pack("!BBQ", _BINARY_FINAL, 127, size) + message


class _Framing:
    """Remembers the last message framed: the next reader most often gets the very same object."""

    __slots__ = ("frame", "message")

    def __init__(self) -> None:
        self.message: bytes | None = None
        self.frame = b""

    def __call__(self, message: bytes) -> bytes:
        if message is not self.message:
            self.message, self.frame = message, framed(message)
        return self.frame


_framing = _Framing()


class DirectProtocol(WebSocketsSansIOProtocol):
    """Is its own `Direct`, offered to the app in the scope's extensions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hear: Hear | None = None
        self._is_busy = False  # a message that came uvicorn's way is being waited for; none may overtake it
        self._held = b""  # read, and to be looked at when `_holding` is over
        self._holding: asyncio.TimerHandle | None = None
        self._is_behind = False  # the kernel has not taken all that was written
        self._lane_ended: Callable[[], None] | None = None

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            extensions = cast("dict[str, Any]", scope["extensions"])
            extensions[EXTENSION] = self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        # asyncio does so by itself only for sockets that were made with the protocol's number. Without it the kernel
        # holds a keystroke back until the reader has confirmed the one before: 40 ms.
        found = transport.get_extra_info("socket")
        if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # In

    def data_received(self, data: bytes) -> None:
        """Hand over the whole binary frames at the front; leave the rest to uvicorn."""
        hear = self._hear
        if self._holding is not None:  # uvicorn went on reading by itself
            self._held += data
            self.transport.pause_reading()
            return
        if hear is None or not self._may_be_short():
            super().data_received(data)
            return
        at, end, turn = 0, len(data), 0
        while end - at > 5 and data[at] == _BINARY_FINAL:
            size, body = data[at + 1] - _MASKED, at + 6
            if size == 126:
                size, body = int.from_bytes(data[at + 2 : at + 4], "big"), at + 8
            if not 0 <= size < 65536 or size == 127 or body + size > end:
                break
            try:
                wait = hear(apply_mask(data[body : body + size], data[body - 4 : body]))
            except BaseException as error:  # noqa: BLE001  whatever it is, `each` raises it, where somebody handles it
                self.queue.put_nowait(cast("Any", {"type": _FAILED, "error": error}))
                return
            at = body + size
            turn += 1
            if wait or (turn == TURN and at < end):
                self._hold(wait, data[at:])
                return
        if at < end:
            super().data_received(data[at:])

    def _may_be_short(self) -> bool:
        """Say whether uvicorn and its parser are between two messages, with nothing on the way."""
        conn = self.conn
        return (
            not self._is_busy
            and self.queue.empty()
            and not conn.reader.buffer
            and conn.current_size is None
            and conn.state is State.OPEN
            and not self.close_sent
        )

    def _hold(self, seconds: float, rest: bytes) -> None:
        self.transport.pause_reading()
        self._held = rest
        self._holding = self.loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._holding = None
        rest, self._held = self._held, b""
        if not self.read_paused:
            self.transport.resume_reading()
        if rest:
            self.data_received(rest)

    async def each(self, hear: Hear) -> None:
        """Give each binary message to `hear` until the connection ends. Raises NotBinary, and what `hear` raises.

        Nothing is read for as many seconds as `hear` returns.
        """
        self._hear = hear
        turn = 0
        try:
            while True:
                event = cast("dict[str, Any]", await self.receive())  # only what the short way left
                if event["type"] == _FAILED:
                    raise event["error"]
                if event["type"] == "websocket.disconnect":
                    return
                if (message := event.get("bytes")) is None:
                    raise NotBinary
                wait = hear(bytes(message))
                turn += 1
                if wait or turn % TURN == 0:
                    self._is_busy = True
                    await asyncio.sleep(wait)
                    self._is_busy = False
        finally:
            self._hear = None
            if self._holding is not None:
                self._holding.cancel()
                self._go_on()

    # Out

    def pause_writing(self) -> None:
        super().pause_writing()
        self._is_behind = True
        self._end_lane()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_behind = False

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._end_lane()

    @property
    def close_sent(self) -> bool:
        """True once a close frame was sent: no other frame may follow. uvicorn sets it."""
        return self._close_sent

    @close_sent.setter
    def close_sent(self, value: bool) -> None:
        self._close_sent = value
        if value:
            self._end_lane()

    def lane(self, ended: Callable[[], None]) -> Write | None:
        """Return what writes a whole frame while nothing waits to be written; `ended` says, once, when it is over.

        A transport that is closing drops what is written, so between its end and `ended` nothing can go wrong.
        """
        if self._is_behind or self.gone:
            return None
        self._lane_ended = ended
        return cast("Write", self.transport.write)

    def _end_lane(self) -> None:
        ended, self._lane_ended = self._lane_ended, None
        if ended is not None:
            ended()

    @property
    def gone(self) -> bool:
        """True once nothing can be written any more."""
        return self.disconnected or self.close_sent or self.transport.is_closing()

    def offer(self, message: bytes) -> bool:
        """Write one binary message unless something waits to be written; say whether nothing did."""
        if self._is_behind:
            return False
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(_framing.frame if message is _framing.message else _framing(message))
        return True

    def write(self, message: bytes) -> None:
        """Write one binary message; after the end, nothing."""
        if not self.gone:
            self.transport.write(_framing(message))

    def backlog(self) -> int:
        """Return the bytes that the kernel has not taken."""
        return 0 if self.gone else self.transport.get_write_buffer_size()

    async def drained(self) -> None:
        """Return when the kernel has everything, or the connection is gone."""
        await self.writable.wait()


def direct(scope: Scope) -> Direct | None:
    """Return the connection's short ways, None on another server."""
    found = cast("DirectProtocol | None", scope.get("extensions", {}).get(EXTENSION))
    if found is not None and not found.gone:
        # The loop says when it keeps anything back for the kernel, and when nothing more; not only beyond some size.
        found.transport.set_write_buffer_limits(high=0)
    return found

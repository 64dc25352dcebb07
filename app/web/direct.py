"""uvicorn's WebSocket protocol with one thing more: frames can be handed to the transport without a task or a wait.

A room sends the same bytes to every reader. A server never masks its frames, so the framed bytes are the same for all
of them too: they are built once and written to each transport. What was measured is in docs/PERFORMANCE.md.
What must not be here: anything of rooms, and any change to how uvicorn reads.
"""

import struct
from typing import Any, Protocol, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "polycanvas.direct"
_BINARY_FINAL = 0x82


class DirectWriter(Protocol):
    """What the socket of a room writes with."""

    @property
    def gone(self) -> bool:
        """True once nothing can be written any more."""

    def write(self, frame: bytes) -> None:
        """Write one binary message."""

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

    __slots__ = ("_frame", "_message")

    def __init__(self) -> None:
        self._message: bytes | None = None
        self._frame = b""

    def __call__(self, message: bytes) -> bytes:
        if message is not self._message:
            self._message, self._frame = message, framed(message)
        return self._frame


_framing = _Framing()


class DirectProtocol(WebSocketsSansIOProtocol):
    """Is its own DirectWriter, offered to the app in the scope's extensions."""

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            extensions = cast("dict[str, Any]", scope["extensions"])
            extensions[EXTENSION] = self

    @property
    def gone(self) -> bool:
        """True once nothing can be written any more."""
        return self.disconnected or self.close_sent or self.transport.is_closing()

    def write(self, frame: bytes) -> None:
        """Write one binary message; after the end, nothing."""
        if not self.gone:
            self.transport.write(_framing(frame))

    def backlog(self) -> int:
        """Return the bytes that the kernel has not taken."""
        return self.transport.get_write_buffer_size()

    async def drained(self) -> None:
        """Return when the transport's buffer is empty or the connection is gone."""
        if self.transport.get_write_buffer_size() == 0 or self.gone:
            return
        # asyncio says when the buffer falls to the low-water mark, which is set to nothing while somebody waits.
        self.transport.set_write_buffer_limits(high=0, low=0)
        try:
            await self.writable.wait()
        finally:
            self.transport.set_write_buffer_limits()


def direct_writer(scope: Scope) -> DirectWriter | None:
    """Return the connection's direct writer, None on another server."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return cast("DirectWriter", found) if found is not None else None

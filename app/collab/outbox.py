"""What one reader still has to get: sent at once while it keeps up, merged into one message while it does not.

What must not be here: who the reader is. Nothing is dropped: a reader that does not read is cut.
"""

import asyncio
from collections.abc import Callable

from app.collab import protocol
from app.collab.document import merge
from app.collab.ports import Lane, Socket
from app.collab.presence import encode_entries


class Outbox:
    """The way to one socket. `cut` is called when more than `bound` bytes wait behind what the network has.

    One message may be larger than that (a large canvas, for somebody who joins).
    """

    def __init__(self, socket: Socket, bound: int, cut: Callable[[], None]) -> None:
        self._socket = socket
        self._offer = socket.offer
        self._bound = bound
        self._cut = cut
        self._updates: list[bytes] = []
        self._awareness: dict[int, bytes] = {}
        self._bytes = 0
        self._behind = asyncio.Event()
        self._is_behind = False

    def send(self, frame: bytes) -> None:
        """Send what concerns this reader alone; it may overtake updates that wait."""
        if self._socket.backlog() > self._bound:  # asking again and again, and reading nothing
            self._cut()
        else:
            self._socket.send(frame)

    def lane(self, ended: Callable[[], None]) -> Lane | None:
        """Return the socket's lane while nothing waits for this reader; `ended` is called when that is over."""
        return None if self._is_behind else self._socket.lane(ended)

    def send_update(self, frame: bytes, payload: bytes) -> None:
        """Send an update: `frame` now, or `payload` merged with what comes until the socket has drained."""
        if self._is_behind or not self._offer(frame):
            self._updates.append(payload)
            self._wait(len(payload))

    def send_awareness(self, frame: bytes, entries: dict[int, bytes]) -> None:
        """Send awareness: `frame` now, or the newest of each client once the socket has drained."""
        if self._is_behind or not self._offer(frame):
            added = sum(len(entry) - len(self._awareness.get(client, b"")) for client, entry in entries.items())
            self._awareness.update(entries)
            self._wait(added)

    async def run(self) -> None:
        """Send what waits each time the socket has drained, until cancelled. Raises Disconnected."""
        while True:
            await self._behind.wait()
            await self._socket.drained()
            self._behind.clear()
            self._is_behind = False
            updates, awareness = self._updates, self._awareness
            self._updates, self._awareness, self._bytes = [], {}, 0
            if updates:
                self._socket.send(protocol.update(merge(updates)))
            if awareness:
                self._socket.send(protocol.awareness(encode_entries(awareness)))

    def _wait(self, size: int) -> None:
        self._bytes += size
        self._is_behind = True
        self._behind.set()
        if self._bytes > self._bound:
            self._cut()

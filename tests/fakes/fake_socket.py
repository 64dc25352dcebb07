"""A socket without a network: a page's end with a real pycrdt document, and the server's end as the room wants it."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any

from pycrdt import Doc, Text

from app.collab import lib0, protocol
from app.collab.ports import Lane
from app.collab.protocol import Kind

FRAMED = b"framed:"


def _framed(message: bytes) -> bytes:
    return FRAMED + message


class FakeSocket:
    """The server's end. `slow`: what is sent stays in the backlog until `take` is called."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.sent: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.slow = False
        self.gone = False
        self.on_send: Callable[[bytes], None] | None = None
        self._backlog: list[bytes] = []
        self._lane_ended: Callable[[], None] | None = None
        self._drained = asyncio.Event()
        self._changed = asyncio.Event()

    def send(self, frame: bytes) -> None:
        if self.slow:
            self._backlog.append(frame)
            self._end_lane()
        else:
            self._deliver(frame)

    def backlog(self) -> int:
        return sum(map(len, self._backlog))

    async def drained(self) -> None:
        while self._backlog:
            self._drained.clear()
            await self._drained.wait()

    def offer(self, frame: bytes) -> bool:
        if self._backlog:
            return False
        self.send(frame)
        return True

    def lane(self, ended: Callable[[], None]) -> Lane | None:
        if self._backlog or self.closed is not None:
            return None
        self._lane_ended = ended
        return Lane(_framed, self._send_framed)

    def _send_framed(self, frames: bytes) -> None:
        for frame in frames.split(FRAMED)[1:]:
            self.send(frame)

    async def each(self, hear: Callable[[bytes], float]) -> None:
        while (frame := await self.inbox.get()) is not None:
            if wait := hear(frame):
                await asyncio.sleep(wait)

    async def close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.closed = (code, reason)
            self._end_lane()
            self._changed.set()

    # The page's end

    def put(self, frame: bytes) -> None:
        """Let the page send a frame."""
        self.inbox.put_nowait(frame)

    def hang_up(self) -> None:
        """Let the page go."""
        self.gone = True
        self.inbox.put_nowait(None)

    def take(self) -> None:
        """Let the network take all that waits."""
        waiting, self._backlog = self._backlog, []
        for frame in waiting:
            self._deliver(frame)
        self._drained.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Return once `condition` holds, looking again after whatever the server sends."""
        async with asyncio.timeout(5):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def _end_lane(self) -> None:
        ended, self._lane_ended = self._lane_ended, None
        if ended is not None:
            ended()

    def _deliver(self, frame: bytes) -> None:
        self.sent.append(frame)
        if self.on_send is not None:
            self.on_send(frame)
        self._changed.set()


class FakePage:
    """A page as a stock provider makes it: answers step 1, applies updates, sends what is typed.

    `own`: the client ids that it names first of all.
    """

    def __init__(self, client: int | None = None, doc: Doc[Any] | None = None, own: Collection[int] = ()) -> None:
        self.socket = FakeSocket()
        self.doc: Doc[Any] = doc if doc is not None else Doc(client_id=client)
        self.acked = 0
        self.sent = 0
        self.denied: list[str] = []
        self.statuses: list[dict[str, Any]] = []
        self.awareness: dict[int, tuple[int, str]] = {}
        self.step1s = 0
        self.step2s = 0
        self._answers = 0
        self.socket.on_send = self._take
        self._applying = False
        self._subscription = self.doc.observe(self._changed)
        if own:
            self.socket.put(protocol.own(own))
        self.socket.put(protocol.step1(self.doc.get_state()))

    def text(self, file: str) -> Text:
        return self.doc.get(f"file:{file}", type=Text)

    def send_update(self, payload: bytes) -> None:
        self.sent += 1
        self.socket.put(protocol.update(payload))

    def say(self, state: str, clock: int = 1, client: int | None = None) -> None:
        """Send an awareness state, as JSON text."""
        client = self.doc.client_id if client is None else client
        entry = lib0.var(client) + lib0.var(clock) + lib0.text(state)
        self.socket.put(protocol.awareness(lib0.var(1) + entry))

    async def saved(self) -> None:
        await self.socket.until(lambda: self.acked >= self.sent > 0)

    async def heard(self) -> None:
        """Return once the server has read all that this page sent so far."""
        before = self._answers
        self.socket.put(protocol.QUERY_AWARENESS)
        await self.socket.until(lambda: self._answers > before)

    async def synced(self) -> None:
        await self.socket.until(lambda: self.step2s and self.step1s)

    def _changed(self, event: Any) -> None:
        if not self._applying:
            self.send_update(event.update)

    def _take(self, frame: bytes) -> None:
        kind, payload = protocol.decode(frame)
        if kind is Kind.STEP1:
            self.step1s += 1
            self.sent += 1
            self.socket.put(protocol.step2(self.doc.get_update(payload)))
        elif kind in (Kind.STEP2, Kind.UPDATE):
            self.step2s += kind is Kind.STEP2
            self._applying = True
            self.doc.apply_update(payload)
            self._applying = False
        elif kind is Kind.ACK:
            self.acked = protocol.read_ack(payload)
        elif kind is Kind.AUTH:
            self.denied.append(protocol.read_denied(payload))
        elif kind is Kind.STATUS:
            self.statuses.append(protocol.read_status(payload))
        elif kind is Kind.AWARENESS:
            self._answers += 1
            reader = lib0.Reader(payload)
            for _ in range(reader.var(10_000)):
                client, clock = reader.var(lib0.MAX_CLIENT), reader.var(lib0.MAX_CLOCK)
                self.awareness[client] = (clock, reader.text(1 << 20))

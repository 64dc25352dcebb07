"""A load generator that speaks the y-websocket protocol over raw sockets, cheap enough not to be what is measured.

Writers type marked text (`<000123>`) into one Y.Text; every other client notes when each mark reaches it. Marks are
found by searching the bytes, so that a server may merge updates as it likes.
"""

import asyncio
import contextlib
import os
import re
import time
from dataclasses import dataclass, field

from pycrdt import Doc, Text

MARK = re.compile(rb"<(\d{6})>")
JOIN_TIMEOUT = 60.0  # seconds for all clients of a round to be synchronised: the slowest peer needs about 5
SETTLE_TIMEOUT = 20.0  # seconds to wait for late marks after the last edit


def varuint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def client_frame(payload: bytes) -> bytes:
    """A masked binary frame. The mask is zero: valid, and costs nothing to apply."""
    size = len(payload)
    if size < 126:
        head = bytes([0x82, 128 | size])
    elif size < 65536:
        head = b"\x82\xfe" + size.to_bytes(2, "big")
    else:
        head = b"\x82\xff" + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


@dataclass
class Round:
    """What one round saw: seconds from send to arrival, per delivery."""

    sent: dict[int, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    wire_bytes: int = 0
    expected: int | None = None
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def await_all(self, expected: int) -> None:
        """From now on, `complete` is set once `expected` deliveries have arrived."""
        self.expected = expected
        self.arrived()

    def arrived(self) -> None:
        if self.expected is not None and len(self.delays) >= self.expected:
            self.complete.set()


class Client(asyncio.Protocol):
    """One socket. `prefix` goes before each message (Hocuspocus names the document in every frame)."""

    def __init__(self, round_: Round, host: str, path: str, prefix: bytes, hello: list[bytes], headers: str) -> None:
        self.round, self.prefix, self.hello = round_, prefix, hello
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
        ).encode()
        self.buffer = bytearray()
        self.open = False
        self.synced: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.seen: set[int] = set()
        self.transport: asyncio.Transport | None = None
        self.doc = Doc()
        self.text = self.doc.get("file:benchbenchbe", type=Text)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def send(self, message: bytes) -> None:
        assert self.transport is not None
        self.transport.write(client_frame(self.prefix + message))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.synced.done():
            self.synced.set_exception(ConnectionError(f"closed before sync: {bytes(self.buffer[:200])!r}"))

    def data_received(self, chunk: bytes) -> None:
        now = time.perf_counter()
        self.buffer += chunk
        self.round.wire_bytes += len(chunk)
        if not self.open:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self.buffer[:end]:
                self.synced.set_exception(ConnectionError(bytes(self.buffer[:200]).decode("latin-1")))
                return
            del self.buffer[: end + 4]
            self.open = True
            for message in self.hello:
                self.send(message)
            self.send(b"\0\0\x01\0")  # SyncStep1 with an empty state vector
        self._frames(now)

    def _frames(self, now: float) -> None:
        buffer, at = self.buffer, 0
        while len(buffer) - at >= 2:
            size, head = buffer[at + 1] & 127, 2
            if size == 126:
                if len(buffer) - at < 4:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 4], "big"), 4
            elif size == 127:
                if len(buffer) - at < 10:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 10], "big"), 10
            if len(buffer) - at < head + size:
                break
            opcode = buffer[at] & 15
            payload = bytes(buffer[at + head : at + head + size])
            at += head + size
            if opcode == 9:
                assert self.transport is not None
                frame = bytearray(client_frame(payload))
                frame[0] = 0x8A
                self.transport.write(bytes(frame))
            elif opcode == 2:
                self._message(payload, now)
        del buffer[:at]

    def _message(self, payload: bytes, now: float) -> None:
        body = payload[len(self.prefix) :]
        if body[:2] == b"\0\1" and not self.synced.done():
            self.synced.set_result(None)
        for mark in MARK.findall(payload):
            number = int(mark)
            start = self.round.sent.get(number)
            if start is not None and number not in self.seen:
                self.seen.add(number)
                self.round.delays.append(now - start)
                self.round.arrived()

    def type(self, number: int) -> None:
        """Append one mark and send the update that this made."""
        before = self.doc.get_state()
        self.text += f"<{number:06d}>"
        update = self.doc.get_update(before)
        self.seen.add(number)
        self.round.sent[number] = time.perf_counter()
        self.send(b"\0\2" + varuint(len(update)) + update)


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes so far."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def memory_megabytes(pids: list[int]) -> float:
    """Resident memory of these processes."""
    pages = 0
    for pid in pids:
        with open(f"/proc/{pid}/statm") as statm:
            pages += int(statm.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass
class Figures:
    """One row: delays in milliseconds, server CPU in microseconds for each delivered update."""

    clients: int
    deliveries: int
    expected: int
    p50: float
    p95: float
    p99: float
    cpu_us: float
    memory_mb: float


async def run_round(
    host: str,
    port: int,
    paths: list[str],
    pids: list[int],
    *,
    prefix: bytes = b"",
    hello: list[bytes] | None = None,
    headers: str = "",
    seconds: float = 8.0,
    writers: int = 10,
    rate: float = 5.0,
) -> Figures:
    """Join `len(paths)` clients to one room, let the first `writers` type `rate` edits a second each, and measure."""
    round_ = Round()
    loop = asyncio.get_running_loop()
    clients: list[Client] = []
    for path in paths:
        _, client = await loop.create_connection(
            lambda path=path: Client(round_, f"{host}:{port}", path, prefix, hello or [], headers), host, port
        )
        clients.append(client)
        await asyncio.wait_for(asyncio.shield(client.synced), JOIN_TIMEOUT)
    writing = clients[: min(writers, len(clients))]
    for warm, client in enumerate(writing):  # the first edit of a client id also binds it: not what is measured
        client.type(900_000 + warm)
    await asyncio.sleep(1.0)
    round_.delays.clear()
    round_.sent.clear()
    before = cpu_seconds(pids)
    number, edits = 0, int(seconds * rate * len(writing))
    start = time.perf_counter()
    for number in range(edits):
        due = start + number / (rate * len(writing))
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writing[number % len(writing)].type(number)
    expected = edits * (len(clients) - 1)
    round_.await_all(expected)
    with contextlib.suppress(TimeoutError):  # what is missing then shows in the column "delivered"
        await asyncio.wait_for(round_.complete.wait(), SETTLE_TIMEOUT)
    spent = cpu_seconds(pids) - before
    memory = memory_megabytes(pids)
    for client in clients:
        if client.transport is not None:
            client.transport.abort()
    delays = sorted(round_.delays)
    if not delays:
        raise RuntimeError("no update arrived at all")

    def percentile(share: float) -> float:
        return delays[min(len(delays) - 1, int(share * len(delays)))] * 1000

    return Figures(
        clients=len(clients),
        deliveries=len(delays),
        expected=expected,
        p50=percentile(0.50),
        p95=percentile(0.95),
        p99=percentile(0.99),
        cpu_us=spent / len(delays) * 1e6,
        memory_mb=memory,
    )

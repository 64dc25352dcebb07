"""Many WebSocket clients in one loop over raw sockets, cheap enough not to be what is measured.

When a message reached a client is what the kernel stamped on it (SO_TIMESTAMPNS), not when this process came round to
reading it: a generator that is slower than the server does not make the server look slow. Linux only. What must not be
here: which server, and what is done with the delays.
"""

import contextlib
import resource
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.relay.wire import MARK, block, client_frame, frames, upgrade

SO_TIMESTAMPNS = 35  # the socket module has no name for it
JOIN_TIMEOUT = 60.0  # seconds for one client to be synchronised: the slowest peer needs far less
_TIMESPEC = struct.Struct("qq")
_READ = 1 << 18  # bytes read at once
_ACK = 100


@dataclass
class Door:
    """How to reach a room. `prefix` goes before each message (Hocuspocus names the document in every frame)."""

    host: str
    port: int
    prefix: bytes = b""
    hello: list[bytes] = field(default_factory=list)
    headers: str = ""


class Client:
    """One socket in a room. `on_mark` is called with (number, when) for each new mark, `on_ack` with (count, when)."""

    def __init__(self, door: Door, path: str) -> None:
        self._prefix = door.prefix
        self.synced = False
        self.lost = False
        self.on_mark: Callable[[int, float], None] | None = None
        self.on_ack: Callable[[int, float], None] | None = None
        self.sent = 0  # update messages
        self.received = 0  # bytes
        self.synced_at = 0.0
        self._open = False
        self._buffer = bytearray()
        self._door = door
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect((door.host, door.port))
        self.socket.sendall(upgrade(f"{door.host}:{door.port}", path, door.headers))

    def send(self, message: bytes) -> None:
        """Send one message; the socket's buffer is far larger than what one client types."""
        self.socket.sendall(client_frame(self._prefix + message))

    def send_update(self, message: bytes) -> int:
        """Send a sync message that an acknowledgement counts; return its number."""
        self.sent += 1
        self.send(message)
        return self.sent

    def readable(self) -> None:
        """Take what the kernel has for this client."""
        try:
            chunk, extra, _, _ = self.socket.recvmsg(_READ, 64)
        except OSError:
            chunk, extra = b"", []
        if not chunk:
            self.lost = True
            return
        self.received += len(chunk)
        when = time.time()
        if extra:
            seconds, nanoseconds = _TIMESPEC.unpack(extra[0][2])
            when = seconds + nanoseconds / 1e9
        if self._open and not self._buffer and chunk[0] == 0x82 and len(chunk) == chunk[1] + 2 and self.synced:
            self._message(chunk[2:], when)  # one small frame, which is most of them
            return
        self._buffer += chunk
        if not self._open:
            self._opened()
        for first, payload in frames(self._buffer) if self._open else ():
            if first == 0x89:
                self.socket.send(client_frame(payload, 0x8A))
            elif first & 15 == 2:
                self._message(payload, when)
            elif first == 0x88:
                self.lost = True

    def _opened(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        if b" 101 " not in self._buffer[:end]:
            raise ConnectionError(bytes(self._buffer[:200]).decode("latin-1"))
        del self._buffer[: end + 4]
        self._open = True
        for message in self._door.hello:
            self.send(message)
        self.send(b"\0\0" + block(b"\0"))  # step 1 of an empty document

    def _message(self, payload: bytes, when: float) -> None:
        at = len(self._prefix)
        if not self.synced and payload[at : at + 2] == b"\0\1":
            self.synced = True
            self.synced_at = when
        if self.on_mark is not None:
            for mark in MARK.findall(payload):
                self.on_mark(int(mark), when)
        if self.on_ack is not None and payload[at] == _ACK:
            count, shift = 0, 0
            for part in payload[at + 1 :]:
                count |= (part & 127) << shift
                shift += 7
            self.on_ack(count, when)


class Swarm:
    """All clients of a round."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        self._by_number: dict[int, Client] = {}
        self._poll = select.epoll()

    def join(self, door: Door, path: str) -> Client:
        """Add one client and return it once it has what the server had."""
        client = Client(door, path)
        self.clients.append(client)
        self._by_number[client.socket.fileno()] = client
        self._poll.register(client.socket, select.EPOLLIN)
        deadline = time.monotonic() + JOIN_TIMEOUT
        while not client.synced:
            self.run(0.05)
            if client.lost or time.monotonic() > deadline:
                raise ConnectionError("a client could not join")
        return client

    def run(self, seconds: float) -> None:
        """Take what arrives within `seconds`, coming back after the first lot of it."""
        for number, _ in self._poll.poll(seconds):
            client = self._by_number[number]
            client.readable()
            if client.lost:
                with contextlib.suppress(FileNotFoundError):
                    self._poll.unregister(number)

    def run_until(self, done: Callable[[], bool], within: float) -> bool:
        """Take what arrives until `done` holds; say whether it did within so many seconds."""
        deadline = time.monotonic() + within
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self.run(min(left, 0.05))
        return True

    def close(self) -> None:
        for client in self.clients:
            client.socket.close()
        self._poll.close()


def own_cpu() -> float:
    """User and system seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

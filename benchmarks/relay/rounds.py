"""The rounds: what a swarm does to one server, and the figures that come of it.

What must not be here: starting servers (peers.py), sockets (swarm.py).
"""

import os
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.relay.peers import Peer
from benchmarks.relay.swarm import Client, Swarm, own_cpu
from benchmarks.relay.wire import Pointer, Typist

SETTLE_TIMEOUT = 20.0  # seconds to wait for late marks after the last edit
WARM_UP = 1.0  # the first edit of a client id also binds it, and is not what is measured
MARK_TOP = 10_000_000


def cpu_seconds(pids: Sequence[int]) -> float:
    """Time on a core of all threads of these processes so far, as the scheduler counts it: to the nanosecond."""
    return _scheduled(pids, 0)


def waited_seconds(pids: Sequence[int]) -> float:
    """Time that threads of these processes could have run and had no core: the machine did something else."""
    return _scheduled(pids, 1)


def _scheduled(pids: Sequence[int], field: int) -> float:
    total = 0
    for pid in pids:
        for stat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            total += int(stat.read_text().split()[field])
    return total / 1e9


def memory_megabytes(pids: Sequence[int]) -> float:
    """Resident memory of these processes."""
    pages = 0
    for pid in pids:
        with open(f"/proc/{pid}/statm") as statm:
            pages += int(statm.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted `values` lie; not a number when there are none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


@dataclass
class Figures:
    """What one round showed. Delays and acknowledgements in ms; CPU in µs of the server for a delivered update.

    Memory in MB: before anybody came, with everybody there, and after the typing. `waited`: how much of the time the
    server could have run and had no core, which is where a delay beyond its work comes from.
    """

    clients: int
    rate: float  # edits a second that were really sent
    deliveries: int
    expected: int
    p50: float
    p95: float
    p99: float
    cpu_us: float
    memory_mb: tuple[float, float, float]
    ack_p50: float
    ack_p95: float
    server_load: float  # of one core
    own_load: float
    waited: float


@dataclass
class Round:
    """Clients in rooms, some of whom type. `track`: only every so many-th edit carries a mark that is timed."""

    pids: Sequence[int]
    swarm: Swarm = field(default_factory=Swarm)
    rooms: list[list[Client]] = field(default_factory=list)
    sent: dict[int, tuple[float, Client]] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self._empty = self._full = memory_megabytes(self.pids)

    def join(self, peer: Peer, room: int, count: int) -> None:
        """Fill one room."""
        door = peer.door(room)
        members = [self.swarm.join(door, peer.path(room)) for _ in range(count)]
        for client in members:
            client.on_mark = partial(self._arrived, client)
        self.rooms.append(members)
        self._full = memory_megabytes(self.pids)

    def typists(self, per_room: int) -> list["Writer"]:
        """Let the first clients of each room write, and wait for their first edits to have settled."""
        writers = [
            Writer(client, Typist(), len(room) - 1, self.acks) for room in self.rooms for client in room[:per_room]
        ]
        for writer in writers:
            writer.type(b"<hello! >", False)
        self.swarm.run_until(lambda: False, WARM_UP)
        return writers

    def type_for(
        self,
        writers: Sequence["Writer"],
        seconds: float,
        rate: float,
        *,
        track: int = 1,
        beside: "Beside | None" = None,
    ) -> Figures:
        """Type `rate` edits a second altogether for so long, by all writers in turn; return what was seen."""
        for seen in (self.sent, self.delays, self.acks):
            seen.clear()
        edits, expected = max(1, int(seconds * rate)), 0
        cpu, own, start = cpu_seconds(self.pids), own_cpu(), time.monotonic()
        waited = waited_seconds(self.pids)
        done = 0
        while done < edits:
            now = time.monotonic() - start
            due = min(edits, int(now * rate) + 1)
            for turn in range(done, due):
                writer = writers[turn % len(writers)]
                if turn % track == 0:
                    self._number = (self._number + 1) % MARK_TOP
                    self.sent[self._number] = time.time(), writer.client
                    writer.type(b"<%07d>" % self._number, True)
                    expected += writer.readers
                else:
                    writer.type(b"a", False)
            done = due
            if beside is not None:
                beside.move(now)
            self.swarm.run(max(0.0, min(start + done / rate - time.monotonic(), 0.02)))
        took = time.monotonic() - start
        self.swarm.run_until(lambda: len(self.delays) >= expected, SETTLE_TIMEOUT)
        self.swarm.run_until(lambda: not any(writer.pending for writer in writers), 1.0)
        whole = time.monotonic() - start
        waited = waited_seconds(self.pids) - waited
        spent, own = cpu_seconds(self.pids) - cpu, own_cpu() - own
        delays, acks = sorted(self.delays), sorted(self.acks)
        return Figures(
            clients=len(self.swarm.clients),
            rate=edits / took,
            deliveries=len(delays),
            expected=expected,
            p50=percentile(delays, 0.50) * 1000,
            p95=percentile(delays, 0.95) * 1000,
            p99=percentile(delays, 0.99) * 1000,
            cpu_us=spent / max(1, len(delays)) / track * 1e6,
            memory_mb=(self._empty, self._full, memory_megabytes(self.pids)),
            ack_p50=percentile(acks, 0.50) * 1000,
            ack_p95=percentile(acks, 0.95) * 1000,
            server_load=spent / whole,
            own_load=own / whole,
            waited=waited / whole,
        )

    def _arrived(self, client: Client, number: int, when: float) -> None:
        start, writer = self.sent.get(number, (0.0, client))
        if writer is not client:  # some servers send an update back to whom it came from
            self.delays.append(when - start)


class Writer:
    """A client that types, and times the acknowledgements of its marks where the server gives any."""

    def __init__(self, client: Client, typist: Typist, readers: int, acks: list[float]) -> None:
        self.client, self._typist, self.readers, self._acks = client, typist, readers, acks
        self.pending: deque[tuple[int, float]] = deque()
        self._acknowledges = False
        client.on_ack = self._acknowledged

    def type(self, text: bytes, timed: bool) -> None:
        """Append `text`; time its acknowledgement if there is going to be one."""
        now = time.time()
        count = self.client.send_update(self._typist.update(text))
        if timed and self._acknowledges:
            self.pending.append((count, now))

    def _acknowledged(self, count: int, when: float) -> None:
        self._acknowledges = True
        while self.pending and self.pending[0][0] <= count:
            self._acks.append(when - self.pending.popleft()[1])


class Beside:
    """Pointers that move while others type: `rate` messages a second of each of `clients`."""

    def __init__(self, clients: Sequence[Client], rate: float) -> None:
        self._moving = [(client, Pointer()) for client in clients]
        self._rate, self._moved = rate * len(clients), 0

    def move(self, now: float) -> None:
        """Send what is due `now` seconds after the start."""
        while self._moved < int(now * self._rate):
            client, pointer = self._moving[self._moved % len(self._moving)]
            client.send(pointer.message())
            self._moved += 1

"""One room's way to durability: whatever arrived since the previous append is appended next, as one.

What must not be here: sockets, pycrdt. When the store cannot write, everything is kept and tried again, and nothing
is called durable.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.collab.document import merge
from app.collab.limits import Limits
from app.collab.ports import NewUpdate, UpdateLog
from app.domain.people import Origin
from app.errors import NotFound, Unavailable
from app.ids import CanvasId

logger = logging.getLogger(__name__)
READ_ONLY = "The server cannot write to its storage now: edits are kept here and saved when it can."


class Waiter(Protocol):
    """Who is told that its messages are durable: a session."""

    def acknowledge(self, count: int) -> None:
        """The first `count` messages are durable."""


@dataclass(slots=True, eq=False)
class Entry:
    """One update on its way. An empty payload waits for what was before it. `held`: not relayed yet.

    `must_wait`: relayed only once it is durable itself, not when what it follows is.
    `origin` and `places`: who wrote where, for whoever is told of edits. `note`: for the history.
    """

    payload: bytes
    author: str
    clients: dict[int, Origin] = field(default_factory=dict)
    waiter: Waiter | None = None
    count: int = 0
    held: bool = False
    must_wait: bool = False
    origin: Origin | None = None
    places: Iterable[str] = ()
    note: str | None = None
    done: asyncio.Future[None] | None = None


@dataclass(frozen=True, slots=True)
class _Covered:
    """What a snapshot stands for: everything up to `seq`, which is so many updates since the last one."""

    seq: int
    updates: int
    size: int
    snapshot: bytes


class Journal:
    """The queue in front of the log, and the task that empties it."""

    def __init__(
        self,
        log: UpdateLog,
        canvas: CanvasId,
        limits: Limits,
        clock: Callable[[], float],
        *,
        settle: Callable[[], None],
        snapshot: Callable[[], bytes],
        compare: Callable[[int], Callable[[], Awaitable[str | None]]],
        durable: Callable[[Sequence[Entry]], None],
        blocked: Callable[[str | None], None],
    ) -> None:
        self._log, self._canvas, self._limits, self._clock = log, canvas, limits, clock
        self._settle, self._snapshot, self._compare = settle, snapshot, compare
        self._durable, self._blocked = durable, blocked
        self.queue: list[Entry] = []
        self.bytes = 0  # of payloads not durable yet
        self.is_blocked = False
        self._in_flight: list[Entry] = []
        self._wake = asyncio.Event()
        self._enough = asyncio.Event()  # gather no longer
        self._next_append = 0.0  # by the loop's clock
        self._rest = asyncio.Event()  # nothing to do, or nothing that can be done
        self._rest.set()
        self._seq = 0
        self._loose_updates = 0  # appended since the last snapshot
        self._loose_bytes = 0
        self._compacted_at = clock()
        self._compact_now = False
        self._compared_at = clock()
        self._uncompared = False  # something was appended since
        self._check: asyncio.Task[None] | None = None  # live against the log, and the snapshot that follows

    @property
    def is_idle(self) -> bool:
        """True when all that was added is durable."""
        return not self.queue and not self._in_flight

    def add(self, entry: Entry) -> None:
        """Queue an update; `durable` is called with it when it is."""
        self.queue.append(entry)
        self.bytes += len(entry.payload)
        if entry.waiter is None or entry.clients:  # more than an acknowledgement waits for it
            self._enough.set()
        if len(self.queue) == 1:
            self._stir()

    def loaded(self, seq: int, updates: int, size: int) -> None:
        """Say what the log had after its snapshot when the room was loaded."""
        self._seq, self._loose_updates, self._loose_bytes = seq, updates, size

    def compact_soon(self) -> None:
        """Make a snapshot once everything is durable, whatever the thresholds say."""
        if self._loose_updates:
            self._compact_now = True
            self._stir()

    def pending(self) -> list[Entry]:
        """Return what is not durable yet, in order."""
        return self._in_flight + self.queue

    async def flushed(self) -> None:
        """Return when all that was added is durable. Raises Unavailable when the store cannot write."""
        self._enough.set()
        await self._rest.wait()
        if self.is_blocked:
            raise Unavailable(READ_ONLY)

    async def run(self) -> None:
        """Append until cancelled, or until the document fails. Raises NotFound once the canvas was deleted."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self.queue:
                    await self._gather()
                    await self._append()
                    self._check_if_due()
                self._check_if_due()
                if self.is_idle and self._check is None and not self._wake.is_set():
                    self._rest.set()
        finally:
            self.is_blocked = True  # whoever waits for it to be flushed need not wait any longer
            self._rest.set()
            if self._check is not None:
                self._check.cancel()
                await asyncio.wait({self._check})

    async def _gather(self) -> None:
        """Return when it is time for the next append: at once after a pause, or when somebody cannot wait."""
        loop = asyncio.get_running_loop()
        if self._next_append > loop.time() and not self._enough.is_set():
            timer = loop.call_at(self._next_append, self._enough.set)
            try:
                await self._enough.wait()
            finally:
                timer.cancel()
        self._enough.clear()
        self._next_append = loop.time() + self._limits.append_every

    async def _append(self) -> None:
        self._settle()
        batch, self.queue = self.queue, []
        self._in_flight = batch
        delay = self._limits.retry_first
        while True:
            rows = _rows(batch)
            try:
                if rows:
                    self._seq = await self._log.append(self._canvas, rows)
                break
            except Unavailable as error:
                logger.warning("canvas %s cannot be written: %s", self._canvas, error.sentence)
                self._block(READ_ONLY)
            await asyncio.sleep(delay)
            delay = min(delay * 2, self._limits.retry_last)
        self._in_flight = []
        self._uncompared = True
        size = sum(len(entry.payload) for entry in batch)
        self.bytes -= size
        self._loose_updates += len(rows)
        self._loose_bytes += size
        self._block(None)
        self._durable(batch)

    def _stir(self) -> None:
        self._wake.set()
        if not self.is_blocked:
            self._rest.clear()

    def _block(self, sentence: str | None) -> None:
        if self.is_blocked != (sentence is not None):
            self.is_blocked = sentence is not None
            if self.is_blocked:
                self._rest.set()
            else:
                self._rest.clear()
            self._blocked(sentence)

    def _check_if_due(self) -> None:
        """Begin to hold live against the log when it is time, beside the appends. Raises what the last check found."""
        if self._check is not None:
            if not self._check.done():
                return
            check, self._check = self._check, None
            check.result()
        limits = self._limits
        due = self._compact_now and not self.queue
        if self._loose_updates >= limits.compact_updates or self._loose_bytes >= limits.compact_bytes:
            due = due or self._clock() - self._compacted_at >= limits.compact_every
        # A snapshot may hold more than is durable, but never a client whose owner is not.
        may = self._loose_updates > 0 and not any(entry.clients for entry in self.queue)
        due = due and may
        now = self._clock()
        if not due and (not self._uncompared or now - self._compared_at < limits.compare_every):
            return
        self._compared_at, self._uncompared = now, False
        # A snapshot stands for all that it covers from then on: nothing gets into one that the log does not have.
        snapshot = self._snapshot()
        compare = self._compare(self._seq)  # has read what is live now
        if due:
            self._compact_now, self._compacted_at = False, now
        covered = _Covered(self._seq, self._loose_updates, self._loose_bytes, snapshot)
        self._check = asyncio.create_task(self._finish_check(compare, covered, due=due, may=may), name="check")
        self._check.add_done_callback(lambda _: self._stir())

    async def _finish_check(
        self, compare: Callable[[], Awaitable[str | None]], covered: _Covered, *, due: bool, may: bool
    ) -> None:
        try:
            damage = await compare()
            if damage is not None:
                logger.error("canvas %s in the log, %s: a snapshot of the live text replaces it", self._canvas, damage)
                self._compact_now = self._compact_now or not may
            if due or (damage is not None and may):
                await self._log.compact(self._canvas, covered.seq, covered.snapshot)
                self._loose_updates -= covered.updates
                self._loose_bytes -= covered.size
        except (Unavailable, NotFound) as error:
            logger.warning("canvas %s was not compacted: %s", self._canvas, error.sentence)


def _rows(batch: Sequence[Entry]) -> list[NewUpdate]:
    """Return what to append: neighbouring updates of one author as one row, one with a note by itself."""
    rows: list[NewUpdate] = []
    run: list[bytes] = []
    clients: dict[int, Origin] = {}
    author, note = "", None
    for entry in batch:
        if not entry.payload:
            continue
        if run and (entry.author != author or note is not None or entry.note is not None):
            rows.append(NewUpdate(merge(run), author, clients, note))
            run, clients = [], {}
        author, note = entry.author, entry.note
        run.append(entry.payload)
        clients.update(entry.clients)
    if run:
        rows.append(NewUpdate(merge(run), author, clients, note))
    return rows

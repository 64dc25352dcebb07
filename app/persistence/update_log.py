"""The update log: every canvas's updates, durable before anybody is told so.

Updates of all rooms go through one writer that commits whatever arrived since the last commit began (group commit):
one wait for the disk serves everybody who waits. What must not be here: SQL (`log_rows`), Yjs.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.collab.ports import NewUpdate, StoredRoom
from app.domain.people import Origin
from app.errors import NotFound, Unavailable
from app.ids import CanvasId
from app.persistence import log_rows
from app.persistence.failures import FAILURES, translated, unavailable
from app.persistence.log_writer import make_writer

T = TypeVar("T")

MAX_QUEUED_BYTES = 64 * 1024 * 1024  # waiting for the disk: beyond it the disk has stalled, and memory must not follow
MAX_BATCH_BYTES = 4 * 1024 * 1024  # in one commit: some tens of milliseconds of writing, so that nobody waits longer
# From the beginning of one commit to the next, for all rooms together: with hundreds of rooms awake, each commit then
# serves several. One room alone never comes as often (`app.collab.limits`).
COMMIT_EVERY = 0.020  # seconds
MAX_HEADS = 10_000  # canvases whose last seq is remembered; for another it is one more indexed read

_STALLED = "The server cannot save as fast as edits arrive, so it takes none now. Try again in a minute."
_CLOSED = "The server is stopping, so nothing more can be saved. What was saved before is safe."


@dataclass(slots=True, eq=False)
class _Waiting:
    """One call of `append` until its commit."""

    canvas: CanvasId
    updates: Sequence[NewUpdate]
    size: int
    done: asyncio.Future[int]


class SqlUpdateLog:
    """The update log on SQLite or PostgreSQL. Made by `Database`."""

    def __init__(self, url: URL, reading: AsyncEngine, clock: Callable[[], float] = time.time) -> None:
        self._reading = reading
        self._clock = clock
        self._writer = make_writer(url)
        self._queue: deque[_Waiting] = deque()
        self._queued = 0
        self._heads: OrderedDict[CanvasId, int] = OrderedDict()
        self._flushing: asyncio.Task[None] | None = None
        self._next_commit = 0.0  # by the loop's clock
        self._closed = False
        self.compacted: Callable[[CanvasId], None] | None = None  # hears which canvas was compacted

    async def create(self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin]) -> None:
        """Store the first state of a canvas; durable on return. Raises Conflict when it has one."""
        at = self._clock()
        await self.run(lambda connection: log_rows.create_rows(connection, canvas, snapshot, clients, at))

    async def load(self, canvas: CanvasId) -> StoredRoom:
        """Return what is stored: the snapshot and only the updates after it. Raises NotFound."""
        return await self.read(lambda connection: log_rows.load_rows(connection, canvas))

    async def head(self, canvas: CanvasId) -> int:
        """Return the seq of the last update, 0 when there is none yet. Raises NotFound."""
        return await self.read(lambda connection: log_rows.read_head(connection, canvas))

    async def append(self, canvas: CanvasId, updates: Sequence[NewUpdate]) -> int:
        """Store `updates` in order, all or none, and return the last one's seq; durable on return.

        Raises NotFound when there is no such canvas (any more), Unavailable when the store cannot write. A caller
        that is cancelled meanwhile does not know whether they were stored.
        """
        if not updates:
            raise ValueError("There is nothing to append.")
        if self._closed:
            raise Unavailable(_CLOSED)
        size = sum(len(new.payload) for new in updates)
        if self._queue and self._queued + size > MAX_QUEUED_BYTES:
            raise Unavailable(_STALLED)
        waiting = _Waiting(canvas, updates, size, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._queued += size
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush(), name="update-log")
        return await waiting.done

    async def compact(self, canvas: CanvasId, seq: int, snapshot: bytes) -> None:
        """Replace the snapshot by one that contains every update up to `seq`; an older one is ignored.

        What it covers stays as history (`app.persistence.history`). Raises NotFound.
        """
        at = self._clock()
        await self.run(lambda connection: log_rows.compact_rows(connection, canvas, seq, snapshot, at))
        if self.compacted is not None:
            self.compacted(canvas)

    async def close(self) -> None:
        """Take nothing more, write what is queued, close the writer. Once closed, again is a no-op."""
        if self._closed:
            return
        self._closed = True
        if self._flushing is not None:
            await asyncio.wait({self._flushing})
        await self._writer.close()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of the writer: between two commits, durable when it returns."""
        if self._closed:
            raise Unavailable(_CLOSED)
        with translated():
            return await self._writer.run(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads, on one consistent state."""
        with translated():
            async with self._reading.connect() as connection:
                return await connection.run_sync(work)

    async def _flush(self) -> None:
        """Commit batch after batch until nothing waits."""
        now = asyncio.get_running_loop().time
        try:
            while self._queue:
                rest = self._next_commit - now()
                if rest > 0 and self._queued < MAX_BATCH_BYTES and not self._closed:
                    await asyncio.sleep(rest)
                self._next_commit = now() + COMMIT_EVERY
                await self._commit(self._take())
        finally:
            self._flushing = None

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._queue and (not batch or size + self._queue[0].size <= MAX_BATCH_BYTES):
            waiting = self._queue.popleft()
            size += waiting.size
            batch.append(waiting)
        self._queued -= size
        return batch

    async def _commit(self, batch: list[_Waiting]) -> None:
        at = self._clock()
        try:
            outcomes = await self._writer.run(lambda connection: self._write(connection, batch, at))
        except IntegrityError as error:
            # A canvas was deleted under one of them, or another process wrote to it: find out one by one.
            for waiting in batch:
                self._heads.pop(waiting.canvas, None)
            if len(batch) == 1:
                _fail(batch, unavailable(error))
                return
            for waiting in batch:
                await self._commit([waiting])
            return
        except Exception as error:  # noqa: BLE001  whatever it was, nothing was stored and every caller must hear it
            for waiting in batch:
                self._heads.pop(waiting.canvas, None)
            _fail(batch, unavailable(error) if isinstance(error, FAILURES) else error)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, int):
                self._remember(waiting.canvas, outcome)
            if waiting.done.done():
                continue  # its caller was cancelled
            if isinstance(outcome, int):
                waiting.done.set_result(outcome)
            else:
                waiting.done.set_exception(outcome)

    def _write(self, connection: Connection, batch: list[_Waiting], at: float) -> list[int | NotFound]:
        """Give every update its seq and write them all; return each call's last seq. Runs in the writer."""
        heads: dict[CanvasId, int] = {}
        outcomes: list[int | NotFound] = []
        rows: list[tuple[CanvasId, int, NewUpdate]] = []
        for waiting in batch:
            canvas = waiting.canvas
            head = heads.get(canvas, self._heads.get(canvas))
            try:
                head = log_rows.read_head(connection, canvas) if head is None else head
            except NotFound as error:
                outcomes.append(error)
                continue
            rows.extend((canvas, seq, new) for seq, new in enumerate(waiting.updates, head + 1))
            heads[canvas] = head + len(waiting.updates)
            outcomes.append(heads[canvas])
        if rows:
            log_rows.append_rows(connection, rows, at)
        return outcomes

    def _remember(self, canvas: CanvasId, head: int) -> None:
        self._heads[canvas] = head
        self._heads.move_to_end(canvas)
        if len(self._heads) > MAX_HEADS:
            self._heads.popitem(last=False)


def _fail(batch: list[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.done.done():
            waiting.done.set_exception(error)

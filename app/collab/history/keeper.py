"""Keeps the history in order behind everybody's back: updates become moments, old moments become fewer.

Each step is one transaction of the store that replaces rows by what says the same, so a kill at any point loses
nothing. What is computed, is computed in a thread. What must not be here: what is shown.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from app.collab.history.ports import HistoryStore
from app.collab.history.squeezing import Stretch, squeeze
from app.collab.history.steady import Steady
from app.collab.history.steps import damaged_among, fold, put_together, put_wider
from app.domain.history import MAX_MOMENTS, Bounds
from app.errors import NotFound, PolycanvasError
from app.ids import CanvasId

logger = logging.getLogger(__name__)
ORDER_SECONDS = 3_600.0  # how often a canvas's old moments are looked through, unless there are too many of them
GROWN = 1.25  # versions may hold more than the bound: then order is made again when so much more has come


class Keeper:
    """Puts canvases in order, one at a time, each soon after it was compacted."""

    def __init__(
        self, store: HistoryStore, bounds: Bounds | None = None, clock: Callable[[], float] | None = None
    ) -> None:
        self._store = store
        self._bounds = bounds or Bounds()
        self._clock = clock or Steady()
        self._waiting: dict[CanvasId, None] = {}
        self._ordered: dict[CanvasId, float] = {}
        self._left: dict[CanvasId, int] = {}  # bytes of moments after the last ordering
        self._squeezed: dict[CanvasId, set[Stretch]] = {}  # what need not be worked out again
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def soon(self, canvas: CanvasId) -> None:
        """Put a canvas's history in order when its turn comes."""
        if self._is_closed:
            return
        self._waiting[canvas] = None
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="history-keeper")

    async def tidy(self, canvas: CanvasId) -> None:
        """Put a canvas's history in order now. Raises NotFound, Unavailable."""
        tail = await self._store.load(canvas, tail=True)
        is_damaged = await asyncio.to_thread(damaged_among, tail.pieces, tail.covered)
        snapshot = await self._store.snapshot(canvas) if is_damaged else None
        step = await asyncio.to_thread(put_together, tail, snapshot, self._clock())
        if step is not None:
            await self._store.replace(canvas, step.old, step.new, step.keyframe)
        now = self._clock()
        is_due = now - self._ordered.get(canvas, 0.0) >= ORDER_SECONDS
        most = max(self._bounds.size, GROWN * self._left.get(canvas, 0))
        if is_due or tail.count > MAX_MOMENTS or tail.size > most:
            self._ordered[canvas] = now
            await self._order(canvas)
            self._left[canvas] = (await self._store.load(canvas, tail=True)).size

    async def close(self) -> None:
        """Finish the canvas in hand and take no more."""
        self._is_closed = True
        self._waiting.clear()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _order(self, canvas: CanvasId) -> None:
        settled = self._squeezed.setdefault(canvas, set())
        for work in (put_wider, fold, partial(squeeze, settled=settled)):
            stored = await self._store.load(canvas)
            for step in await asyncio.to_thread(work, stored, self._clock(), self._bounds):
                if not await self._store.replace(canvas, step.old, step.new, step.keyframe):
                    return

    async def _run(self) -> None:
        try:
            while self._waiting and not self._is_closed:
                canvas = next(iter(self._waiting))
                del self._waiting[canvas]
                try:
                    await self.tidy(canvas)
                except NotFound:
                    self._ordered.pop(canvas, None)  # it was deleted
                    self._left.pop(canvas, None)
                    self._squeezed.pop(canvas, None)
                except PolycanvasError as error:
                    logger.warning("history of canvas %s is not in order: %s", canvas, error.sentence)
                except Exception:  # the history stays as it is, and is tried again after the next compaction
                    logger.exception("history of canvas %s is not in order", canvas)
        finally:
            self._task = None

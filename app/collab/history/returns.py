"""Finds out, behind everybody's back, whose the text is that an undo brought back: one canvas at a time, in a thread.

Nothing waits for it: the text is there, relayed and durable, and is the claimant's until the verdict. A claim stands in
the document until then, so a kill at any point loses none. What must not be here: what proves a claim.
"""

import asyncio
import logging

from app.collab.history.ports import HistoryStore
from app.collab.history.returning import Case
from app.collab.index import SEPARATOR
from app.collab.returned import read_claim
from app.collab.room import Room
from app.collab.rooms import Rooms
from app.collab.schema import AUTHORS, RETURNED
from app.errors import NotFound, PolycanvasError
from app.ids import CanvasId

logger = logging.getLogger(__name__)
PAUSE = 0.3  # seconds: several undos in a row are looked at together
MAX_STATE = 16 << 20  # bytes of a document that is gone through: twenty seconds where it is all small pieces
SHARE = 4  # after each canvas it rests so many times as long as that one took: a fifth of one core at the most


class Returns:
    """Judges the claims of every room that is loaded."""

    def __init__(self, store: HistoryStore, rooms: Rooms, pause: float = PAUSE) -> None:
        self._store = store
        self._rooms = rooms
        self._pause = pause
        self._waiting: dict[CanvasId, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False
        rooms.watch(self._watch)

    def soon(self, canvas: CanvasId) -> None:
        """Judge a canvas's claims when its turn comes."""
        if self._is_closed:
            return
        self._waiting[canvas] = None
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="returns")

    async def judge(self, canvas: CanvasId) -> None:
        """Judge a canvas's claims now. Raises NotFound, Unavailable."""
        async with self._rooms.use(canvas) as room:
            await room.journal.flushed()  # what is claimed is stored then
            claims = room.get(RETURNED)
            if not claims:
                return
            ranges = [found for key, value in claims.items() if (found := read_claim(key, value)) is not None]
            tracks = room.live.index.tracks
            places = {
                place
                for client, start, end in ranges
                if client in tracks
                for _, _, place in tracks[client].intervals(start, end)
            }
            roots = sorted(place for place in places if SEPARATOR not in place)
            state = room.snapshot(), ranges, roots, dict(room.taking.owners), room.get(AUTHORS)
            if len(state[0]) > MAX_STATE:
                logger.warning("canvas %s is too large to find out whose the text is that an undo brought back", canvas)
                await room.settle({}, claims)
                return
            case = await asyncio.to_thread(Case, *state)
            for tail in (True, False):  # mostly it was there when the last keyframe was made, or came since
                if not case.letters.is_complete:
                    await asyncio.to_thread(case.letters.look_through, await self._store.load(canvas, tail=tail))
            verdict = await asyncio.to_thread(case.verdict)
            if verdict.unproven:
                logger.info("canvas %s: what %d undos brought back stays their own", canvas, verdict.unproven)
            await room.settle(verdict.ranges, claims)

    async def idle(self) -> None:
        """Return when there is nothing left to judge."""
        while self._task is not None:
            await asyncio.wait({self._task})

    async def close(self) -> None:
        """Take no more; what is not judged is when its room is loaded again."""
        self._is_closed = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def _watch(self, room: Room) -> None:
        canvas = room.canvas
        room.observe(lambda roots: self.soon(canvas) if RETURNED in roots else None)
        if room.live.count(RETURNED):
            self.soon(canvas)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        rest = self._pause
        try:
            while self._waiting:
                await asyncio.sleep(rest)
                canvas = next(iter(self._waiting))
                del self._waiting[canvas]
                began = loop.time()
                try:
                    await self.judge(canvas)
                except NotFound:
                    pass  # it was deleted
                except PolycanvasError as error:
                    logger.warning("canvas %s: what an undo brought back waits: %s", canvas, error.sentence)
                except Exception:  # the claims stay, and are judged when the room is loaded again
                    logger.exception("canvas %s: what an undo brought back was not judged", canvas)
                rest = max(self._pause, SHARE * (loop.time() - began))
        finally:
            self._task = None

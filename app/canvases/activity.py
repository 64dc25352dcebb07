"""The activity feed of a canvas: what happened, by whom, newest first, bounded; and typing, told now and then.

What must not be here: the update log (every keystroke) and the audit log (who may do what).
"""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from app.canvases.ports import ActivityEntry, CanvasStore, Clock
from app.domain.people import Origin
from app.errors import BadInput, PolycanvasError
from app.ids import CanvasId, FileId

log = logging.getLogger("polycanvas.activity")

MAX_ENTRIES = 500  # kept for a canvas: some weeks of a busy team; the history of the text is elsewhere
MAX_DETAIL_BYTES = 2_000  # one entry is a line on a screen, not a document
MAX_KIND = 40  # characters
TYPING_SECONDS = 5 * 60.0  # one person's typing in one file is one entry for so long
MAX_TYPING = 20_000  # persons at files remembered; beyond it the longest ago is told again
MAX_WAITING = 1_000  # entries on their way to the store; while it stalls, further ones are dropped: a feed, not a log


class Activity:
    """Writes and reads feeds."""

    def __init__(self, store: CanvasStore, clock: Clock = time.time) -> None:
        self._store = store
        self._clock = clock
        self._heard: Callable[[CanvasId], None] = lambda _: None
        self._edited: OrderedDict[tuple[str, str, str], float] = OrderedDict()

    def heard_by(self, listener: Callable[[CanvasId], None]) -> None:
        """Let `listener` hear of each canvas with a new entry, once it is stored. It must return at once."""
        self._heard = listener

    async def record(self, canvas: CanvasId, by: Mapping[str, Any], kind: str, detail: Mapping[str, Any]) -> None:
        """Add an entry. `by` is `{"id", "name", "hue"}`, `kind` a word such as `file-created`, `detail` plain JSON.

        Raises BadInput when it is too large or the canvas is gone.
        """
        text = json.dumps(dict(detail), ensure_ascii=False)
        if len(kind) > MAX_KIND or len(text.encode()) > MAX_DETAIL_BYTES:
            raise BadInput(f"An activity entry may have at most {MAX_DETAIL_BYTES:,} bytes; send a shorter one.")
        async with self._store.begin() as unit:
            await unit.activity.add(canvas, by, kind, text, self._clock())
            await unit.activity.trim(canvas, MAX_ENTRIES)
        self._heard(canvas)

    def is_news(self, canvas: CanvasId, person: str, file: FileId) -> bool:
        """Say whether an edit of a file by a person deserves an entry now; asking counts as telling."""
        key, now = (canvas, person, file), self._clock()
        last = self._edited.get(key)
        if last is not None and now - last < TYPING_SECONDS:
            return False
        self._edited[key] = now
        self._edited.move_to_end(key)
        if len(self._edited) > MAX_TYPING:
            self._edited.popitem(last=False)
        return True

    async def recent(self, canvas: CanvasId, limit: int = 100) -> list[ActivityEntry]:
        """Return the newest entries, newest first, at most MAX_ENTRIES."""
        async with self._store.reading() as unit:
            return list(await unit.activity.recent(canvas, max(1, min(limit, MAX_ENTRIES))))


class Typing:
    """Tells the feed of what people do in open editors, behind their backs: nobody waits for it."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._tasks: set[asyncio.Task[None]] = set()

    def wants(self, canvas: CanvasId, person: str, file: FileId) -> bool:
        """Say whether an edit is worth an entry now; asking counts as telling."""
        return self._activity.is_news(canvas, person, file)

    def tell(self, canvas: CanvasId, origin: Origin, kind: str, path: str, more: Mapping[str, str] = {}) -> None:
        """Write an entry, without being waited for."""
        if len(self._tasks) >= MAX_WAITING:
            log.warning("canvas %s: an entry of the activity feed was dropped: the store is slow", canvas)
            return
        by = {"id": origin.id, "name": origin.name, "hue": origin.hue}
        task = asyncio.create_task(self._record(canvas, by, kind, {"path": path, **more}))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for what is being written."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _record(self, canvas: CanvasId, by: Mapping[str, Any], kind: str, detail: Mapping[str, Any]) -> None:
        try:
            await self._activity.record(canvas, by, kind, detail)
        except PolycanvasError as error:
            log.info("canvas %s: no entry in the activity feed: %s", canvas, error.sentence)

"""The activity feed of a canvas: what happened, by whom, newest first, bounded.

What must not be here: the update log (every keystroke) and the audit log (who may do what).
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from app.canvases.ports import ActivityEntry, CanvasStore, Clock
from app.errors import BadInput
from app.ids import CanvasId

MAX_ENTRIES = 500  # kept for a canvas: some weeks of a busy team; the history of the text is elsewhere
MAX_DETAIL_BYTES = 2_000  # one entry is a line on a screen, not a document
MAX_KIND = 40  # characters


class Activity:
    """Writes and reads feeds."""

    def __init__(self, store: CanvasStore, clock: Clock = time.time) -> None:
        self._store = store
        self._clock = clock

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

    async def recent(self, canvas: CanvasId, limit: int = 100) -> list[ActivityEntry]:
        """Return the newest entries, newest first, at most MAX_ENTRIES."""
        async with self._store.reading() as unit:
            return list(await unit.activity.recent(canvas, max(1, min(limit, MAX_ENTRIES))))

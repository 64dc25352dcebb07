"""Comments written by the server: the same plain values that browsers write, anchored the same way.

What must not be here: who may comment; the comments that browsers write themselves.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pycrdt import Doc, Map

from app.collab.hunks import positions_in
from app.collab.relative import AFTER, BEFORE
from app.collab.rooms import Rooms
from app.collab.schema import COMMENTS, text_root
from app.domain.people import Origin, Person
from app.ids import CanvasId, FileId, new_id


class Comments:
    """Adds comments to canvases."""

    def __init__(self, rooms: Rooms, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._rooms = rooms
        self._now = now

    async def add(self, canvas: CanvasId, file: FileId, start: int, end: int, by: Person, text: str) -> str:
        """Comment on UTF-16 units `start` to `end` of a file; return the comment's id. Raises BadInput, NotFound."""
        comment = new_id()
        async with self._rooms.use(canvas) as room:
            positions = positions_in(room.snapshot(), text_root(file))
            value = {
                "id": comment,
                "file": file,
                "start": positions.at(start, AFTER).encode(),
                "end": positions.at(end, BEFORE).encode(),
                "by": {"id": by.id, "name": by.name, "hue": by.hue},
                "at": self._now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "text": text,
                "resolved": False,
            }

            def write(doc: Doc[Any]) -> None:
                doc.get(COMMENTS, type=Map)[comment] = value

            await room.edit(Origin.of(by), write)
        return comment

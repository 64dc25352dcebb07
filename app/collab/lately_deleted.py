"""The comments that were deleted lately, as they stood: whoever may delete words may bring them back as said.

What must not be here: who may (see `schema`).
"""

from collections.abc import Callable, Iterable

from app.collab.document import Json
from app.collab.index import SEPARATOR
from app.collab.schema import COMMENTS

MAX_KEPT = 200  # comments: more than anybody deletes while the way back is offered; the oldest leave

_PLACE = COMMENTS + SEPARATOR


class LatelyDeleted:
    """Remembers while a room is loaded. `one` reads the comment that stands under a key now, None for nothing."""

    def __init__(self, one: Callable[[str], Json]) -> None:
        self._one = one
        self._stood: dict[str, Json] = {}

    def expect(self, places: Iterable[str]) -> None:
        """Hear where an update is about to write; the document is still without it."""
        for place in places:
            if place.startswith(_PLACE) and (value := self._one(key := place[len(_PLACE) :])) is not None:
                self._stood.pop(key, None)
                self._stood[key] = value
                if len(self._stood) > MAX_KEPT:
                    del self._stood[next(iter(self._stood))]

    def value(self, root: str, key: str) -> Json:
        """Return what stood last under a map root's key, None for nothing that is remembered."""
        return self._stood.get(key) if root == COMMENTS else None

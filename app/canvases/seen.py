"""Which comments a person has seen, of those that call them: one memory for all of their browsers.

What must not be here: comments themselves, which are in the room.
"""

import time
from collections.abc import Sequence

from app.canvases.ports import CanvasStore, Clock
from app.domain.people import Person
from app.errors import BadInput
from app.ids import CanvasId, is_id

# Ids kept for a person in a canvas: far more than call them and are open; the oldest leave. A browser keeps as many,
# and so never has more to tell at once.
MAX_SEEN = 1_000


class Seen:
    """Remembers and tells. Whoever asks must already be known to be in the canvas."""

    def __init__(self, store: CanvasStore, clock: Clock = time.time) -> None:
        self._store = store
        self._clock = clock

    async def of(self, canvas: CanvasId, person: Person) -> list[str]:
        """Return the ids of what they have seen, the oldest first."""
        async with self._store.reading() as unit:
            return await unit.seen.of(person.id, canvas)

    async def add(self, canvas: CanvasId, person: Person, comments: Sequence[str]) -> None:
        """Remember that they have seen these comments, whether or not they are still there. Raises BadInput."""
        if len(comments) > MAX_SEEN or not all(is_id(one) for one in comments):
            raise BadInput(f"Name at most {MAX_SEEN:,} comments, by their ids.")
        async with self._store.begin() as unit:
            await unit.seen.add(person.id, canvas, comments, self._clock())
            known = await unit.seen.of(person.id, canvas)
            if len(known) > MAX_SEEN:
                await unit.seen.remove(person.id, canvas, known[: len(known) - MAX_SEEN])

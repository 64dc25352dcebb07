"""Small adapters between rooms of the same floor, for bootstrap: each is one Protocol of one room over another room.

What must not be here: decisions; an adapter only passes on.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from app.assistant.naming import free_path
from app.assistant.ports import Reading
from app.collab.rooms import Rooms
from app.collab.suggestions import Suggestions
from app.domain.people import SYSTEM
from app.errors import NotFound, PolycanvasError
from app.ids import CanvasId, SuggestionId
from app.persistence.database import Database

if TYPE_CHECKING:
    from app.domain.suggestions import Proposal


NEWS_SECONDS = 0.5  # a burst of entries is one message to each page


class RoomTexts:
    """The assistant's Texts over rooms and suggestions."""

    def __init__(self, rooms: Rooms, suggestions: Suggestions) -> None:
        self._rooms = rooms
        self._suggestions = suggestions

    async def read(self, canvas: CanvasId, path: str) -> Reading:
        """Return the file's text and the revision it is of. Raises NotFound."""
        async with self._rooms.use(canvas) as room:
            file = room.find(path)
            if file is None:
                raise NotFound(f"There is no file {path} in this canvas.")
            # No await between the two: they are of one revision.
            return Reading(file=file, path=path, text=room.read(file), base=room.snapshot())

    async def create(self, canvas: CanvasId, path: str) -> Reading:
        """Make an empty file at `path`, or beside it when that is taken."""
        async with self._rooms.use(canvas) as room:
            free = free_path(path, lambda one: room.find(one) is not None)
            file = await room.write(free, "", SYSTEM)
            return Reading(file=file, path=free, text=room.read(file), base=room.snapshot())

    async def propose(self, canvas: CanvasId, proposal: "Proposal") -> SuggestionId:
        """Store a suggestion anchored against `proposal.base`."""
        return await self._suggestions.propose(canvas, proposal)


class DatabaseNotes:
    """Single values that the installation remembers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> str | None:
        """Return a remembered value."""
        async with self._database.reading() as unit:
            return await unit.notes.get(key)

    async def put(self, key: str, value: str) -> None:
        """Remember a value; durable on return."""
        async with self._database.begin() as unit:
            await unit.notes.put(key, value)


class FeedInRooms:
    """Tells a canvas's pages that there is news in its activity feed: once in a while, however much there is."""

    def __init__(self, rooms: Rooms, wait: float = NEWS_SECONDS) -> None:
        self._rooms = rooms
        self._wait = wait
        self._waiting: dict[CanvasId, asyncio.TimerHandle] = {}

    def heard(self, canvas: CanvasId) -> None:
        """Hear of an entry."""
        if canvas not in self._waiting:
            self._waiting[canvas] = asyncio.get_running_loop().call_later(self._wait, self._tell, canvas)

    def _tell(self, canvas: CanvasId) -> None:
        del self._waiting[canvas]
        self._rooms.tell_of_change(canvas, "activity")

    def close(self) -> None:
        """Tell nobody any more."""
        for handle in self._waiting.values():
            handle.cancel()
        self._waiting.clear()


class RunsInRooms:
    """Shows each canvas's going runs in its room; a canvas that nobody has open has nobody to show them to."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._newest: dict[CanvasId, list[dict[str, Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def publish(self, canvas: CanvasId, runs: list[dict[str, Any]]) -> None:
        """Show `runs`, at once or right after what is being shown; only the newest list counts."""
        waiting = canvas in self._newest
        self._newest[canvas] = runs
        if not waiting:
            task = asyncio.create_task(self._show(canvas))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _show(self, canvas: CanvasId) -> None:
        try:
            async with self._rooms.use(canvas) as room:
                room.publish_runs(self._newest.pop(canvas))
        except PolycanvasError:
            self._newest.pop(canvas, None)  # the canvas is gone, or the server stops

    async def close(self) -> None:
        """Wait for what is being shown."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

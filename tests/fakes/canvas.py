"""A canvas over a memory log with three people, for tests of rooms."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.collab.limits import Limits
from app.collab.ports import Edits
from app.collab.room import Room
from app.collab.rooms import Member, Rooms
from app.domain.people import Origin, Person, Role
from app.ids import CanvasId, FileId, PersonId
from tests.fakes.fake_socket import FakePage
from tests.fakes.memory_log import MemoryLog

ANA = Person(PersonId("ana"), "Ana", 10)
BO = Person(PersonId("bo"), "Bo", 200)
CANVAS = CanvasId("canvas")


async def eventually(condition: Callable[[], bool]) -> None:
    """Return once `condition` holds; for what has no event of its own."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


@dataclass
class Canvas:
    """One canvas `main.js` with the text given, its rooms and its pages."""

    log: MemoryLog
    rooms: Rooms
    room: Room
    file: FileId
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    pages: list[FakePage] = field(default_factory=list)

    async def page(
        self, person: Person = ANA, role: Role = Role.EDITOR, *, ack: bool = True, page: FakePage | None = None
    ) -> FakePage:
        """Open the canvas in a page and wait until it has the document."""
        page = page or FakePage()
        self.serve(page, person, role, ack=ack)
        await page.synced()
        return page

    def serve(self, page: FakePage, person: Person = ANA, role: Role = Role.EDITOR, *, ack: bool = True) -> None:
        """Open the canvas in a page."""
        serving = self.rooms.serve(CANVAS, page.socket, Member(person, role), wants_ack=ack)
        self.tasks.append(asyncio.create_task(serving))
        self.pages.append(page)

    def of(self, page: FakePage) -> str:
        """Return the page's text of main.js."""
        return str(page.text(self.file))

    async def until_equal(self, *pages: FakePage) -> str:
        """Return the text once the room has read what every page sent, and `pages` show what the room has."""
        for page in self.pages:
            if page.socket.closed is None and not page.socket.slow and not page.socket.gone:
                await page.heard()
        for page in pages:
            await page.socket.until(lambda page=page: self.of(page) == self.room.read(self.file))
        return self.room.read(self.file)


@asynccontextmanager
async def open_canvas(
    text: str = "hello", limits: Limits | None = None, edits: Edits | None = None
) -> AsyncIterator[Canvas]:
    """Give a canvas with one file; close its rooms afterwards and see that every page was let go."""
    log = MemoryLog()
    rooms = Rooms(log, limits=limits or Limits(), edits=edits)
    await rooms.create(CANVAS, {"main.js": text}, Origin.of(ANA))
    async with rooms.use(CANVAS) as room:
        file = room.find("main.js")
        assert file is not None
        canvas = Canvas(log, rooms, room, file)
        try:
            yield canvas
        finally:
            log.gate.set()
            await rooms.close()
            await asyncio.gather(*canvas.tasks)

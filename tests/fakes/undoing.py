"""A canvas in a real store with pages that undo as ours do: with a claim of what that brought back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pycrdt import Map, Text, UndoManager

from app.collab import lib0
from app.collab.history.keeper import Keeper
from app.collab.history.returns import Returns
from app.collab.provenance import authors_in_store, authors_of
from app.collab.rooms import Member, Rooms
from app.domain.people import Origin, Person, Role
from app.ids import CanvasId, FileId, PersonId
from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.settings import Settings
from tests.fakes.fake_socket import FakePage

ONE, TWO = CanvasId("aaaaaaaaaaaa"), CanvasId("bbbbbbbbbbbb")
ANA, BO, CY = (Person(PersonId(name.lower() * 4), name, hue) for name, hue in (("Ana", 1), ("Bo", 2), ("Cy", 3)))
MODEL = Origin(kind="model", id="qwen", name="qwen", hue=290, run="run1", asked_by="Bo", accepted_by="Bo", cost_usd=0.5)
Id = tuple[int, int]
Said = list[tuple[str, str, str | None]]  # text, whose it is, who brought it back


def clock_of(page: FakePage) -> int:
    """Return how much the page has written."""
    reader = lib0.Reader(page.doc.get_state())
    clocks = {reader.var(lib0.MAX_CLIENT): reader.var(lib0.MAX_CLOCK) for _ in range(reader.var(1_000))}
    return clocks.get(page.doc.client_id, 0)


def claim(page: FakePage, start: int, length: Any, client: int | None = None) -> None:
    page.doc.get("returned", type=Map)[f"{client or page.doc.client_id}:{start}"] = length


@dataclass
class World:
    """A canvas with its store and pages; `anew` is a restart."""

    database: Database
    rooms: Rooms
    returns: Returns
    file: FileId
    pages: list[FakePage] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def page(self, person: Person, role: Role = Role.EDITOR, page: FakePage | None = None) -> FakePage:
        page = page or FakePage()
        serving = self.rooms.serve(ONE, page.socket, Member(person, role), wants_ack=True)
        self.tasks.append(asyncio.create_task(serving))
        self.pages.append(page)
        await page.synced()
        return page

    def text(self, page: FakePage) -> Text:
        return page.text(self.file)

    def words(self, page: FakePage) -> str:
        return str(self.text(page))

    def undo(self, page: FakePage, undo: UndoManager, *, redo: bool = False) -> None:
        """Undo as a page does: with a claim right behind."""
        before = clock_of(page)
        assert undo.redo() if redo else undo.undo()
        if clock_of(page) > before:
            claim(page, before, clock_of(page) - before)

    def forge(self, page: FakePage, words: str, origin: Id | None, right: Id) -> None:
        """Write words where they are said to have been, and claim them."""
        sides = b"".join(lib0.var(part) for side in (origin, right) if side is not None for part in side)
        start, info = clock_of(page), 4 | 0x40 | (0x80 if origin is not None else 0)
        head = b"".join(map(lib0.var, (1, 1, page.doc.client_id, start)))
        page.doc.apply_update(head + bytes((info,)) + sides + lib0.text(words) + b"\0")
        claim(page, start, len(words.encode("utf-16-le")) // 2)

    async def quiet(self) -> None:
        """Return once the server has all that pages sent, and has judged it."""
        for page in self.pages:
            if not page.socket.gone:
                await page.heard()
        async with self.rooms.use(ONE) as room:
            room.live.settle()
            await self.returns.idle()
            for page in self.pages:
                if not page.socket.gone:
                    await page.socket.until(lambda page=page: self.words(page) == room.read(self.file))

    async def said(self, canvas: CanvasId = ONE, file: FileId | None = None) -> Said:
        """Return who wrote what, as the server says now; the store says the same once all is durable."""
        file = file or self.file
        async with self.rooms.use(canvas) as room:
            text = room.read(file)
            [found] = authors_of(room.snapshot(), room.whose(), {file: ("a.js", text)})
            await room.journal.flushed()
            assert authors_in_store(await self.database.log.load(canvas)) == [found]
        units = text.encode("utf-16-le")
        return [
            (units[2 * span.start : 2 * span.end].decode("utf-16-le"), span.origin.name, span.origin.restored_by)
            for span in found.spans
        ]

    async def claims(self) -> dict[str, Any]:
        async with self.rooms.use(ONE) as room:
            return room.get("returned")

    async def compact(self, *, years: int = 0) -> None:
        """Make a snapshot and put the history in order, as so much later."""
        async with self.rooms.use(ONE) as room:
            await room.journal.flushed()
            head, _ = await self.database.history.head(ONE)
            await self.database.log.compact(ONE, head, room.snapshot())
        now = time.time() + 60 + years * 366 * 86_400
        await Keeper(self.database.history, clock=lambda: now).tidy(ONE)

    async def anew(self, *, judges: bool = True) -> None:
        await self.close()
        self.rooms = Rooms(self.database.log)
        self.returns = Returns(self.database.history, self.rooms, pause=0)
        if not judges:
            await self.returns.close()

    async def close(self) -> None:
        await self.returns.close()
        await self.rooms.close()
        await asyncio.gather(*self.tasks)
        self.tasks.clear()
        self.pages.clear()


def undo_of(world: World, page: FakePage) -> UndoManager:
    return UndoManager(scopes=[world.text(page)], capture_timeout_millis=0)


@asynccontextmanager
async def undoing(folder: Path) -> AsyncIterator[World]:
    """Give a world over a database in `folder`, with an empty file."""
    migrate(Settings(data=folder))
    database = Database(Settings(data=folder))
    rooms = Rooms(database.log)
    returns = Returns(database.history, rooms, pause=0)
    await rooms.create(ONE, {"a.js": ""}, Origin.of(CY))
    async with rooms.use(ONE) as room:
        file = room.find("a.js")
    assert file is not None
    made = World(database, rooms, returns, file)
    yield made
    await made.close()
    await database.close()

"""What is damaged on the disk is left out, marked and named in the log; the rest of the history stays."""

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, update

from app.collab.history.history import History
from app.collab.history.keeper import Keeper
from app.collab.rooms import Rooms
from app.domain.people import Origin, Person
from app.ids import CanvasId, FileId, PersonId
from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.persistence.tables import keyframes, moments, updates
from app.settings import Settings

ONE = CanvasId("aaaaaaaaaaaa")
ANA, BO = Person(PersonId("anaanaanaana"), "Ana", 1), Person(PersonId("bobobobobobo"), "Bo", 2)


class World:
    """A canvas that several people wrote to, with its store open."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self.database = database
        self.clock = clock
        self.rooms = Rooms(database.log)
        self.history = History(database.history, self.rooms)
        self.file = FileId("")

    async def write(self, text: str, by: Person) -> None:
        async with self.rooms.use(ONE) as room:
            self.file = await room.write("a.js", text, Origin.of(by))

    async def compact(self) -> None:
        async with self.rooms.use(ONE) as room:
            head, _ = await self.database.history.head(ONE)
            await self.database.log.compact(ONE, head, room.snapshot())

    async def spoil(self, table: Table, column: str, seq: int) -> None:
        async with self.database.begin() as unit:
            where = table.c.canvas == ONE, table.c.seq == seq
            await unit.connection.execute(update(table).where(*where).values({column: b"\x01\xff\xff\xff\x0f\x00"}))

    async def tidy(self) -> None:
        await Keeper(self.database.history, clock=self.clock).tidy(ONE)

    async def texts(self) -> list[tuple[str, bool]]:
        film = await self.history.film(ONE)
        return [(film.text_at(self.file, index), one.is_unreadable) for index, one in enumerate(film.moments)]

    async def now(self) -> str:
        async with self.rooms.use(ONE) as room:
            return room.read(self.file)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    migrate(Settings(data=tmp_path))
    database = Database(Settings(data=tmp_path))
    times: dict[str, Any] = {"now": 1_000_000.0}

    def clock() -> float:
        times["now"] += 100.0
        return float(times["now"])

    database.log._clock = clock
    made = World(database, clock)
    await made.rooms.create(ONE, {"a.js": "0\n"}, Origin.of(ANA))
    for turn, by in enumerate([ANA, BO, ANA, BO, ANA], 1):
        await made.write("".join(f"{line}\n" for line in range(turn + 1)), by)
    yield made
    await made.rooms.close()
    await database.close()


async def test_s10_4_a_damaged_update_is_left_out_and_the_last_text_is_right(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.compact()
    before = await world.texts()
    stored = await world.database.history.load(ONE)
    bad = next(piece for piece in stored.pieces if piece.authors == (BO.id,))
    await world.spoil(updates, "payload", bad.seq)
    world.history = History(world.database.history, world.rooms)
    with caplog.at_level(logging.ERROR):
        after = await world.texts()
    assert f"Update {bad.seq} of canvas {ONE}" in caplog.text
    assert len(after) == len(before)
    assert sum(is_unreadable for _, is_unreadable in after) == 1
    assert after[-1] == (await world.now(), False)
    await world.tidy()
    world.history = History(world.database.history, world.rooms)
    kept = await world.texts()
    assert sum(is_unreadable for _, is_unreadable in kept) == 1
    assert kept[-1][0] == await world.now()
    await world.write("and on\n", ANA)
    assert (await world.texts())[-1][0] == "and on\n"


async def test_s10_4_a_damaged_moment_is_marked_and_its_neighbours_play(world: World) -> None:
    await world.compact()
    await world.tidy()
    before = [text for text, _ in await world.texts()]
    stored = await world.database.history.load(ONE)
    assert stored.mark is not None
    await world.spoil(moments, "payload", stored.pieces[2].seq)
    world.history = History(world.database.history, world.rooms)
    after = await world.texts()
    assert [text for text, _ in after] == before  # what it did is known beside it
    assert [is_unreadable for _, is_unreadable in after].count(True) == 1


async def test_s10_4_damaged_changes_are_played_anew(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.compact()
    await world.tidy()
    before = await world.texts()
    stored = await world.database.history.load(ONE)
    await world.spoil(moments, "changes", stored.pieces[1].seq)
    world.history = History(world.database.history, world.rooms)
    assert await world.texts() == before
    assert "played from its beginning instead" in caplog.text


@pytest.mark.parametrize("which", ["base", "mark", "both"])
async def test_s10_4_a_damaged_keyframe_leaves_what_the_others_tell(world: World, which: str) -> None:
    await world.compact()
    await world.tidy()
    await world.write("last\n", BO)
    before = await world.texts()
    stored = await world.database.history.load(ONE)
    assert stored.mark is not None
    for name, frame in (("base", stored.base), ("mark", stored.mark)):
        if which in (name, "both"):
            await world.spoil(keyframes, "payload", frame.seq)
    world.history = History(world.database.history, world.rooms)
    after = await world.texts()
    assert after[-1] == ("last\n", False)
    assert len(after) == (len(before) if which == "mark" else 2)


async def test_what_is_restored_from_behind_a_damage_is_whoever_s_brings_it_back(world: World) -> None:
    await world.compact()
    await world.tidy()
    stored = await world.database.history.load(ONE)
    film = await world.history.film(ONE)
    wanted = film.text_at(world.file, 3)
    await world.write("all else\n", BO)
    await world.spoil(moments, "payload", stored.pieces[0].seq)
    done = await world.history.restore(ONE, ANA, film.moments[3].seq, None)
    assert done.changed == ["a.js"]
    assert await world.now() == wanted

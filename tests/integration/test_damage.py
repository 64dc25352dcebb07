"""A log with damaged rows, on SQLite and on PostgreSQL: they are refused and named, and the rest is served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, bindparam, text

from app.collab.ports import NewUpdate
from app.collab.rooms import Member, Rooms
from app.commands.doctor import doctor
from app.domain.people import SYSTEM, Origin, Role
from app.errors import PolycanvasError
from app.ids import CanvasId
from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.settings import Settings
from tests.fakes.canvas import ANA, BO
from tests.fakes.fake_socket import FakePage

ONE = CanvasId("aaaaaaaaaaaa")
ROW = "canvas = 'aaaaaaaaaaaa'"


async def damage(database: Database, table: str, where: str) -> None:
    """Flip one bit in the middle of a payload, as a failing disk does; its sum stays."""
    async with database.begin() as unit:
        read = await unit.connection.execute(text(f"SELECT payload FROM {table} WHERE {where}"))
        payload = bytearray(read.scalar_one())
        payload[len(payload) // 2] ^= 4
        change = text(f"UPDATE {table} SET payload = :payload WHERE {where}")
        change = change.bindparams(bindparam("payload", type_=LargeBinary))
        await unit.connection.execute(change, {"payload": bytes(payload)})


@asynccontextmanager
async def page_of(rooms: Rooms, page: FakePage, person: object = ANA) -> AsyncIterator[FakePage]:
    """Have a page on the canvas until the block ends."""
    serving = asyncio.create_task(rooms.serve(ONE, page.socket, Member(person, Role.EDITOR), wants_ack=True))  # type: ignore[arg-type]
    await page.synced()
    yield page
    page.socket.hang_up()
    await serving


def has(page: FakePage, file: str, text: str) -> bool:
    return text in str(page.text(file))


async def typed(database: Database) -> tuple[FakePage, FakePage, str]:
    """Make a canvas where Ana typed a, b and c, each in a row of its own, and Bo z after a; return their pages."""
    rooms = Rooms(database.log)
    await rooms.create(ONE, {"a.txt": ""}, SYSTEM)
    async with rooms.use(ONE) as room:
        file = room.find("a.txt")
        assert file is not None
    ana, bo = FakePage(), FakePage()
    async with page_of(rooms, ana), page_of(rooms, bo, BO):
        for page, at, letter in ((ana, 0, "a"), (bo, 1, "z"), (ana, 1, "b"), (ana, 2, "c")):
            page.text(file).insert(at, letter)
            await page.saved()
            for one in (ana, bo):
                await one.socket.until(partial(has, one, file, letter))
        await room.journal.flushed()
        # As after a kill: nothing was put into a snapshot.
        room.journal.loaded(0, 0, 0)
    await rooms.close()
    assert str(ana.text(file)) == "abcz"
    return ana, bo, file


async def row_of(database: Database, nth: int) -> int:
    """Return the seq of Ana's nth row with text."""
    async with database.reading() as unit:
        rows = await unit.connection.execute(
            text(f"SELECT seq FROM updates WHERE author = 'ana' AND {ROW} ORDER BY seq")
        )
        return int(list(rows.scalars())[nth])


async def test_s9_6_a_damaged_row_is_refused_and_named_and_the_rest_is_served(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ana, _, file = await typed(database)
    second, third = await row_of(database, 1), await row_of(database, 2)
    await damage(database, "updates", f"{ROW} AND seq = {second}")
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room:
        assert room.read(file) == "az"
        assert f"refused as damaged: update {second}; left out, since built on that: update {third}" in caplog.text
        # Whoever has what is missing brings it back, and with it what was built on it.
        async with page_of(rooms, FakePage(doc=ana.doc)) as again:
            await again.saved()
            assert room.read(file) == "abcz"
            again.text(file).insert(0, "!")
            await again.saved()
    await rooms.close()
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room:
        assert room.read(file) == "!abcz"
    await rooms.close()


async def test_s9_6_a_damaged_snapshot_is_not_served_and_not_touched(database: Database) -> None:
    ana, _, _ = await typed(database)
    await damage(database, "snapshots", ROW)
    rooms = Rooms(database.log)
    with pytest.raises(PolycanvasError, match="damaged, so it is not opened"):
        async with rooms.use(ONE):
            pass
    page = FakePage(doc=ana.doc)
    await rooms.serve(ONE, page.socket, Member(ANA, Role.EDITOR), wants_ack=True)
    assert page.socket.closed is not None
    assert page.socket.closed[0] == 4503
    await rooms.close()


@pytest.mark.parametrize("table", ["", "snapshots", "updates"])
async def test_s9_6_a_damaged_snapshot_is_made_again_from_the_history(
    table: str, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ana, _, file = await typed(database)
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room, page_of(rooms, FakePage(doc=ana.doc)) as page:
        page.text(file).insert(0, "!")
        await page.saved()
        room.journal.compact_soon()
        await room.journal.flushed()
        if table == "":
            page.text(file).insert(0, "?")
            await page.saved()
    await rooms.close()
    await damage(database, "snapshots", ROW)
    expected = "?!abcz" if table == "" else "!abcz"
    if table == "updates":  # and one of what would replace it
        await damage(database, "updates", f"{ROW} AND seq = {await row_of(database, 2)}")
        expected = "abz"  # c and ! were typed after it by the same hand
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room:
        assert room.read(file) == expected
        assert "refused as damaged: the snapshot up to update" in caplog.text
        room.journal.compact_soon()
        await room.journal.flushed()
        assert (await database.log.load(ONE)).refused == ()
    await rooms.close()


async def test_s9_6_a_row_without_a_sum_is_read_through(database: Database) -> None:
    _, _, file = await typed(database)
    async with database.begin() as unit:
        await unit.connection.execute(text("UPDATE updates SET sum = NULL"))
        await unit.connection.execute(text("UPDATE snapshots SET sum = NULL"))
        await unit.connection.execute(
            text(f"UPDATE updates SET payload = :junk WHERE {ROW} AND seq = {await row_of(database, 2)}").bindparams(
                bindparam("junk", type_=LargeBinary)
            ),
            {"junk": b"\x01\x01\xff\xff"},
        )
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room:
        assert room.read(file) == "abz"
    await rooms.close()


async def test_s9_6_an_owner_that_cannot_be_read_is_nobody(database: Database) -> None:
    ana, _, file = await typed(database)
    async with database.begin() as unit:
        await unit.connection.execute(
            text(f"UPDATE client_bindings SET origin = '{{' WHERE client = {ana.doc.client_id}")
        )
    stored = await database.log.load(ONE)
    assert stored.refused == (f"the owner of client {ana.doc.client_id}",)
    assert stored.clients[ana.doc.client_id] == SYSTEM
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room:
        assert room.read(file) == "abcz"
    await rooms.close()


async def test_s9_6_damage_under_a_loaded_room_is_mended_from_what_is_live(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ana, _, file = await typed(database)
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room, page_of(rooms, FakePage(doc=ana.doc)) as page:
        await page.saved()
        await damage(database, "updates", f"{ROW} AND seq = {await row_of(database, 1)}")
        await damage(database, "snapshots", ROW)
        page.text(file).insert(0, "!")
        await page.saved()
        room.journal.compact_soon()
        await room.journal.flushed()
        assert room.ended is None
    await rooms.close()
    assert "a snapshot of the live text replaces it" in caplog.text
    rooms = Rooms(database.log)
    async with rooms.use(ONE) as room:
        assert room.read(file) == "!abcz"
    await rooms.close()


def test_doctor_names_what_is_damaged(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def prepare() -> None:
        database = Database(settings)
        await database.log.create(ONE, b"\0\0", {})
        await database.log.append(ONE, [NewUpdate(b"\0\0", "p", {1: Origin.of(ANA)})] * 3)
        await damage(database, "updates", f"{ROW} AND seq = 2")
        await database.close()

    monkeypatch.setattr("app.commands.doctor._assistant", nothing)
    migrate(settings)
    doctor(settings)
    assert "as it was written" in capsys.readouterr().out
    asyncio.run(prepare())
    assert doctor(settings) == 1
    assert "update 2 of canvas aaaaaaaaaaaa" in capsys.readouterr().out


async def nothing(_: Settings) -> list[object]:
    return []

"""The update log when things go wrong: killed, a full disk, a lock, a deleted canvas, a server gone, shutdown."""

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.collab.ports import NewUpdate
from app.domain.people import Person
from app.errors import NotFound, Unavailable
from app.ids import CanvasId, PersonId
from app.persistence import log_rows, update_log
from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.settings import Settings
from tests.postgres import PostgresServer

ONE, TWO = CanvasId("aaaaaaaaaaaa"), CanvasId("bbbbbbbbbbbb")
ROUNDS = 6  # of kill -9; the benchmark does hundreds
APPENDER = Path(__file__).with_name("appender.py")


def new(payload: bytes) -> NewUpdate:
    return NewUpdate(payload, "p", {})


async def payloads(database: Database, canvas: CanvasId) -> list[bytes]:
    return [update.payload for update in (await database.log.load(canvas)).updates]


async def test_nothing_acknowledged_is_lost_to_kill_9(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    migrate(settings)
    canvases = [CanvasId(letter * 12) for letter in "abcd"]
    database = Database(settings)
    for canvas in canvases:
        await database.log.create(canvas, b"s", {})
    await database.close()
    chance = random.Random(20261121)
    acknowledged: dict[str, int] = dict.fromkeys(canvases, 0)
    for _ in range(ROUNDS):
        await asyncio.to_thread(_kill_after, chance.randrange(1, 400), tmp_path, canvases, acknowledged)
        database = Database(settings)
        for canvas in canvases:
            stored = await database.log.load(canvas)
            assert [update.seq for update in stored.updates] == list(range(1, len(stored.updates) + 1))
            assert len(stored.updates) >= acknowledged[canvas]
            for update in stored.updates:
                process, _, named = update.payload.decode().partition(" ")
                assert named == canvas
                assert int(process) in stored.clients
        await database.close()
    assert min(acknowledged.values()) > 0


def _kill_after(lines: int, data: Path, canvases: list[CanvasId], acknowledged: dict[str, int]) -> None:
    """Let a process append until it has acknowledged `lines` more, kill it there, and note all it acknowledged."""
    command = [sys.executable, str(APPENDER), str(data), *canvases]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for count, line in enumerate(process.stdout, 1):
            if line.endswith("\n"):
                canvas, seq = line.split()
                acknowledged[canvas] = int(seq)
            if count == lines:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


async def test_a_full_disk_refuses_whole_appends_and_heals(tmp_path: Path) -> None:
    migrate(Settings(data=tmp_path))
    database = Database(Settings(data=tmp_path))
    log = database.log
    await log.create(ONE, b"s", {})
    await log.append(ONE, [new(b"before")])
    # SQLite itself says that the disk is full when the file would grow over so many pages.
    await log._writer.run(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    with pytest.raises(Unavailable, match="disk of the server is full"):
        await log.append(ONE, [new(b"small"), new(b"x" * 1_000_000)])
    assert await payloads(database, ONE) == [b"before"]
    # The failure closed the connection and with it the bound: as if somebody had freed some space.
    assert await log.append(ONE, [new(b"after")]) == 2
    assert await payloads(database, ONE) == [b"before", b"after"]
    await database.close()


async def test_a_lock_held_by_somebody_else_is_said_and_heals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.persistence.engine._PRAGMAS", ("PRAGMA journal_mode = WAL", "PRAGMA busy_timeout = 1"))
    migrate(Settings(data=tmp_path))
    database = Database(Settings(data=tmp_path))
    await database.log.create(ONE, b"s", {})
    other = sqlite3.connect(tmp_path / "polycanvas.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="busy"):
        await database.log.append(ONE, [new(b"a")])
    other.execute("ROLLBACK")
    other.close()
    assert await database.log.append(ONE, [new(b"b")]) == 1
    await database.close()


@pytest.mark.postgres
async def test_a_server_that_restarts_is_said_and_heals(
    postgres: PostgresServer, postgres_template: str, tmp_path: Path
) -> None:
    database = Database(Settings(data=tmp_path, database_url=postgres.new_database(postgres_template)))
    await database.log.create(ONE, b"s", {})
    await database.log.append(ONE, [new(b"a")])
    await asyncio.to_thread(postgres.stop)
    with pytest.raises(Unavailable, match="does not answer"):
        await database.log.append(ONE, [new(b"b")])
    await asyncio.to_thread(postgres.restart)
    await database.log.append(ONE, [new(b"c")])
    assert await payloads(database, ONE) == [b"a", b"c"]
    await database.close()


async def test_a_deleted_canvas_does_not_fail_those_who_wrote_at_the_same_time(database: Database) -> None:
    log = database.log
    ana = Person(PersonId("pppppppppppp"), "Ana", 1)
    async with database.begin() as unit:
        await unit.people.add(ana, owner=False, at=0)
        await unit.canvases.add(ONE, "One", ana.id, 0)
    await log.create(ONE, b"s", {})
    await log.create(TWO, b"s", {})
    await log.append(ONE, [new(b"a")])
    await log.append(TWO, [new(b"b")])
    async with database.begin() as unit:
        await unit.canvases.remove(ONE)
    gone, kept, unknown = await asyncio.gather(
        log.append(ONE, [new(b"c")]),
        log.append(TWO, [new(b"d")]),
        log.append(CanvasId("zzzzzzzzzzzz"), [new(b"e")]),
        return_exceptions=True,
    )
    assert isinstance(gone, NotFound)
    assert isinstance(unknown, NotFound)
    assert kept == 2
    with pytest.raises(NotFound):
        await log.load(ONE)


async def test_appends_that_wait_share_a_commit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await database.log.create(ONE, b"s", {})
    commits: list[int] = []
    original = log_rows.append_rows

    def counted(connection: object, rows: list[object], at: float) -> None:
        commits.append(len(rows))
        original(connection, rows, at)  # type: ignore[arg-type]

    monkeypatch.setattr(log_rows, "append_rows", counted)
    await asyncio.gather(*(database.log.append(ONE, [new(b"u")]) for _ in range(50)))
    assert commits == [50]


async def test_a_cancelled_caller_takes_nobody_along(database: Database) -> None:
    await database.log.create(ONE, b"s", {})
    tasks = [asyncio.create_task(database.log.append(ONE, [new(b"u")])) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert done[0] == 1
    assert isinstance(done[1], asyncio.CancelledError)
    assert done[2] == 3


async def test_closing_writes_what_waits_and_refuses_the_rest(database: Database) -> None:
    log = database.log
    await log.create(ONE, b"s", {})
    waiting = [asyncio.create_task(log.append(ONE, [new(b"u")])) for _ in range(5)]
    await asyncio.sleep(0)
    await log.close()
    assert [await task for task in waiting] == [1, 2, 3, 4, 5]
    with pytest.raises(Unavailable, match="stopping"):
        await log.append(ONE, [new(b"u")])
    with pytest.raises(Unavailable, match="stopping"):
        await log.compact(ONE, 1, b"s")
    await log.close()


async def test_a_stalled_disk_does_not_fill_the_memory(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update_log, "MAX_QUEUED_BYTES", 100)
    await database.log.create(ONE, b"s", {})
    tasks = [asyncio.create_task(database.log.append(ONE, [new(b"u" * 60)])) for _ in range(3)]
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(outcome, Unavailable) for outcome in done] == [False, True, True]


async def test_an_older_snapshot_never_replaces_a_newer_one(database: Database) -> None:
    await database.log.create(ONE, b"s", {})
    await database.log.append(ONE, [new(b"u")] * 5)
    await database.log.compact(ONE, 4, b"s4")
    await database.log.compact(ONE, 2, b"s2")
    stored = await database.log.load(ONE)
    assert (stored.snapshot, stored.snapshot_seq, len(stored.updates)) == (b"s4", 4, 1)


async def test_a_snapshot_of_what_was_never_stored_is_refused(database: Database) -> None:
    await database.log.create(ONE, b"s", {})
    with pytest.raises(ValueError, match="last update is 0"):
        await database.log.compact(ONE, 1, b"s1")


async def test_a_log_opened_again_goes_on_where_it_was(settings: Settings) -> None:
    first = Database(settings)
    await first.log.create(ONE, b"s", {})
    await first.log.append(ONE, [new(b"a"), new(b"b")])
    await first.close()
    second = Database(settings)
    assert await second.log.append(ONE, [new(b"c")]) == 3
    assert await payloads(second, ONE) == [b"a", b"b", b"c"]
    await second.close()

"""Units of work on real databases: all or nothing, and every failure a sentence."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.people import Person
from app.errors import Conflict, Unavailable
from app.ids import PersonId
from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.settings import Settings
from tests.postgres import PostgresServer

ANA = Person(PersonId("aaaaaaaaaaaa"), "Ana", 25)


async def test_leaving_a_unit_commits_it(database: Database) -> None:
    async with database.begin() as unit:
        await unit.people.add(ANA, owner=False, at=1.5)
    async with database.reading() as unit:
        assert await unit.people.get(ANA.id) == ANA


async def test_an_exception_undoes_the_whole_unit(database: Database) -> None:
    async def fail() -> None:
        async with database.begin() as unit:
            await unit.people.add(ANA, owner=False, at=1.5)
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with database.reading() as unit:
        assert await unit.people.get(ANA.id) is None


async def test_whoever_is_second_hears_of_a_conflict(database: Database) -> None:
    async def add(note: str) -> None:
        async with database.begin() as unit:
            await unit.notes.put(note, "kept")
            await unit.people.add(ANA, owner=False, at=1.5)

    await add("first")
    with pytest.raises(Conflict):
        await add("second")
    async with database.reading() as unit:
        assert await unit.notes.get("first") == "kept"
        assert await unit.notes.get("second") is None


async def test_units_that_write_at_once_take_turns(database: Database) -> None:
    async with database.begin() as unit:
        await unit.notes.put("count", "0")

    async def count() -> None:
        async with database.begin() as unit:
            await unit.connection.execute(
                text("UPDATE notes SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'count'")
            )

    await asyncio.gather(*(count() for _ in range(20)))
    async with database.reading() as unit:
        assert await unit.notes.get("count") == "20"


async def test_every_connection_to_sqlite_is_durable_and_checks_keys(tmp_path: Path) -> None:
    migrate(Settings(data=tmp_path))
    database = Database(Settings(data=tmp_path))
    try:
        async with database.reading() as one, database.reading() as other, database.begin() as writing:
            for unit in (one, other, writing):
                pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]
                values = [(await unit.connection.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in pragmas]
                assert values == ["wal", 2, 1, 5000]
    finally:
        await database.close()


async def test_health_tells_whether_the_database_answers(database: Database, tmp_path: Path) -> None:
    assert await database.answers()
    away = Database(Settings(data=tmp_path, database_url=f"postgresql://nobody@/none?host={tmp_path}"))
    assert not await away.answers()
    await away.close()


async def test_tables_that_are_not_there_are_a_sentence(tmp_path: Path) -> None:
    database = Database(Settings(data=tmp_path))
    with pytest.raises(Unavailable, match="polycanvas migrate"):
        async with database.reading() as unit:
            await unit.people.get(ANA.id)
    await database.close()


async def test_a_lock_that_somebody_else_holds_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.persistence.engine._PRAGMAS", ("PRAGMA journal_mode = WAL", "PRAGMA busy_timeout = 1"))
    migrate(Settings(data=tmp_path))
    database = Database(Settings(data=tmp_path))
    other = sqlite3.connect(tmp_path / "polycanvas.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Unavailable, match="busy"):
            async with database.begin() as unit:
                await unit.notes.put("a", "b")
    finally:
        other.close()
        await database.close()


@pytest.mark.postgres
async def test_a_server_that_restarts_is_found_again(
    postgres: PostgresServer, postgres_template: str, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, database_url=postgres.new_database(postgres_template))
    database = Database(settings)

    async def write() -> None:
        async with database.begin() as unit:
            await unit.notes.put("a", "b")
            await asyncio.to_thread(postgres.restart)
            await unit.notes.put("c", "d")

    try:
        async with database.begin() as unit:
            await unit.people.add(ANA, owner=True, at=1.0)
        with pytest.raises(Unavailable):
            await write()
        async with database.reading() as unit:
            assert await unit.people.owner() == ANA
            assert await unit.notes.get("a") is None
    finally:
        await database.close()

"""Bringing a database to this version's tables, before anything else is opened.

Synchronous from outside: the command runs it before there is an event loop. All revisions of a run are one
transaction on both databases, so a migration that is killed half-way leaves the database as it was.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from app.errors import PolycanvasError, SettingsError
from app.persistence.engine import WRITING, database_url, is_sqlite, make_engine, make_thread_engine
from app.persistence.failures import FAILURES, unavailable
from app.persistence.tables import metadata
from app.settings import Settings

T = TypeVar("T")

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
_LOCK = 0x706F6C79  # PostgreSQL's advisory lock while migrating: two servers started at once take turns

_NEWER = (
    "The database was written by a newer version of Polycanvas (revision {revision}). Install that version again, "
    "or restore the copy of the database from before the upgrade. Nothing was changed."
)
_UNREADABLE = "{what} cannot be read as a Polycanvas database: {why}. Name another with --data. Nothing was changed."
_REFUSED = "The database refused the connection: {why}. Check POLYCANVAS_DATABASE_URL."


class Standing(StrEnum):
    """How a database stands to this version's tables."""

    NEW = "new"
    UP_TO_DATE = "up to date"
    BEHIND = "behind"
    NEWER = "newer"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found: how the database stands, and a sentence for a person."""

    standing: Standing
    sentence: str


def migrate(settings: Settings) -> None:
    """Make the data folder and the database if need be, and bring the tables up to date.

    Raises SettingsError with a sentence when the folder cannot be written or the database is from a newer version or
    is not one, Unavailable when its server does not answer or its disk is full. Nothing is changed in these cases.
    """
    make_folder(settings)
    try:
        run(settings, _upgrade)
    except FAILURES as error:
        raise _told(settings, error) from error


def check(settings: Settings) -> Checked:
    """Say how the database stands. Changes nothing; what is wrong with the database is in the answer, not raised."""
    url = database_url(settings)
    if is_sqlite(url) and not Path(url.database or "").is_file():
        return Checked(Standing.NEW, "There is no database yet; the first start makes it.")
    try:
        revision = _look(url)
    except FAILURES as error:
        return Checked(Standing.UNREADABLE, _told(settings, error).sentence)
    if revision is None:
        return Checked(Standing.NEW, "The database is empty; the first start makes its tables.")
    scripts = ScriptDirectory.from_config(_config())
    if revision == scripts.get_current_head():
        return Checked(Standing.UP_TO_DATE, "The database is up to date.")
    if revision not in _known(scripts):
        return Checked(Standing.NEWER, _NEWER.format(revision=revision))
    return Checked(Standing.BEHIND, "The database is from an older version. Run: polycanvas migrate")


def make_folder(settings: Settings) -> None:
    """Make the folder that the database is to be in, open to its owner only. Raises SettingsError when it cannot."""
    url = database_url(settings)
    folder = Path(url.database).parent if is_sqlite(url) and url.database else settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"The data folder {folder} cannot be made ({error.strerror}). Name another with --data."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"The data folder {folder} cannot be written to. Change its owner or name another: --data.")


def run(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Run `work` in one transaction that writes, on a connection of its own, and return what it returns.

    On SQLite foreign keys are off meanwhile, or making a table anew would delete the rows that refer to it; they are
    checked before the commit.
    """
    url = database_url(settings)
    if not is_sqlite(url):
        return _finished(lambda: _run_async(url, work))
    engine = make_thread_engine(url, enforce_keys=False)
    try:
        with engine.execution_options(**{WRITING: True}).begin() as connection:
            result = work(connection)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise SettingsError("The migration would leave rows that refer to nothing. Nothing was changed.")
            return result
    finally:
        engine.dispose()


async def _run_async(url: URL, work: Callable[[Connection], T]) -> T:
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    if revision is not None and revision not in _known(scripts):
        raise SettingsError(_NEWER.format(revision=revision))
    if revision is None and (foreign := set(inspect(connection).get_table_names()) & set(metadata.tables)):
        why = f"it has a table {min(foreign)} of something else"
        raise SettingsError(_UNREADABLE.format(what="The database", why=why))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _look(url: URL) -> str | None:
    """Return the revision that a database says it has, without touching it."""
    if not is_sqlite(url):
        return _finished(lambda: _look_async(url))
    file = Path(url.database or "").resolve()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return found and str(found[0])


async def _look_async(url: URL) -> str | None:
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await engine.dispose()


def _finished(start: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Return what a coroutine returns, from wherever this is called: its event loop has a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(start())).result()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _known(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}


def _told(settings: Settings, error: Exception) -> PolycanvasError:
    """Return the error to show for a database that could not be opened or migrated."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            return SettingsError(_UNREADABLE.format(what=database_url(settings).database, why=cause))
        if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
            return SettingsError(unavailable(error).sentence)
    state = getattr(cause, "sqlstate", None) or ""
    if state.startswith(("28", "3D")):  # wrong name or password; no such database
        return SettingsError(_REFUSED.format(why=str(cause).splitlines()[0]))
    return unavailable(error)

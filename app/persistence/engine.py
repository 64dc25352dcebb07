"""Engines: which driver for which address, and what every SQLite connection is told first.

What must not be here: tables and queries.
"""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.errors import SettingsError
from app.settings import Settings

BUSY_MS = 5_000  # how long a writer waits for another: far above any commit, far below anybody's patience
POOL = 5  # connections; the update log has its own
WRITING = "polycanvas_writing"  # execution option: the transaction will write, so take SQLite's write lock at once

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the one writer do not wait for each other
    "PRAGMA synchronous = FULL",  # a commit is on the disk when it returns: what “saved” means
    f"PRAGMA busy_timeout = {BUSY_MS}",
)


def database_url(settings: Settings) -> URL:
    """Return the address of the database; SettingsError when it cannot be read."""
    try:
        return make_url(settings.database)
    except ValueError as error:
        raise SettingsError("POLYCANVAS_DATABASE_URL is not a database address. See docs/ for examples.") from error


def is_sqlite(url: URL) -> bool:
    """Say whether an address names an SQLite file."""
    return url.get_backend_name() == "sqlite"


def make_engine(url: URL) -> AsyncEngine:
    """Return the engine for units of work. Opens nothing yet."""
    if is_sqlite(url):
        engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), pool_size=POOL, max_overflow=0)
        prepare_sqlite(engine.sync_engine)
        return engine
    # A server may have closed a resting connection: ask before use. Statement caching stays off when a pooler such
    # as PgBouncer could stand between, which asyncpg cannot see, so the default is kept only for direct addresses.
    return create_async_engine(url.set(drivername="postgresql+asyncpg"), pool_size=POOL, pool_pre_ping=True)


def make_thread_engine(url: URL, *, enforce_keys: bool = True) -> Engine:
    """Return an SQLite engine for one thread of its own (the update log, migrations)."""
    engine = create_engine(
        url.set(drivername="sqlite"),
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False},  # one thread writes; another may close it at shutdown
    )
    prepare_sqlite(engine, enforce_keys=enforce_keys)
    return engine


def prepare_sqlite(engine: Engine, *, enforce_keys: bool = True) -> None:
    """Make every connection of `engine` safe, and leave the beginning of transactions to SQLAlchemy.

    Python's sqlite3 begins transactions by itself, late, and then not before every statement; so that is turned off
    and BEGIN is sent here: IMMEDIATE for a transaction that will write, which then cannot fail half-way for the lock.
    """

    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            for pragma in _PRAGMAS:
                cursor.execute(pragma)
            cursor.execute(f"PRAGMA foreign_keys = {'ON' if enforce_keys else 'OFF'}")
        finally:
            cursor.close()

    def begins(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begins)

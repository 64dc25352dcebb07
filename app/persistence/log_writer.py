"""Who runs the update log's transactions: a thread of its own on SQLite, an async engine on PostgreSQL.

What must not be here: what is written.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.persistence.engine import WRITING, is_sqlite, make_engine, make_thread_engine

T = TypeVar("T")


class LogWriter(Protocol):
    """Runs a function in a transaction of its own: committed and durable when it returns, undone when it raises."""

    async def run(self, work: Callable[[Connection], T]) -> T: ...
    async def close(self) -> None: ...


def make_writer(url: URL) -> LogWriter:
    """Return the writer for a database. Opens nothing yet."""
    return ThreadWriter(url) if is_sqlite(url) else EngineWriter(url)


class ThreadWriter:
    """One thread with one connection that stays open.

    A commit is one hop to the thread and back, where an async driver takes one for every statement.
    """

    def __init__(self, url: URL) -> None:
        self._engine = make_thread_engine(url).execution_options(**{WRITING: True})
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="update-log")
        self._connection: Connection | None = None

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown()
        self._engine.dispose()

    def _transact(self, work: Callable[[Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                return work(self._connection)
        except (DBAPIError, OSError):
            self._drop()  # whatever state the failure left it in, the next transaction starts on a fresh one
            raise

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


class EngineWriter:
    """The same over an async engine with a connection of its own."""

    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = make_engine(url)

    async def run(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()

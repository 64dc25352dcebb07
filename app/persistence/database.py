"""The database: opened once, asked in units of work. One unit is one transaction; whoever uses it never commits.

    async with database.begin() as unit:        # writes; leaving commits, an exception undoes
        await unit.people.add(...)
    async with database.reading() as unit:      # reads one consistent state

Every failure of the database leaves as Unavailable with a sentence. What must not be here: queries (one repository
file for each domain), the update log's own writer.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import Conflict, Unavailable
from app.persistence.accounts import Credentials, Notes, People, Tokens, WebSessions
from app.persistence.canvases import Canvases, Layouts, Members, SeenComments
from app.persistence.engine import WRITING, database_url, is_sqlite, make_engine
from app.persistence.failures import translated
from app.persistence.feeds import ActivityFeed, AuditLog
from app.persistence.history import SqlHistory
from app.persistence.invites import Invites
from app.persistence.soundness import damaged_rows
from app.persistence.update_log import SqlUpdateLog
from app.settings import Settings

_CHANGED = "Somebody else changed this at the same moment. Look again and repeat it."


class Unit:
    """One transaction and the repositories that speak in it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.people = People(connection)
        self.credentials = Credentials(connection)
        self.sessions = WebSessions(connection)
        self.tokens = Tokens(connection)
        self.notes = Notes(connection)
        self.invites = Invites(connection)
        self.canvases = Canvases(connection)
        self.members = Members(connection)
        self.layouts = Layouts(connection)
        self.seen = SeenComments(connection)
        self.activity = ActivityFeed(connection)
        self.audit = AuditLog(connection)


class Database:
    """One SQLite file or PostgreSQL database whose tables are up to date (see `app.persistence.migrate`)."""

    def __init__(self, settings: Settings) -> None:
        self._url = database_url(settings)
        self._reading = make_engine(self._url)
        self._writing = self._reading.execution_options(**{WRITING: True})

    @property
    def kind(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return "sqlite" if is_sqlite(self._url) else "postgresql"

    @cached_property
    def log(self) -> SqlUpdateLog:
        """The update log of this database, with its own writer."""
        return SqlUpdateLog(self._url, self._reading)

    @cached_property
    def history(self) -> SqlHistory:
        """The history of this database's canvases."""
        return SqlHistory(self.log)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        """Open a unit that writes. Conflict when a constraint was broken by somebody who was faster."""
        try:
            with translated():
                async with self._writing.begin() as connection:
                    yield Unit(connection)
        except IntegrityError as error:
            raise Conflict(_CHANGED) from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Unit]:
        """Open a unit that only reads."""
        with translated():
            async with self._reading.connect() as connection:
                yield Unit(connection)

    async def answers(self) -> bool:
        """Say whether the database answers now, for the health route."""
        try:
            async with self.reading() as unit:
                await unit.connection.execute(text("SELECT 1"))
        except Unavailable:
            return False
        return True

    async def damaged(self) -> list[str]:
        """Return which rows of the update log are not what was written, reading all of it."""
        async with self.reading() as unit:
            return await unit.connection.run_sync(
                lambda connection: [f"{row} of canvas {canvas}" for canvas, row in damaged_rows(connection)]
            )

    async def close(self) -> None:
        """Write what is queued and close every connection."""
        if "log" in self.__dict__:
            await self.log.close()
        await self._reading.dispose()

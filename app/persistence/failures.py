"""What a database's failure means to a person: one translation for all of persistence."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import Unavailable

# What a database that cannot do its work raises; sqlite3's own while a connection is being opened.
FAILURES = (DBAPIError, PoolTimeout, OSError, sqlite3.Error)

_FULL = "The disk of the server is full, so nothing can be saved. Free some space; what was saved before is safe."
_LOCKED = "The database is busy with something long, so nothing can be saved now. Try again in a minute."
_READ_ONLY = "The database cannot be written to. Check who owns the data folder and its files, then try again."
_AWAY = "The database does not answer. Check that it runs; what was saved before is safe."
_BROKEN = "The database could not do this: {why}. What was saved before is safe; see the server's log."
_NO_TABLES = "The database has no tables for this version yet. Run: polycanvas migrate"

_SENTENCES = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
}


def unavailable(error: Exception) -> Unavailable:
    """Return the error to show for what a driver or SQLAlchemy raised."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # The low byte of an extended code is the primary one.
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if "no such table" in str(cause):
            return Unavailable(_NO_TABLES)
        return Unavailable(_SENTENCES.get(code, _BROKEN.format(why=str(cause))))
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or ""
    if state == "42P01":  # undefined table
        return Unavailable(_NO_TABLES)
    if state.startswith("53"):  # insufficient resources: disk full, out of memory, too many connections
        return Unavailable(_FULL if state == "53100" else _AWAY)
    if isinstance(cause, OSError | PoolTimeout) or state.startswith(("08", "57")) or not state:
        return Unavailable(_AWAY)
    return Unavailable(_BROKEN.format(why=str(cause).splitlines()[0]))


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a database raises inside the block into Unavailable; a broken constraint stays IntegrityError."""
    try:
        yield
    except IntegrityError:
        raise
    except FAILURES as error:
        raise unavailable(error) from error

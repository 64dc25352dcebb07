"""The whole installation in one file, and back: a zip with the database as SQLite and a note of what it is.

The same file comes from SQLite and from PostgreSQL and goes back into either. Making one disturbs nobody who works
meanwhile; it holds everything that was saved when it began. What must not be here: who holds the lock on the data
folder (`app.commands.restoring`), files of people such as models.toml.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from app import __version__
from app.errors import BadInput, Conflict, PolycanvasError, SettingsError
from app.persistence import migrate as migrations
from app.persistence.engine import database_url, is_sqlite, make_engine, make_thread_engine
from app.persistence.failures import FAILURES, unavailable
from app.persistence.tables import canvases, metadata
from app.settings import Settings

FORMAT = 1  # of the file; a reader refuses a higher one
NOTE = "backup.json"
ROWS = "polycanvas.db"
MAX_NOTE = 10_000  # bytes of the note that are read: a handful of fields
CHUNK_ROWS = 100  # read and written at once: the largest rows are canvases of some megabytes
COPY_BYTES = 1 << 20  # of a file at once
SPARE_BYTES = 16 << 20  # of the disk left free beside what is unpacked

_NOT_ONE = "{file} is not a backup of Polycanvas. Nothing was changed."
_CUT = "{file} is damaged or was cut off while it was copied ({why}). Take another copy. Nothing was changed."
_NEWER = (
    "{file} was made by a newer version of Polycanvas ({version}). Install that version to restore it. "
    "Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file says of itself. `made_at`: ISO 8601, UTC; `bytes`: of the database within."""

    made_at: str
    version: str
    canvases: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What `restore` did. `kept`: the backup it made of what stood there before, None when nothing did."""

    backup: Backup
    kept: Path | None


def write_backup(settings: Settings, target: Path) -> Backup:
    """Write a backup to `target`, whole or not at all; a server may go on working meanwhile.

    Raises Conflict when the file exists, SettingsError when there is nothing to back up or no place for it.
    """
    if target.exists():
        raise Conflict(f"{target} exists already; name another file.")
    found = migrations.check(settings)
    if found.standing is migrations.Standing.NEW:
        raise SettingsError("There is no database here yet, so there is nothing to back up. Check --data.")
    url = database_url(settings)
    readable = {migrations.Standing.UP_TO_DATE} | ({migrations.Standing.BEHIND} if is_sqlite(url) else set())
    if found.standing not in readable:
        raise SettingsError(found.sentence)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".polycanvas-backup-") as folder:
            rows = Path(folder) / ROWS
            if is_sqlite(url):
                _copy_sqlite(Path(url.database or ""), rows)
            else:
                _copy_postgresql(settings, rows)
            backup = _noted(rows)
            packed = Path(folder) / "packed.zip"
            _pack(backup, rows, packed)
            os.replace(packed, target)
    except OSError as error:
        raise SettingsError(f"{target} cannot be written ({error.strerror}). Name a file somewhere else.") from error
    except FAILURES as error:
        raise unavailable(error) from error
    return backup


def read_backup(file: Path) -> Backup:
    """Read a backup from end to end and return what it is. Raises BadInput, naming what is wrong with it."""
    with _opened(file) as archive:
        try:
            damaged = archive.testzip()
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BadInput(_CUT.format(file=file, why=error)) from error
        if damaged is not None:
            raise BadInput(_CUT.format(file=file, why=f"{damaged} is not what was written"))
        return _note_of(archive, file)


def restore(settings: Settings, file: Path) -> Restored:
    """Put a backup in the place of what the database holds, all or nothing; no server may run on it.

    What stood there is backed up first, into the data folder. Raises BadInput for a file that cannot be used,
    SettingsError or Unavailable when the database cannot take it; nothing is changed then.
    """
    backup = read_backup(file)
    migrations.make_folder(settings)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.data, prefix=".restoring-") as folder:
        rows = Path(folder) / ROWS
        _check_room(settings.data, backup.bytes)
        with _opened(file) as archive, archive.open(ROWS) as packed, rows.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, COPY_BYTES)
        unpacked_settings = replace(settings, database_url=f"sqlite:///{rows}")
        _check_rows(unpacked_settings, rows, file, backup)
        migrations.migrate(unpacked_settings)
        migrations.migrate(settings)
        kept = _keep(settings)
        engine = make_thread_engine(database_url(unpacked_settings))
        try:
            with engine.connect() as source:
                migrations.run(settings, lambda target: _replace_rows(source, target))
        except FAILURES as error:
            raise unavailable(error) from error
        finally:
            engine.dispose()
    return Restored(backup, kept)


def _copy_sqlite(database: Path, target: Path) -> None:
    """Copy one consistent state of a database that may be in use; its writers do not wait."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _copy_postgresql(settings: Settings, target: Path) -> None:
    """Copy one consistent state, table by table, into a new SQLite file."""
    migrations.migrate(replace(settings, database_url=f"sqlite:///{target}"))
    engine = make_thread_engine(database_url(replace(settings, database_url=f"sqlite:///{target}")))
    try:
        with engine.begin() as written:
            _read_state(settings, lambda source: _replace_rows(source, written))
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def _read_state(settings: Settings, work: Callable[[Connection], None]) -> None:
    """Run `work` on PostgreSQL in a transaction that sees one state throughout."""

    async def run() -> None:
        engine = make_engine(database_url(settings))
        try:
            async with engine.connect() as connection:
                await connection.execution_options(isolation_level="REPEATABLE READ")
                await connection.run_sync(work)
        finally:
            await engine.dispose()

    with ThreadPoolExecutor(max_workers=1) as thread:  # the caller may have an event loop of its own
        thread.submit(lambda: asyncio.run(run())).result()


def _replace_rows(source: Connection, target: Connection) -> None:
    """Make every table of `target` what it is in `source`, within the transactions that stand."""
    for table in reversed(metadata.sorted_tables):
        target.execute(table.delete())
    for table in metadata.sorted_tables:
        found = source.execute(select(table).execution_options(yield_per=CHUNK_ROWS)).mappings()
        for chunk in found.partitions():
            target.execute(table.insert(), [dict(row) for row in chunk])
    if target.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            if table.autoincrement_column is not None:
                _count_on(target, table.name, table.autoincrement_column.name)


def _count_on(target: Connection, table: str, column: str) -> None:
    """Let PostgreSQL number the next row after the last one. The names are our own."""
    target.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "
            f"(SELECT COALESCE(MAX({column}), 0) + 1 FROM {table}), false)"
        )
    )


def _noted(rows: Path) -> Backup:
    with closing(sqlite3.connect(rows)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM canvases").fetchone()
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Backup(made_at, __version__, count, rows.stat().st_size)


def _pack(backup: Backup, rows: Path, target: Path) -> None:
    note = {
        "polycanvas": "backup",
        "format": FORMAT,
        "version": backup.version,
        "made_at": backup.made_at,
        "canvases": backup.canvases,
    }
    # It holds digests of passwords and sessions: for its owner's eyes only.
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(NOTE, json.dumps(note, indent=2))
            archive.write(rows, ROWS)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            if set(archive.namelist()) != {NOTE, ROWS}:
                raise BadInput(_NOT_ONE.format(file=file))
            yield archive
    except zipfile.BadZipFile as error:
        # A zip's list of contents stands at its end, so a copy that was cut off still begins as one.
        with file.open("rb") as cut:
            begins_as_one = cut.read(4) == b"PK\x03\x04"
        if begins_as_one:
            raise BadInput(_CUT.format(file=file, why="its end is missing")) from error
        raise BadInput(_NOT_ONE.format(file=file)) from error
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}). Nothing was changed.") from error


def _note_of(archive: zipfile.ZipFile, file: Path) -> Backup:
    try:
        note = json.loads(archive.open(NOTE).read(MAX_NOTE))
        if note["polycanvas"] != "backup":
            raise ValueError("another kind of file")
        if note["format"] > FORMAT:
            raise BadInput(_NEWER.format(file=file, version=str(note["version"])[:40]))
        size = archive.getinfo(ROWS).file_size
        return Backup(str(note["made_at"])[:40], str(note["version"])[:40], int(note["canvases"]), size)
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(_NOT_ONE.format(file=file)) from error


def _check_rows(unpacked: Settings, rows: Path, file: Path, backup: Backup) -> None:
    """Raise BadInput unless the unpacked database is whole and of a version that is known here."""
    found = migrations.check(unpacked)
    if found.standing is migrations.Standing.NEWER:
        raise BadInput(_NEWER.format(file=file, version=backup.version))
    if found.standing not in {migrations.Standing.UP_TO_DATE, migrations.Standing.BEHIND}:
        raise BadInput(_NOT_ONE.format(file=file))
    with closing(sqlite3.connect(rows)) as connection:
        (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if state != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BadInput(_CUT.format(file=file, why="its database is not whole"))


def _check_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + SPARE_BYTES:
        raise SettingsError(
            f"The backup takes {size >> 20} MB, and the disk of {folder} has {free >> 20} MB free. Free some space. "
            "Nothing was changed."
        )


def _keep(settings: Settings) -> Path | None:
    """Back up what a restore is about to replace; None when there is no canvas."""
    counted: list[int] = []
    migrations.run(
        settings,
        lambda connection: counted.append(connection.execute(select(func.count()).select_from(canvases)).scalar_one()),
    )
    if counted == [0]:
        return None
    kept = settings.data / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.zip"
    try:
        write_backup(settings, kept)
    except PolycanvasError as error:
        raise SettingsError(
            f"What stands there could not be backed up first: {error.sentence} Nothing was changed."
        ) from error
    return kept

"""Backups: one file from either database, back into either; what is wrong with a file is said and changes nothing."""

import asyncio
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, select

from app.bootstrap import running
from app.cli import USAGE_ERROR, main
from app.collab.ports import NewUpdate
from app.commands.restoring import restore_waiting
from app.domain.people import SYSTEM, Origin, Role
from app.errors import BadInput, Conflict, SettingsError, Unavailable
from app.persistence import backup as backups
from app.persistence import migrate as migrations
from app.persistence.backup import NOTE, ROWS, read_backup, restore, write_backup
from app.persistence.database import Database
from app.persistence.tables import metadata
from app.settings import Settings
from tests.databases import BOTH

FILES = {"app.js": "let a = 1;\n", "notes/read me.md": "Grüße 🎨\n"}


def contents(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""

    def read(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }

    return migrations.run(settings, read)


async def fill(settings: Settings, name: str = "Ours") -> str:
    """Make a canvas with text, a member, an invite, a token and some activity; return its id."""
    async with running(settings) as services:
        owner = await services.accounts.local_owner()
        canvas = (await services.canvases.create(owner, name, FILES)).id
        await services.tokens.create(owner, "script")
        _, code = await services.invites.create(canvas, owner, Role.EDITOR)
        await services.invites.accept(code, name="Bo")
        async with services.rooms.use(canvas) as room:
            await room.write("app.js", "let a = 2;\n", Origin.of(owner))
        return canvas


async def texts(settings: Settings, canvas: str) -> dict[str, str]:
    async with running(settings) as services, services.rooms.use(canvas) as room:  # type: ignore[arg-type]
        return {path: room.read(file) for file, path in room.files().items()}


@pytest.mark.parametrize("source", BOTH)
@pytest.mark.parametrize("target", BOTH)
async def test_a_backup_of_either_database_goes_back_into_either(
    source: str, target: str, settings_by_kind: Callable[[str], Settings], tmp_path: Path
) -> None:
    ours = settings_by_kind(source)
    canvas = await fill(ours)
    file = tmp_path / "all.zip"
    made = write_backup(ours, file)
    assert (made.canvases, made.bytes > 0) == (1, True)
    assert file.stat().st_mode & 0o077 == 0, "it holds digests of passwords"

    (tmp_path / "polycanvas.db").unlink(missing_ok=True)
    theirs = replace(settings_by_kind(target), data=tmp_path / "theirs")
    if target == "sqlite":
        theirs = replace(theirs, database_url=f"sqlite:///{tmp_path / 'other.db'}")
    before = contents(ours) if source == "postgresql" else None
    assert restore(theirs, file).kept is None, "there was nothing to keep"
    if before is not None:
        assert contents(theirs) == before
    assert await texts(theirs, canvas) == {**FILES, "app.js": "let a = 2;\n"}
    # Numbers go on where they stood, so that the next row finds a free one.
    async with running(theirs) as services:
        await services.canvases.create(await services.accounts.local_owner(), "Next", {})


async def test_a_restore_keeps_what_stood_there_and_that_goes_back_too(settings: Settings, tmp_path: Path) -> None:
    first = await fill(settings, "First")
    write_backup(settings, tmp_path / "first.zip")
    second = await fill(settings, "Second")
    after = contents(settings)
    kept = restore(settings, tmp_path / "first.zip").kept
    assert kept is not None
    assert [row[0] for row in contents(settings)["canvases"]] == [first]
    restore(settings, kept)
    assert contents(settings) == after
    assert {row[0] for row in after["canvases"]} == {first, second}


async def test_a_backup_is_one_moment_while_others_write(settings: Settings, tmp_path: Path) -> None:
    """A writer commits two rows at a time all along: the backup never has one of a pair alone."""
    canvas = await fill(settings)
    database = Database(settings)

    stop = asyncio.Event()
    begun = asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            await database.log.append(canvas, [NewUpdate(b"\0\0", SYSTEM.id, {})] * 2)  # type: ignore[arg-type]
            begun.set()

    writing = asyncio.create_task(write())
    try:
        await begun.wait()
        counts = []
        for number in range(3):
            file = tmp_path / f"{number}.zip"
            await asyncio.to_thread(write_backup, settings, file)
            with zipfile.ZipFile(file) as archive:
                archive.extract(ROWS, tmp_path / "unpacked")
            with sqlite3.connect(tmp_path / "unpacked" / ROWS) as connection:
                counts.append(connection.execute("SELECT COUNT(*) FROM updates WHERE payload = x'0000'").fetchone()[0])
            connection.close()
    finally:
        stop.set()
        await writing
        await database.close()
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[0] > 0


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    migrations.migrate(settings)
    asyncio.run(fill(settings))
    return settings


@pytest.fixture
def file(ours: Settings, tmp_path: Path) -> Path:
    target = tmp_path / "all.zip"
    write_backup(ours, target)
    return target


def repacked(file: Path, **note: object) -> None:
    """Write the backup again with other words in its note."""
    with zipfile.ZipFile(file) as archive:
        said, rows = json.loads(archive.read(NOTE)), archive.read(ROWS)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NOTE, json.dumps({**said, **note}))
        archive.writestr(ROWS, rows)


def with_rows(file: Path, change: Callable[[sqlite3.Connection], object], tmp_path: Path) -> None:
    """Change the database within the backup."""
    with zipfile.ZipFile(file) as archive:
        note = archive.read(NOTE)
        archive.extract(ROWS, tmp_path)
    connection = sqlite3.connect(tmp_path / ROWS)
    change(connection)
    connection.commit()
    connection.close()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(NOTE, note)
        archive.write(tmp_path / ROWS, ROWS)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.999])
def test_a_backup_that_was_cut_off_is_refused(ours: Settings, file: Path, part: float) -> None:
    before = contents(ours)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(BadInput, match="cut off"):
        restore(ours, file)
    assert contents(ours) == before


def test_a_backup_with_one_other_byte_is_refused(ours: Settings, file: Path) -> None:
    before = contents(ours)
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 0x40
    file.write_bytes(damaged)
    with pytest.raises(BadInput, match="damaged"):
        restore(ours, file)
    assert contents(ours) == before


def test_another_file_is_not_a_backup(ours: Settings, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_text("hello")
    with pytest.raises(BadInput, match="not a backup"):
        read_backup(other)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("app.js", "let a")
    with pytest.raises(BadInput, match="not a backup"):
        read_backup(other)
    with pytest.raises(BadInput, match="cannot be read"):
        read_backup(tmp_path / "nothing.zip")


def test_a_backup_of_a_newer_version_is_refused(ours: Settings, file: Path, tmp_path: Path) -> None:
    before = contents(ours)
    with_rows(file, lambda rows: rows.execute("UPDATE alembic_version SET version_num = '9999'"), tmp_path)
    with pytest.raises(BadInput, match="newer version"):
        restore(ours, file)
    repacked(file, format=backups.FORMAT + 1, version="99.0")
    with pytest.raises(BadInput, match=r"newer version of Polycanvas \(99\.0\)"):
        restore(ours, file)
    assert contents(ours) == before


def test_a_backup_of_an_older_version_is_brought_up_to_date(ours: Settings, file: Path, tmp_path: Path) -> None:
    def age(rows: sqlite3.Connection) -> None:
        path = rows.execute("PRAGMA database_list").fetchone()[2]

        def downgrade(connection: Connection) -> None:
            config = migrations._config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")

        migrations.run(Settings(database_url=f"sqlite:///{path}"), downgrade)

    with_rows(file, age, tmp_path)
    theirs = Settings(data=tmp_path / "theirs")
    restore(theirs, file)
    assert contents(theirs)["canvases"] == contents(ours)["canvases"]


def test_rows_that_refer_to_nothing_are_refused(ours: Settings, file: Path, tmp_path: Path) -> None:
    with_rows(file, lambda rows: rows.execute("DELETE FROM canvases"), tmp_path)
    before = contents(ours)
    with pytest.raises(BadInput, match="not whole"):
        restore(ours, file)
    assert contents(ours) == before


def test_a_restore_that_fails_halfway_changes_nothing(
    ours: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database itself refuses in the middle: a table of the target has a rule that the rows break."""
    connection = sqlite3.connect(ours.data / "polycanvas.db")
    connection.execute("CREATE TRIGGER no BEFORE INSERT ON members BEGIN SELECT RAISE(ABORT, 'no room'); END")
    connection.commit()
    connection.close()
    before = contents(ours)
    with pytest.raises(Unavailable):
        restore(ours, file)
    assert contents(ours) == before


def test_a_disk_without_room_is_said_first(ours: Settings, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "SPARE_BYTES", shutil.disk_usage(ours.data).total)
    with pytest.raises(SettingsError, match="Free some space"):
        restore(ours, file)


def test_a_file_that_exists_is_never_written_over(ours: Settings, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Conflict, match="exists already"):
        write_backup(ours, file)
    assert file.read_bytes() == before


def test_a_place_that_cannot_be_written_is_said(ours: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        write_backup(ours, tmp_path / "no such folder" / "all.zip")


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing to back up"):
        write_backup(Settings(data=tmp_path / "empty"), tmp_path / "all.zip")


def test_the_commands_say_what_they_did(ours: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--data", str(ours.data)])
        out = capsys.readouterr()
        return int(ended.value.code or 0), out.out + out.err

    code, said = run("backup", str(tmp_path / "all.zip"))
    assert (code, "Backed up 1 canvas" in said) == (0, True)
    code, said = run("restore", str(tmp_path / "all.zip"))
    assert (code, "Restored 1 canvas" in said, "is kept in" in said) == (0, True, True)
    code, said = run("restore", str(tmp_path / "none.zip"))
    assert (code, "cannot be read" in said) == (USAGE_ERROR, True)


def test_a_waiting_file_that_cannot_be_used_is_set_aside_and_said(
    ours: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(ours)
    (ours.data / "restore-waiting.zip").write_text("hello")
    restore_waiting(ours)
    assert "not a backup" in capsys.readouterr().out
    assert not (ours.data / "restore-waiting.zip").exists()
    assert contents(ours) == before

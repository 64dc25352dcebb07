"""Migrations on real databases: they agree with the tables, refuse what they must, and leave nothing half done."""

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from app.errors import SettingsError, Unavailable
from app.persistence import migrate as migrations
from app.persistence.migrate import Standing, check, migrate, run
from app.persistence.tables import metadata
from app.settings import Settings
from tests.postgres import PostgresServer


def test_a_migrated_database_has_exactly_the_declared_tables(settings: Settings) -> None:
    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    assert run(settings, difference) == []


def test_the_checks_of_the_tables_are_in_the_database(settings: Settings) -> None:
    def names(connection: Connection) -> set[str | None]:
        found = inspect(connection)
        return {check["name"] for table in metadata.tables for check in found.get_check_constraints(table)}

    assert run(settings, names) == {"ck_people_kind", "ck_members_role", "ck_policies_privacy"}


def test_migrating_again_changes_nothing(settings: Settings) -> None:
    migrate(settings)
    assert check(settings).standing is Standing.UP_TO_DATE


def test_the_first_start_is_not_a_fault(tmp_path: Path) -> None:
    assert check(Settings(data=tmp_path / "none")).standing is Standing.NEW
    (tmp_path / "polycanvas.db").touch()
    assert check(Settings(data=tmp_path)).standing is Standing.NEW
    migrate(Settings(data=tmp_path))
    assert check(Settings(data=tmp_path)).standing is Standing.UP_TO_DATE


def test_the_data_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "down"
    migrate(Settings(data=folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_database_from_a_newer_version_is_refused_and_kept(settings: Settings) -> None:
    run(settings, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'")))
    checked = check(settings)
    assert checked.standing is Standing.NEWER
    with pytest.raises(SettingsError, match=r"newer version of Polycanvas \(revision ffff\)") as refused:
        migrate(settings)
    assert refused.value.sentence == checked.sentence
    version = run(settings, lambda connection: connection.execute(text("SELECT * FROM alembic_version")).scalar_one())
    assert version == "ffff"


def test_a_database_from_an_older_version_is_brought_up_to_date(settings: Settings) -> None:
    def down(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrations.SCRIPTS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    run(settings, down)
    assert run(settings, lambda connection: set(inspect(connection).get_table_names())) == {"alembic_version"}
    migrate(settings)
    assert check(settings).standing is Standing.UP_TO_DATE


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(
    settings_by_kind: Callable[[str], Settings], tmp_path: Path, postgres: PostgresServer
) -> None:
    for empty in (Settings(data=tmp_path / "new"), Settings(data=tmp_path, database_url=postgres.new_database())):
        migrations.make_folder(empty)

        def half(connection: Connection) -> None:
            migrations._upgrade(connection)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(empty, half)
        assert run(empty, lambda connection: inspect(connection).get_table_names()) == []
        migrate(empty)
        assert check(empty).standing is Standing.UP_TO_DATE


def test_a_file_that_is_not_a_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "polycanvas.db").write_bytes(b"My diary. " * 200)
    assert check(Settings(data=tmp_path)).standing is Standing.UNREADABLE
    with pytest.raises(SettingsError, match="cannot be read as a Polycanvas database"):
        migrate(Settings(data=tmp_path))
    assert (tmp_path / "polycanvas.db").read_bytes() == b"My diary. " * 200


def test_somebody_elses_database_is_refused_and_kept(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "polycanvas.db")
    other.execute("CREATE TABLE people (face BLOB)")
    other.close()
    with pytest.raises(SettingsError, match="it has a table people of something else"):
        migrate(Settings(data=tmp_path))


def test_an_unwritable_folder_is_said_so() -> None:
    with pytest.raises(SettingsError, match="cannot be written to"):
        migrate(Settings(data=Path("/proc")))  # nobody may make files there, not even root


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"cannot be made .* Name another with --data"):
        migrate(Settings(data=tmp_path / "file" / "data"))


def test_a_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=f"postgresql://nobody@/none?host={tmp_path}")
    assert check(settings).standing is Standing.UNREADABLE
    with pytest.raises(Unavailable, match="does not answer"):
        migrate(settings)


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_said_so(tmp_path: Path, postgres: PostgresServer) -> None:
    with pytest.raises(SettingsError, match=r"refused the connection: .*Check POLYCANVAS_DATABASE_URL"):
        migrate(Settings(data=tmp_path, database_url=postgres.url("not_there")))

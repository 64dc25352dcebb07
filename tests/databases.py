"""Migrated databases for tests: `settings` and `database` run each test on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.settings import Settings
from tests.postgres import PostgresServer

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite-template")
    migrate(Settings(data=folder))
    return folder / "polycanvas.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    url = postgres.new_database()
    migrate(Settings(database_url=url))
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def settings_by_kind(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Settings]:
    """Return the settings of a fresh migrated database of a kind in BOTH."""

    def make(kind: str) -> Settings:
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "polycanvas.db")
            return Settings(data=tmp_path)
        server: PostgresServer = request.getfixturevalue("postgres")
        template: str = request.getfixturevalue("postgres_template")
        return Settings(data=tmp_path, database_url=server.new_database(template))

    return make


@pytest.fixture(params=BOTH)
def settings(request: pytest.FixtureRequest, settings_by_kind: Callable[[str], Settings]) -> Settings:
    """The settings of a fresh migrated database, on SQLite and on PostgreSQL."""
    return settings_by_kind(request.param)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings)
    try:
        yield opened
    finally:
        await opened.close()

"""Accounts over migrated databases for the tests of this folder."""

import pytest

from app.persistence.database import Database
from tests.databases import (  # noqa: F401
    database,
    postgres_template,
    settings,
    settings_by_kind,
    sqlite_template,
)
from tests.postgres import postgres  # noqa: F401
from tests.unit.auth.people import Team


@pytest.fixture
def team(database: Database) -> Team:  # noqa: F811
    return Team(database)

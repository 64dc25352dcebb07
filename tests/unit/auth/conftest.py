"""Accounts over migrated databases for the tests of this folder."""

import pytest

from app.persistence.database import Database
from tests.unit.auth.people import Team


@pytest.fixture
def team(database: Database) -> Team:
    return Team(database)

"""Migrated databases for the tests of this folder."""

from tests.databases import (  # noqa: F401
    database,
    postgres_template,
    settings,
    settings_by_kind,
    sqlite_template,
)
from tests.postgres import postgres  # noqa: F401

"""Insert or replace, and insert or leave, in the one spelling that SQLite and PostgreSQL share."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Dialect, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


class _HasDialect(Protocol):
    @property
    def dialect(self) -> Dialect: ...


def upsert(connection: _HasDialect, table: Table, values: Mapping[str, Any]) -> Executable:
    """Return a statement that inserts `values`, or gives the row with the same primary key these values."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    inserted: Executable = (
        _insert(connection, table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest)
    )
    return inserted


def insert_or_leave(connection: _HasDialect, table: Table) -> Executable:
    """Return a statement that inserts rows and leaves those whose primary key is there as they are."""
    keys = [column.name for column in table.primary_key]
    inserted: Executable = _insert(connection, table).on_conflict_do_nothing(index_elements=keys)
    return inserted


def _insert(connection: _HasDialect, table: Table) -> Any:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)

"""Alembic's entry: which tables are declared, and on which connection its migrations run.

`app.persistence.migrate` hands over an open connection. Run by hand (`alembic revision --autogenerate -m "…"`,
`alembic check`), it uses the database that the environment names.
"""

from alembic import context
from sqlalchemy import Connection

from app.persistence.migrate import run
from app.persistence.tables import metadata
from app.settings import read_settings


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite alters a table by making it anew
        transactional_ddl=True,  # BEGIN was sent before, and whoever opened the connection commits
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need a database to look at; run them without --sql.")
given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    run(read_settings(), _migrate)

"""`polycanvas migrate`: bring the database up to date, without starting."""

from app.commands.lock import held
from app.settings import Settings


def migrate(settings: Settings) -> int:
    """Apply what is missing and say how the database stands."""
    from app.persistence import migrate as migrations

    with held(settings):  # never under a server that still writes the old tables
        migrations.migrate(settings)
    print(migrations.check(settings).sentence)
    return 0

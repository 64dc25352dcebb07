"""`polycanvas migrate`: bring the database up to date, without starting."""

from app.commands.lock import AlreadyRuns, held
from app.errors import SettingsError
from app.settings import Settings


def migrate(settings: Settings) -> int:
    """Apply what is missing and say how the database stands."""
    from app.persistence import migrate as migrations

    found = migrations.check(settings)
    if found.standing is not migrations.Standing.UP_TO_DATE:
        try:
            with held(settings):  # never under a server that still writes the old tables
                migrations.migrate(settings)
        except AlreadyRuns as there:
            where = f" at {there.address}" if there.address else ""
            raise SettingsError(
                f"Polycanvas runs on this data{where} with the old tables. Stop it, then: polycanvas migrate"
            ) from there
        found = migrations.check(settings)
    print(found.sentence)
    return 0

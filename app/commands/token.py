"""`polycanvas token`: an API token for programs, in the name of this installation's owner."""

import asyncio
import sys

from app.settings import Settings


def token(settings: Settings, label: str) -> int:
    """Print a new token to standard output, and nothing else there, so that a script can take it."""
    from app.persistence.migrate import migrate

    migrate(settings)
    print(asyncio.run(_make(settings, label)))
    print("This token is shown once. Send it as: Authorization: Bearer <token>", file=sys.stderr)
    return 0


async def _make(settings: Settings, label: str) -> str:
    from app.auth.accounts import Accounts
    from app.auth.sessions import Sessions
    from app.auth.tokens import Tokens
    from app.persistence.database import Database

    database = Database(settings)
    try:
        owner = await Accounts(database, Sessions(database)).local_owner()
        return (await Tokens(database).create(owner, label))[1]
    finally:
        await database.close()

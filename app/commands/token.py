"""`polycanvas token`: API tokens for programs, in the name of this installation's owner: make, list, revoke."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from app.auth.tokens import Tokens
    from app.domain.people import Person


def token(settings: Settings, label: str, *, listing: bool = False, revoke: str | None = None) -> int:
    """Print a new token to standard output, and nothing else there, so that a script can take it.

    `listing`: print id, day and label of each token instead; `revoke`: end the token with that id instead, for a
    running server too. Raises NotFound when there is none such.
    """
    from app.persistence.migrate import migrate

    migrate(settings)
    asyncio.run(_run(settings, label, listing, revoke))
    return 0


async def _run(settings: Settings, label: str, listing: bool, revoke: str | None) -> None:
    from app.auth.accounts import Accounts
    from app.auth.sessions import Sessions
    from app.auth.tokens import Tokens
    from app.persistence.database import Database

    database = Database(settings)
    try:
        owner, tokens = await Accounts(database, Sessions(database)).local_owner(), Tokens(database)
        if revoke is not None:
            await tokens.revoke(owner, revoke)
            print(f"The token {revoke} is revoked; what used it is cut off within two seconds.", file=sys.stderr)
        elif listing:
            await _list(tokens, owner)
        else:
            print((await tokens.create(owner, label))[1])
            print("This token is shown once. Send it as: Authorization: Bearer <token>", file=sys.stderr)
    finally:
        await database.close()


async def _list(tokens: "Tokens", owner: "Person") -> None:
    found = await tokens.of(owner.id)
    for one in found:
        print(f"{one.id}  {datetime.fromtimestamp(one.created_at, UTC):%Y-%m-%d}  {one.label}")
    if not found:
        print("There are no API tokens.", file=sys.stderr)

"""The frozen record of everything that the upper floors ask. Made in bootstrap, put here while the server runs.

What must not be here: making any of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.errors import Unavailable
from app.settings import Settings

if TYPE_CHECKING:
    from app.assistant.policies import CanvasPolicies
    from app.assistant.runs import Runs
    from app.auth.accounts import Accounts
    from app.auth.invites import Invites
    from app.auth.sessions import Sessions
    from app.auth.tickets import Tickets
    from app.auth.tokens import Tokens
    from app.canvases.activity import Activity
    from app.canvases.catalog import Catalog
    from app.canvases.layouts import Layouts
    from app.canvases.seen import Seen
    from app.collab.comments import Comments
    from app.collab.history.history import History
    from app.collab.provenance import Provenance
    from app.collab.rooms import Rooms
    from app.collab.suggestions import Suggestions


class Database(Protocol):
    """What the health answer asks of the store."""

    async def answers(self) -> bool:
        """Say whether the database answers now."""


class Notes(Protocol):
    """Single values that the installation remembers."""

    async def get(self, key: str) -> str | None:
        """Return a remembered value."""

    async def put(self, key: str, value: str) -> None:
        """Remember a value; durable on return."""


@dataclass(frozen=True, slots=True)
class Services:
    """One running installation."""

    settings: Settings
    database: Database
    notes: Notes
    rooms: "Rooms"
    suggestions: "Suggestions"
    comments: "Comments"
    provenance: "Provenance"
    history: "History"
    accounts: "Accounts"
    sessions: "Sessions"
    tokens: "Tokens"
    invites: "Invites"
    tickets: "Tickets"
    canvases: "Catalog"
    layouts: "Layouts"
    seen: "Seen"
    activity: "Activity"
    runs: "Runs"
    policies: "CanvasPolicies"


_running: list[Services] = []


def services() -> Services:
    """Return the running installation. Raises Unavailable while the server starts or stops."""
    if not _running:
        raise Unavailable("The server is starting or stopping; try again in a moment.")
    return _running[-1]


@contextmanager
def installed(record: Services) -> Iterator[Services]:
    """Make `record` what `services()` returns within the block."""
    _running.append(record)
    try:
        yield record
    finally:
        _running.remove(record)

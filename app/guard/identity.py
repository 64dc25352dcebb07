"""Who is behind the event that is being handled: what pages and panels ask.

What must not be here: reading the cookie (asking.py) or deciding whether an event may run (guard.py).
"""

from contextvars import ContextVar
from typing import Any

from app.domain.people import Person
from app.errors import NotSignedIn
from app.guard.asking import Asker

# Set by the guard at the start of each event; each event runs in a task of its own, so it cannot leak into another.
asking: ContextVar[Asker | None] = ContextVar("asking", default=None)


def identity_of(state: Any) -> Person:
    """Return who sent the event that `state` is handling. Raises NotSignedIn.

    `state` is taken so that a handler reads “identity_of(self)”; nothing in it is believed.
    """
    asker = asking.get()
    if asker is None:
        raise NotSignedIn("You are not signed in. Sign in and try again.")
    return asker.person


def maybe_identity_of(state: Any) -> Person | None:
    """Return who sent the event, None when they are not signed in (only in handlers allowed for anybody)."""
    asker = asking.get()
    return asker.person if asker is not None else None


def session_of(state: Any) -> str | None:
    """Return the session token behind the event; None for the owner at the keyboard."""
    asker = asking.get()
    return asker.session if asker is not None else None

"""The guard in front of every State handler, and who is asking behind a cookie.

Each public method of a Reflex State is a remote endpoint, so nothing may be called unless it is marked `@allowed`,
and who calls is read from the session cookie and the database for each event, never from an argument.
What must not be here: what a person may do in a canvas (app/domain/permissions.py and the services hold that).
"""

from app.guard.allow import allowed
from app.guard.asking import Asker, asker_of, clear_cookie, session_in, set_cookie
from app.guard.entrance import narrow_entrance
from app.guard.guard import Guard
from app.guard.identity import identity_of, maybe_identity_of, session_of

__all__ = [
    "Asker",
    "Guard",
    "allowed",
    "asker_of",
    "clear_cookie",
    "identity_of",
    "maybe_identity_of",
    "narrow_entrance",
    "session_in",
    "session_of",
    "set_cookie",
]

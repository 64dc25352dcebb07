"""Signed-in browsers: opaque secrets in a cookie, kept here as digests, each with an end.

What must not be here: cookies and requests (the web edge), passwords.
"""

import time
from dataclasses import dataclass

from app.auth.ports import AuthStore, AuthUnit, Clock
from app.auth.secrets import digest
from app.domain.people import Person
from app.ids import new_secret

SESSION_SECONDS = 30 * 24 * 3600  # a month: long enough not to nag a team, short enough that a lost laptop ends


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that just began. `token` is shown to the browser once; `seconds` is how long it holds."""

    person: Person
    token: str
    seconds: int = SESSION_SECONDS


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, store: AuthStore, clock: Clock = time.time) -> None:
        self._store = store
        self._clock = clock

    async def begin_in(self, unit: AuthUnit, person: Person, *, replacing: str | None = None) -> SignedIn:
        """Begin a session inside a transaction that is already open; the session `replacing` ends with it."""
        now = self._clock()
        await unit.sessions.remove_expired(now)
        if replacing is not None:
            await unit.sessions.remove(digest(replacing))
        token = new_secret()
        await unit.sessions.add(digest(token), person.id, at=now, expires=now + SESSION_SECONDS)
        return SignedIn(person, token)

    async def find(self, token: str) -> Person | None:
        """Return the person behind a session's secret, or None when it is unknown, ended or expired."""
        async with self._store.reading() as unit:
            return await unit.sessions.find(digest(token), self._clock())

    async def end(self, token: str) -> None:
        """End one session: signing out."""
        async with self._store.begin() as unit:
            await unit.sessions.remove(digest(token))

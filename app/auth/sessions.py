"""Signed-in browsers: opaque secrets in a cookie, kept here as digests, each with an end.

What must not be here: cookies and requests (the web edge), passwords.
"""

import time
from dataclasses import dataclass

from app.auth.ports import SESSION_ID, AuthStore, AuthUnit, Clock, WebSession
from app.auth.secrets import digest
from app.domain.audit import AuditEntry, Privileged
from app.domain.people import Person
from app.errors import NotFound
from app.ids import PersonId, new_secret

SESSION_SECONDS = 30 * 24 * 3600  # a month: long enough not to nag a team, short enough that a lost laptop ends


MAX_LISTED = 50  # signed-in browsers of one person that are shown, the newest; one has a few


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

    async def of(self, person: PersonId) -> list[WebSession]:
        """Return where a person is signed in, the newest first."""
        async with self._store.reading() as unit:
            return await unit.sessions.of(person, self._clock(), MAX_LISTED)

    async def end_one(self, person: Person, session: str) -> None:
        """End one of a person's own sessions by its id; NotFound when there is none such."""
        async with self._store.begin() as unit:
            if not await unit.sessions.remove_one(person.id, session):
                raise NotFound("You are not signed in there any more.")
            await unit.audit.add(AuditEntry(self._clock(), person.id, Privileged.SESSION_ENDED, subject=session))


def id_of(token: str) -> str:
    """Return the id under which a session is listed."""
    return digest(token)[:SESSION_ID]

"""API tokens: what a program shows instead of a session. Shown once, kept as a digest, revocable."""

import time

from app.auth.names import check_name
from app.auth.ports import ApiToken, AuthStore, Clock
from app.auth.secrets import digest
from app.domain.audit import AuditEntry, Privileged
from app.domain.people import Person
from app.errors import Forbidden, NotFound, TooMany
from app.ids import PersonId, new_id, new_secret

PREFIX = "pc_"  # lets people and secret scanners recognise a token that got out
MAX_TOKENS = 50  # of one person: more means a program makes one for every run


class Tokens:
    """Creates, finds, lists and revokes API tokens."""

    def __init__(self, store: AuthStore, clock: Clock = time.time) -> None:
        self._store = store
        self._clock = clock

    async def create(self, person: Person, label: str) -> tuple[ApiToken, str]:
        """Return a new token of `person` and its secret, which is never shown again. Members only (Forbidden)."""
        if person.kind != "member":
            raise Forbidden("A guest cannot make API tokens; ask the owner of this server for an account.")
        token = ApiToken(new_id(), check_name(label), self._clock())
        secret = PREFIX + new_secret()
        async with self._store.begin() as unit:
            if len(await unit.tokens.of(person.id)) >= MAX_TOKENS:
                raise TooMany(f"You have {MAX_TOKENS} API tokens, the most there can be; revoke one first.")
            await unit.tokens.add(token, digest(secret), person.id)
            await unit.audit.add(AuditEntry(token.created_at, person.id, Privileged.TOKEN_CREATED, subject=token.id))
        return token, secret

    async def find(self, secret: str) -> Person | None:
        """Return whose token this is, or None."""
        if not secret.startswith(PREFIX):
            return None
        async with self._store.reading() as unit:
            return await unit.tokens.find(digest(secret))

    async def of(self, person: PersonId) -> list[ApiToken]:
        """Return a person's tokens without their secrets, oldest first."""
        async with self._store.reading() as unit:
            return await unit.tokens.of(person)

    async def revoke(self, person: Person, token: str) -> None:
        """End one of a person's own tokens; NotFound when there is none such."""
        async with self._store.begin() as unit:
            if not await unit.tokens.remove(person.id, token):
                raise NotFound("You have no such API token.")
            await unit.audit.add(AuditEntry(self._clock(), person.id, Privileged.TOKEN_REVOKED, subject=token))

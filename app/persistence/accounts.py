"""The rows of people, credentials, web sessions, API tokens and notes. Queries only; no rules."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.auth.ports import SESSION_ID, Account, ApiToken, Credential, WebSession
from app.domain.people import Person
from app.ids import PersonId
from app.persistence.tables import api_tokens, credentials, notes, people, web_sessions
from app.persistence.upsert import upsert

PERSON = (people.c.id, people.c.name, people.c.hue, people.c.kind)


MAX_ASKED = 500  # values in one question: SQLite takes some thousands, and a plan for each size is kept


def batched(values: Collection[str]) -> Iterator[list[str]]:
    """Yield `values` in lists that fit into one question."""
    every = iter(values)
    while some := list(islice(every, MAX_ASKED)):
        yield some


def person_of(row: Sequence[Any]) -> Person:
    """Read a person from a row that starts with the columns of PERSON."""
    return Person(PersonId(row[0]), row[1], row[2], row[3])


class People:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, person: Person, *, owner: bool, at: float) -> None:
        values = {"id": person.id, "name": person.name, "hue": person.hue, "kind": person.kind}
        await self._connection.execute(people.insert().values(**values, owner=owner, created_at=at))

    async def get(self, person: PersonId) -> Person | None:
        row = (await self._connection.execute(select(*PERSON).where(people.c.id == person))).one_or_none()
        return row and person_of(row)

    async def rename(self, person: PersonId, name: str) -> None:
        await self._connection.execute(update(people).where(people.c.id == person).values(name=name))

    async def member_hues(self) -> list[int]:
        """Return the hues of everybody with an account."""
        return list((await self._connection.execute(select(people.c.hue).where(people.c.kind == "member"))).scalars())

    async def owner(self) -> Person | None:
        """Return the installation's first owner."""
        query = select(*PERSON).where(people.c.owner).order_by(people.c.created_at, people.c.id).limit(1)
        row = (await self._connection.execute(query)).one_or_none()
        return row and person_of(row)

    async def is_owner(self, person: PersonId) -> bool:
        found = await self._connection.execute(select(people.c.owner).where(people.c.id == person))
        return bool(found.scalar_one_or_none())

    async def accounts(self, limit: int) -> list[Account]:
        """Return everybody with an account, the first added first."""
        query = select(*PERSON, people.c.owner, people.c.created_at).where(people.c.kind == "member")
        rows = await self._connection.execute(query.order_by(people.c.created_at, people.c.id).limit(limit))
        return [Account(person_of(row), row.owner, row.created_at) for row in rows]


class Credentials:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, person: PersonId, login: str, password: str, at: float) -> None:
        values = {"person": person, "login": login, "password": password, "created_at": at}
        await self._connection.execute(credentials.insert().values(**values))

    async def find(self, login: str) -> Credential | None:
        return await self._one(credentials.c.login == login)

    async def of(self, person: PersonId) -> Credential | None:
        return await self._one(credentials.c.person == person)

    async def replace(self, person: PersonId, password: str) -> None:
        await self._connection.execute(
            update(credentials).where(credentials.c.person == person).values(password=password)
        )

    async def owner_can_sign_in(self) -> bool:
        query = select(func.count()).select_from(credentials.join(people)).where(people.c.owner)
        return bool((await self._connection.execute(query)).scalar_one())

    async def _one(self, condition: Any) -> Credential | None:
        query = select(*PERSON, credentials.c.login, credentials.c.password).join_from(credentials, people)
        row = (await self._connection.execute(query.where(condition))).one_or_none()
        return row and Credential(person_of(row), row.login, row.password)


class WebSessions:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, digest: str, person: PersonId, *, at: float, expires: float) -> None:
        values = {"digest": digest, "person": person, "created_at": at, "expires_at": expires}
        await self._connection.execute(web_sessions.insert().values(**values))

    async def find(self, digest: str, now: float) -> Person | None:
        query = select(*PERSON).join_from(web_sessions, people)
        query = query.where(web_sessions.c.digest == digest, web_sessions.c.expires_at > now)
        row = (await self._connection.execute(query)).one_or_none()
        return row and person_of(row)

    async def valid(self, digests: Collection[str], now: float) -> set[str]:
        """Return those of `digests` that stand for a session which has not ended."""
        valid: set[str] = set()
        for some in batched(digests):
            query = select(web_sessions.c.digest).where(
                web_sessions.c.digest.in_(some), web_sessions.c.expires_at > now
            )
            valid.update((await self._connection.execute(query)).scalars())
        return valid

    async def of(self, person: PersonId, now: float, limit: int) -> list[WebSession]:
        query = select(web_sessions.c.digest, web_sessions.c.created_at, web_sessions.c.expires_at)
        query = query.where(web_sessions.c.person == person, web_sessions.c.expires_at > now)
        rows = await self._connection.execute(query.order_by(web_sessions.c.created_at.desc()).limit(limit))
        return [WebSession(row.digest[:SESSION_ID], row.created_at, row.expires_at) for row in rows]

    async def remove(self, digest: str) -> None:
        await self._connection.execute(delete(web_sessions).where(web_sessions.c.digest == digest))

    async def remove_one(self, person: PersonId, session: str) -> bool:
        """End the session of `person` whose digest starts with `session`, a whole id."""
        named = func.substr(web_sessions.c.digest, 1, SESSION_ID) == session
        query = delete(web_sessions).where(web_sessions.c.person == person, named)
        return (await self._connection.execute(query)).rowcount > 0

    async def remove_all(self, person: PersonId) -> None:
        await self._connection.execute(delete(web_sessions).where(web_sessions.c.person == person))

    async def remove_expired(self, now: float) -> None:
        await self._connection.execute(delete(web_sessions).where(web_sessions.c.expires_at <= now))


class Tokens:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, token: ApiToken, digest: str, person: PersonId) -> None:
        values = {"id": token.id, "label": token.label, "created_at": token.created_at}
        await self._connection.execute(api_tokens.insert().values(**values, digest=digest, person=person))

    async def find(self, digest: str) -> Person | None:
        query = select(*PERSON).join_from(api_tokens, people).where(api_tokens.c.digest == digest)
        row = (await self._connection.execute(query)).one_or_none()
        return row and person_of(row)

    async def valid(self, digests: Collection[str]) -> set[str]:
        """Return those of `digests` that stand for a token."""
        valid: set[str] = set()
        for some in batched(digests):
            query = select(api_tokens.c.digest).where(api_tokens.c.digest.in_(some))
            valid.update((await self._connection.execute(query)).scalars())
        return valid

    async def of(self, person: PersonId) -> list[ApiToken]:
        query = select(api_tokens.c.id, api_tokens.c.label, api_tokens.c.created_at)
        query = query.where(api_tokens.c.person == person).order_by(api_tokens.c.created_at, api_tokens.c.id)
        return [ApiToken(*row) for row in await self._connection.execute(query)]

    async def remove(self, person: PersonId, token: str) -> bool:
        query = delete(api_tokens).where(api_tokens.c.person == person, api_tokens.c.id == token)
        return (await self._connection.execute(query)).rowcount > 0


class Notes:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, key: str) -> str | None:
        return (await self._connection.execute(select(notes.c.value).where(notes.c.key == key))).scalar_one_or_none()

    async def put(self, key: str, value: str) -> None:
        await self._connection.execute(upsert(self._connection, notes, {"key": key, "value": value}))

    async def remove(self, key: str) -> None:
        await self._connection.execute(delete(notes).where(notes.c.key == key))

    async def take(self, key: str, value: str) -> bool:
        """Remove a note if it says `value`; of several who try at once, one is told that it did."""
        query = delete(notes).where(notes.c.key == key, notes.c.value == value)
        return (await self._connection.execute(query)).rowcount > 0

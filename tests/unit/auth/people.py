"""Accounts over a real database, with a clock to turn and live rooms that note what they are told."""

from dataclasses import dataclass, field

from argon2 import PasswordHasher

from app.auth.accounts import Accounts
from app.auth.attempts import Attempts
from app.auth.invites import Invites
from app.auth.passwords import Passwords
from app.auth.sessions import Sessions, SignedIn
from app.auth.tokens import Tokens
from app.domain.audit import Privileged
from app.domain.people import Person, Role
from app.ids import CanvasId, PersonId
from app.persistence.database import Database

CANVAS = CanvasId("cccccccccccc")
PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # real argon2id, in a millisecond


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class NotedRooms:
    told: list[tuple[str, str, Role | None]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    async def change_role(self, canvas: CanvasId, person: PersonId, role: Role | None) -> None:
        self.told.append((canvas, person, role))

    async def drop(self, canvas: CanvasId) -> None:
        self.dropped.append(canvas)


class Team:
    """Everything about accounts, wired as the server does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.live = NotedRooms()
        self.sessions = Sessions(database, self.clock)
        self.attempts = Attempts(self.clock)
        self.accounts = Accounts(database, self.sessions, Passwords(CHEAP), self.attempts, self.clock)
        self.tokens = Tokens(database, self.clock)
        self.invites = Invites(database, self.sessions, self.live, self.clock)

    async def set_up(self) -> SignedIn:
        code = await self.accounts.new_set_up_code()
        assert code is not None
        return await self.accounts.set_up(code, "Ana", PASSWORD)

    async def canvas(self, owner: Person, canvas: CanvasId = CANVAS) -> CanvasId:
        async with self.database.begin() as unit:
            await unit.canvases.add(canvas, "Canvas", owner.id, self.clock())
            await unit.members.put(canvas, owner.id, Role.OWNER, invite=None, at=self.clock())
        return canvas

    async def role(self, person: Person, canvas: CanvasId = CANVAS) -> Role | None:
        async with self.database.reading() as unit:
            return await unit.members.role(canvas, person.id)

    async def audited(self) -> list[Privileged]:
        async with self.database.reading() as unit:
            return [entry.action for entry in reversed(await unit.audit.recent(100))]

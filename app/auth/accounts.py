"""Who has an account: the first owner's set-up, members with name and password, and the owner at the keyboard.

What must not be here: cookies, pages, roles in canvases.
"""

import asyncio
import time

from app.auth.attempts import Attempts
from app.auth.hues import next_hue
from app.auth.keyboard import name_at_keyboard
from app.auth.names import check_name, fold_name
from app.auth.passwords import Passwords
from app.auth.ports import Account, AuthStore, AuthUnit, Clock
from app.auth.secrets import digest
from app.auth.sessions import Sessions, SignedIn
from app.domain.audit import AuditEntry, Privileged
from app.domain.people import Person
from app.errors import BadInput, Conflict, Forbidden, NotSignedIn
from app.ids import PersonId, new_id, new_secret

SET_UP = "set-up"  # the note that holds the digest of the one set-up code

MAX_LISTED = 500  # accounts that the owner sees; a team has 30
_ONLY_OWNER = "Only the owner of this server can {}."
_WRONG = "That name and password do not belong together. Check both and try again."
_NO_SET_UP = "This set-up link does not work any more. Restart the server to get a new one, or sign in."


class Accounts:
    """Sets up, signs in and adds members."""

    def __init__(
        self,
        store: AuthStore,
        sessions: Sessions,
        passwords: Passwords | None = None,
        attempts: Attempts | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._passwords = passwords or Passwords()
        self._attempts = attempts or Attempts()
        self._clock = clock
        self._local: Person | None = None
        self._local_turn = asyncio.Lock()

    async def local_owner(self) -> Person:
        """Return the owner of this installation, made on first use: who acts on loopback without signing in."""
        async with self._local_turn:
            if self._local is None:
                async with self._store.begin() as unit:
                    self._local = await unit.people.owner() or await self._add(unit, name_at_keyboard(), owner=True)
            return self._local

    async def get(self, person: PersonId) -> Person | None:
        """Return a person by id."""
        async with self._store.reading() as unit:
            return await unit.people.get(person)

    async def rename(self, person: Person, name: str) -> Person:
        """Give a person another name from now on; what they did keeps the old one, and so does signing in.

        Raises BadInput when the name cannot be used.
        """
        renamed = Person(person.id, check_name(name), person.hue, person.kind)
        async with self._store.begin() as unit:
            await unit.people.rename(person.id, renamed.name)
        if self._local is not None and self._local.id == person.id:
            self._local = renamed
        return renamed

    async def new_set_up_code(self) -> str | None:
        """Return a fresh one-time set-up code when no owner can sign in yet, else None. Earlier codes stop working."""
        async with self._store.begin() as unit:
            if await unit.credentials.owner_can_sign_in():
                await unit.notes.remove(SET_UP)
                return None
            code = new_secret()
            await unit.notes.put(SET_UP, digest(code))
            return code

    async def set_up_open(self, code: str) -> bool:
        """Say whether a set-up code works, for the page that asks for name and password."""
        async with self._store.reading() as unit:
            return await unit.notes.get(SET_UP) == digest(code)

    async def set_up(self, code: str, name: str, password: str, *, session: str | None = None) -> SignedIn:
        """Give the owner a name and a password, sign them in and spend the code.

        An owner who worked on loopback before keeps their canvases. Raises Forbidden when the code does not work,
        BadInput when the name or password cannot be used.
        """
        clean, login = check_name(name), fold_name(name)
        self._passwords.check(password)
        if not await self.set_up_open(code):
            raise Forbidden(_NO_SET_UP)
        hashed = await self._passwords.hash(password)
        now = self._clock()
        async with self._store.begin() as unit:
            if not await unit.notes.take(SET_UP, digest(code)):
                raise Forbidden(_NO_SET_UP)
            owner = await unit.people.owner()
            if owner is None:
                owner = await self._add(unit, clean, owner=True)
            else:
                await unit.people.rename(owner.id, clean)
                owner = Person(owner.id, clean, owner.hue)
            await unit.credentials.add(owner.id, login, hashed, now)
            await unit.audit.add(AuditEntry(now, owner.id, Privileged.SET_UP))
            begun = await self._sessions.begin_in(unit, owner, replacing=session)
        self._local = owner
        return begun

    async def add_member(self, by: Person, name: str, password: str) -> Person:
        """Add an account. Only an owner of the installation may (Forbidden); Conflict when the name is taken."""
        clean, login = check_name(name), fold_name(name)
        self._passwords.check(password)
        async with self._store.reading() as unit:
            if not await unit.people.is_owner(by.id):  # before the hash, which costs
                raise Forbidden(_ONLY_OWNER.format("add accounts"))
        hashed = await self._passwords.hash(password)
        now = self._clock()
        async with self._store.begin() as unit:
            if await unit.credentials.find(login) is not None:
                raise Conflict(f"There is already an account called {clean}. Choose another name.")
            person = await self._add(unit, clean, owner=False)
            await unit.credentials.add(person.id, login, hashed, now)
            await unit.audit.add(AuditEntry(now, by.id, Privileged.MEMBER_ADDED, subject=person.id))
            return person

    async def all(self, by: Person) -> list[Account]:
        """Return everybody with an account, the first added first. Owners of the installation only (Forbidden)."""
        async with self._store.reading() as unit:
            if not await unit.people.is_owner(by.id):
                raise Forbidden(_ONLY_OWNER.format("see the accounts"))
            return await unit.people.accounts(MAX_LISTED)

    async def owns_server(self, person: Person) -> bool:
        """Say whether a person is an owner of the installation, who may add accounts."""
        async with self._store.reading() as unit:
            return await unit.people.is_owner(person.id)

    async def login_of(self, person: Person) -> str | None:
        """Return the name a person signs in with, in its folded form; None while they have no password."""
        async with self._store.reading() as unit:
            known = await unit.credentials.of(person.id)
        return known.login if known else None

    async def sign_in(self, name: str, password: str, address: str, *, session: str | None = None) -> SignedIn:
        """Begin a session; the browser's old one, `session`, ends. `address` is where the request came from.

        Raises NotSignedIn when name and password do not belong together (known name or not, in the same time) and
        TooMany, saying how long to wait, after too many attempts.
        """
        try:
            login = fold_name(name)
        except BadInput:
            login = ""
        self._attempts.count(login, address)
        async with self._store.reading() as unit:
            known = await unit.credentials.find(login)
        if not await self._passwords.verify(known.password if known else None, password) or known is None:
            raise NotSignedIn(_WRONG)
        self._attempts.succeeded(login, address)
        fresh = await self._passwords.hash(password) if self._passwords.outdated(known.password) else None
        async with self._store.begin() as unit:
            if fresh is not None:
                await unit.credentials.replace(known.person.id, fresh)
            await unit.audit.add(AuditEntry(self._clock(), known.person.id, Privileged.SIGNED_IN))
            return await self._sessions.begin_in(unit, known.person, replacing=session)

    async def change_password(self, person: Person, old: str, new: str, address: str) -> SignedIn:
        """Change one's own password; every session ends and a new one begins. NotSignedIn when `old` is wrong."""
        self._passwords.check(new)
        async with self._store.reading() as unit:
            known = await unit.credentials.of(person.id)
        account = known.login if known else person.id
        self._attempts.count(account, address)
        if not await self._passwords.verify(known.password if known else None, old):
            raise NotSignedIn("The old password is not right. Check it and try again.")
        self._attempts.succeeded(account, address)
        hashed = await self._passwords.hash(new)
        async with self._store.begin() as unit:
            await unit.credentials.replace(person.id, hashed)
            await unit.sessions.remove_all(person.id)
            await unit.audit.add(AuditEntry(self._clock(), person.id, Privileged.PASSWORD_CHANGED))
            return await self._sessions.begin_in(unit, person)

    async def _add(self, unit: AuthUnit, name: str, *, owner: bool) -> Person:
        person = Person(PersonId(new_id()), name, next_hue(await unit.people.member_hues()))
        await unit.people.add(person, owner=owner, at=self._clock())
        return person

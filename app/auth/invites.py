"""Invite links: one canvas, one role, an end; accepted as a member or as a guest with a name.

What must not be here: addresses of pages (the web edge makes the link from the code).
"""

import time
from dataclasses import dataclass

from app.auth.hues import next_hue
from app.auth.names import check_name
from app.auth.ports import AuthStore, AuthUnit, Clock, Invite, LiveRooms
from app.auth.secrets import digest
from app.auth.sessions import Sessions, SignedIn
from app.domain.audit import AuditEntry, Privileged
from app.domain.people import Person, Role
from app.domain.permissions import Right, higher, may_invite_as, require
from app.errors import Forbidden, NotFound, TooMany
from app.ids import CanvasId, InviteId, PersonId, new_id, new_secret

INVITE_SECONDS = 14 * 24 * 3600  # two weeks: a team joins within days, and a forgotten link closes by itself
MAX_INVITES = 100  # live links of one canvas: what a person can still look through
MAX_MEMBERS = 500  # of one canvas: a large class; a link that got out must not fill the database with guests

_GONE = "This invite link does not work any more. Ask whoever sent it for a new one."


@dataclass(frozen=True, slots=True)
class Joined:
    """What accepting an invite gave. `session` is there when a guest was made and must be remembered."""

    canvas: CanvasId
    person: Person
    role: Role
    session: SignedIn | None = None


class Invites:
    """Makes, lists, revokes and accepts invite links."""

    def __init__(self, store: AuthStore, sessions: Sessions, live: LiveRooms, clock: Clock = time.time) -> None:
        self._store = store
        self._sessions = sessions
        self._live = live
        self._clock = clock

    async def create(
        self, canvas: CanvasId, by: Person, role: Role, *, seconds: float = INVITE_SECONDS
    ) -> tuple[Invite, str]:
        """Return a new invite and its code, which is never shown again.

        Raises NotFound when `by` is not in the canvas, Forbidden when they may not invite people as `role`.
        """
        now = self._clock()
        invite = Invite(InviteId(new_id()), canvas, role, by.id, now, now + min(seconds, INVITE_SECONDS))
        code = new_secret()
        async with self._store.begin() as unit:
            own = await self._role(unit, canvas, by, Right.INVITE)
            if not may_invite_as(own, role):
                raise Forbidden(f"You are {own.value} here and cannot invite somebody as {role.value}; choose less.")
            if len(await unit.invites.of(canvas, now)) >= MAX_INVITES:
                raise TooMany(f"This canvas has {MAX_INVITES} invite links, the most there can be; revoke one first.")
            await unit.invites.add(invite, digest(code))
            await unit.audit.add(AuditEntry(now, by.id, Privileged.INVITE_CREATED, canvas, f"{invite.id} {role}"))
        return invite, code

    async def of(self, canvas: CanvasId, by: Person) -> list[Invite]:
        """Return the links of a canvas that still work, oldest first, without their codes."""
        async with self._store.reading() as unit:
            await self._role(unit, canvas, by, Right.SEE_INVITES)
            return await unit.invites.of(canvas, self._clock())

    async def look(self, code: str) -> Invite:
        """Return the invite behind a code, for the page that asks for a name; NotFound when it does not work."""
        async with self._store.reading() as unit:
            return await self._find(unit, code)

    async def accept(
        self, code: str, *, name: str | None = None, person: Person | None = None, session: str | None = None
    ) -> Joined:
        """Let somebody in: `person` when they are signed in, else a new guest called `name`.

        Somebody already in the canvas keeps the higher role. `session` is the browser's old secret, which a new one
        replaces. Raises NotFound when the link does not work, BadInput when the name cannot be used,
        TooMany when the canvas is full.
        """
        now = self._clock()
        checked = None if person is not None else check_name(name or "")
        begun = None
        async with self._store.begin() as unit:
            invite = await self._find(unit, code, hold=True)
            before = None if person is None else await unit.members.role(invite.canvas, person.id)
            hues = await unit.members.hues(invite.canvas)
            if before is None and len(hues) >= MAX_MEMBERS:
                raise TooMany(
                    f"This canvas has {MAX_MEMBERS} members, the most there can be; an owner must remove some."
                )
            if person is None:
                person = Person(PersonId(new_id()), checked or "", next_hue(hues), "guest")
                await unit.people.add(person, owner=False, at=now)
                begun = await self._sessions.begin_in(unit, person, replacing=session)
            role = invite.role if before is None else higher(before, invite.role)
            if role is not before:
                await unit.members.put(invite.canvas, person.id, role, invite=invite.id, at=now)
                await unit.audit.add(
                    AuditEntry(now, person.id, Privileged.INVITE_ACCEPTED, invite.canvas, f"{invite.id} {role}")
                )
        if before is not None and role is not before:
            await self._live.change_role(invite.canvas, person.id, role)
        return Joined(invite.canvas, person, role, begun)

    async def revoke(self, canvas: CanvasId, by: Person, invite: InviteId) -> list[PersonId]:
        """End a link, and take everybody out of the canvas who has their role from it; return who they were.

        Whoever an owner has given a role by hand since then stays. Their sockets close at once.
        """
        async with self._store.begin() as unit:
            await self._role(unit, canvas, by, Right.REVOKE_INVITES)
            # The link first: this waits for whoever is coming in through it right now, so that they go too.
            if not await unit.invites.remove(canvas, invite):
                raise NotFound("This canvas has no such invite link.")
            gone = await unit.members.remove_joined_by(invite)
            await unit.audit.add(AuditEntry(self._clock(), by.id, Privileged.INVITE_REVOKED, canvas, invite))
            for person in gone:
                await unit.audit.add(AuditEntry(self._clock(), by.id, Privileged.MEMBER_REMOVED, canvas, person))
        for person in gone:
            await self._live.change_role(canvas, person, None)
        return gone

    async def _find(self, unit: AuthUnit, code: str, *, hold: bool = False) -> Invite:
        invite = await unit.invites.find(digest(code), self._clock(), hold=hold)
        if invite is None:
            raise NotFound(_GONE)
        return invite

    @staticmethod
    async def _role(unit: AuthUnit, canvas: CanvasId, person: Person, right: Right) -> Role:
        role = await unit.members.role(canvas, person.id)
        if role is None:
            raise NotFound("There is no such canvas, or you are not in it.")
        require(role, right)
        return role

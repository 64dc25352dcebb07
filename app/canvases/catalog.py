"""The catalogue of canvases: which there are, who belongs to them with which role.

What must not be here: text (the rooms), invite links (accounts), layouts.
"""

import time
import unicodedata
from collections.abc import Awaitable, Callable, Mapping

from app.canvases.ports import (
    Canvas,
    CanvasMember,
    CanvasOverview,
    CanvasStore,
    CanvasUnit,
    Clock,
    LiveRooms,
    TextStore,
)
from app.domain.audit import AuditEntry, Privileged
from app.domain.files import MAX_CANVAS_BYTES, MAX_FILES, check_path, check_text
from app.domain.people import SYSTEM, Person, Role
from app.domain.permissions import Right, require
from app.errors import BadInput, Conflict, Forbidden, NotFound, TooLarge, TooMany
from app.ids import CanvasId, PersonId, new_id

MAX_NAME = 80  # characters: one line of the list and of the top bar
MAX_CANVASES = 1_000  # that one person is in: what a list answers in one piece


class Catalog:
    """Makes, lists, renames and deletes canvases, and keeps their members."""

    def __init__(self, store: CanvasStore, texts: TextStore, live: LiveRooms, clock: Clock = time.time) -> None:
        self._store = store
        self._texts = texts
        self._live = live
        self._clock = clock

    async def create(self, by: Person, name: str, files: Mapping[str, str] | None = None) -> Canvas:
        """Make a canvas owned by `by` with `files` (path → text).

        Raises Forbidden for guests, BadInput or TooLarge naming what is wrong with the name or a file.
        """
        texts = check_files(files or {})
        return await self.adopt(by, name, lambda canvas: self._texts.create(canvas, texts, SYSTEM))

    async def adopt(
        self, by: Person, name: str, fill: Callable[[CanvasId], Awaitable[None]], subject: str = ""
    ) -> Canvas:
        """Make a canvas owned by `by` whose text `fill` stores; `subject`: what the audit log says of it.

        Raises Forbidden for guests, BadInput for a name that cannot be used, TooMany, and what `fill` raises.
        """
        await self.check_may_make(by)
        clean = check_canvas_name(name)
        canvas, now = CanvasId(new_id()), self._clock()
        # The text first: if the power goes between the two, there is text that nobody sees, never a canvas without.
        await fill(canvas)
        async with self._store.begin() as unit:
            await unit.canvases.add(canvas, clean, by.id, now)
            await unit.members.put(canvas, by.id, Role.OWNER, invite=None, at=now)
            await unit.audit.add(AuditEntry(now, by.id, Privileged.CANVAS_CREATED, canvas, subject))
        return Canvas(canvas, clean, Role.OWNER, now)

    async def check_may_make(self, by: Person) -> None:
        """Raise Forbidden for guests, TooMany for whoever is in as many canvases as one may be."""
        if by.kind != "member":
            raise Forbidden("A guest cannot make canvases; ask the owner of this server for an account.")
        async with self._store.reading() as unit:
            if len(await unit.canvases.of(by.id)) >= MAX_CANVASES:
                raise TooMany(f"You are in {MAX_CANVASES:,} canvases, the most there can be; delete some first.")

    async def of(self, person: Person) -> list[Canvas]:
        """Return the canvases a person is in, newest first."""
        async with self._store.reading() as unit:
            return await unit.canvases.of(person.id)

    async def overview(self, person: Person, faces: int) -> list[CanvasOverview]:
        """Return the canvases a person is in, the last changed first, each with the hues of `faces` members."""
        async with self._store.reading() as unit:
            return await unit.canvases.overview(person.id, faces)

    async def get(self, canvas: CanvasId, person: Person) -> Canvas:
        """Return a canvas as a person sees it; NotFound when they are not in it, as when there is none.

        Forbidden when they were taken out of it: there, and below.
        """
        async with self._store.reading() as unit:
            return await self._get(unit, canvas, person.id)

    async def require(self, canvas: CanvasId, person: Person, right: Right) -> Role:
        """Return the person's role when it has `right`; NotFound when they are not in the canvas, else Forbidden."""
        async with self._store.reading() as unit:
            role = await unit.members.role(canvas, person.id)
            if role is None:
                raise await _outside(unit, canvas, person.id)
        require(role, right)
        return role

    async def rename(self, canvas: CanvasId, by: Person, name: str) -> Canvas:
        """Give a canvas another name."""
        clean = check_canvas_name(name)
        async with self._store.begin() as unit:
            await self._allow(unit, canvas, by, Right.RENAME)
            await unit.canvases.rename(canvas, clean)
            return await self._get(unit, canvas, by.id)

    async def delete(self, canvas: CanvasId, by: Person) -> None:
        """Delete a canvas with its text, history, members and links, and close its sockets."""
        async with self._store.begin() as unit:
            await self._allow(unit, canvas, by, Right.DELETE)
            await unit.canvases.remove(canvas)
            await unit.audit.add(AuditEntry(self._clock(), by.id, Privileged.CANVAS_DELETED, canvas))
        await self._live.drop(canvas)

    async def members(self, canvas: CanvasId, by: Person) -> list[CanvasMember]:
        """Return who belongs to a canvas, longest first."""
        async with self._store.reading() as unit:
            await self._allow(unit, canvas, by, Right.READ)
            return await unit.members.of(canvas)

    async def change_role(self, canvas: CanvasId, by: Person, person: PersonId, role: Role) -> None:
        """Give a member another role, in the store and on their open sockets.

        Raises NotFound when they are not in the canvas, Conflict when that would leave it without an owner.
        """
        async with self._store.begin() as unit:
            before = await self._other(unit, canvas, by, person, Right.MANAGE_MEMBERS)
            if before.person.kind == "guest" and role is Role.OWNER:
                raise Forbidden("A guest cannot own a canvas; they need an account first.")
            if role is not Role.OWNER:
                await self._keep_an_owner(unit, canvas, person)
            now = self._clock()
            await unit.members.put(canvas, person, role, invite=None, at=now)
            await unit.audit.add(AuditEntry(now, by.id, Privileged.ROLE_CHANGED, canvas, f"{person} {role}"))
        await self._live.change_role(canvas, person, role)

    async def remove_member(self, canvas: CanvasId, by: Person, person: PersonId) -> None:
        """Take a member out and close their sockets. Everybody may take themselves out; Conflict for the last owner."""
        async with self._store.begin() as unit:
            await self._other(unit, canvas, by, person, Right.READ if person == by.id else Right.MANAGE_MEMBERS)
            await self._keep_an_owner(unit, canvas, person)
            await unit.members.remove(canvas, person)
            await unit.audit.add(AuditEntry(self._clock(), by.id, Privileged.MEMBER_REMOVED, canvas, person))
        await self._live.change_role(canvas, person, None)

    @staticmethod
    async def _get(unit: CanvasUnit, canvas: CanvasId, person: PersonId) -> Canvas:
        found = await unit.canvases.get(canvas, person)
        if found is None:
            raise await _outside(unit, canvas, person)
        return found

    @staticmethod
    async def _allow(unit: CanvasUnit, canvas: CanvasId, by: Person, right: Right) -> None:
        role = await unit.members.role(canvas, by.id)
        if role is None:
            raise await _outside(unit, canvas, by.id)
        require(role, right)

    async def _other(
        self, unit: CanvasUnit, canvas: CanvasId, by: Person, person: PersonId, right: Right
    ) -> CanvasMember:
        await self._allow(unit, canvas, by, right)
        for member in await unit.members.of(canvas):
            if member.person.id == person:
                return member
        raise NotFound("This canvas has no such member.")

    @staticmethod
    async def _keep_an_owner(unit: CanvasUnit, canvas: CanvasId, person: PersonId) -> None:
        await unit.members.lock(canvas)  # or two owners could step down at the same moment
        members = await unit.members.of(canvas)
        if all(member.person.id == person for member in members if member.role is Role.OWNER):
            raise Conflict("A canvas needs an owner. Make somebody else an owner first.")


def check_canvas_name(name: str) -> str:
    """Return a canvas's name with single spaces, or raise BadInput."""
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean or len(clean) > MAX_NAME:
        raise BadInput(f"A canvas needs a name of 1 to {MAX_NAME} characters.")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\u200c\u200d" for c in clean):
        raise BadInput("The name of a canvas may not contain control or invisible characters.")
    return clean


def check_files(files: Mapping[str, str]) -> dict[str, str]:
    """Return `files` with paths in their one form; BadInput or TooLarge names the first that cannot be used."""
    if len(files) > MAX_FILES:
        raise TooLarge(f"A canvas may have at most {MAX_FILES:,} files; these are {len(files):,}.")
    checked: dict[str, str] = {}
    total = 0
    for path, text in files.items():
        clean = check_path(path)
        if clean in checked:
            raise BadInput(f"{clean} is there twice.")
        checked[clean] = check_text(text, clean)
        total += len(text.encode("utf-8"))
    if total > MAX_CANVAS_BYTES:
        raise TooLarge(f"A canvas may have at most {MAX_CANVAS_BYTES:,} bytes of text; these files have {total:,}.")
    return checked


async def _outside(unit: CanvasUnit, canvas: CanvasId, person: PersonId) -> NotFound | Forbidden:
    """Return why somebody is not in a canvas: whoever was in it may know that there is one, nobody else."""
    by = await unit.audit.taken_out_by(canvas, person)
    if by is None:
        return NotFound("There is no such canvas, or you are not in it.")
    if by == person:
        return Forbidden("You left this canvas. Ask an owner for a new invite to come back.")
    return Forbidden("Your access to this canvas was taken back. Ask an owner for a new invite.")

"""People: who belongs to the canvas and with which role, and the links that let others in.

One State serves the panel and the share dialog. What must not be here: who is here just now (presence).
"""

# Reflex copies a State's defaults for each State: a list there is not shared.
# ruff: noqa: RUF012

from collections import Counter
from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.domain.people import Role
from app.domain.permissions import RIGHTS, Right, allows, may_invite_as
from app.errors import BadInput
from app.guard import allowed, identity_of
from app.ids import CanvasId, InviteId, PersonId
from app.panels.canvas import CanvasState
from app.panels.told import told
from app.services import services
from components.people import member_out, member_presence
from components.provenance import who_wrote
from components.shell import copy_field, dialog, people_watch, when

ROLES = {
    Role.OWNER: "Owner: everything, also members and links",
    Role.EDITOR: "Editor: types, runs, accepts",
    Role.COMMENTER: "Commenter: reads and comments",
    Role.VIEWER: "Viewer: looks on",
}


@dataclass
class MemberRow:
    """Somebody in the canvas. `may_go`: whether they may be taken out, which the only owner may not.

    `link`: the link they came by, while it works, else ""; `others`: who else is here through it alone.
    """

    id: str
    name: str
    letters: str
    hue: int
    role: str
    guest: bool
    me: bool
    may_go: bool
    link: str
    others: int


@dataclass
class InviteRow:
    """A link that works. `expires` is seconds since 1970."""

    id: str
    role: str
    expires: float


class PeopleState(rx.State):
    """Members and links, and the link just made, whose address is never shown again."""

    members: list[MemberRow] = []
    invites: list[InviteRow] = []
    grants: list[str] = []
    grant: str = "editor"
    link: str = ""
    may_manage: bool = False
    may_invite: bool = False
    may_revoke: bool = False
    problem: str = ""

    @rx.event
    @allowed()
    @told
    async def refresh(self) -> None:
        """Read members and links anew."""
        await self._read()

    @rx.event
    @allowed()
    @told
    async def share(self) -> None:
        """Open the share dialog: as it stands, without an old link."""
        self.link = ""
        await self._read()

    @rx.event
    @allowed()
    async def choose(self, role: str) -> None:
        """Choose what a new link gives."""
        self.grant, self.link = (role if role in self.grants else self.grant), ""

    @rx.event
    @allowed()
    @told
    async def invite(self) -> None:
        """Make a link."""
        _, code = await services().invites.create(await self._canvas(), identity_of(self), read_role(self.grant))
        self.link = f"{self.router.url.origin}/join/{code}"
        await self._read()

    @rx.event
    @allowed()
    @told
    async def revoke(self, invite: str) -> None:
        """End a link; who came by it alone leaves."""
        await services().invites.revoke(await self._canvas(), identity_of(self), InviteId(invite))
        self.link = ""
        await self._read()

    @rx.event
    @allowed()
    @told
    async def change_role(self, person: str, role: str) -> None:
        """Give a member another role."""
        by = identity_of(self)
        await services().canvases.change_role(await self._canvas(), by, PersonId(person), read_role(role))
        await self._read()

    @rx.event
    @allowed()
    @told
    async def remove(self, person: str, end: bool = False) -> None:
        """Take a member out; `end`: and then the link that they came by, so that it does not let them in again."""
        canvas, by = await self._canvas(), identity_of(self)
        # The link as it is now: the list on the page may be older.
        found = next((one for one in await services().canvases.members(canvas, by) if one.person.id == person), None)
        await services().canvases.remove_member(canvas, by, PersonId(person))
        if end and found is not None and found.invite is not None:
            await services().invites.revoke(canvas, by, found.invite)
        await self._read()

    async def _canvas(self) -> CanvasId:
        return CanvasId(await self.get_var_value(CanvasState.canvas))

    async def _read(self) -> None:
        canvas, person, running = await self._canvas(), identity_of(self), services()
        role = await running.canvases.require(canvas, person, Right.READ)
        members = await running.canvases.members(canvas, person)
        owners = sum(1 for one in members if one.role is Role.OWNER)
        sees = allows(role, Right.SEE_INVITES)
        invites = await running.invites.of(canvas, person) if sees else []
        works = {one.id for one in invites}
        through = Counter(one.invite for one in members if one.invite in works)
        self.members = [
            MemberRow(
                one.person.id,
                one.person.name,
                letters(one.person.name),
                one.person.hue,
                one.role.value,
                one.person.kind == "guest",
                one.person.id == person.id,
                one.role is not Role.OWNER or owners > 1,
                one.invite if one.invite in works else "",
                through[one.invite] - 1 if one.invite in works else 0,
            )
            for one in members
        ]
        self.invites = [InviteRow(one.id, one.role.value, one.expires_at) for one in invites]
        self.grants = [one.value for one in RIGHTS if may_invite_as(role, one)]
        self.may_manage = allows(role, Right.MANAGE_MEMBERS)
        self.may_invite, self.may_revoke = bool(self.grants), allows(role, Right.REVOKE_INVITES)


def read_role(word: str) -> Role:
    """Return the role that `word` names, or raise BadInput."""
    try:
        return Role(word)
    except ValueError:
        raise BadInput("There is no such role. Choose one from the list.") from None


def letters(name: str) -> str:
    """Return the two letters of a face: of the first and last word, or the first two of a single one."""
    words = name.split()
    return (words[0][:1] + words[-1][:1] if len(words) > 1 else name.strip()[:2]).upper() or "?"


def _options(roles: list[Role]) -> list[rx.Component]:
    return [rx.el.option(role.value.capitalize(), value=role.value) for role in roles]


def _member(row: Any) -> rx.Component:
    S: Any = PeopleState
    note = rx.cond(row.me, rx.cond(row.guest, "(you), guest", "(you)"), rx.cond(row.guest, "guest", ""))
    name = rx.el.span(member_presence(person=row.id, name=row.name, note=note), class_name="pc-member-name")
    role = rx.cond(
        S.may_manage,
        rx.el.select(
            *_options(list(Role)),
            value=row.role,
            on_change=lambda chosen: S.change_role(row.id, chosen),
            aria_label=f"Role of {row.name}",
            class_name="pc-select pc-select-quiet pc-member-role",
        ),
        rx.el.span(row.role.capitalize(), class_name="pc-member-role"),
    )
    out = member_out(
        person=row.id,
        name=row.name,
        me=row.me,
        ends=S.may_revoke & (row.link != ""),
        others=row.others,
        links=S.invites.length() > 0,
        on_out=S.remove,
    )
    return rx.el.li(
        rx.el.span(row.letters, class_name="pc-face who", style={"--hue": row.hue}, aria_hidden="true"),
        name,
        rx.cond((S.may_manage | row.me) & row.may_go, out, rx.el.span()),
        role,
        class_name="pc-member",
    )


def _invite(row: Any) -> rx.Component:
    S: Any = PeopleState
    return rx.el.li(
        rx.el.b(row.role.capitalize()),
        rx.el.span("until ", when(at=row.expires), class_name="pc-grow pc-cut"),
        rx.cond(
            S.may_revoke,
            rx.el.button(
                "Revoke",
                type="button",
                class_name="pc-button pc-button-sm",
                title="End this link. Whoever came in by it alone leaves.",
                on_click=S.revoke(row.id),
            ),
        ),
    )


def _problem() -> rx.Component:
    said = rx.el.p(PeopleState.problem, class_name="pc-empty pc-bad", role="alert")
    return rx.cond(PeopleState.problem != "", said)


def people() -> rx.Component:
    """The panel."""
    S: Any = PeopleState
    links = rx.fragment(
        rx.el.h2("Invite links"),
        rx.el.ul(rx.foreach(S.invites, _invite), class_name="pc-lines", style={"padding": "0 var(--space-3)"}),
    )
    return rx.el.section(
        people_watch(on_change=S.refresh),
        _problem(),
        rx.el.h2("Members"),
        rx.el.ul(rx.foreach(S.members, _member)),
        rx.cond(S.invites.length() > 0, links),
        rx.el.h2("Who wrote this"),
        who_wrote(),
        class_name="pc-panel pc-people",
        aria_label="People",
        tab_index=0,
    )


def share_dialog() -> rx.Component:
    """The dialog behind Share: choose what the link gives, make it, copy it."""
    S: Any = PeopleState
    choice = rx.el.label(
        "Whoever opens the link becomes",
        rx.el.select(
            *[
                rx.cond(S.grants.contains(role.value), rx.el.option(words, value=role.value))
                for role, words in ROLES.items()
            ],
            value=S.grant,
            on_change=S.choose,
        ),
        class_name="pc-field pc-grow",
    )
    make = rx.el.button("Make a link", type="button", class_name="pc-button pc-button-go", on_click=S.invite)
    made = rx.el.div(
        copy_field(label="Invite link", value=S.link),
        rx.el.p(
            "This address is shown once. It works for anybody who has it, until it is revoked.", class_name="pc-faint"
        ),
        class_name="pc-stack-sm",
    )
    new = rx.el.div(
        rx.el.div(choice, class_name="pc-row-gap"),
        rx.cond(S.link != "", made, rx.el.div(make)),
        class_name="pc-stack",
    )
    may_not = rx.el.p("Your role here may not make links. Ask an owner to invite people.", class_name="pc-soft")
    listed = rx.el.div(
        rx.el.h3("Links that work", class_name="pc-faint"),
        rx.el.ul(rx.foreach(S.invites, _invite), class_name="pc-lines"),
    )
    content = rx.el.div(
        _problem(),
        rx.cond(S.may_invite, new, may_not),
        rx.cond(S.invites.length() > 0, listed),
        class_name="pc-stack",
    )
    return dialog(content, name="share", title="Share this canvas", on_open=S.share)

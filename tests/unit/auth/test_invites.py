"""Invite links: who may make them, what they give, and what ends with them."""

import asyncio

import pytest

from app.auth.invites import INVITE_SECONDS, MAX_INVITES
from app.domain.audit import Privileged
from app.domain.people import Role
from app.errors import BadInput, Forbidden, NotFound, TooMany
from app.ids import CanvasId
from tests.unit.auth.people import CANVAS, PASSWORD, Team

OTHER = CanvasId("dddddddddddd")


async def test_a_guest_comes_in_with_a_name_and_a_session(team: Team) -> None:
    ana = (await team.set_up()).person
    await team.canvas(ana)
    invite, code = await team.invites.create(CANVAS, ana, Role.EDITOR)
    assert await team.invites.look(code) == invite
    joined = await team.invites.accept(code, name="  Bob  B. ")
    assert (joined.person.name, joined.person.kind, joined.role) == ("Bob B.", "guest", Role.EDITOR)
    assert joined.session is not None
    assert await team.sessions.find(joined.session.token) == joined.person
    assert await team.role(joined.person) is Role.EDITOR
    assert await team.audited() == [Privileged.SET_UP, Privileged.INVITE_CREATED, Privileged.INVITE_ACCEPTED]


async def test_a_member_comes_in_as_themselves_and_keeps_the_higher_role(team: Team) -> None:
    ana = (await team.set_up()).person
    bob = await team.accounts.add_member(ana, "Bob", PASSWORD)
    await team.canvas(ana)
    _, viewer = await team.invites.create(CANVAS, ana, Role.VIEWER)
    _, editor = await team.invites.create(CANVAS, ana, Role.EDITOR)
    assert (await team.invites.accept(viewer, person=bob)).session is None
    assert team.live.told == []
    assert (await team.invites.accept(editor, person=bob)).role is Role.EDITOR
    assert team.live.told == [(CANVAS, bob.id, Role.EDITOR)]
    assert (await team.invites.accept(viewer, person=bob)).role is Role.EDITOR
    assert (await team.invites.accept(viewer, person=ana)).role is Role.OWNER
    assert await team.role(ana) is Role.OWNER


async def test_people_in_a_canvas_get_different_colours(team: Team) -> None:
    ana = (await team.set_up()).person
    await team.canvas(ana)
    _, code = await team.invites.create(CANVAS, ana, Role.EDITOR)
    hues = [ana.hue] + [(await team.invites.accept(code, name=f"Guest {n}")).person.hue for n in range(12)]
    assert min((a - b) % 360 for a in hues for b in hues if a is not b and a != b) >= 10
    assert len(set(hues)) == 13


@pytest.mark.parametrize("code", ["", "made-up", "\ud800", "a" * 26])
async def test_a_code_that_was_never_given_does_not_work(team: Team, code: str) -> None:
    with pytest.raises(NotFound, match="does not work any more"):
        await team.invites.accept(code, name="Bob")
    with pytest.raises(NotFound):
        await team.invites.look(code)


async def test_an_invite_expires(team: Team) -> None:
    ana = (await team.set_up()).person
    await team.canvas(ana)
    short, code = await team.invites.create(CANVAS, ana, Role.EDITOR, seconds=60)
    longest, _ = await team.invites.create(CANVAS, ana, Role.EDITOR, seconds=10 * INVITE_SECONDS)
    assert longest.expires_at == team.clock.now + INVITE_SECONDS
    assert await team.invites.of(CANVAS, ana) in ([short, longest], [longest, short])
    team.clock.now += 60
    with pytest.raises(NotFound):
        await team.invites.accept(code, name="Bob")
    assert await team.invites.of(CANVAS, ana) == [longest]


async def test_a_name_that_cannot_be_used_makes_nobody(team: Team) -> None:
    ana = (await team.set_up()).person
    await team.canvas(ana)
    _, code = await team.invites.create(CANVAS, ana, Role.EDITOR)
    for name in (None, "", "\u202eevil"):
        with pytest.raises(BadInput):
            await team.invites.accept(code, name=name)
    async with team.database.reading() as unit:
        assert len(await unit.members.of(CANVAS)) == 1


async def test_revoking_ends_the_link_and_whoever_is_in_through_it_alone(team: Team) -> None:
    ana = (await team.set_up()).person
    await team.canvas(ana)
    invite, code = await team.invites.create(CANVAS, ana, Role.EDITOR)
    _, other = await team.invites.create(CANVAS, ana, Role.EDITOR)
    bob = (await team.invites.accept(code, name="Bob")).person
    eve = (await team.invites.accept(code, name="Eve")).person
    kim = (await team.invites.accept(other, name="Kim")).person
    async with team.database.begin() as unit:  # an owner gave Eve a role by hand
        await unit.members.put(CANVAS, eve.id, Role.COMMENTER, invite=None, at=0)
    assert await team.invites.revoke(CANVAS, ana, invite.id) == [bob.id]
    assert team.live.told == [(CANVAS, bob.id, None)]
    assert [await team.role(person) for person in (ana, bob, eve, kim)] == [
        Role.OWNER,
        None,
        Role.COMMENTER,
        Role.EDITOR,
    ]
    with pytest.raises(NotFound):
        await team.invites.accept(code, name="Zoe")
    with pytest.raises(NotFound, match="no such invite"):
        await team.invites.revoke(CANVAS, ana, invite.id)


async def test_a_link_of_another_canvas_cannot_be_revoked_from_here(team: Team) -> None:
    ana = (await team.set_up()).person
    bob = await team.accounts.add_member(ana, "Bob", PASSWORD)
    await team.canvas(ana)
    await team.canvas(bob, OTHER)
    invite, code = await team.invites.create(CANVAS, ana, Role.EDITOR)
    guest = (await team.invites.accept(code, name="Guest")).person
    with pytest.raises(NotFound):
        await team.invites.revoke(OTHER, bob, invite.id)
    assert await team.role(guest) is Role.EDITOR
    assert team.live.told == []


async def test_who_may_invite_whom(team: Team) -> None:
    ana = (await team.set_up()).person
    await team.canvas(ana)
    _, code = await team.invites.create(CANVAS, ana, Role.EDITOR)
    editor = (await team.invites.accept(code, name="Editor")).person
    _, code = await team.invites.create(CANVAS, editor, Role.VIEWER)
    viewer = (await team.invites.accept(code, name="Viewer")).person
    for by, role in ((ana, Role.OWNER), (editor, Role.OWNER), (viewer, Role.VIEWER)):
        with pytest.raises(Forbidden):
            await team.invites.create(CANVAS, by, role)
    with pytest.raises(Forbidden):
        await team.invites.of(CANVAS, viewer)
    stranger = await team.accounts.add_member(ana, "Stranger", PASSWORD)
    with pytest.raises(NotFound):
        await team.invites.create(CANVAS, stranger, Role.VIEWER)
    with pytest.raises(NotFound):
        await team.invites.of(CANVAS, stranger)


async def test_members_are_bounded(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.auth.invites.MAX_MEMBERS", 2)
    ana = (await team.set_up()).person
    await team.canvas(ana)
    _, code = await team.invites.create(CANVAS, ana, Role.VIEWER)
    bob = (await team.invites.accept(code, name="Bob")).person
    with pytest.raises(TooMany, match="an owner must remove some"):
        await team.invites.accept(code, name="Eve")
    assert (await team.invites.accept(code, person=bob)).role is Role.VIEWER


async def test_links_are_bounded(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.auth.invites.MAX_INVITES", 2)
    assert MAX_INVITES == 100
    ana = (await team.set_up()).person
    await team.canvas(ana)
    await asyncio.gather(*(team.invites.create(CANVAS, ana, Role.VIEWER) for _ in range(2)))
    with pytest.raises(TooMany, match="revoke one first"):
        await team.invites.create(CANVAS, ana, Role.VIEWER)

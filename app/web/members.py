"""Routes of who belongs to a canvas, and of the links that let people in."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.auth.ports import Invite
from app.ids import CanvasId, InviteId, PersonId
from app.services import Services
from app.web.identity import Running, Who, base_of
from app.web.schemas import RoleBody
from app.web.stamps import person_json, stamp
from app.web.telling import tell

router = APIRouter()


async def _name(running: Services, person: PersonId) -> str:
    known = await running.accounts.get(person)
    return known.name if known is not None else ""


def _invite_json(invite: Invite) -> dict[str, Any]:
    return {"id": invite.id, "role": invite.role.value, "expires_at": stamp(invite.expires_at)}


@router.get("/canvases/{canvas}/members", summary="Who belongs to a canvas")
async def members(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return the members, longest first."""
    found = await running.canvases.members(canvas, who)
    return {"members": [person_json(m.person) | {"role": m.role.value, "since": stamp(m.since)} for m in found]}


@router.patch("/canvases/{canvas}/members/{person}", status_code=204, summary="Change a member's role")
async def change_role(canvas: CanvasId, person: PersonId, body: RoleBody, who: Who, running: Running) -> Response:
    """Give a member another role; their open editors follow at once."""
    await running.canvases.change_role(canvas, who, person, body.role)
    await tell(running, canvas, who, "role-changed", name=await _name(running, person), role=body.role.value)
    return Response(status_code=204)


@router.delete("/canvases/{canvas}/members/{person}", status_code=204, summary="Take a member out")
async def remove(canvas: CanvasId, person: PersonId, who: Who, running: Running) -> Response:
    """Take a member out; their open editors close at once. Everybody may take themselves out."""
    await running.canvases.remove_member(canvas, who, person)
    await tell(running, canvas, who, "member-removed", name=await _name(running, person))
    return Response(status_code=204)


@router.post("/canvases/{canvas}/invites", status_code=201, summary="Make an invite link")
async def invite(canvas: CanvasId, body: RoleBody, request: Request, who: Who, running: Running) -> dict[str, Any]:
    """Return a link for one role. The link is shown this once."""
    made, code = await running.invites.create(canvas, who, body.role)
    return _invite_json(made) | {"url": f"{base_of(request, running)}/join/{code}"}


@router.get("/canvases/{canvas}/invites", summary="List the invite links")
async def invites(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return the links that still work, without their codes."""
    return {"invites": [_invite_json(one) for one in await running.invites.of(canvas, who)]}


@router.delete("/canvases/{canvas}/invites/{invite}", status_code=204, summary="End an invite link")
async def revoke(canvas: CanvasId, invite: InviteId, who: Who, running: Running) -> Response:
    """End a link, and with it the stay of everybody who is here through it alone."""
    await running.invites.revoke(canvas, who, invite)
    return Response(status_code=204)

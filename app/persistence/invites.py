"""The rows of invite links. Queries only; no rules."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.auth.ports import Invite
from app.domain.people import Role
from app.ids import CanvasId, InviteId, PersonId
from app.persistence.tables import invites

_INVITE = (invites.c.id, invites.c.canvas, invites.c.role, invites.c.created_by, invites.c.created_at)


class Invites:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, invite: Invite, digest: str) -> None:
        await self._connection.execute(
            invites.insert().values(
                id=invite.id,
                digest=digest,
                canvas=invite.canvas,
                role=invite.role,
                created_by=invite.by,
                created_at=invite.created_at,
                expires_at=invite.expires_at,
            )
        )

    async def find(self, digest: str, now: float, *, hold: bool = False) -> Invite | None:
        """Return the invite that works now. `hold`: nobody can remove it until this unit ends."""
        query = select(*_INVITE, invites.c.expires_at).where(invites.c.digest == digest, invites.c.expires_at > now)
        if hold:
            query = query.with_for_update(read=True)
        row = (await self._connection.execute(query)).one_or_none()
        return row and _invite(*row)

    async def of(self, canvas: CanvasId, now: float) -> list[Invite]:
        """Return the links of a canvas that still work, oldest first."""
        query = select(*_INVITE, invites.c.expires_at).where(invites.c.canvas == canvas, invites.c.expires_at > now)
        query = query.order_by(invites.c.created_at, invites.c.id)
        return [_invite(*row) for row in await self._connection.execute(query)]

    async def remove(self, canvas: CanvasId, invite: InviteId) -> bool:
        query = delete(invites).where(invites.c.canvas == canvas, invites.c.id == invite)
        return (await self._connection.execute(query)).rowcount > 0


def _invite(id_: str, canvas: str, role: str, by: str, created_at: float, expires_at: float) -> Invite:
    return Invite(InviteId(id_), CanvasId(canvas), Role(role), PersonId(by), created_at, expires_at)

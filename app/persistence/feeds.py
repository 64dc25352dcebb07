"""The rows of activity feeds and of the audit log. Queries only; no rules."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.canvases.ports import ActivityEntry
from app.domain.audit import AuditEntry, Privileged
from app.ids import CanvasId, PersonId
from app.persistence.tables import activity, audit, canvases

MAX_READ = 100_000  # entries read to learn why somebody is not in a canvas: years of a team, milliseconds of the disk


class ActivityFeed:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, canvas: CanvasId, by: Mapping[str, Any], kind: str, detail: str, at: float) -> None:
        """Add an entry; `detail` is JSON text."""
        values = {"canvas": canvas, "at": at, "by": json.dumps(dict(by)), "kind": kind, "detail": detail}
        await self._connection.execute(activity.insert().values(**values))

    async def recent(self, canvas: CanvasId, limit: int) -> list[ActivityEntry]:
        query = select(activity.c.id, activity.c.at, activity.c.by, activity.c.kind, activity.c.detail)
        query = query.where(activity.c.canvas == canvas).order_by(activity.c.id.desc()).limit(limit)
        return [
            ActivityEntry(id_, at, json.loads(by), kind, json.loads(detail))
            for id_, at, by, kind, detail in await self._connection.execute(query)
        ]

    async def trim(self, canvas: CanvasId, keep: int) -> None:
        """Remove all but the newest `keep` entries of a canvas."""
        oldest = select(activity.c.id).where(activity.c.canvas == canvas)
        oldest = oldest.order_by(activity.c.id.desc()).offset(keep).limit(1)
        await self._connection.execute(
            delete(activity).where(activity.c.canvas == canvas, activity.c.id <= oldest.scalar_subquery())
        )


class AuditLog:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entry: AuditEntry) -> None:
        await self._connection.execute(
            audit.insert().values(
                at=entry.at, person=entry.person, action=entry.action, canvas=entry.canvas, subject=entry.subject
            )
        )

    async def taken_out_by(self, canvas: CanvasId, person: PersonId) -> PersonId | None:
        """Return who last took a person out of a canvas that there still is; None when nobody did lately."""
        newest = select(func.max(audit.c.id)).scalar_subquery()
        query = (
            select(audit.c.person)
            .join(canvases, canvases.c.id == audit.c.canvas)
            .where(audit.c.id > newest - MAX_READ, audit.c.canvas == canvas, audit.c.subject == person)
            .where(audit.c.action == Privileged.MEMBER_REMOVED)
            .order_by(audit.c.id.desc())
            .limit(1)
        )
        by = (await self._connection.execute(query)).scalar_one_or_none()
        return by and PersonId(by)

    async def recent(self, limit: int) -> list[AuditEntry]:
        """Return the newest entries, newest first."""
        query = select(audit.c.at, audit.c.person, audit.c.action, audit.c.canvas, audit.c.subject)
        return [
            AuditEntry(at, PersonId(person), Privileged(action), canvas and CanvasId(canvas), subject)
            for at, person, action, canvas, subject in await self._connection.execute(
                query.order_by(audit.c.id.desc()).limit(limit)
            )
        ]

"""The rows of canvases, their members, people's layouts and what they have seen. Queries only; no rules."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.canvases.ports import Canvas, CanvasMember, CanvasOverview
from app.domain.layout import Device
from app.domain.people import Role
from app.ids import CanvasId, InviteId, PersonId
from app.persistence.accounts import PERSON, person_of
from app.persistence.tables import activity, canvases, layouts, members, people, seen_comments, snapshots
from app.persistence.upsert import insert_or_leave, upsert

_CANVAS = (canvases.c.id, canvases.c.name, members.c.role, canvases.c.created_at)


class Canvases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, canvas: CanvasId, name: str, by: PersonId, at: float) -> None:
        await self._connection.execute(canvases.insert().values(id=canvas, name=name, created_by=by, created_at=at))

    async def get(self, canvas: CanvasId, person: PersonId) -> Canvas | None:
        """Return a canvas if `person` is in it."""
        query = select(*_CANVAS).join_from(canvases, members)
        query = query.where(canvases.c.id == canvas, members.c.person == person)
        row = (await self._connection.execute(query)).one_or_none()
        return row and _canvas(*row)

    async def of(self, person: PersonId) -> list[Canvas]:
        """Return the canvases `person` is in, newest first."""
        query = select(*_CANVAS).join_from(canvases, members).where(members.c.person == person)
        query = query.order_by(canvases.c.created_at.desc(), canvases.c.id)
        return [_canvas(*row) for row in await self._connection.execute(query)]

    async def overview(self, person: PersonId, faces: int) -> list[CanvasOverview]:
        """Return the canvases `person` is in with their first members' hues, the last changed first. Two queries."""
        last = select(activity.c.canvas, func.max(activity.c.at).label("at")).group_by(activity.c.canvas).subquery()
        mine = select(members.c.canvas).where(members.c.person == person)
        changed = func.coalesce(last.c.at, canvases.c.created_at)
        query = select(*_CANVAS, changed).join_from(canvases, members).outerjoin(last, last.c.canvas == canvases.c.id)
        query = query.where(members.c.person == person).order_by(changed.desc(), canvases.c.id)
        turn = func.row_number().over(partition_by=members.c.canvas, order_by=(members.c.since, members.c.person))
        ranked = select(members.c.canvas, people.c.hue, turn.label("turn")).join_from(members, people)
        ranked_mine = ranked.where(members.c.canvas.in_(mine)).subquery()
        first = select(ranked_mine.c.canvas, ranked_mine.c.hue).where(ranked_mine.c.turn <= faces)
        hues: defaultdict[str, list[int]] = defaultdict(list)
        for canvas, hue in await self._connection.execute(first.order_by(ranked_mine.c.canvas, ranked_mine.c.turn)):
            hues[canvas].append(hue)
        rows = await self._connection.execute(query)
        return [CanvasOverview(_canvas(*row[:4]), tuple(hues[row[0]]), row[4]) for row in rows]

    async def rename(self, canvas: CanvasId, name: str) -> None:
        await self._connection.execute(update(canvases).where(canvases.c.id == canvas).values(name=name))

    async def remove(self, canvas: CanvasId) -> None:
        """Remove a canvas with everything of it: text, history, members, links, layouts, runs, activity."""
        await self._connection.execute(delete(canvases).where(canvases.c.id == canvas))
        await self._connection.execute(delete(snapshots).where(snapshots.c.canvas == canvas))


class Members:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def role(self, canvas: CanvasId, person: PersonId) -> Role | None:
        query = select(members.c.role).where(members.c.canvas == canvas, members.c.person == person)
        role = (await self._connection.execute(query)).scalar_one_or_none()
        return role and Role(role)

    async def of(self, canvas: CanvasId) -> list[CanvasMember]:
        """Return a canvas's members, longest first."""
        query = select(*PERSON, members.c.role, members.c.since, members.c.invite).join_from(members, people)
        query = query.where(members.c.canvas == canvas).order_by(members.c.since, people.c.id)
        return [
            CanvasMember(person_of(row), Role(row.role), row.since, row.invite and InviteId(row.invite))
            for row in await self._connection.execute(query)
        ]

    async def hues(self, canvas: CanvasId) -> list[int]:
        query = select(people.c.hue).join_from(members, people).where(members.c.canvas == canvas)
        return list((await self._connection.execute(query)).scalars())

    async def put(self, canvas: CanvasId, person: PersonId, role: Role, *, invite: InviteId | None, at: float) -> None:
        """Give `person` a role in a canvas. Whoever is in it already keeps the time since when."""
        changed = await self._connection.execute(
            update(members)
            .where(members.c.canvas == canvas, members.c.person == person)
            .values(role=role, invite=invite)
        )
        if changed.rowcount == 0:
            values = {"canvas": canvas, "person": person, "role": role, "invite": invite, "since": at}
            await self._connection.execute(members.insert().values(**values))

    async def remove(self, canvas: CanvasId, person: PersonId) -> None:
        await self._connection.execute(delete(members).where(members.c.canvas == canvas, members.c.person == person))

    async def remove_joined_by(self, invite: InviteId) -> list[PersonId]:
        """Take out whoever has their role from `invite`; return who."""
        query = delete(members).where(members.c.invite == invite).returning(members.c.person)
        return [PersonId(person) for person in (await self._connection.execute(query)).scalars()]

    async def lock(self, canvas: CanvasId) -> None:
        """Let no other unit change this canvas's members until this one ends (SQLite has one writer anyway)."""
        await self._connection.execute(select(canvases.c.id).where(canvases.c.id == canvas).with_for_update())


class Layouts:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, person: PersonId, canvas: CanvasId, device: Device) -> str | None:
        query = select(layouts.c.layout).where(
            layouts.c.person == person, layouts.c.canvas == canvas, layouts.c.device == device
        )
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def put(self, person: PersonId, canvas: CanvasId, device: Device, text: str, at: float) -> None:
        values = {"person": person, "canvas": canvas, "device": device, "layout": text, "at": at}
        await self._connection.execute(upsert(self._connection, layouts, values))

    async def remove(self, person: PersonId, canvas: CanvasId, device: Device) -> None:
        await self._connection.execute(
            delete(layouts).where(layouts.c.person == person, layouts.c.canvas == canvas, layouts.c.device == device)
        )


class SeenComments:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, person: PersonId, canvas: CanvasId) -> list[str]:
        """Return the ids, the oldest first."""
        query = select(seen_comments.c.comment).where(
            seen_comments.c.person == person, seen_comments.c.canvas == canvas
        )
        query = query.order_by(seen_comments.c.at, seen_comments.c.comment)
        return list((await self._connection.execute(query)).scalars())

    async def add(self, person: PersonId, canvas: CanvasId, comments: Sequence[str], at: float) -> None:
        """Add those that are not there yet."""
        rows = [{"person": person, "canvas": canvas, "comment": one, "at": at} for one in dict.fromkeys(comments)]
        if rows:
            await self._connection.execute(insert_or_leave(self._connection, seen_comments), rows)

    async def remove(self, person: PersonId, canvas: CanvasId, comments: Sequence[str]) -> None:
        await self._connection.execute(
            delete(seen_comments).where(
                seen_comments.c.person == person,
                seen_comments.c.canvas == canvas,
                seen_comments.c.comment.in_(comments),
            )
        )


def _canvas(id_: str, name: str, role: str, created_at: float) -> Canvas:
    return Canvas(CanvasId(id_), name, Role(role), created_at)

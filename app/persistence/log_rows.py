"""The update log's rows: what is read and written within one transaction that somebody else opened.

Plain functions on a synchronous connection, so that a thread (SQLite) and an async engine (PostgreSQL) can run the
same ones. What must not be here: grouping, threads, tasks.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, func, select, update

from app.collab.ports import Damaged, LoggedUpdate, NewUpdate, StoredRoom
from app.domain.people import SYSTEM, Origin
from app.errors import Conflict, NotFound
from app.ids import CanvasId
from app.persistence.rebuilding import rebuilt
from app.persistence.soundness import is_sound, sum_of
from app.persistence.tables import client_bindings, keyframes, snapshots, updates
from app.persistence.upsert import insert_or_leave

_HEAD = select(
    select(snapshots.c.seq).where(snapshots.c.canvas == bindparam("canvas")).scalar_subquery(),
    select(func.max(updates.c.seq)).where(updates.c.canvas == bindparam("canvas")).scalar_subquery(),
)
_APPEND = updates.insert()
_DAMAGED = (
    "The stored text of this canvas is damaged, so it is not opened and nothing of it is changed. Restore it from a "
    "backup with polycanvas restore; pages that are open keep what they have."
)


def not_found() -> NotFound:
    """Return the error for a canvas that the log does not have."""
    return NotFound("There is no such canvas; it may have been deleted.")


def read_head(connection: Connection, canvas: CanvasId) -> int:
    """Return the seq of the last update of a canvas, 0 when it has none yet. Raises NotFound."""
    covered: int | None
    last: int | None
    covered, last = connection.execute(_HEAD, {"canvas": canvas}).one()
    if covered is None:
        raise not_found()
    return max(covered, last or 0)


def create_rows(
    connection: Connection, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin], at: float
) -> None:
    """Write the first state of a canvas. Raises Conflict when it has one."""
    made = connection.execute(
        insert_or_leave(connection, snapshots), [{"canvas": canvas, "seq": 0, "at": at, **_summed(snapshot)}]
    )
    if made.rowcount == 0:
        raise Conflict("This canvas has text already.")
    bind_rows(connection, canvas, clients)


def append_rows(connection: Connection, rows: Sequence[tuple[CanvasId, int, NewUpdate]], at: float) -> None:
    """Write updates, each with its canvas and seq, and the client ids first seen with them."""
    connection.execute(
        _APPEND,
        [
            {"canvas": canvas, "seq": seq, "at": at, "author": new.author, "note": new.note, **_summed(new.payload)}
            for canvas, seq, new in rows
        ],
    )
    for canvas, _, new in rows:
        if new.clients:
            bind_rows(connection, canvas, new.clients)


def bind_rows(connection: Connection, canvas: CanvasId, clients: Mapping[int, Origin]) -> None:
    """Write whose the client ids are. An id that is bound stays bound to whom it was."""
    if clients:
        connection.execute(
            insert_or_leave(connection, client_bindings),
            [
                {"canvas": canvas, "client": client, "origin": json.dumps(origin.to_json(), ensure_ascii=False)}
                for client, origin in clients.items()
            ],
        )


def compact_rows(connection: Connection, canvas: CanvasId, seq: int, snapshot: bytes, at: float) -> None:
    """Replace the snapshot unless there is one as new; the first one stays as the history's base. Raises NotFound."""
    head = read_head(connection, canvas)
    if seq > head:
        raise ValueError(f"A snapshot up to {seq} was offered for a canvas whose last update is {head}.")
    older = snapshots.c.canvas == canvas, snapshots.c.seq <= seq  # one of the same seq stands for a damaged one
    if (found := connection.execute(select(snapshots.c.seq).where(*older)).first()) is not None:
        if found.seq < seq:
            keep_base(connection, canvas)
        connection.execute(update(snapshots).where(*older).values(seq=seq, at=at, **_summed(snapshot)))


def keep_base(connection: Connection, canvas: CanvasId) -> None:
    """Keep the snapshot that is about to be replaced as the history's base, unless it has one."""
    if connection.execute(select(keyframes.c.seq).where(keyframes.c.canvas == canvas)).first() is None:
        columns = snapshots.c.canvas, snapshots.c.seq, snapshots.c.at, snapshots.c.payload, snapshots.c.sum
        kept = connection.execute(select(*columns).where(snapshots.c.canvas == canvas)).mappings().one()
        connection.execute(keyframes.insert().values(**kept))


def load_rows(connection: Connection, canvas: CanvasId) -> StoredRoom:
    """Read a canvas: its snapshot, the updates after it, and whose its client ids are.

    Rows that are not what was written are named and left out; instead of such a snapshot there is an older state and
    the history since. Raises NotFound, or Damaged when there is none.
    """
    found = connection.execute(
        select(snapshots.c.payload, snapshots.c.seq, snapshots.c.sum).where(snapshots.c.canvas == canvas)
    ).one_or_none()
    if found is None:
        raise not_found()
    snapshot, covered, stored_sum = found
    refused: list[str] = []
    sound: list[LoggedUpdate] = []
    begins = covered
    if not is_sound(snapshot, stored_sum):
        refused.append(f"the snapshot up to update {covered}")
        found_again = rebuilt(connection, canvas, covered, refused)
        if found_again is None:
            raise Damaged(_DAMAGED)
        snapshot, begins, sound = found_again
    later = select(updates.c.seq, updates.c.at, updates.c.author, updates.c.payload, updates.c.sum)
    later = later.where(updates.c.canvas == canvas, updates.c.seq > covered).order_by(updates.c.seq)
    for seq, at, author, payload, stored_sum in connection.execute(later):
        if is_sound(payload, stored_sum):
            sound.append(LoggedUpdate(seq, at, author, payload))
        else:
            refused.append(f"update {seq}")
    clients = read_clients(connection, canvas, refused)
    return StoredRoom(snapshot, begins, sound, clients, tuple(refused))


def read_clients(connection: Connection, canvas: CanvasId, refused: list[str]) -> dict[int, Origin]:
    """Return whose the client ids are; one that cannot be read is named in `refused` and is the server's."""
    bound = select(client_bindings.c.client, client_bindings.c.origin).where(client_bindings.c.canvas == canvas)
    clients: dict[int, Origin] = {}
    for client, origin in connection.execute(bound):
        try:
            clients[client] = Origin.from_json(json.loads(origin))
        except (ValueError, KeyError, TypeError, AttributeError):
            clients[client] = SYSTEM  # nobody's: otherwise somebody else could write under it
            refused.append(f"the owner of client {client}")
    return clients


def _summed(payload: bytes) -> dict[str, object]:
    return {"payload": payload, "sum": sum_of(payload)}

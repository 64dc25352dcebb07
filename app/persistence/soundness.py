"""Is a stored payload still what was written? Each row has the CRC-32 of its payload beside it.

A disk or a copy that changes a bit must not reach pycrdt, which trusts its input with the process's life. What must
not be here: what to do about a row that is not sound (see `log_rows` and `app.collab.salvage`).
"""

import zlib
from collections.abc import Iterator

from sqlalchemy import Connection, Table, select

from app.collab.lib0 import Malformed
from app.collab.structs import read_update
from app.ids import CanvasId
from app.persistence.tables import keyframes, moments, snapshots, updates

_ROWS = (
    (updates, "update"),
    (moments, "in the history, the moment up to update"),
    (keyframes, "in the history, the state at update"),
)
_PAGE = 200  # rows that are in memory at once while everything is looked through


def sum_of(payload: bytes) -> int:
    """Return what is stored beside a payload."""
    return zlib.crc32(payload)


def is_sound(payload: bytes, stored_sum: int | None) -> bool:
    """Say whether a payload is what was written; one from before sums were kept (None) is read through instead."""
    if stored_sum is not None:
        return zlib.crc32(payload) == stored_sum
    try:
        read_update(payload, own=True)
    except Malformed:
        return False
    return True


def damaged_rows(connection: Connection) -> Iterator[tuple[CanvasId, str]]:
    """Give the canvas of each damaged row and which it is, reading every payload that is stored."""
    for canvas in list(connection.execute(select(snapshots.c.canvas).order_by(snapshots.c.canvas)).scalars()):
        payload, stored_sum, seq = connection.execute(
            select(snapshots.c.payload, snapshots.c.sum, snapshots.c.seq).where(snapshots.c.canvas == canvas)
        ).one()
        if not is_sound(payload, stored_sum):
            yield canvas, f"the snapshot up to update {seq}"
        for table, name in _ROWS:
            for seq in _damaged_in(connection, table, canvas):
                yield canvas, f"{name} {seq}"


def _damaged_in(connection: Connection, table: Table, canvas: CanvasId) -> Iterator[int]:
    last = -1
    while True:
        page = select(table.c.seq, table.c.payload, table.c.sum).order_by(table.c.seq).limit(_PAGE)
        rows = connection.execute(page.where(table.c.canvas == canvas, table.c.seq > last)).all()
        if not rows:
            return
        for seq, payload, stored_sum in rows:
            if not is_sound(payload, stored_sum):
                yield seq
        last = rows[-1].seq

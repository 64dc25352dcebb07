"""A canvas whose snapshot is damaged, put together again from its history: a keyframe, and all that came after it.

What must not be here: the everyday way (see `log_rows`).
"""

from sqlalchemy import Connection, select

from app.collab.ports import LoggedUpdate
from app.ids import CanvasId
from app.persistence.soundness import is_sound
from app.persistence.tables import keyframes, moments, updates


def rebuilt(
    connection: Connection, canvas: CanvasId, covered: int, refused: list[str]
) -> tuple[bytes, int, list[LoggedUpdate]] | None:
    """Return a keyframe, its seq, and what came after it up to `covered`; damaged rows are named in `refused`.

    None when the history does not reach back to a keyframe that can be read, without a gap.
    """
    frames = select(keyframes.c.payload, keyframes.c.seq, keyframes.c.sum)
    frames = frames.where(keyframes.c.canvas == canvas, keyframes.c.seq <= covered).order_by(keyframes.c.seq.desc())
    for payload, seq, stored_sum in connection.execute(frames):
        if is_sound(payload, stored_sum):
            pieces = _pieces(connection, canvas, seq, covered, refused)
            return None if pieces is None else (payload, seq, pieces)
        refused.append(f"the keyframe at update {seq}")
    return None


def _pieces(
    connection: Connection, canvas: CanvasId, after: int, covered: int, refused: list[str]
) -> list[LoggedUpdate] | None:
    whole = select(moments.c.first, moments.c.seq, moments.c.at, moments.c.payload, moments.c.sum)
    whole = whole.where(moments.c.canvas == canvas, moments.c.seq > after, moments.c.seq <= covered)
    single = select(updates.c.seq, updates.c.seq, updates.c.at, updates.c.payload, updates.c.sum)
    single = single.where(updates.c.canvas == canvas, updates.c.seq > after, updates.c.seq <= covered)
    found = [tuple(row) for query in (whole, single) for row in connection.execute(query)]
    pieces: list[LoggedUpdate] = []
    reached = after
    for first, seq, at, payload, stored_sum in sorted(found, key=lambda row: int(row[1])):
        if first > reached + 1:
            return None
        reached = seq
        if is_sound(payload, stored_sum):
            pieces.append(LoggedUpdate(seq, at, "", payload))
        else:
            refused.append(f"update {seq}" if first == seq else f"updates {first} to {seq}")
    return pieces if reached == covered else None

"""The history's rows: what is read and written within one transaction that somebody else opened.

Plain functions on a synchronous connection, as in `log_rows`. What must not be here: threads, tasks, Yjs.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, select, update

from app.collab.history.ports import Keyframe, Past, Piece, StoredHistory, Version
from app.domain.people import Origin
from app.errors import Conflict, NotFound, TooMany
from app.ids import CanvasId
from app.persistence import log_rows
from app.persistence.soundness import sum_of
from app.persistence.tables import keyframes, moments, people, snapshots, updates, versions
from app.persistence.upsert import upsert

_COARSER = "This moment was put together with its neighbours meanwhile. Look at the history again and choose another."


def load_history(connection: Connection, canvas: CanvasId, *, tail: bool = False) -> StoredHistory:
    """Read what is kept of a canvas's past; only what comes after the last keyframe for `tail`. Raises NotFound."""
    covered = connection.execute(select(snapshots.c.seq).where(snapshots.c.canvas == canvas)).scalar_one_or_none()
    if covered is None:
        raise log_rows.not_found()
    frames = _keyframes(connection, canvas, tail=tail) or [read_snapshot(connection, canvas)]
    last = frames[-1].seq
    # An imported past has moments after its only keyframe: what they did is not worked out yet.
    pieces = _moments(connection, canvas, last if tail else frames[0].seq) + _raw(connection, canvas, last)
    clients = log_rows.read_clients(connection, canvas, [])
    unknown = {author for piece in pieces for author in piece.authors} - {origin.id for origin in clients.values()}
    weight = select(func.count(), func.coalesce(func.sum(func.length(moments.c.payload)), 0))
    count, size = connection.execute(weight.where(moments.c.canvas == canvas)).one()
    return StoredHistory(
        base=frames[0],
        mark=frames[-1] if len(frames) > 1 else None,
        pieces=pieces,
        covered=covered,
        clients=clients,
        people=_people(connection, unknown),
        versions=read_versions(connection, canvas),
        count=count,
        size=size,
    )


def read_snapshot(connection: Connection, canvas: CanvasId) -> Keyframe:
    """Read the log's snapshot. Raises NotFound."""
    columns = snapshots.c.seq, snapshots.c.at, snapshots.c.payload, snapshots.c.sum
    found = connection.execute(select(*columns).where(snapshots.c.canvas == canvas)).one_or_none()
    if found is None:
        raise log_rows.not_found()
    return Keyframe(*found, None)


def adopt_rows(
    connection: Connection,
    canvas: CanvasId,
    snapshot: bytes,
    clients: Mapping[int, Origin],
    note: str | None,
    at: float,
) -> None:
    """Write a first state and what is said of it. Raises Conflict when there is one."""
    log_rows.create_rows(connection, canvas, snapshot, clients, at)
    _put_keyframe(connection, canvas, Keyframe(0, at, snapshot, None, note))


def take_in_rows(connection: Connection, canvas: CanvasId, past: Past) -> None:
    """Write a canvas with its past; the snapshot covers all of it. Raises Conflict when there is one."""
    log_rows.create_rows(connection, canvas, past.snapshot, past.clients, past.base.at)
    connection.execute(update(snapshots).where(snapshots.c.canvas == canvas).values(seq=past.head))
    _put_keyframe(connection, canvas, past.base)
    if past.pieces:
        connection.execute(moments.insert(), [_row(canvas, piece) for piece in past.pieces])
    for version in past.versions:
        connection.execute(versions.insert().values(**_version_row(canvas, version)))


def read_versions(connection: Connection, canvas: CanvasId) -> list[Version]:
    """Return the versions by seq."""
    query = select(versions.c.id, versions.c.name, versions.c.seq, versions.c.at, versions.c.by)
    query = query.where(versions.c.canvas == canvas).order_by(versions.c.seq, versions.c.at)
    return [Version(id_, name, seq, at, json.loads(by)) for id_, name, seq, at, by in connection.execute(query)]


def add_version(connection: Connection, canvas: CanvasId, version: Version, most: int) -> None:
    """Name a moment. Raises NotFound, Conflict when nothing kept ends at its seq, TooMany over `most`."""
    _lock(connection, canvas)
    count = select(func.count()).select_from(versions).where(versions.c.canvas == canvas)
    if connection.execute(count).scalar_one() >= most:
        raise TooMany(f"A canvas keeps at most {most:,} versions; delete one that is no longer needed.")
    if not _ends_at(connection, canvas, version.seq):
        raise Conflict(_COARSER)
    connection.execute(versions.insert().values(**_version_row(canvas, version)))


def rename_version(connection: Connection, canvas: CanvasId, version: str, name: str) -> Version:
    """Give a version another name. Raises NotFound."""
    here = (versions.c.canvas == canvas) & (versions.c.id == version)
    connection.execute(update(versions).where(here).values(name=name))
    return _version(connection, canvas, version)


def remove_version(connection: Connection, canvas: CanvasId, version: str) -> Version:
    """Forget a version. Raises NotFound."""
    found = _version(connection, canvas, version)
    connection.execute(delete(versions).where(versions.c.id == version))
    return found


def replace_pieces(
    connection: Connection, canvas: CanvasId, old: Sequence[Piece], new: Sequence[Piece], keyframe: Keyframe | None
) -> bool:
    """Put `new` in place of `old`, and a keyframe; False, with nothing changed, when that does not fit any more."""
    covered = _lock(connection, canvas)
    first, last = old[0].first, old[-1].seq
    if last > covered or _kept_between(connection, canvas, first, last) != [(one.first, one.seq) for one in old]:
        return False
    begins = new[0].first - 1 if new else last
    kept = {begins, *(piece.seq for piece in new)}
    pinned = select(versions.c.seq).where(versions.c.canvas == canvas, versions.c.seq.between(first - 1, last))
    if not kept.issuperset(connection.execute(pinned).scalars()):
        return False
    for table in (moments, updates):
        connection.execute(delete(table).where(table.c.canvas == canvas, table.c.seq.between(first, last)))
    if new:
        connection.execute(moments.insert(), [_row(canvas, piece) for piece in new])
    if keyframe is not None:
        # The base and the mark are kept, whichever of them this one takes the place of.
        frames = select(func.min(keyframes.c.seq), func.max(keyframes.c.seq)).where(keyframes.c.canvas == canvas)
        base, mark = connection.execute(frames).one()
        gone = keyframes.c.seq < keyframe.seq if keyframe.seq == begins else keyframes.c.seq.between(base + 1, mark)
        connection.execute(delete(keyframes).where(keyframes.c.canvas == canvas, gone))
        _put_keyframe(connection, canvas, keyframe)
    return True


def _lock(connection: Connection, canvas: CanvasId) -> int:
    """Let no other transaction change this canvas's history until this one ends; return the covered seq."""
    query = select(snapshots.c.seq).where(snapshots.c.canvas == canvas).with_for_update()
    covered: int | None = connection.execute(query).scalar_one_or_none()
    if covered is None:
        raise log_rows.not_found()
    return covered


def _keyframes(connection: Connection, canvas: CanvasId, *, tail: bool) -> list[Keyframe]:
    columns = keyframes.c.seq, keyframes.c.at, keyframes.c.payload, keyframes.c.sum, keyframes.c.note
    query = select(*columns).where(keyframes.c.canvas == canvas).order_by(keyframes.c.seq.desc())
    return [Keyframe(*row) for row in connection.execute(query.limit(1) if tail else query)][::-1]


def _put_keyframe(connection: Connection, canvas: CanvasId, frame: Keyframe) -> None:
    sum_ = sum_of(frame.payload) if frame.sum is None else frame.sum
    values = {"canvas": canvas, "seq": frame.seq, "at": frame.at, "payload": frame.payload, "sum": sum_}
    connection.execute(upsert(connection, keyframes, values | {"note": frame.note}))


def _begin(connection: Connection, canvas: CanvasId) -> int:
    base = select(func.min(keyframes.c.seq)).where(keyframes.c.canvas == canvas)
    seq = connection.execute(base).scalar_one()
    if seq is None:
        seq = connection.execute(select(snapshots.c.seq).where(snapshots.c.canvas == canvas)).scalar_one()
    return int(seq)


def _moments(connection: Connection, canvas: CanvasId, after: int) -> list[Piece]:
    columns = moments.c.first, moments.c.seq, moments.c.at, moments.c.until, moments.c.authors, moments.c.note
    query = select(*columns, moments.c.payload, moments.c.sum, moments.c.changes)
    query = query.where(moments.c.canvas == canvas, moments.c.seq > after)
    return [
        Piece(first, seq, at, until, tuple(json.loads(authors)), note, payload, sum_, changes)
        for first, seq, at, until, authors, note, payload, sum_, changes in connection.execute(
            query.order_by(moments.c.seq)
        )
    ]


def _raw(connection: Connection, canvas: CanvasId, after: int) -> list[Piece]:
    query = select(updates.c.seq, updates.c.at, updates.c.author, updates.c.note, updates.c.payload, updates.c.sum)
    query = query.where(updates.c.canvas == canvas, updates.c.seq > after).order_by(updates.c.seq)
    return [
        Piece(seq, seq, at, at, (author,), note, payload, sum_, None)
        for seq, at, author, note, payload, sum_ in connection.execute(query)
    ]


def _kept_between(connection: Connection, canvas: CanvasId, first: int, last: int) -> list[tuple[int, int]]:
    whole = select(moments.c.first, moments.c.seq).where(
        moments.c.canvas == canvas, moments.c.seq >= first, moments.c.first <= last
    )
    raw = select(updates.c.seq).where(updates.c.canvas == canvas, updates.c.seq >= first, updates.c.seq <= last)
    spans = [(first, seq) for first, seq in connection.execute(whole)]
    return sorted(spans + [(seq, seq) for seq in connection.execute(raw).scalars()])


def _ends_at(connection: Connection, canvas: CanvasId, seq: int) -> bool:
    if seq == _begin(connection, canvas):
        return True
    for table in (moments, updates):
        if connection.execute(select(table.c.seq).where(table.c.canvas == canvas, table.c.seq == seq)).first():
            return True
    return False


def _version(connection: Connection, canvas: CanvasId, version: str) -> Version:
    for found in read_versions(connection, canvas):
        if found.id == version:
            return found
    raise NotFound("There is no such version in this canvas; somebody may have deleted it.")


def _people(connection: Connection, ids: set[str]) -> dict[str, Origin]:
    if not ids:
        return {}
    query = select(people.c.id, people.c.name, people.c.hue).where(people.c.id.in_(sorted(ids)))
    return {id_: Origin("person", id_, name, hue) for id_, name, hue in connection.execute(query)}


def _version_row(canvas: CanvasId, version: Version) -> dict[str, object]:
    by = json.dumps(dict(version.by), ensure_ascii=False)
    return {
        "id": version.id,
        "canvas": canvas,
        "name": version.name,
        "seq": version.seq,
        "at": version.at,
        "by": by,
    }


def _row(canvas: CanvasId, piece: Piece) -> dict[str, object]:
    return {
        "canvas": canvas,
        "seq": piece.seq,
        "first": piece.first,
        "at": piece.at,
        "until": piece.until,
        "authors": json.dumps(piece.authors),
        "note": piece.note,
        "payload": piece.payload,
        "sum": sum_of(piece.payload) if piece.sum is None else piece.sum,
        "changes": piece.changes,
    }

"""Routes of a canvas's history: the timeline, a file's steps, diffs, versions, restore, fork.

What must not be here: how the past is kept and played (`app.collab.history`), how a diff looks (`app.rendering`).
"""

import asyncio
import gzip
import json
import time
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Query, Request, Response

from app.collab.history.film import Film, Moment
from app.collab.history.history import Changed
from app.collab.history.ports import Version
from app.domain.history import counted
from app.domain.people import Origin
from app.domain.permissions import Right
from app.ids import CanvasId
from app.rendering.code import diff_counts, diff_html, rough_counts
from app.web.identity import Running, Who, base_of
from app.web.schemas import MAX_SEQ, Fork, NewVersion, Restore, VersionName
from app.web.stamps import stamp
from app.web.telling import tell

router = APIRouter()

# Files of a diff that are drawn, and seconds for it (a hundred rewritten files would take a minute of a core); the rest
# is listed with its counts.
MAX_DRAWN = 100
MAX_DRAWING = 3.0
MIN_GZIP = 1_024  # bytes: below it a header costs more than it saves
GZIP_LEVEL = 4  # twice as fast as the usual level, a tenth larger

Seq = Query(ge=0, le=MAX_SEQ)
Since = Query(default=None, ge=0, le=MAX_SEQ, alias="from")
Until = Query(default=None, ge=0, le=MAX_SEQ, alias="to")
After = Query(default=None, ge=0, le=MAX_SEQ)


@router.get("/canvases/{canvas}/history", summary="What happened in a canvas, moment by moment")
async def timeline(
    canvas: CanvasId, request: Request, who: Who, running: Running, after: int | None = After
) -> Response:
    """Return the moments after `after`, all of them without it, and the versions."""
    await running.canvases.require(canvas, who, Right.READ)
    film = await running.history.film(canvas)
    versions = await running.history.versions(canvas)
    return await _packed(request, lambda: _timeline(film, versions, after))


@router.get("/canvases/{canvas}/history/files/{file}/steps", summary="How a file came to be, step by step")
async def steps(canvas: CanvasId, file: str, request: Request, who: Who, running: Running) -> Response:
    """Return the file's text at the beginning and what each moment did to it: plays forward and backward."""
    await running.canvases.require(canvas, who, Right.READ)
    film, found = await running.history.steps(canvas, file)
    path = film.paths.get(file, "")
    return await _packed(
        request, lambda: {"file": file, "path": path, "text": film.texts.get(file, ""), "steps": found}
    )


@router.get("/canvases/{canvas}/history/diff", summary="What differs between two moments")
async def diff(
    canvas: CanvasId,
    request: Request,
    who: Who,
    running: Running,
    start: int | None = Since,
    end: int | None = Until,
) -> Response:
    """Return each file that differs, drawn as Review draws a change. No `from`: from nothing; no `to`: to now."""
    await running.canvases.require(canvas, who, Right.READ)
    first, last, changed = await running.history.changed(canvas, start, end)
    return await _packed(request, lambda: {"from": first, "to": last, "files": _drawn(changed)})


@router.post("/canvases/{canvas}/history/versions", status_code=201, summary="Name a moment")
async def add_version(canvas: CanvasId, body: NewVersion, who: Who, running: Running) -> dict[str, Any]:
    """Give a moment a name, the present one without `seq`. A named moment is kept as long as its canvas."""
    await running.canvases.require(canvas, who, Right.EDIT)
    version = await running.history.name(canvas, who, body.name, body.seq)
    await tell(running, canvas, who, "version-named", name=version.name)
    return _version(version)


@router.patch("/canvases/{canvas}/history/versions/{version}", summary="Rename a version")
async def rename_version(
    canvas: CanvasId, version: str, body: VersionName, who: Who, running: Running
) -> dict[str, Any]:
    """Give a version another name."""
    await running.canvases.require(canvas, who, Right.EDIT)
    return _version(await running.history.rename(canvas, version, body.name))


@router.delete("/canvases/{canvas}/history/versions/{version}", status_code=204, summary="Delete a version")
async def remove_version(canvas: CanvasId, version: str, who: Who, running: Running) -> Response:
    """Take a version's name away. What it named changes nothing, and is kept no longer than its neighbours."""
    await running.canvases.require(canvas, who, Right.EDIT)
    gone = await running.history.forget(canvas, version)
    await tell(running, canvas, who, "version-deleted", name=gone.name)
    return Response(status_code=204)


@router.post("/canvases/{canvas}/history/restore", summary="Restore a canvas or a file")
async def restore(canvas: CanvasId, body: Restore, who: Who, running: Running) -> dict[str, Any]:
    """Make the canvas, or one file, what it was at a moment, by a new edit. On disk when this answers."""
    await running.canvases.require(canvas, who, Right.EDIT)
    done = await running.history.restore(canvas, who, body.seq, body.file)
    if done.changed or done.removed:
        path = (done.changed or done.removed)[0] if body.file else None
        running.rooms.tell_of_restore(canvas, who, path, done.to, undone=done.undone)
        detail = {"path": path} if path else {}
        # An instant is by the reader's clock, which the feed does not know.
        if done.to.startswith("“") and not done.undone:
            detail["to"] = done.to
        await tell(running, canvas, who, "restore-undone" if done.undone else "restored", **detail)
    return {"changed": done.changed, "removed": done.removed, "seq": done.seq}


@router.post("/canvases/{canvas}/history/fork", status_code=201, summary="Go on from a moment in a new canvas")
async def fork(canvas: CanvasId, body: Fork, request: Request, who: Who, running: Running) -> dict[str, Any]:
    """Make a canvas of one's own with what there was at a moment, and everybody's authorship of it."""
    here = await running.canvases.get(canvas, who)
    beginning = await running.history.beginning(canvas, body.seq)
    when = stamp(beginning.at)
    made = await running.canvases.adopt(
        who,
        body.name if body.name is not None else f"{here.name[:70]} (fork)",
        lambda new: running.history.adopt(new, beginning, f"forked from {here.name}, {when}"),
        f"fork of {canvas}",
    )
    await running.seen.add(made.id, who, await running.seen.of(canvas, who))  # it is no news there
    await tell(running, canvas, who, "forked", name=made.name)
    await tell(running, made.id, who, "canvas-created", name=made.name)
    return {"id": made.id, "url": f"{base_of(request, running)}/c/{made.id}"}


def _timeline(film: Film, versions: list[Version], after: int | None) -> dict[str, Any]:
    shown = film.moments if after is None else [moment for moment in film.moments if moment.seq > after]
    return {
        "head": film.head,
        "began_at": stamp(film.moments[0].at),
        "moments": [_moment(moment) for moment in shown],
        "versions": [_version(version) for version in versions],
        "files": film.paths,
    }


def _moment(moment: Moment) -> dict[str, Any]:
    value: dict[str, Any] = {
        "seq": moment.seq,
        "at": stamp(moment.at),
        "until": stamp(moment.until),
        "by": _who(moment.by[0]),
        "files": {file: counted(splices) for file, splices in moment.changes.texts.items()},
        "paths": moment.changes.paths,
    }
    if len(moment.by) > 1:
        value["others"] = [_who(origin) for origin in moment.by[1:]]
    if moment.accepted_by:
        value["accepted_by"] = moment.accepted_by
    if moment.note is not None:
        value["note"] = moment.note
    if moment.is_unreadable:
        value["unreadable"] = True
    return value


def _who(origin: Origin) -> dict[str, Any]:
    return {"id": origin.id, "name": origin.name, "hue": origin.hue, "kind": origin.kind}


def _version(version: Version) -> dict[str, Any]:
    return {"id": version.id, "name": version.name, "seq": version.seq, "at": stamp(version.at), "by": version.by}


def _drawn(changed: list[Changed]) -> list[dict[str, Any]]:
    end = time.monotonic() + MAX_DRAWING
    return [_changed(one, is_drawn=number < MAX_DRAWN and time.monotonic() < end) for number, one in enumerate(changed)]


def _changed(one: Changed, *, is_drawn: bool) -> dict[str, Any]:
    if one.old_path is None:
        change = "added"
    elif one.new_path is None:
        change = "removed"
    else:
        change = "renamed" if one.old_path != one.new_path else "changed"
    path = one.new_path or one.old_path or ""
    added, removed = (diff_counts if is_drawn else rough_counts)(one.old, one.new)
    html = diff_html(one.old, one.new, path) if is_drawn else ""
    was = one.old_path if change == "renamed" else None
    counts = {"added": added, "removed": removed}
    return {"id": one.file, "path": path, "was": was, "change": change, **counts, "html": html}


async def _packed(request: Request, make: Callable[[], dict[str, Any]]) -> Response:
    """Return what `make` returns as JSON, made in a thread, compressed for whoever takes it so."""
    accepts = "gzip" in request.headers.get("accept-encoding", "")

    def run() -> tuple[bytes, bool]:
        body = json.dumps(make(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        is_packed = accepts and len(body) >= MIN_GZIP
        return (gzip.compress(body, GZIP_LEVEL) if is_packed else body), is_packed

    body, is_packed = await asyncio.to_thread(run)
    headers = {"vary": "Accept-Encoding"} | ({"content-encoding": "gzip"} if is_packed else {})
    return Response(body, media_type="application/json", headers=headers)

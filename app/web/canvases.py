"""Routes of canvases themselves: make, list, look at, rename, delete; and their activity."""

from typing import Any

from fastapi import APIRouter, Query, Request, Response

from app.canvases.ports import Canvas
from app.domain.permissions import Right
from app.ids import CanvasId
from app.web.identity import Running, Who, base_of
from app.web.schemas import Name, NewCanvas
from app.web.stamps import stamp
from app.web.telling import tell

router = APIRouter()

MAX_ENTRIES = 500  # of the activity feed in one answer


def canvas_json(canvas: Canvas) -> dict[str, Any]:
    """Return a canvas as the API shows it. `url` is relative to the server's address."""
    created = stamp(canvas.created_at)
    return {
        "id": canvas.id,
        "name": canvas.name,
        "role": canvas.role.value,
        "created_at": created,
        "url": f"/c/{canvas.id}",
    }


@router.post("/canvases", status_code=201, summary="Make a canvas")
async def create(body: NewCanvas, request: Request, who: Who, running: Running) -> dict[str, Any]:
    """Make a canvas with its files, path → text, owned by whoever asks."""
    canvas = await running.canvases.create(who, body.name, body.files or {})
    await tell(running, canvas.id, who, "canvas-created", name=canvas.name)
    return canvas_json(canvas) | {"url": f"{base_of(request, running)}/c/{canvas.id}"}


@router.get("/canvases", summary="List the canvases I am in")
async def of_person(who: Who, running: Running) -> dict[str, Any]:
    """Return the canvases, newest first."""
    return {"canvases": [canvas_json(canvas) for canvas in await running.canvases.of(who)]}


@router.get("/canvases/{canvas}", summary="Look at a canvas")
async def get(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return one canvas."""
    return canvas_json(await running.canvases.get(canvas, who))


@router.patch("/canvases/{canvas}", summary="Rename a canvas")
async def rename(canvas: CanvasId, body: Name, who: Who, running: Running) -> dict[str, Any]:
    """Give a canvas another name."""
    renamed = await running.canvases.rename(canvas, who, body.name)
    await tell(running, canvas, who, "canvas-renamed", name=renamed.name)
    return canvas_json(renamed)


@router.delete("/canvases/{canvas}", status_code=204, summary="Delete a canvas")
async def delete(canvas: CanvasId, who: Who, running: Running) -> Response:
    """Delete a canvas with everything in it. Open editors are closed."""
    await running.canvases.delete(canvas, who)
    return Response(status_code=204)


@router.get("/canvases/{canvas}/activity", summary="What happened in a canvas")
async def activity(
    canvas: CanvasId, who: Who, running: Running, limit: int = Query(default=100, ge=1, le=MAX_ENTRIES)
) -> dict[str, Any]:
    """Return the newest entries, newest first."""
    await running.canvases.require(canvas, who, Right.READ)
    entries = await running.activity.recent(canvas, limit)
    return {
        "activity": [
            {"id": entry.id, "at": stamp(entry.at), "by": entry.by, "kind": entry.kind, "detail": entry.detail}
            for entry in entries
        ]
    }

"""Routes of a canvas as one file with its history: download it, and make a canvas of one that was downloaded.

What must not be here: what is in the file, and how it is judged (`app.collab.history.archive`).
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import __version__
from app.collab.history.archive import unpack
from app.domain.permissions import Right
from app.ids import CanvasId
from app.web.export import INERT, disposition
from app.web.identity import Running, Who, base_of
from app.web.telling import tell

router = APIRouter()

_MANY = asyncio.Semaphore(2)  # judged at once: each holds its file some times over, and a thread


@router.get("/canvases/{canvas}/archive", summary="Download a canvas with its history")
async def archive(canvas: CanvasId, who: Who, running: Running) -> Response:
    """Return files, comments, history, versions and who wrote what, in one file that `POST canvases/import` takes."""
    await running.canvases.require(canvas, who, Right.READ)
    found = await running.canvases.get(canvas, who)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    body = await running.history.packed(canvas, found.name, __version__, at)
    headers = INERT | {"content-disposition": disposition(found.name, "polycanvas.zip")}
    return Response(body, media_type="application/zip", headers=headers)


@router.post("/canvases/import", status_code=201, summary="Make a canvas of a file with its history")
async def take_in(request: Request, who: Who, running: Running) -> dict[str, Any]:
    """Take the file as the request's body, and return the new canvas, which belongs to whoever asked."""
    await running.canvases.check_may_make(who)
    raw = await request.body()
    async with _MANY:
        imported = await asyncio.to_thread(unpack, raw, who.name)
    made = await running.canvases.adopt(
        who, imported.name, lambda new: running.history.take_in(new, imported), "imported"
    )
    await tell(running, made.id, who, "canvas-created", name=made.name)
    return {"id": made.id, "url": f"{base_of(request, running)}/c/{made.id}"}

"""Routes of what one has seen: the comments of a canvas that call or answer one."""

from typing import Any

from fastapi import APIRouter, Response

from app.domain.permissions import Right
from app.ids import CanvasId
from app.web.identity import Running, Who
from app.web.schemas import SeenComments

router = APIRouter()
_PATH = "/canvases/{canvas}/seen"


@router.get(_PATH, summary="Comments that I have seen")
async def seen(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return the ids of the comments that this person has seen, the oldest first."""
    await running.canvases.require(canvas, who, Right.READ)
    return {"comments": await running.seen.of(canvas, who)}


@router.post(_PATH, status_code=204, summary="Say that I have seen comments")
async def see(canvas: CanvasId, body: SeenComments, who: Who, running: Running) -> Response:
    """Remember these comments as seen, beside those that were."""
    await running.canvases.require(canvas, who, Right.READ)
    await running.seen.add(canvas, who, body.comments)
    return Response(status_code=204)

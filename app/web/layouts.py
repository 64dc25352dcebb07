"""Routes of one's own arrangement of a canvas's panels, per kind of device."""

from typing import Any

from fastapi import APIRouter, Response

from app.domain.layout import Device
from app.domain.permissions import Right
from app.ids import CanvasId
from app.web.identity import Running, Who
from app.web.schemas import Layout

router = APIRouter()
_PATH = "/canvases/{canvas}/layout"


@router.get(_PATH, summary="My arrangement of a canvas")
async def get(canvas: CanvasId, device: Device, who: Who, running: Running) -> dict[str, Any]:
    """Return the saved arrangement; null while the preset applies."""
    await running.canvases.require(canvas, who, Right.READ)
    return {"layout": await running.layouts.get(canvas, who, device)}


@router.put(_PATH, status_code=204, summary="Save my arrangement")
async def put(canvas: CanvasId, device: Device, body: Layout, who: Who, running: Running) -> Response:
    """Save the arrangement as the dock gives it."""
    await running.canvases.require(canvas, who, Right.READ)
    await running.layouts.put(canvas, who, device, body.layout)
    return Response(status_code=204)


@router.delete(_PATH, status_code=204, summary="Reset my arrangement")
async def reset(canvas: CanvasId, device: Device, who: Who, running: Running) -> Response:
    """Forget the saved arrangement."""
    await running.canvases.require(canvas, who, Right.READ)
    await running.layouts.reset(canvas, who, device)
    return Response(status_code=204)

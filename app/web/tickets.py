"""`POST tickets`: the short-lived credential that opens a room's socket."""

from fastapi import APIRouter, Request

from app.domain.permissions import Right
from app.ids import CanvasId
from app.web.identity import Asking, Running

router = APIRouter()


@router.post("/canvases/{canvas}/tickets", status_code=201, summary="Get a ticket for co-editing")
async def issue(canvas: CanvasId, request: Request, asker: Asking, running: Running) -> dict[str, str]:
    """Return a ticket for one connection within half a minute, and the path that a WebSocket client opens.

    The handshake must come from the same origin as this request, or, as here, say none.
    """
    await running.canvases.require(canvas, asker.person, Right.READ)
    ticket = running.tickets.issue(asker.person, canvas, request.headers.get("origin"), asker.credential)
    return {"ticket": ticket, "path": f"/collab/{canvas}?ticket={ticket}"}

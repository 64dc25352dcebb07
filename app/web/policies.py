"""Routes of a canvas's rules for the assistant: who may see its text, and what a month may cost."""

from typing import Any

from fastapi import APIRouter

from app.domain.permissions import Right
from app.ids import CanvasId
from app.web.identity import Running, Who
from app.web.schemas import Policy
from app.web.telling import tell

router = APIRouter()
_PATH = "/canvases/{canvas}/policy"


@router.get(_PATH, summary="The rules of a canvas for models")
async def get(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return the privacy, the monthly budget and what was spent this month."""
    await running.canvases.require(canvas, who, Right.READ)
    return await running.policies.get(canvas)


@router.put(_PATH, summary="Set the rules of a canvas for models")
async def put(canvas: CanvasId, body: Policy, who: Who, running: Running) -> dict[str, Any]:
    """Set privacy and budget together; both hold for runs that start from now on."""
    await running.canvases.require(canvas, who, Right.SET_POLICY)
    after = await running.policies.put(canvas, body.privacy, body.budget_usd, who)
    await tell(running, canvas, who, "policy-changed")
    return after

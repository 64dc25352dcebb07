"""Routes of a canvas's rules for the assistant: who may see its text, what a month and a run may cost."""

from typing import Any, Literal

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
    """Return the privacy, the monthly budget, what was spent this month, and above which price a run asks first."""
    await running.canvases.require(canvas, who, Right.READ)
    return await running.policies.get(canvas)


@router.put(_PATH, summary="Set the rules of a canvas for models")
async def put(canvas: CanvasId, body: Policy, who: Who, running: Running) -> dict[str, Any]:
    """Set privacy and budget together, for runs that start from now on. The price to ask above may be left out."""
    await running.canvases.require(canvas, who, Right.SET_POLICY)
    asks: float | Literal["as it is"] | None = "as it is"
    if "confirm_above_usd" in body.model_fields_set:
        asks = body.confirm_above_usd
    after = await running.policies.put(canvas, body.privacy, body.budget_usd, who, confirm_above_usd=asks)
    await tell(running, canvas, who, "policy-changed")
    return after

"""Routes of suggestions: list, look, accept, reject, revert."""

from typing import Any

from fastapi import APIRouter, Query

from app.domain.people import Person
from app.domain.permissions import Right
from app.errors import NotFound
from app.ids import CanvasId, RunId, SuggestionId
from app.services import Services
from app.web.identity import Running, Who
from app.web.schemas import MAX_ID, Hunks
from app.web.telling import tell

router = APIRouter()

Hint = Query(default=None, max_length=MAX_ID, description="The suggestion's canvas, when known.")


async def _find(running: Services, who: Person, suggestion: SuggestionId, hint: str | None) -> CanvasId:
    """Return the suggestion's canvas if the person is in it. Raises NotFound, whichever of the two is not so."""
    try:
        canvas = CanvasId(hint) if hint else await running.suggestions.canvas_of(suggestion)
        await running.canvases.require(canvas, who, Right.READ)
    except NotFound as error:
        raise NotFound("There is no such suggestion, or it is in a canvas you are not in.") from error
    return canvas


@router.get("/canvases/{canvas}/suggestions", summary="List a canvas's suggestions")
async def listing(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return all suggestions, each hunk with whether the text under it has changed (`stale`)."""
    await running.canvases.require(canvas, who, Right.READ)
    return {"suggestions": await running.suggestions.all(canvas)}


@router.get("/suggestions/{suggestion}", summary="Look at a suggestion")
async def get(suggestion: SuggestionId, who: Who, running: Running, canvas: str | None = Hint) -> dict[str, Any]:
    """Return one suggestion."""
    return await running.suggestions.get(await _find(running, who, suggestion, canvas), suggestion)


async def _decide(
    running: Services, who: Person, suggestion: SuggestionId, hint: str | None, verb: str, hunks: list[str] | None
) -> dict[str, Any]:
    canvas = await _find(running, who, suggestion, hint)
    await running.canvases.require(canvas, who, Right.DECIDE)
    if verb == "accept":
        after = await running.suggestions.accept(canvas, suggestion, who, hunks)
    elif verb == "reject":
        after = await running.suggestions.reject(canvas, suggestion, who, hunks)
    else:
        after = await running.suggestions.revert(canvas, suggestion, who, hunks)
    if after["state"] in {"accepted", "rejected", "reverted"} and after.get("run"):
        await running.runs.decided(RunId(after["run"]), accepted=after["state"] == "accepted")
    detail = {"suggestion": suggestion, "title": after["title"], "path": after["path"], "state": after["state"]}
    await tell(running, canvas, who, f"suggestion-{verb}ed", **detail)
    return after


@router.post("/suggestions/{suggestion}/accept", summary="Accept a suggestion")
async def accept(
    suggestion: SuggestionId, who: Who, running: Running, body: Hunks | None = None, canvas: str | None = Hint
) -> dict[str, Any]:
    """Write the suggestion's hunks (all, or those named) into the text. Accepting again changes nothing."""
    return await _decide(running, who, suggestion, canvas, "accept", body.hunks if body else None)


@router.post("/suggestions/{suggestion}/reject", summary="Reject a suggestion")
async def reject(
    suggestion: SuggestionId, who: Who, running: Running, body: Hunks | None = None, canvas: str | None = Hint
) -> dict[str, Any]:
    """Turn the suggestion's hunks down (all, or those named)."""
    return await _decide(running, who, suggestion, canvas, "reject", body.hunks if body else None)


@router.post("/suggestions/{suggestion}/revert", summary="Revert an accepted suggestion")
async def revert(
    suggestion: SuggestionId, who: Who, running: Running, body: Hunks | None = None, canvas: str | None = Hint
) -> dict[str, Any]:
    """Take accepted hunks (all, or those named) back out of the text."""
    return await _decide(running, who, suggestion, canvas, "revert", body.hunks if body else None)

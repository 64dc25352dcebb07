"""`GET health`, and who one is: `GET me`, `PATCH me`."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from app import __version__
from app.web.identity import Running, Who
from app.web.schemas import Name
from app.web.stamps import person_json

router = APIRouter()


@router.get("/health", summary="Is the server well?")
async def health(running: Running) -> JSONResponse:
    """Answer 200 while the database answers, else 503, always with the same fields."""
    well = await running.database.answers()
    body = {
        "status": "ok" if well else "degraded",
        "version": __version__,
        "database": "ok" if well else "unavailable",
        "rooms": running.rooms.open_rooms,
    }
    return JSONResponse(body, status_code=200 if well else 503)


@router.get("/me", summary="Who am I?")
async def me(who: Who) -> dict[str, Any]:
    """Return the person behind the request."""
    return person_json(who)


@router.patch("/me", summary="Take another name")
async def rename_me(body: Name, who: Who, running: Running) -> dict[str, Any]:
    """Give the person behind the request another name, from their next connection on; return them."""
    return person_json(await running.accounts.rename(who, body.name))

"""Routes of the accounts of this installation."""

from typing import Any

from fastapi import APIRouter

from app.web.identity import Running, Who
from app.web.schemas import SignIn
from app.web.stamps import person_json

router = APIRouter()


@router.post("/people", status_code=201, summary="Add an account")
async def add(body: SignIn, who: Who, running: Running) -> dict[str, Any]:
    """Give somebody an account with a name and a first password, which they change after signing in."""
    return person_json(await running.accounts.add_member(who, body.name, body.password))

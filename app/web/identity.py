"""Who sent a request: an API token, a session cookie, or the owner at the keyboard.

What must not be here: what they may do.
"""

from typing import Annotated

from fastapi import Depends, Request

from app.auth.secrets import digest
from app.domain.people import Person
from app.errors import NotSignedIn
from app.guard.asking import Asker, asker_of
from app.services import Services, services
from app.web.origins import Origins

_SIGN_IN = "You are not signed in. Sign in, or send an API token as “Authorization: Bearer …” (polycanvas token)."


def running() -> Services:
    """Return the running installation."""
    return services()


Running = Annotated[Services, Depends(running)]


async def asker(request: Request, running: Running) -> Asker:
    """Return who asks. Raises NotSignedIn. A token that is sent must work: there is no falling back to the cookie."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, secret = authorization.partition(" ")
        secret = secret.strip()
        person = await running.tokens.find(secret) if scheme.lower() == "bearer" else None
        if person is None:
            raise NotSignedIn("This API token does not work; make a new one with: polycanvas token")
        return Asker(person, credential=digest(secret))
    found = await asker_of(running, request.headers.get("cookie"))
    if found is None:
        raise NotSignedIn(_SIGN_IN)
    return found


async def _person(found: Annotated[Asker, Depends(asker)]) -> Person:
    return found.person


Asking = Annotated[Asker, Depends(asker)]
Who = Annotated[Person, Depends(_person)]


def base_of(request: Request, running: Services) -> str:
    """Return the server's address as this request came to it, for links in the answer."""
    return Origins(running.settings).base(request.headers.get("host"))


def address_of(request: Request) -> str:
    """Return where a request came from, for limits on guessing."""
    return request.client.host if request.client is not None else "unknown"

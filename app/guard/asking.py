"""The session cookie, and who is behind it: one place for the HTTP edge and for Reflex's events.

What must not be here: Reflex, FastAPI.
"""

from dataclasses import dataclass

from app.auth.secrets import digest
from app.auth.sessions import SESSION_SECONDS
from app.domain.people import Person
from app.services import Services
from app.settings import Settings

MAX_COOKIE = 200  # characters of a session token that are looked at; ours are far shorter


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `session` is the token of the cookie; None for the owner at the keyboard and for API tokens."""

    person: Person
    session: str | None = None
    credential: str | None = None  # digest of the session or API token; None for the owner at the keyboard


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; the `__Host-` form cannot be set by another name under the same domain."""
    return "__Host-polycanvas" if _secure(settings) else "polycanvas"


def session_in(cookie_header: str | None, settings: Settings) -> str | None:
    """Return the session token in a Cookie header."""
    name = cookie_name(settings)
    for pair in (cookie_header or "").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name and 0 < len(value) <= MAX_COOKIE:
            return value
    return None


def set_cookie(settings: Settings, token: str) -> str:
    """Return the Set-Cookie header that signs a browser in."""
    return f"{cookie_name(settings)}={token}; Max-Age={SESSION_SECONDS}; {_attributes(settings)}"


def clear_cookie(settings: Settings) -> str:
    """Return the Set-Cookie header that signs a browser out."""
    return f"{cookie_name(settings)}=; Max-Age=0; {_attributes(settings)}"


async def asker_of(services: Services, cookie_header: str | None) -> Asker | None:
    """Return who is behind a Cookie header now, None when nobody is known.

    On loopback, whoever has no live session is the owner at the keyboard.
    """
    token = session_in(cookie_header, services.settings)
    if token is not None:
        person = await services.sessions.find(token)
        if person is not None:
            return Asker(person, token, digest(token))
    if services.settings.on_loopback:
        return Asker(await services.accounts.local_owner())
    return None


def _secure(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _attributes(settings: Settings) -> str:
    return "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if _secure(settings) else "")

"""The gate in front of everything, Reflex included: host, origin, request size, closed addresses, headers.

Who asks (identity.py) matters here only before a large body is read. What must not be here: what they may do.
"""

import asyncio
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.files import check_signs
from app.errors import BadInput, PolycanvasError, TooLarge, TooMany
from app.services import services
from app.settings import Settings
from app.web.headers import Headers
from app.web.identity import asker
from app.web.origins import Origins
from app.web.problems import Problem, problem_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY = 256 * 1024  # bytes: every request but those below is a short form
MAX_FORM_BODY = 16 * 1024  # sign in, set up, join: what anybody may send who is not known
MAX_FILE_BODY = 7 * 1024 * 1024  # one file of 1 MB, each character escaped as \\uXXXX at worst, and its frame
MAX_CANVAS_BODY = 40 * 1024 * 1024  # 16 MB of files with ordinary escaping; beyond it, add the files one by one
MAX_IMPORT_BODY = 48 * 1024 * 1024  # a canvas with its history, as `app.collab.history.archive` makes it
LARGE_AT_ONCE = 4  # bodies over MAX_BODY: read whole and parsed, the largest take some 300 MB each for a moment
LARGE_WAIT_SECONDS = 10.0  # for one's turn; a few files of a folder sent at once wait far less

# Addresses of Reflex that this app has no use for. Uploading takes a token from any origin; the rest tells too much.
CLOSED = ("/_upload", "/_all_routes", "/_health", "/auth-codespace")
_PRIVATE = ("/api/", "/auth/")

_WRONG_HOST = (
    "This server does not answer under that name. Open it at the address it printed when it started, "
    "or set POLYCANVAS_PUBLIC_URL."
)
_WRONG_ORIGIN = (
    "The request came from a page that is not part of this server. Open Polycanvas at the address it printed "
    "when it started, or set POLYCANVAS_PUBLIC_URL to the one you use."
)


class _BodyTooLarge(TooLarge):
    """Raised through the app while it reads the body."""


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """Return a header, None when it is absent; a repeated one is joined, so that it equals nothing of ours."""
    found = [value.decode("latin-1") for key, value in headers if key == name]
    return ", ".join(found) if found else None


def body_bound(method: str, path: str) -> int:
    """Return how many bytes a request's body may have."""
    if method == "POST" and path == "/api/v1/canvases":
        return MAX_CANVAS_BODY
    if method == "POST" and path == "/api/v1/canvases/import":
        return MAX_IMPORT_BODY
    if method == "PUT" and path.startswith("/api/v1/canvases/"):
        return MAX_FILE_BODY
    return MAX_FORM_BODY if path.startswith("/auth/") else MAX_BODY


class Gate:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._origins = Origins(settings)
        self._headers = Headers(settings)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with bounds and headers."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            if self._refuses_socket(scope) is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})  # before accepting: HTTP 403
        else:
            await self._app(scope, receive, send)

    def _refuses_socket(self, scope: Scope) -> str | None:
        host, origin = _header(scope["headers"], b"host"), _header(scope["headers"], b"origin")
        if not self._origins.host_is_ours(host):
            return _WRONG_HOST
        if origin is None:
            # Only browsers open Reflex's state socket, and they always say where from. A program that joins a room
            # has no origin; there the ticket decides.
            return None if scope["path"].startswith("/collab/") else _WRONG_ORIGIN
        return None if self._origins.origin_is_ours(origin, host) else _WRONG_ORIGIN

    def _refuses(self, scope: Scope) -> Problem | None:
        headers, path, method = scope["headers"], scope["path"], scope["method"]
        host, origin = _header(headers, b"host"), _header(headers, b"origin")
        if not self._origins.host_is_ours(host):
            return Problem(403, "wrong-host", _WRONG_HOST)
        try:
            check_signs(path)
        except BadInput as error:
            return problem_of(error)
        if path.startswith(CLOSED):
            return Problem(404, "not-found", "There is nothing at this address.")
        changing = method not in SAFE_METHODS
        private = path.startswith(_PRIVATE)
        if not (changing or private):
            return None
        if origin is not None and not self._origins.origin_is_ours(origin, host):
            return Problem(403, "wrong-origin", _WRONG_ORIGIN)
        # “same-site” is another port or another name under one domain: not ours either.
        if origin is None and _header(headers, b"sec-fetch-site") in {"cross-site", "same-site"}:
            return Problem(403, "wrong-origin", _WRONG_ORIGIN)
        return None

    async def _admit_large(self, scope: Scope) -> None:
        """Wait until a large body may be read; release `_large` after. Raises NotSignedIn for whoever is not known."""
        await asker(Request(scope), services())
        try:
            async with asyncio.timeout(LARGE_WAIT_SECONDS):
                await self._large.acquire()
        except TimeoutError:
            raise TooMany("The server is busy with other large requests; try again in a moment.") from None

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, host, started, read = scope["path"], _header(scope["headers"], b"host"), False, 0
        bound = body_bound(scope["method"], path)

        async def complete(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                pairs = self._headers.complete(path, host, message["status"], list(message.get("headers", [])))
                message = {**message, "headers": pairs}
            await send(message)

        async def swallowed(message: Message) -> None:
            if read <= bound or started:  # whatever an app makes of half a body, the answer to it is ours
                await complete(message)

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > bound:
                raise _BodyTooLarge("The request is too large.")
            return message

        stated = _header(scope["headers"], b"content-length")
        refusal = self._refuses(scope)
        if refusal is None and stated is not None and stated.isdecimal() and int(stated) > bound:
            refusal = _too_large(bound)
        if refusal is not None:
            await refusal(scope, receive, complete)
            return
        is_large = bound > MAX_BODY and not (stated is not None and stated.isdecimal() and int(stated) <= MAX_BODY)
        if is_large:
            try:
                await self._admit_large(scope)
            except PolycanvasError as error:
                await problem_of(error)(scope, receive, complete)
                return
        try:
            await self._app(scope, bounded, swallowed)
        except _BodyTooLarge:
            if started:
                raise
        finally:
            if is_large:
                self._large.release()
        if read > bound and not started:
            await _too_large(bound)(scope, receive, complete)


def _too_large(bound: int) -> Problem:
    return Problem(413, "too-large", f"The request is too large; here it may have at most {bound:,} bytes.")

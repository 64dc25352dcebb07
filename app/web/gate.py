"""The gate in front of everything, Reflex included: host, origin, request size, closed addresses, headers.

What must not be here: who is asking (identity.py) and what they may do.
"""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge
from app.settings import Settings
from app.web.headers import Headers
from app.web.origins import Origins
from app.web.problems import Problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY = 256 * 1024  # bytes: every request but those below is a short form
MAX_FILE_BODY = 7 * 1024 * 1024  # one file of 1 MB, each character escaped as \\uXXXX at worst, and its frame
MAX_CANVAS_BODY = 40 * 1024 * 1024  # 16 MB of files with ordinary escaping; beyond it, add the files one by one

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
    if method == "PUT" and path.startswith("/api/v1/canvases/"):
        return MAX_FILE_BODY
    return MAX_BODY


class Gate:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._origins = Origins(settings)
        self._headers = Headers(settings)

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
        if not path.isprintable():
            return Problem(400, "bad-input", "A path may not contain control or invisible characters.")
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
        try:
            await self._app(scope, bounded, swallowed)
        except _BodyTooLarge:
            if started:
                raise
        if read > bound and not started:
            await _too_large(bound)(scope, receive, complete)


def _too_large(bound: int) -> Problem:
    return Problem(413, "too-large", f"The request is too large; here it may have at most {bound:,} bytes.")

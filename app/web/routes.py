"""All of the edge put together: the API under /api/v1, sign-in, the co-editing socket, the preview.

What must not be here: a route's own code.
"""

from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__
from app.preview.policy import FRAME_PATH, RUNTIME_PATH
from app.preview.routes import preview_routes
from app.settings import Settings
from app.web import (
    archive,
    auth,
    canvases,
    export,
    files,
    health,
    history,
    layouts,
    members,
    people,
    policies,
    problems,
    provenance,
    runs,
    seen,
    suggestions,
    tickets,
)
from app.web.collab_socket import collab
from app.web.gate import Gate
from app.web.origins import Origins

API = "/api/v1"
AUTH = "/auth"
MAX_PREVIEW_ORIGINS = 32  # addresses of this machine whose routes are kept; a machine has a few names in a network
_ROUTERS = (
    health,
    canvases,
    archive,
    export,
    files,
    history,
    members,
    people,
    tickets,
    layouts,
    seen,
    policies,
    runs,
    suggestions,
    provenance,
)
_ABOUT = "Canvases, files, runs and suggestions of one Polycanvas installation. docs/API.md says it in words."


def make_api() -> FastAPI:
    """Return the API, to be mounted under `API`. Its description is at `openapi.json`; no page from elsewhere."""
    api = FastAPI(
        title="Polycanvas",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
    )
    problems.install(api)
    for module in _ROUTERS:
        api.include_router(module.router)
    return api


def make_auth() -> FastAPI:
    """Return the plain routes, to be mounted under `AUTH`."""
    plain = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(plain)
    plain.include_router(auth.router)
    return plain


class _Preview:
    """The preview's addresses, whose policy names the page that may frame them: the one at the address asked."""

    def __init__(self, settings: Settings, packages: Path | None) -> None:
        self._origins = Origins(settings)
        self._router = lru_cache(MAX_PREVIEW_ORIGINS)(lambda origins: Router(routes=preview_routes(origins, packages)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the routes for the request's Host."""
        origins = self._origins.at(Request(scope).headers.get("host"))
        await self._router(origins)(scope, receive, send)


def make_edge(page: ASGIApp, settings: Settings, packages: Path | None = None) -> ASGIApp:
    """Return our own addresses, everything else to `page`, and the gate in front of both.

    `packages`: the front end's node_modules, where the preview's run-time files come from.
    """
    preview = _Preview(settings, packages)
    own = Router(
        routes=[
            Mount(API, app=make_api()),
            Mount(AUTH, app=make_auth()),
            WebSocketRoute("/collab/{canvas}", collab),
            Route(FRAME_PATH, preview),
            Route(f"{RUNTIME_PATH}/{{name}}", preview),
            Mount("", app=page),
        ]
    )
    return Gate(own, settings)

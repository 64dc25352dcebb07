"""All of the edge put together: the API under /api/v1, sign-in, the co-editing socket, the preview.

What must not be here: a route's own code.
"""

from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Mount, Router, WebSocketRoute
from starlette.types import ASGIApp

from app import __version__
from app.preview.routes import preview_routes
from app.settings import Settings
from app.web import auth, canvases, files, health, layouts, members, problems, runs, suggestions, tickets
from app.web.collab_socket import collab
from app.web.gate import Gate

API = "/api/v1"
AUTH = "/auth"
_ROUTERS = (health, canvases, files, members, tickets, layouts, runs, suggestions)
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


def make_edge(page: ASGIApp, settings: Settings, packages: Path | None = None) -> ASGIApp:
    """Return our own addresses, everything else to `page`, and the gate in front of both.

    `packages`: the front end's node_modules, where the preview's run-time files come from.
    """
    own = Router(
        routes=[
            Mount(API, app=make_api()),
            Mount(AUTH, app=make_auth()),
            WebSocketRoute("/collab/{canvas}", collab),
            *preview_routes(settings.origins, packages),
            Mount("", app=page),
        ]
    )
    return Gate(own, settings)

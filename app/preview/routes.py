"""The preview's two addresses as Starlette routes: the frame's page, and static run-time files.

What must not be here: the person, the canvas and its files. A build reaches the frame through a message port from
the page that shows it, so nothing on these addresses needs a cookie or says anything about anybody.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.errors import NotFound
from app.preview.policy import FRAME_PATH, RUNTIME_PATH, frame_headers, runtime_headers
from app.preview.runtime import runtime_module

_SHELL = Path(__file__).parent / "shell"

# Order matters: the natives are captured and the realm hardened before any line that meets a canvas's code.
_PARTS = ("natives.js", "harden.js", "focus.js", "console.js", "page.js", "boot.js")


def shell_script() -> str:
    """Return the shell's script, its parts in order inside one closure that guest code cannot reach."""
    parts = "\n".join((_SHELL / name).read_text(encoding="utf-8") for name in _PARTS)
    return f'(() => {{ "use strict";\n{parts}\n}})();'


@cache
def shell_page() -> str:
    """Return the frame's page: nothing but the shell."""
    head = f'<meta charset="utf-8"><title>Preview</title><script>{shell_script()}</script>'
    return f"<!doctype html><html><head>{head}</head><body></body></html>"


def preview_routes(origins: Iterable[str], packages: Path | None = None) -> list[BaseRoute]:
    """Return the routes. `origins` may show the frame; `packages` is the front end's node_modules, when built."""
    allowed = frozenset(origins)

    async def frame(request: Request) -> Response:
        return HTMLResponse(shell_page(), headers=frame_headers(allowed))

    async def runtime(request: Request) -> Response:
        try:
            code = runtime_module(request.path_params["name"], packages)
        except NotFound as error:
            return Response(error.sentence, status_code=404, headers=runtime_headers(), media_type="text/plain")
        return Response(code, headers=runtime_headers(), media_type="text/javascript")

    return [
        Route(FRAME_PATH, frame, methods=["GET"]),
        Route(f"{RUNTIME_PATH}/{{name}}", runtime, methods=["GET"]),
    ]

"""The Reflex plugin that carries our TypeScript into the front-end build.

All of `components/**/*.{ts,tsx,css}` is copied to `.web/polycanvas/`, so relative imports between files just work
and there is one copy of every package; each Reflex wrapper names `library="$/polycanvas/index"`.
What must not be here: anything of `app`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reflex_base.plugins.base import Plugin

from components.packages import DEV, RUNTIME

SOURCES = Path(__file__).parent
SUFFIXES = frozenset({".ts", ".tsx", ".css"})
TARGET = "polycanvas"

# Reflex bakes the address of the state socket into the build. Ours is served from the same place as the page, on
# whatever host, port and scheme the person opened, so the address is taken from the page instead.
_BAKED = "  const endpoint = new URL(url_str);\n"
_FROM_PAGE = """\
  const endpoint = new URL(url_str);
  if (typeof window !== "undefined") {
    const socket = endpoint.protocol.startsWith("ws");
    const secure = window.location.protocol === "https:";
    endpoint.protocol = socket ? (secure ? "wss:" : "ws:") : window.location.protocol;
    endpoint.host = window.location.host;
    if (window.location.port === "") endpoint.port = "";
    return endpoint;
  }
"""

# A worker is a module, so that it can load a part of itself when it first needs it, as the pages do.
_BUILD = "  build: {\n"
_WORKERS = '  worker: { format: "es" },\n'


def sources() -> Iterator[Path]:
    """Yield every file that goes into the build, tests left out, in a stable order."""
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix in SUFFIXES and ".test." not in path.name and "node_modules" not in path.parts:
            yield path


def address_from_page(state_js: str) -> str:
    """Return Reflex's `utils/state.js` with the back end's address taken from the page that is open.

    Raises ValueError when the file no longer has the line this replaces: then the Reflex version changed.
    """
    if _FROM_PAGE in state_js:
        return state_js
    if state_js.count(_BAKED) != 1:
        raise ValueError("Reflex's utils/state.js changed; look at getBackendURL again and adapt components/plugin.py.")
    return state_js.replace(_BAKED, _FROM_PAGE)


def workers_as_modules(vite_config: str) -> str:
    """Return Reflex's `vite.config.js` with workers built as ES modules.

    Raises ValueError when there is no one place to say so: then the Reflex version changed.
    """
    if _WORKERS in vite_config:
        return vite_config
    if vite_config.count(_BUILD) != 1:
        raise ValueError("Reflex's vite.config.js changed; say worker.format again and adapt components/plugin.py.")
    return vite_config.replace(_BUILD, _WORKERS + _BUILD)


def packages() -> list[str]:
    """Return the npm packages of the page with exact versions."""
    return [f"{name}@{version}" for name, version in RUNTIME.items()]


class FrontEnd(Plugin):
    """Adds our sources and the packages for building and testing them.

    The packages that the page itself needs go through `Config.frontend_packages` instead (`packages()`): what a plugin
    names as a dependency Reflex imports whole on every page, for evaluated components that we have none of.
    """

    def get_frontend_development_dependencies(self, **context: Any) -> list[str]:
        """Return npm packages that only building and testing need."""
        return [f"{name}@{version}" for name, version in DEV.items()]

    def pre_compile(self, **context: Any) -> None:
        """Queue the copies of our sources and the changes to what Reflex writes."""
        for path in sources():
            target = f"{TARGET}/{path.relative_to(SOURCES).as_posix()}"
            context["add_save_task"](lambda target=target, path=path: (target, path.read_text(encoding="utf-8")))
        context["add_modify_task"]("utils/state.js", address_from_page)
        context["add_modify_task"]("vite.config.js", workers_as_modules)

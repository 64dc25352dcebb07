"""`polycanvas [FOLDER]`: everything on one port, in this process.

What must not be here: what is served (app/app.py) and what runs behind it (app/bootstrap.py).
"""

import asyncio
import errno
import logging
import os
import socket
import sys
import webbrowser
from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.addresses import addresses, warning
from app.commands.frontend import ROOT
from app.commands.lock import AlreadyRuns, held
from app.commands.sweeping import keep_sweeping, only_when_asked, settle
from app.commands.telling import tell_of_folder
from app.errors import SettingsError
from app.settings import Settings

if TYPE_CHECKING:
    import uvicorn

    from app.canvases.folder import FolderReading
    from app.commands.opening import Opened

BACKLOG = 2048  # connections waiting to be accepted: a class of 100 that reloads at once opens several each
STOP_SECONDS = 5  # for open requests to end; rooms are flushed after that, whatever the requests do
# One message of the co-editing socket is at most 16 MiB; the room refuses it with a reason from there on, and this is
# where the connection is cut without one.
MAX_MESSAGE = (16 << 20) + 65_536
PING_SECONDS, PONG_SECONDS = 20.0, 20.0  # a dead connection is gone within 40 s
MAX_STATE_MESSAGE = 128 * 1024  # bytes of one Reflex event; document text never comes that way


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens, before anything slow is done. Raises SettingsError with what to do."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With its protocol named, or asyncio does not know that it is TCP and lets small answers wait for each other.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((settings.host, settings.port))
        found.listen(BACKLOG)
    except OSError as error:
        found.close()
        raise SettingsError(_why_not_listening(settings, error)) from error
    found.setblocking(False)
    return found


def _why_not_listening(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is in use, perhaps by another Polycanvas. Choose another: --port {settings.port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {settings.port}; choose one above 1023: --port 3000"
    return f"This machine has no address {settings.host} to listen on ({error.strerror}). Check --host."


def prepare_environment(settings: Settings) -> None:
    """Tell Reflex, and whatever reads the settings again, what this start was told. Changes the working directory."""
    os.environ["POLYCANVAS_HOST"] = settings.host
    os.environ["POLYCANVAS_PORT"] = str(settings.port)
    os.environ["POLYCANVAS_DATA"] = str(settings.data)
    if settings.models_file is not None:
        os.environ["POLYCANVAS_MODELS"] = str(settings.models_file)
    # litellm fetches a price list and a tokenizer at import and on use unless told not to.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["REFLEX_TELEMETRY_ENABLED"] = "false"
    os.environ["REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE"] = str(MAX_STATE_MESSAGE)
    # Reflex looks for .web and rxconfig.py where it stands.
    os.chdir(ROOT)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


def make_app() -> Any:
    """Return the whole ASGI app, with the front end that was built. `prepare_environment` comes first."""
    from reflex_base import constants
    from reflex_base.environment import environment

    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    # By name, as any server loads its app: the app stands on the floor above the command that serves it.
    return import_module("app.app").app()


def make_server(
    app: Any, ready: Callable[[], Awaitable[None]], prepare: Callable[[], Awaitable[None]] | None = None
) -> "uvicorn.Server":
    """Return the server. `prepare` is awaited once the services run, before anybody is let in; `ready` after that.

    What `prepare` raises ends the start and is raised by the server.
    """
    import uvicorn

    from app.web.direct import DirectProtocol
    from app.web.patience import PatientProtocol

    app = app if prepare is None else _Prepared(app, prepare)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            try:
                await super().startup(sockets)
            except SystemExit:
                if isinstance(app, _Prepared) and app.failed is not None:
                    raise app.failed from None
                raise
            if not self.should_exit:
                await ready()

    return Server(
        uvicorn.Config(
            app,
            http=PatientProtocol,
            ws=DirectProtocol,
            ws_max_size=MAX_MESSAGE,
            ws_ping_interval=PING_SECONDS,
            ws_ping_timeout=PONG_SECONDS,
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )


class _Prepared:
    """ASGI: `app`, started only once `prepare` is done; who connects earlier waits in the listener's backlog."""

    def __init__(self, app: Any, prepare: Callable[[], Awaitable[None]]) -> None:
        self._app = app
        self._prepare = prepare
        self.failed: Exception | None = None  # what `prepare` raised

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            if self.failed is not None:
                return  # told already; what the app says of it is a traceback
            if message["type"] == "lifespan.startup.complete":
                try:
                    await self._prepare()
                except Exception as error:
                    self.failed = error
                    await send({"type": "lifespan.startup.failed", "message": ""})
                    raise
            await send(message)

        await self._app(scope, receive, told if scope["type"] == "lifespan" else send)


def serve(settings: Settings, folder: Path | None, *, open_browser: bool) -> int:
    """Serve until stopped; when another process serves these data already, open `folder` there instead.

    Raises BadInput, SettingsError, Unavailable or BuildFailed when it cannot start.
    """
    settings = _with_models_here(settings)
    folder = folder.expanduser().resolve() if folder is not None else None
    reading = _read(folder) if folder is not None else None
    try:
        return _serve(settings, folder, reading, open_browser=open_browser)
    except AlreadyRuns as there:
        from app.commands.joining import join

        return join(settings, there, folder, reading, open_browser=open_browser)


def _serve(settings: Settings, folder: Path | None, reading: "FolderReading | None", *, open_browser: bool) -> int:
    from app.commands.build import build_when_needed
    from app.commands.restoring import is_waiting, restore_waiting, start_again, when_waiting

    here = Path.cwd()
    only_when_asked()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # The lock first: on the same data the port is most likely in use too, and this says why.
    with held(settings) as say, listen(settings) as listener:
        _check_models(settings)
        known = addresses(settings)
        say(known[0])
        restore_waiting(settings)
        from app.persistence.migrate import migrate

        migrate(settings)
        build_when_needed()
        prepare_environment(settings)
        app = make_app()

        # Made before anybody is let in: the first page must not find an empty list that is about to fill.
        async def prepare() -> None:
            from app.commands.opening import open_canvas

            made.append(await open_canvas(folder, reading.files if reading is not None else None))

        async def ready() -> None:
            from app.commands.opening import set_up_link

            opened = made[0]
            link = await set_up_link(known[0])
            settle()
            if folder is not None and reading is not None:
                tell_of_folder(folder, reading, opened, known[0])
            _tell_where(settings, known, opened.path, link)
            watching.append(asyncio.create_task(when_waiting(settings, stop)))
            watching.append(asyncio.create_task(keep_sweeping()))
            if open_browser:
                webbrowser.open(link or f"{known[0]}{opened.path}")

        def stop() -> None:
            server.should_exit = True

        made: list[Opened] = []
        watching: list[asyncio.Task[None]] = []
        server = make_server(app, ready, prepare)
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            print("\nStopped; everything is saved.")
            return 0 if server.started else 1
    if server.started and is_waiting(settings):
        start_again(here)
    return 0 if server.started else 1


def _with_models_here(settings: Settings) -> Settings:
    """Return the settings with a models.toml beside the person taken along: the working directory changes later."""
    here = Path("models.toml").resolve()
    if settings.models_file is None and here.is_file():
        return replace(settings, models_file=here)
    return settings


def _check_models(settings: Settings) -> None:
    """Raise SettingsError, naming the line, when models.toml cannot be used: better now than once it serves."""
    from app.assistant.catalog import Catalog

    Catalog.of(settings)


def _read(folder: Path) -> "FolderReading":
    from app.canvases.folder import read_folder

    return read_folder(folder)


def _tell_where(settings: Settings, known: list[str], path: str, link: str | None) -> None:
    """Say where it is, who can read along, and how the owner gets an account."""
    print(f"Polycanvas is at {known[0]}{path}")
    if len(known) > 1:
        print(f"It also answers at {' and '.join(known[1:])}")
    concern = warning(settings)
    if concern is not None:
        print(concern)
    print("One process serves everybody; rooms live in it. Stop with Ctrl-C.", flush=True)
    if link is not None:
        print(f"Nobody has an account yet. Set up the owner's, once, at:\n  {link}", flush=True)

"""The real thing for tests: the edge over SQLite in a temporary folder, in this process or as the command itself.

`edge(folder)`: no network, an httpx client over ASGI. `serving(folder)`: uvicorn on a free port in this event loop,
with everything but Reflex's page. `command(...)`: the `polycanvas` command in a process of its own, page included.
"""

import asyncio
import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.bootstrap import running
from app.commands.serve import make_server
from app.domain.people import Person, Role
from app.guard.asking import cookie_name
from app.ids import CanvasId
from app.persistence.migrate import migrate
from app.services import Services
from app.settings import Settings
from app.web.routes import make_edge

START_SECONDS = 60.0  # a process under load


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand where Reflex's page stands."""
    if scope["type"] == "http":
        await PlainTextResponse("page")(scope, receive, send)


def local_settings(folder: Path, *, port: int = 3000, public: str = "", **more: object) -> Settings:
    """Return settings whose data lie in `folder`. `public`: an address that makes signing in necessary."""
    return Settings(port=port, data=folder / "data", public_url=public, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Edge:
    """A running installation without a network."""

    services: Services
    app: ASGIApp

    @property
    def settings(self) -> Settings:
        """What it was told."""
        return self.services.settings

    def client(
        self, session: str | None = None, *, origin: str | None = None, token: str | None = None
    ) -> httpx.AsyncClient:
        """Return a client. `session`: a cookie's token; `token`: an API token; `origin`: as a page would send it."""
        headers = {} if origin is None else {"origin": origin}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        cookies = {} if session is None else {cookie_name(self.settings): session}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=self.settings.url, headers=headers, cookies=cookies)

    async def owner(self) -> Person:
        """Return the owner of the installation."""
        return await self.services.accounts.local_owner()

    async def canvas(self, files: dict[str, str] | None = None, name: str = "Canvas") -> CanvasId:
        """Return a new canvas of the owner."""
        return (await self.services.canvases.create(await self.owner(), name, files or {})).id

    async def guest(self, canvas: CanvasId, role: Role, name: str = "Guest") -> tuple[Person, str]:
        """Return somebody who came by an invite as `role`, and their session."""
        _, code = await self.services.invites.create(canvas, await self.owner(), role)
        joined = await self.services.invites.accept(code, name=name)
        assert joined.session is not None
        return joined.person, joined.session.token


@contextlib.asynccontextmanager
async def edge(folder: Path, **more: object) -> AsyncIterator[Edge]:
    """Run an installation without a network."""
    settings = local_settings(folder, **more)  # type: ignore[arg-type]
    await asyncio.to_thread(migrate, settings)
    async with running(settings) as services:
        yield Edge(services, make_edge(page, settings))


class _Lifespan:
    """ASGI: starts the installation with the server, as Reflex's lifespan does."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        async with running(self._settings):
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


@contextlib.asynccontextmanager
async def serving(
    folder: Path,
    *,
    listening: Callable[[int], Awaitable[None]] | None = None,
    prepare: Callable[[], Awaitable[None]] | None = None,
    **more: object,
) -> AsyncIterator[Edge]:
    """Run an installation on a free port of loopback, in this event loop.

    `listening` is told the port before the server starts on it; `prepare` is what a start does before anybody is in.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        settings = local_settings(folder, port=listener.getsockname()[1], **more)  # type: ignore[arg-type]
        await asyncio.to_thread(migrate, settings)
        app = make_edge(page, settings)
        if listening is not None:
            await listening(settings.port)
        up = asyncio.Event()

        async def ready() -> None:
            up.set()

        server = make_server(_Lifespan(app, settings), ready, prepare)
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await _first(up.wait(), task)
        from app.services import services

        try:
            yield Edge(services(), app)
        finally:
            server.should_exit = True
            await task


async def _first(wanted: object, task: "asyncio.Task[None]") -> None:
    waiting = asyncio.ensure_future(wanted)  # type: ignore[call-overload]
    await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        task.result()
        raise AssertionError("The server ended before it was ready.")


# Below the range that systems give to outgoing connections: a browser that tries again and again to reach a server that
# is away could otherwise be given that very port as its own, and the server could not come back to it.
PORTS = range(15_000, 32_000)


def free_port() -> int:
    """Return a port that was free a moment ago, and that no outgoing connection is given."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise AssertionError(f"No port from {PORTS.start} to {PORTS.stop} is free.")


@contextlib.contextmanager
def command(
    *arguments: str, folder: Path, port: int, env: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """Run `polycanvas` with its data in `folder`, wait until it answers, and end it afterwards."""
    line = [sys.executable, "-m", "app", *arguments, "--port", str(port), "--data", str(folder / "data"), "--no-open"]
    with subprocess.Popen(
        line, cwd=folder, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            _wait_for(process, f"http://127.0.0.1:{port}/api/v1/health")
            yield process
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _wait_for(process: "subprocess.Popen[str]", url: str) -> None:
    until = time.monotonic() + START_SECONDS
    with httpx.Client(timeout=2.0) as client:
        while time.monotonic() < until:
            if process.poll() is not None:
                raise AssertionError(f"polycanvas ended at once:\n{process.stdout.read() if process.stdout else ''}")
            try:
                # The socket listens before the server is up, so this waits for the answer instead of trying in turns.
                if client.get(url).status_code == 200:
                    return
            except httpx.TransportError:
                continue
    raise AssertionError("polycanvas did not answer in time.")


__all__ = ["START_SECONDS", "Edge", "command", "edge", "free_port", "local_settings", "serving"]

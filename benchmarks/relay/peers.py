"""Starts each server to be measured, the product among them. Peers come from their registries, exact versions."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.relay.swarm import Door
from benchmarks.relay.wire import block

HERE = Path(__file__).parent
START_TIMEOUT = 180.0  # seconds: the product may have to build its front end first
NODE_PEERS = [
    "@y/websocket-server@0.1.1",  # y-websocket's server, the last release for a Yjs that is released
    "@hocuspocus/server@4.7.0",
    "@hocuspocus/extension-database@4.7.0",
    "yjs@13.6.33",
]
PYTHON_PEERS = ["pycrdt-websocket==0.16.5", "pycrdt-store[sqlite]", "uvicorn", "websockets"]


@dataclass
class Peer:
    """A running server: how to open one more client of a room."""

    name: str
    port: int
    pids: list[int]
    run: str = ""  # distinguishes the rooms of one round from those of another

    def door(self, room: int) -> Door:
        """How clients of this room speak."""
        return Door("127.0.0.1", self.port)

    def path(self, room: int) -> str:
        """Where one more client of this room connects."""
        return f"/bench{self.run}-{room}"


class Hocuspocus(Peer):
    """Names the document at the head of every message, and wants a token first (any, with no hook set)."""

    def door(self, room: int) -> Door:
        return Door("127.0.0.1", self.port, prefix=block(f"bench{self.run}-{room}".encode()), hello=[b"\x02\x00\x01t"])

    def path(self, room: int) -> str:
        return "/"


@dataclass
class Polycanvas(Peer):
    """The product: a canvas by the API, and for each client a ticket and, as pages do, acknowledgements."""

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=START_TIMEOUT)
        self._http.get("/health").raise_for_status()  # it listens before it is up
        self._canvases: dict[tuple[str, int], str] = {}

    def path(self, room: int) -> str:
        canvas = self._canvases.get((self.run, room))
        if canvas is None:
            made = self._http.post("/canvases", json={"name": f"bench {room}", "files": {"a.txt": ""}})
            made.raise_for_status()
            canvas = self._canvases[self.run, room] = made.json()["id"]
        ticket = self._http.post(f"/canvases/{canvas}/tickets")
        ticket.raise_for_status()
        return f"{ticket.json()['path']}&ack=1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def node_environment() -> dict[str, str]:
    """The environment with the interpreter's own bin folder first: node comes from there."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def install(folder: Path) -> None:
    """Install the peers into `folder`; say which could not be had."""
    folder.mkdir(parents=True, exist_ok=True)
    env = node_environment()
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    npm = shutil.which("npm", path=env["PATH"])
    if npm is None:
        raise SystemExit("npm is missing: install the project first, it brings node and npm.")
    subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--silent", *NODE_PEERS], cwd=folder, env=env, check=True
    )
    for script in ("hocuspocus.mjs",):
        shutil.copy(HERE / script, folder / script)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    subprocess.run([folder / "venv/bin/pip", "install", "--quiet", *PYTHON_PEERS], check=True)


@contextlib.contextmanager
def running(command: list[str], port: int, cwd: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block ends; yield once `port` accepts connections."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            deadline = time.monotonic() + START_TIMEOUT
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                    break
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"{command[0]} did not start: {log.read()[-2000:].decode(errors='replace')}")
                time.sleep(0.1)
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the launcher ends before what it launched, which may linger
            process.wait()


def family(pid: int) -> list[int]:
    """`pid` and its descendants: the node that PyPI gives is a small launcher around the real one."""
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        if children.exists():
            found += [int(child) for child in children.read_text().split()]
    return found


def names() -> list[str]:
    return ["polycanvas", "y-websocket", "hocuspocus", "pycrdt-websocket"]


@contextlib.contextmanager
def started(name: str, folder: Path, module: str = "app") -> Iterator[Peer]:
    """Start the server called `name` and yield how to reach it. `module`: what starts the product."""
    port, env = free_port(), node_environment()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        if name == "polycanvas":
            command = [sys.executable, "-m", module, "--port", str(port), "--data", scratch, "--no-open"]
            with running(command, port, HERE.parent.parent, env) as process:
                yield Polycanvas(name, port, family(process.pid))
        elif name == "y-websocket":
            env |= {"PORT": str(port), "HOST": "127.0.0.1"}
            script = folder / "node_modules/@y/websocket-server/src/server.js"
            with running(["node", str(script)], port, folder, env) as process:
                yield Peer(name, port, family(process.pid))
        elif name == "hocuspocus":
            with running(["node", "hocuspocus.mjs", str(port), f"{scratch}/h.db"], port, folder, env) as process:
                yield Hocuspocus(name, port, family(process.pid))
        elif name == "pycrdt-websocket":
            command = [str(folder / "venv/bin/python"), str(HERE / "pycrdt_peer.py"), str(port), f"{scratch}/p.db"]
            with running(command, port, folder, env) as process:
                yield Peer(name, port, family(process.pid))
        else:
            raise SystemExit(f"No server called {name}: choose among {', '.join(names())}.")

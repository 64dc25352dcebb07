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
from dataclasses import dataclass, field
from pathlib import Path

import httpx

HERE = Path(__file__).parent
START_TIMEOUT = 180.0  # seconds: the product may have to build its front end first
NODE_PEERS = [
    "y-websocket@1.5.4",  # the last release that carries its own server; the one split off needs a prerelease of Yjs
    "@hocuspocus/server@4.7.0",
    "@hocuspocus/extension-database@4.7.0",
    "yjs@13.6.33",
]
PYTHON_PEERS = ["pycrdt-websocket==0.16.5", "pycrdt-store[sqlite]", "uvicorn", "websockets"]


@dataclass
class Peer:
    """A running server: how to join `count` clients to one fresh room."""

    name: str
    port: int
    pids: list[int]
    room: str = "bench"
    prefix: bytes = b""
    hello: list[bytes] = field(default_factory=list)
    headers: str = ""

    def paths(self, count: int) -> list[str]:
        return [f"/{self.room}{count}"] * count


class Polycanvas(Peer):
    """The product: a canvas by the API, and a ticket for each client."""

    def paths(self, count: int) -> list[str]:
        base = f"http://127.0.0.1:{self.port}/api/v1"
        with httpx.Client(timeout=30) as http:
            canvas = http.post(f"{base}/canvases", json={"name": f"bench {count}", "files": {"a.txt": ""}})
            canvas.raise_for_status()
            tickets = f"{base}/canvases/{canvas.json()['id']}/tickets"
            return [http.post(tickets).json()["path"] for _ in range(count)]


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
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
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
def started(name: str, folder: Path) -> Iterator[Peer]:
    """Start the server called `name` and yield how to reach it."""
    port, env = free_port(), node_environment()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        if name == "polycanvas":
            command = [sys.executable, "-m", "app.cli", "--port", str(port), "--data", scratch, "--no-open"]
            with running(command, port, HERE.parent.parent, env) as process:
                yield Polycanvas(name, port, family(process.pid))
        elif name == "y-websocket":
            env |= {"PORT": str(port), "HOST": "127.0.0.1"}
            script = folder / "node_modules/y-websocket/bin/server.js"
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


class Hocuspocus(Peer):
    """Names the document at the head of every message, and wants a token first (any, with no hook set)."""

    def paths(self, count: int) -> list[str]:
        document = f"{self.room}{count}".encode()
        self.prefix = bytes([len(document)]) + document
        self.hello = [b"\x02\x00\x01t"]
        return ["/"] * count

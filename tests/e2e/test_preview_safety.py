"""A real Chromium plays the attacker inside the real frame: the shell, its headers and the host page's policy.

Each row of ATTACKS runs alone in a fresh frame. `code` is the body of an async function that returns something
truthy when it got hold of what it must not have. Beside that, a listener on loopback must see nothing at all, and the
page around the frame must be as it was.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.preview.policy import page_policy
from app.preview.routes import preview_routes
from tests.e2e.preview_attacks import ATTACKS, NAVIGATES

pytestmark = pytest.mark.chromium

# What the app's page does, in its smallest form: one frame, one build, one port; the frame's words are kept.
HOST = """<!doctype html><title>Host</title><input id="editor" value="secret text"><div id="hole"></div><script>
document.cookie = "session=secret"; localStorage.setItem("token", "secret"); window.secret = "secret";
window.spoofed = 0; addEventListener("message", () => { window.spoofed++; });
function play(html) {
  window.heard = []; window.loads = 0; window.spoofed = 0;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts"); frame.allow = ""; frame.referrerPolicy = "no-referrer";
  frame.style.cssText = "width:400px;height:200px"; frame.src = "/preview/frame";
  frame.onload = () => {
    if (++window.loads > 1) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => window.heard.push(event.data);
    window.port = port1;
    const build = { entry: "index.html", html, styles: {}, imported: [], scripts: {}, modules: {}, files: {} };
    frame.contentWindow.postMessage({ type: "build", build }, "*", [port2]);
  };
  document.querySelector("#hole").replaceChildren(frame);
}
</script>
<script type="module">
import { keepFocus } from "/focus.js"; keepFocus(() => [document.querySelector("iframe")]);
</script>"""

FOCUS_SOURCE = Path(__file__).parents[2] / "components" / "preview" / "focus.ts"
STRIP = "process.stdout.write(require('module').stripTypeScriptTypes(require('fs').readFileSync(0, 'utf8')))"


@dataclass(slots=True)
class Listener:
    """Counts what reaches a port on loopback, over TCP and UDP (a peer connection asks its STUN server by UDP).

    `silent` counts connections, `hits` those that said at least one byte.
    """

    port: int = 0
    hits: int = 0
    silent: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    def start(self) -> None:
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", self.port))
        self.sockets = [tcp, udp]
        threading.Thread(target=self._accept, args=(tcp,), daemon=True).start()
        threading.Thread(target=self._receive, args=(udp,), daemon=True).start()

    def _accept(self, tcp: socket.socket) -> None:
        while True:
            try:
                connection, _ = tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: socket.socket) -> None:
        self.silent += 1
        # Counted before it is closed: whoever waits for the close finds it counted.
        with connection, contextlib.suppress(OSError):
            if connection.recv(1):
                self.hits += 1

    def _receive(self, udp: socket.socket) -> None:
        while True:
            try:
                udp.recv(2048)
            except OSError:
                return
            self.hits += 1

    def stop(self) -> None:
        for one in self.sockets:
            one.shutdown(socket.SHUT_RDWR) if one.type == socket.SOCK_STREAM else None
            one.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    listener.start()
    yield listener
    listener.stop()


@pytest.fixture(scope="module")
def app_reads() -> list[str]:
    return []


@pytest.fixture(scope="module")
def address(app_reads: list[str]) -> Iterator[str]:
    """Serve the host page, the preview and one address of the app that a guest must not reach."""
    bound = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{bound.getsockname()[1]}"

    node = shutil.which("node", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
    assert node is not None, "node comes with the project's own dependencies; install them."
    stripped = subprocess.run(
        [node, "--disable-warning=ExperimentalWarning", "-e", STRIP],
        input=FOCUS_SOURCE.read_bytes(), capture_output=True, check=True,
    )  # fmt: skip
    guard = stripped.stdout

    async def host(request: Request) -> Response:
        return HTMLResponse(HOST, headers={"content-security-policy": page_policy([origin])})

    async def focus(request: Request) -> Response:
        return Response(guard, media_type="text/javascript")

    async def app_route(request: Request) -> Response:
        app_reads.append(request.url.path)
        return Response("secret", headers={"access-control-allow-origin": "*"})

    routes = [
        Route("/", host),
        Route("/focus.js", focus),
        Route("/api/v1/me", app_route),
        Route("/auth/sign-out", app_route, methods=["GET", "POST"]),
        *preview_routes([origin]),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    yield origin
    server.should_exit = True
    thread.join(timeout=10)
    bound.close()


@pytest.fixture(scope="module")
def page(address: str, browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.on("dialog", lambda dialog: (page.evaluate("window.dialogs = 1"), dialog.dismiss()))
    page.goto(address)
    yield page
    page.close()


def play(page: Page, code: str, port: int) -> list[dict[str, Any]]:
    """Run `code` in a fresh frame until it says that it is over, or until the frame left; return what it said."""
    evil = f"http://127.0.0.1:{port}/"
    script = (
        f'<p id="first">page</p><script>(async () => {{ const EVIL = "{evil}", PORT = {port};'
        "const say = console.log.bind(console); let got = 0;"
        f"try {{ got = await (async () => {{ {code} }})(); }} catch (error) {{ got = 0; }}"
        "say('GOT ' + (got ? String(got) : 'nothing')); say('OVER'); })();</script>"
    )
    page.evaluate("play", script)
    page.wait_for_function("window.loads > 1 || heard.some((one) => one.lines?.some((line) => line.text === 'OVER'))")
    heard: list[dict[str, Any]] = page.evaluate("heard")
    return heard


def said(heard: list[dict[str, Any]]) -> list[str]:
    return [line["text"] for message in heard if message["type"] == "console" for line in message["lines"]]


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_contained(name: str, page: Page, address: str, listener: Listener, app_reads: list[str]) -> None:
    before, silent = listener.hits, listener.silent
    app_reads.clear()
    page.focus("#editor")
    heard = play(page, ATTACKS[name], listener.port)
    got = [line for line in said(heard) if line.startswith("GOT ")]
    assert got in ([], ["GOT nothing"]), f"the guest got {got}"
    assert listener.hits == before, "something reached the network"
    assert name in NAVIGATES or listener.silent == silent, "a connection was opened"
    assert app_reads == [], "something reached the app"
    assert [one for one in heard if one["type"] == "key"] == [], "a key was told of that nobody pressed"
    assert page.url == f"{address}/"
    assert page.title() == "Host"
    assert len(page.context.pages) == 1
    page.wait_for_function("document.activeElement.id === 'editor'")
    assert page.evaluate("[window.dialogs, localStorage.token]") == [None, "secret"]


def test_the_listener_would_have_seen_it(page: Page, address: str, listener: Listener) -> None:
    """The listener works: the host page itself, which has no such policy, reaches it."""
    before = listener.hits
    page.evaluate("(url) => fetch(url, { mode: 'no-cors' }).catch(() => 0)", f"http://127.0.0.1:{listener.port}/")
    assert listener.hits > before


def test_an_honest_page_runs(page: Page, listener: Listener) -> None:
    """What is contained is the attack, not the page: scripts, timers, storage of its own, made elements, workers."""
    code = (
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);"
        "document.body.insertAdjacentHTML('beforeend', '<b onclick=\"window.clicked = 1\">b</b>');"
        "document.querySelector('b').click();"
        "const w = new Worker(URL.createObjectURL(new Blob(['postMessage(7)'])));"
        "const seven = await new Promise((done) => { w.onmessage = (e) => done(e.data); });"
        "const text = '<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>';"
        "const svg = new DOMParser().parseFromString(text, 'text/xml');"
        "document.body.append(svg.documentElement); eval('window.evaluated = 1');"
        "return [ran, clicked, seven, document.querySelectorAll('svg g').length, evaluated].join()"
    )
    assert "GOT 1,1,7,1,1" in said(play(page, code, listener.port))


def test_a_key_that_somebody_pressed_is_told_by_its_own_name(page: Page, listener: Listener) -> None:
    """What ends following: also in a page that would rather keep it, or call it something else."""
    hides = "for (const name of ['key', 'repeat']) "
    hides += "Object.defineProperty(KeyboardEvent.prototype, name, { get: () => 'Shift' });"
    hides += "addEventListener('keydown', (event) => event.stopImmediatePropagation(), true);"
    play(page, hides, listener.port)
    page.frame_locator("iframe").locator("#first").click()
    page.keyboard.press("x")
    page.wait_for_function("heard.some((one) => one.type === 'key')")
    keys = [one for one in page.evaluate("heard") if one["type"] == "key"]
    assert keys == [{"type": "key", "key": "x", "repeat": False}]


def test_an_endless_loop_does_not_hold_the_page(page: Page) -> None:
    """The frame is in a process of its own: the page answers, the frame does not, and so it can be removed."""
    page.evaluate("play", "<script>for (;;) {}</script>")
    page.wait_for_function("window.loads === 1")
    page.evaluate("port.postMessage({ type: 'ping', count: 1 })")
    # The shell says that it is there before the guest runs, and nothing after.
    assert page.evaluate("new Promise((done) => setTimeout(() => done(heard), 300))") == [{"type": "pong", "count": 0}]
    page.evaluate("document.querySelector('#hole').replaceChildren()")
    assert page.evaluate("1 + 1") == 2


def test_errors_carry_their_file_and_line(page: Page) -> None:
    html = "<p>x</p>\n<script data-canvas-line='1'>\nconst a = 1;\nnope(a);\n</script>"
    page.evaluate("play", html)
    page.wait_for_function("heard.some((one) => one.type === 'ready')")
    error = next(message for message in page.evaluate("heard") if message["type"] == "error")
    assert (error["file"], error["line"]) == ("index.html", 4)
    assert "nope is not defined" in error["text"]

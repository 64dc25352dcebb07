"""The table of bad input: each case gets one clear sentence, and nothing is lost.

What a person can send wrong over HTTP and the socket, and what a model can answer wrong. What can be wrong with an
installation (a port in use, a folder that cannot be written, a newer database, a typing error in models.toml, a
second process) ends the command before it opens anything: see test_cli.py and test_lock.py.
"""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect as dial
from websockets.exceptions import ConnectionClosed

from app import bootstrap
from app.assistant.attempt import Limits
from app.assistant.runs import Bounds, Runs
from app.auth.tickets import TICKET_SECONDS
from app.client import connect
from app.collab.close_codes import CloseCode
from app.ids import CanvasId
from tests.scripted_models import Handler, ScriptedModels, answer, garbage, midway, silent
from tests.server import Edge, serving

pytestmark = pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning")

TEXT = "let a = 1\n"
SOON = 60.0  # seconds: a bound for what happens at once, under load
GONE = "<<<<<<< SEARCH\nnot in the file\n=======\nanything\n>>>>>>> REPLACE\n"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with serving(tmp_path) as found:
        yield found


@pytest.fixture
async def canvas(here: Edge) -> CanvasId:
    return await here.canvas({"a.js": TEXT})


async def _text(here: Edge, canvas: CanvasId) -> str:
    async with here.client() as client:
        return str((await client.get(f"/api/v1/canvases/{canvas}/files/a.js")).json()["text"])


HTTP: dict[str, tuple[str, str, Any, int, str]] = {
    "unknown action": ("POST", "runs", {"action": "dance", "file": "a.js"}, 400, "dance"),
    "run on no file": ("POST", "runs", {"action": "format", "file": "gone.js"}, 404, "gone.js"),
    "range outside the text": (
        "POST",
        "runs",
        {"action": "format", "file": "a.js", "range": {"start": 5, "end": 900}},
        400,
        "range",
    ),
    "path with dots": ("PUT", "files/%2e%2e/%2e%2e/etc/passwd", {"text": "x"}, 400, "“..”"),
    "path with a control character": ("PUT", "files/a%00b.js", {"text": "x"}, 400, "control"),
    "path with an escape sequence": ("PUT", "files/a%1b[31m.js", {"text": "x"}, 400, "control"),
    "path with a backslash": ("PUT", "files/..%5ca.js", {"text": "x"}, 400, "forward slashes"),
    "path written backwards": ("PUT", "files/a%E2%80%AEsj.exe", {"text": "x"}, 400, "invisible"),
    "rename out of the canvas": ("PATCH", "files/a.js", {"path": "../a.js"}, 400, "“..”"),
    "file over the bound": ("PUT", "files/a.js", {"text": "é" * 600_000}, 413, "1,000,000"),
    "binary file": ("PUT", "files/a.js", {"text": "a\0b"}, 400, "binary"),
    "half a character": ("PUT", "files/a.js", b'{"text": "\\ud800"}', 400, "not valid Unicode"),
    "not UTF-8": ("PUT", "files/a.js", b'{"text": "\xff\xfe"}', 400, "UTF-8"),
    "not JSON": ("PUT", "files/a.js", b"let a = 2", 400, "JSON"),
    "no text": ("PUT", "files/a.js", {}, 400, "text"),
    "a field that is not there": ("PUT", "files/a.js", {"text": "x", "mode": 7}, 400, "mode"),
    "unknown role": ("POST", "invites", {"role": "king"}, 400, "role"),
}


@pytest.mark.parametrize("case", HTTP)
async def test_a_request(case: str, here: Edge, canvas: CanvasId) -> None:
    method, path, body, status, said = HTTP[case]
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    async with httpx.AsyncClient(base_url=here.settings.url, timeout=SOON) as client:
        headers = {"content-type": "application/json"}
        answered = await client.request(method, f"/api/v1/canvases/{canvas}/{path}", headers=headers, **content)
    assert answered.status_code == status, answered.text
    assert answered.headers["content-type"] == "application/problem+json"
    detail = answered.json()["detail"]
    assert said in detail
    assert detail.endswith((".", ")"))
    assert "Traceback" not in detail
    assert await _text(here, canvas) == TEXT


SOCKET: dict[str, tuple[bytes, int]] = {
    "malformed update": (b"\x00\x02\x07" + b"\xff" * 7, CloseCode.MALFORMED),
    "an update that ends too early": (b"\x00\x02\x05\x01\x01", CloseCode.MALFORMED),
    "a nested type": (b"\x00\x02\x0b\x01\x01\x05\x00\x07\x01\x01x\x00\x00\x00\x00", CloseCode.MALFORMED),
    "no lib0 number": (b"\xff" * 40, CloseCode.MALFORMED),
    "nothing": (b"", CloseCode.MALFORMED),
}


@pytest.mark.parametrize("case", SOCKET)
async def test_a_message_on_the_socket(case: str, here: Edge, canvas: CanvasId) -> None:
    message, code = SOCKET[case]
    async with connect(here.settings.url, canvas) as bystander:
        async with dial(await _address(here, canvas)) as socket:
            await socket.send(message)
            assert await _closed(socket) == code
            assert socket.close_reason
        # Whoever is there too types on, and it is kept.
        bystander.append("a.js", "// on\n")
        await bystander.saved()
    assert await _text(here, canvas) == TEXT + "// on\n"


async def test_an_expired_ticket(here: Edge, canvas: CanvasId, monkeypatch: pytest.MonkeyPatch) -> None:
    address = await _address(here, canvas)
    clock = here.services.tickets._clock
    monkeypatch.setattr(here.services.tickets, "_clock", lambda: clock() + TICKET_SECONDS + 1)
    async with dial(address) as socket:
        assert await _closed(socket) == CloseCode.BAD_TICKET
        assert socket.close_reason == (
            "This ticket cannot be used (any more). Ask for a new one and connect with it at once."
        )


async def _address(here: Edge, canvas: CanvasId) -> str:
    async with here.client() as client:
        path = (await client.post(f"/api/v1/canvases/{canvas}/tickets")).json()["path"]
    return here.settings.url.replace("http", "ws", 1) + str(path)


async def _closed(socket: Any) -> int:
    async with asyncio.timeout(SOON):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return int(socket.close_code)


MODELS: dict[str, tuple[Callable[[], Handler], str]] = {
    "times out": (lambda: silent, "did not answer within"),
    "streams garbage": (lambda: garbage, "not an answer"),
    "stops midway": (lambda: midway(GONE[:20]), "broke off midway"),
    "edits text that is not there": (lambda: answer(GONE), "is not in the file"),
    "answers nothing": (lambda: answer(""), "empty"),
}


@pytest.mark.parametrize("case", MODELS)
async def test_a_model(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler, said = MODELS[case]
    # Short only where the time is what runs out: elsewhere a slow machine must not look like a silent model.
    limits = Limits(chunk_seconds=2.0, total_seconds=6.0) if handler() is silent else Limits(SOON, SOON)
    bounds = Bounds(attempt=limits)
    monkeypatch.setattr(bootstrap, "Runs", functools.partial(Runs, bounds=bounds))
    async with (
        ScriptedModels({"scripted": handler()}).running() as server,
        serving(tmp_path, local_servers=(server.address,)) as here,
    ):
        canvas = await here.canvas({"a.js": TEXT})
        async with here.client() as client:
            models = (await client.get("/api/v1/models")).json()["models"]
            (model,) = [one["id"] for one in models if "scripted" in one["id"]]
            body = {"action": "fix", "file": "a.js", "model": model}
            started = (await client.post(f"/api/v1/canvases/{canvas}/runs", json=body)).json()
            run = await _ended(client, started["id"])
            suggestions = (await client.get(f"/api/v1/canvases/{canvas}/suggestions")).json()["suggestions"]
        assert run["state"] == "failed"
        assert said in run["error"]
        assert run["error"].endswith(".")
        assert "Error" not in run["error"]
        assert suggestions == []
        assert await _text(here, canvas) == TEXT


async def _ended(client: httpx.AsyncClient, run: str) -> dict[str, Any]:
    async with asyncio.timeout(SOON), client.stream("GET", f"/api/v1/runs/{run}/events") as events:
        async for _ in events.aiter_lines():
            pass
    return dict((await client.get(f"/api/v1/runs/{run}")).json())

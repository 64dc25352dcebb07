"""An attacker with a bare connection to a real server: half requests, odd requests, too much, and what was used up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.client import connect
from app.domain.people import Role
from app.web.patience import PatientProtocol
from tests.server import Edge, serving

SOON = 10.0  # seconds: a bound for what happens at once, under load


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Edge]:
    monkeypatch.setattr(PatientProtocol, "head_seconds", 0.2)
    monkeypatch.setattr(PatientProtocol, "body_seconds", 0.2)
    async with serving(tmp_path) as found:
        yield found


async def _send(here: Edge, request: bytes) -> bytes:
    """Send bytes, keep the connection open, and return all that comes until the server closes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.settings.port)
    try:
        writer.write(request.replace(b"HERE", f"127.0.0.1:{here.settings.port}".encode()))
        async with asyncio.timeout(SOON):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"GET / HT",
        b"GET /api/v1/me HTTP/1.1\r\nhost: HERE\r\nx-slow: ",
        b"POST /auth/sign-in HTTP/1.1\r\nhost: HERE\r\ncontent-length: 50\r\n\r\n{",
        b"POST /auth/sign-in HTTP/1.1\r\nhost: HERE\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{",
    ],
)
async def test_half_a_request_does_not_hold_a_connection(request_: bytes, here: Edge) -> None:
    await _send(here, request_)


async def test_a_long_answer_and_an_open_socket_outlive_the_patience(here: Edge) -> None:
    canvas = await here.canvas({"a.js": ""})
    async with connect(here.settings.url, canvas) as editor:
        for _ in range(4):
            await asyncio.wait_for(_send(here, b"GET / HT"), SOON)  # each takes as long as the patience
        editor.append("a.js", "still here")
        await editor.saved()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /api/v1/me HTTP/1.1\r\nhost: HERE\r\nhost: evil.test\r\nconnection: close\r\n\r\n",
        b"GET http://evil.test/api/v1/me HTTP/1.1\r\nhost: evil.test\r\nconnection: close\r\n\r\n",
        b"GET /api/v1/me HTTP/1.0\r\n\r\n",
        b"POST /api/v1/canvases HTTP/1.1\r\nhost: HERE\r\norigin: http://HERE\r\norigin: http://evil.test\r\n"
        b"content-length: 12\r\nconnection: close\r\n\r\n" + b'{"name":"x"}',
        b"POST /api/v1/canvases HTTP/1.1\r\nhost: HERE\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n"
        b"origin: http://evil.test\r\nconnection: close\r\n\r\n0\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nhost: evil.test\r\nconnection: close\r\n\r\n",
    ],
)
async def test_a_request_that_says_two_things_gets_neither(request_: bytes, here: Edge) -> None:
    answer = await _send(here, request_)
    assert answer.split(b" ", 2)[1] in {b"400", b"403"}, answer[:300]
    assert (await here.services.canvases.of(await here.owner())) == []


@pytest.mark.parametrize(
    "path", ["/rt/../app/settings.py", "/rt/..%2f..%2fpyproject.toml", "/rt/%2e%2e", "/assets/../.env"]
)
async def test_static_addresses_lead_nowhere_else(path: str, here: Edge) -> None:
    answer = await _send(here, f"GET {path} HTTP/1.1\r\nhost: HERE\r\nconnection: close\r\n\r\n".encode())
    assert b"POLYCANVAS" not in answer
    assert b"[project]" not in answer


async def test_the_events_of_a_run_are_for_members(here: Edge) -> None:
    canvas, other = await here.canvas({"a.json": "{}"}), await here.canvas()
    _, stranger = await here.guest(other, Role.EDITOR)
    async with here.client() as owner, here.client(stranger) as client:
        body = {"action": "format", "file": "a.json"}
        run = (await owner.post(f"/api/v1/canvases/{canvas}/runs", json=body)).json()["id"]
        for path in (f"/runs/{run}", f"/runs/{run}/events", f"/canvases/{canvas}/export"):
            assert (await client.get(f"/api/v1{path}")).status_code == 404
        assert (await client.post(f"/api/v1/runs/{run}/stop")).status_code == 404


async def test_a_cookie_beside_others_and_one_too_many(here: Edge) -> None:
    canvas = await here.canvas()
    guest, session = await here.guest(canvas, Role.VIEWER)
    async with httpx.AsyncClient(base_url=here.settings.url) as client:
        mixed = await client.get("/api/v1/me", headers={"cookie": f"a=b; polycanvas={session}; c"})
        assert mixed.json()["id"] == guest.id
        # What is no live session is nobody's; on loopback that is the person at the keyboard.
        long = await client.get("/api/v1/me", headers={"cookie": f"polycanvas={'x' * 5_000}"})
        assert long.json()["id"] == (await here.owner()).id

"""Bound to a network without a public address: whoever comes by one of the machine's addresses can work, no page else.

The gate, the page's policy, the preview's policy and the links in answers name the same address: the one asked.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.commands.addresses import NOT_ENCRYPTED, addresses, warning
from app.commands.serve import listen
from app.domain.people import Role
from app.settings import Settings
from tests.server import Edge, edge, free_port

LAN = "192.0.2.7:3000"
PASSWORD = "a long enough password"


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path, host="0.0.0.0") as here:
        yield here


def _page(here: Edge, host: str = LAN) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(here.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}", headers={"origin": f"http://{host}"})


async def _owner(here: Edge, client: httpx.AsyncClient) -> None:
    code = await here.services.accounts.new_set_up_code()
    answer = await client.post("/auth/set-up", json={"code": code, "name": "Olga", "password": PASSWORD})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("host", [LAN, "canvas.lan:3000", "127.0.0.1:3000", "canvas.lan", "[fd00::2]:3000"])
async def test_people_work_at_every_address_of_the_machine(host: str, network: Edge) -> None:
    async with _page(network, host) as client:
        assert (await client.get("/api/v1/me")).status_code == 401  # nobody is the owner without an account
        await _owner(network, client)
        made = (await client.post("/api/v1/canvases", json={"name": "Ours"})).json()
        assert made["url"] == f"http://{host}/c/{made['id']}"
        link = (await client.post(f"/api/v1/canvases/{made['id']}/invites", json={"role": "viewer"})).json()["url"]
        assert link.startswith(f"http://{host}/join/")
        cookie = next(iter(client.cookies.jar))
        assert (cookie.name, cookie.secure) == ("polycanvas", False)


@pytest.mark.parametrize(
    "origin", ["http://evil.test", "http://192.0.2.7", "https://192.0.2.7:3000", "http://192.0.2.70:3000", "null"]
)
async def test_a_page_from_elsewhere_gets_nothing(origin: str, network: Edge) -> None:
    async with _page(network) as client:
        await _owner(network, client)
        for method, path in (("GET", "/api/v1/me"), ("POST", "/api/v1/canvases"), ("POST", "/auth/sign-out")):
            answer = await client.request(method, path, headers={"origin": origin}, json={"name": "x"})
            assert answer.status_code == 403
            assert answer.json()["type"].endswith(":wrong-origin")
        page = await client.get("/c/abc", headers={"origin": origin})
        assert "access-control-allow-origin" not in page.headers


async def test_the_policies_of_page_and_preview_name_the_address_asked(network: Edge) -> None:
    for host in (LAN, "canvas.lan:3000"):
        async with _page(network, host) as client:
            page = (await client.get("/c/abc")).headers["content-security-policy"]
            frame = (await client.get("/preview/frame")).headers["content-security-policy"]
        assert f"frame-src http://{host}/preview/;" in page
        assert frame.endswith(f"frame-ancestors http://{host}")
        assert f"http://{host}/rt/" in frame


@pytest.mark.parametrize(
    "host",
    ["evil.test; script-src *", "a b", "", "x" * 300, "[evil]:3000", "a:b:c", "user@host:3000", "host/path", "-a"],
)
async def test_a_host_that_is_no_name_gets_nothing(host: str, network: Edge) -> None:
    async with _page(network) as client:
        answer = await client.get("/c/abc", headers={"host": host})
    assert answer.status_code == 403
    assert f"http://{host}/" not in answer.headers["content-security-policy"]


async def test_another_name_for_the_machine_carries_nobody_s_cookie(network: Edge) -> None:
    async with _page(network) as client:
        await _owner(network, client)
        canvas = (await client.post("/api/v1/canvases", json={"name": "Ours"})).json()["id"]
    async with _page(network, "evil.test:3000") as rebound:
        assert (await rebound.get(f"/api/v1/canvases/{canvas}")).status_code == 401


async def test_the_used_set_up_link_and_a_wrong_password_are_said(network: Edge) -> None:
    code = await network.services.accounts.new_set_up_code()
    async with _page(network) as client:
        body = {"code": code, "name": "Olga", "password": PASSWORD}
        assert (await client.post("/auth/set-up", json=body)).status_code == 200
        again = await client.post("/auth/set-up", json=body)
        assert (again.status_code, again.json()["detail"]) == (
            403,
            "This set-up link does not work any more. Restart the server to get a new one, or sign in.",
        )
        wrong = await client.post("/auth/sign-in", json={"name": "Olga", "password": "wrong wrong wrong"})
        assert (wrong.status_code, wrong.json()["detail"]) == (
            401,
            "That name and password do not belong together. Check both and try again.",
        )


async def test_a_guest_of_the_network_is_only_that(network: Edge) -> None:
    canvas = await network.canvas({"a.js": "1"})
    _, session = await network.guest(canvas, Role.VIEWER)
    async with _page(network) as client:
        client.cookies.set("polycanvas", session)
        assert (await client.get(f"/api/v1/canvases/{canvas}/files/a.js")).status_code == 200
        assert (await client.put(f"/api/v1/canvases/{canvas}/files/a.js", json={"text": "2"})).status_code == 403


def test_the_start_names_addresses_that_work_and_who_can_read_along() -> None:
    here = Settings()
    assert (addresses(here), warning(here)) == (["http://127.0.0.1:3000"], None)
    everywhere = Settings(host="0.0.0.0", port=3001)
    assert addresses(everywhere)[-1] == "http://127.0.0.1:3001"
    assert all(one.startswith("http://") and one.endswith(":3001") for one in addresses(everywhere))
    assert warning(everywhere) == NOT_ENCRYPTED
    proxied = Settings(host="0.0.0.0", public_url="https://canvas.test")
    assert (addresses(proxied), warning(proxied)) == (["https://canvas.test"], None)
    assert addresses(Settings(host="192.0.2.7")) == ["http://192.0.2.7:3000"]


async def test_small_answers_do_not_wait_for_each_other() -> None:
    sent_at_once = asyncio.Queue[bool]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        option = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        sent_at_once.put_nowait(option != 0)
        writer.close()

    port = free_port()
    async with await asyncio.start_server(serve, sock=listen(Settings(port=port))):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await sent_at_once.get()
        writer.close()

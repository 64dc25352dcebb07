"""The gate in front of everything: host, origin, sizes, closed addresses, headers. And who is behind a request."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from app.domain.people import Role
from app.web import gate
from app.web.gate import LARGE_AT_ONCE, MAX_BODY, MAX_FORM_BODY, body_bound
from tests.server import Edge, edge

HERE = "http://127.0.0.1:3000"


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as here:
        yield here


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path, public="https://canvas.test") as here:
        yield here


@pytest.mark.parametrize("host", ["evil.test", "evil.test:3000", "127.0.0.1:3001", "127.0.0.1.evil.test:3000", ""])
async def test_on_loopback_a_foreign_host_gets_nothing(host: str, local: Edge) -> None:
    async with local.client() as client:
        answer = await client.get("/api/v1/me", headers={"host": host})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":wrong-host")


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000", "[::1]:3000"])
async def test_on_loopback_its_own_names_are_served(host: str, local: Edge) -> None:
    async with local.client() as client:
        assert (await client.get("/api/v1/me", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.test",
        "http://127.0.0.1:3001",
        "https://127.0.0.1:3000",
        "http://127.0.0.1:3000.evil.test",
        "http://127.0.0.1:3000, http://evil.test",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/canvases", "/auth/sign-out", "/_event", "/anything"])
async def test_a_change_asked_for_by_a_foreign_page_is_refused(origin: str, path: str, local: Edge) -> None:
    async with local.client(origin=origin) as client:
        answer = await client.post(path, json={"name": "x"})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":wrong-origin")
    assert "access-control-allow-origin" not in answer.headers


async def test_our_own_page_may_ask_for_changes(local: Edge) -> None:
    async with local.client(origin=HERE) as client:
        assert (await client.post("/api/v1/canvases", json={"name": "x"})).status_code == 201


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_request_without_origin_that_another_site_caused_is_refused(site: str, local: Edge) -> None:
    async with local.client() as client:
        for method, path in (("GET", "/api/v1/me"), ("POST", "/auth/sign-out")):
            assert (await client.request(method, path, headers={"sec-fetch-site": site})).status_code == 403
        # A link from elsewhere to a page is how people arrive.
        assert (await client.get("/c/abc", headers={"sec-fetch-site": site})).status_code == 200


@pytest.mark.parametrize("path", ["/_upload", "/_upload/x", "/_all_routes", "/_health", "/auth-codespace"])
async def test_what_reflex_offers_beyond_pages_is_closed(path: str, local: Edge) -> None:
    async with local.client() as client:
        assert (await client.post(path)).status_code == 404
        assert (await client.get(path)).status_code == 404


async def test_pages_carry_the_headers_that_contain_previews(local: Edge) -> None:
    async with local.client() as client:
        page = await client.get("/c/abc")
        hashed = await client.get("/assets/index-abc.js")
        api = await client.get("/api/v1/health")
        frame = await client.get("/preview/frame")
    policy = page.headers["content-security-policy"]
    assert f"frame-src {HERE}/preview/" in policy
    for part in ("frame-ancestors 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    for answer in (page, hashed, api):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-cache"
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert api.headers["cache-control"] == "no-store"
    assert frame.headers["content-security-policy"].startswith("sandbox allow-scripts;")
    assert len(frame.headers.get_list("content-security-policy")) == 1


async def test_https_is_remembered_and_the_cookie_is_bound_to_the_host(public: Edge) -> None:
    code = await public.services.accounts.new_set_up_code()
    async with public.client(origin="https://canvas.test") as client:
        body = {"code": code, "name": "Olga", "password": "a long enough password"}
        answer = await client.post("/auth/set-up", json=body)
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-polycanvas=")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        assert "strict-transport-security" in answer.headers
        assert (await client.get("/api/v1/me")).json()["name"] == "Olga"
        await client.post("/auth/sign-out")
        assert (await client.get("/api/v1/me")).status_code == 401
        wrong = await client.post("/auth/sign-in", json={"name": "Olga", "password": "not that one at all"})
        assert wrong.status_code == 401
        right = await client.post("/auth/sign-in", json={"name": "olga", "password": "a long enough password"})
        assert right.status_code == 200


async def test_the_owner_s_page_adds_accounts_and_nobody_else_may(public: Edge) -> None:
    form = {"name": "Bo", "password": "a first password"}
    async with public.client(origin="https://canvas.test") as client:
        answer = await client.post("/auth/people", data=form)
        assert answer.headers["location"].startswith("/account?at=people&problem=Sign%20in")
        code = await public.services.accounts.new_set_up_code()
        await client.post("/auth/set-up", json={"code": code, "name": "Olga", "password": "a long enough password"})
        assert (await client.post("/auth/people", data=form)).headers["location"] == "/account?done=person"
        assert (await client.post("/auth/people", json=form)).status_code == 409
        new = {"old": "a long enough password", "new": "another long password"}
        assert (await client.post("/auth/password", data=new)).headers["location"] == "/account?done=password"
        await client.post("/auth/sign-in", json=form)
        assert (await client.post("/auth/people", json={**form, "name": "Cy"})).status_code == 403


async def test_a_form_is_answered_with_its_page_and_the_sentence(public: Edge) -> None:
    async with public.client(origin="https://canvas.test") as client:
        answer = await client.post("/auth/sign-in", data={"name": "x", "password": "y"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?problem=")
        answer = await client.post("/auth/join", data={"code": "nonsense", "name": "Ana"})
        assert answer.headers["location"].startswith("/join/nonsense?problem=")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/auth/sign-in", {"name": "Ana & Bo", "password": "secret-word"}),
        ("/auth/set-up", {"code": "nonsense", "name": "Ana & Bo", "password": "secret-word"}),
        ("/auth/people", {"name": "Ana & Bo", "password": "secret-word"}),
        ("/auth/join", {"code": "nonsense", "name": "Ana & Bo"}),
        ("/auth/sign-in", {"name": "Ana & Bo", "pasword": "secret-word"}),
    ],
)
async def test_a_refused_form_brings_back_the_name_and_never_the_password(
    public: Edge, path: str, form: dict[str, str]
) -> None:
    async with public.client(origin="https://canvas.test") as client:
        back = (await client.post(path, data=form)).headers["location"]
        assert parse_qs(urlsplit(back).query)["name"] == ["Ana & Bo"]
        assert "secret-word" not in unquote(back)
        long = await client.post(path, data=form | {"name": "a" * 3_000})
        assert len(long.headers["location"]) < 1_000


async def test_a_guest_joins_with_a_name_and_is_nobody_else_afterwards(local: Edge) -> None:
    canvas = await local.canvas()
    _, code = await local.services.invites.create(canvas, await local.owner(), Role.VIEWER)
    async with local.client(origin=HERE) as client:
        answer = await client.post("/auth/join", data={"code": code, "name": "Ana"})
        assert answer.headers["location"] == f"/c/{canvas}"
        me = (await client.get("/api/v1/me")).json()
        assert (me["name"], me["kind"]) == ("Ana", "guest")
        refused = await client.put(f"/api/v1/canvases/{canvas}/files/a.js", json={"text": "x"})
        assert refused.status_code == 403


async def test_an_api_token_stands_for_its_person_and_a_wrong_one_for_nobody(local: Edge) -> None:
    owner = await local.owner()
    _, secret = await local.services.tokens.create(owner, "test")
    async with local.client(token=secret) as client:
        assert (await client.get("/api/v1/me")).json()["id"] == owner.id
    # On loopback too: whoever sends a token means to be that person.
    for wrong in ("pc_wrong", "", "x" * 5000):
        async with local.client(token=wrong) as client:
            assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_body_over_its_bound_is_refused_before_it_is_read_and_while(local: Edge) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY // 1024 + 2):
            yield b" " * 1024

    async with local.client() as client:
        for path, body in (("/auth/join", b" " * (MAX_FORM_BODY + 1)), ("/api/v1/canvases/x/runs", endless())):
            answer = await client.post(path, content=body)
            assert answer.status_code == 413, answer.text
            assert answer.json()["type"].endswith(":too-large")


def test_only_files_and_canvases_may_be_large() -> None:
    assert body_bound("POST", "/api/v1/canvases") > body_bound("PUT", "/api/v1/canvases/x/files/y") > MAX_BODY
    assert body_bound("POST", "/api/v1/canvases/x/runs") == MAX_BODY


async def test_a_large_body_of_somebody_unknown_is_not_read(public: Edge) -> None:
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b" " * 1024, "more_body": True}

    for method, path in (("POST", "/api/v1/canvases"), ("PUT", "/api/v1/canvases/x/files/a.js")):
        for headers in ([], [(b"content-length", b"30000000")], [(b"authorization", b"Bearer pc_wrong")]):
            sent: list[dict[str, Any]] = []

            async def send(message: Any, sent: list[dict[str, Any]] = sent) -> None:
                sent.append(message)

            host = public.settings.url.split("://")[1].encode()
            scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
            scope |= {"headers": [(b"host", host), *headers], "scheme": "http", "root_path": "", "http_version": "1.1"}
            await public.app({**scope, "client": ("1.2.3.4", 5), "server": ("x", 1)}, receive, send)
            assert sent[0]["status"] in ({401, 413} if method == "PUT" else {401}), sent
    assert read == 0


async def test_large_bodies_are_read_a_few_at_a_time(local: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LARGE_WAIT_SECONDS", 0.01)
    held, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        held.release()
        yield b" "
        await go_on.wait()

    async with local.client() as client:
        canvas = await local.canvas()
        going = [
            asyncio.create_task(client.put(f"/api/v1/canvases/{canvas}/files/a.js", content=slow()))
            for _ in range(LARGE_AT_ONCE)
        ]
        for _ in going:
            await held.acquire()
        refused = await client.put(f"/api/v1/canvases/{canvas}/files/b.js", content=slow())
        assert refused.status_code == 429
        small = await client.put(f"/api/v1/canvases/{canvas}/files/b.js", json={"text": "x"})
        assert small.status_code == 200
        go_on.set()
        await asyncio.gather(*going)
        again = await client.put(f"/api/v1/canvases/{canvas}/files/b.js", json={"text": "x" * (MAX_BODY + 1)})
        assert again.status_code == 200


async def test_the_state_socket_needs_an_origin_of_ours(local: Edge) -> None:
    for path, origin, refused in (
        ("/_event", None, True),
        ("/_event", "http://evil.test", True),
        ("/_event", "null", True),
        ("/collab/x", "http://evil.test", True),
        ("/collab/x", None, False),
    ):
        headers = [(b"host", b"127.0.0.1:3000")] + ([(b"origin", origin.encode())] if origin is not None else [])
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "websocket.connect"}

        async def send(message: dict[str, object], sent: list[dict[str, object]] = sent) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "subprotocols": []}
        await local.app(scope, receive, send)  # type: ignore[arg-type]
        assert (not sent or sent[0]["type"] == "websocket.close") is (refused or path == "/_event"), (
            path,
            origin,
            sent,
        )

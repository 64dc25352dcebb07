"""Bad input, each with a clear sentence and nothing lost; and that good input lands where it should."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.canvases.seen import MAX_SEEN
from app.domain.files import MAX_FILE_BYTES
from app.domain.people import Role
from app.ids import CanvasId, new_id
from tests.server import Edge, edge


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as found:
        yield found


@pytest.fixture
async def canvas(here: Edge) -> CanvasId:
    return await here.canvas({"src/app.js": "let a = 1\n"})


@pytest.fixture
async def client(here: Edge) -> AsyncIterator[httpx.AsyncClient]:
    async with here.client() as found:
        yield found


def _is_problem(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    return str(problem["detail"])


@pytest.mark.parametrize(
    "path",
    [
        "..%2Fapp.js",
        "a%2F..%2Fb",
        "a%00b",
        "a%0Ab",
        "%2Fetc",
        "a%5Cb",
        "%20a",
        "a%E2%80%8Bb",
        "a%2F%2Fb",
        "a%C2%A0b",
        "x" * 241,
    ],
)
async def test_a_path_that_cannot_be_one_is_refused(path: str, canvas: CanvasId, client: httpx.AsyncClient) -> None:
    answer = await client.put(f"/api/v1/canvases/{canvas}/files/{path}", json={"text": "x"})
    assert "path" in _is_problem(answer, 400) or "name" in answer.json()["detail"]
    listed = (await client.get(f"/api/v1/canvases/{canvas}/files")).json()["files"]
    assert [file["path"] for file in listed] == ["src/app.js"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/canvases", b"{", 400),
        ("POST", "/canvases", b"\xff\xfe{}", 400),
        ("POST", "/canvases", b"[]", 400),
        ("POST", "/canvases", b"{}", 400),
        ("POST", "/canvases", b'{"name": 3}', 400),
        ("POST", "/canvases", b'{"name": ""}', 400),
        ("POST", "/canvases", b'{"name": "x", "fils": {}}', 400),
        ("POST", "/canvases", b'{"name": "x", "files": {"a": "\\u0000"}}', 400),
        ("POST", "/canvases", b'{"name": "x", "files": {"../a": "x"}}', 400),
        ("POST", "/canvases", b'{"name": "x", "files": {"a": "\\ud800"}}', 400),
        ("PUT", "/canvases/{canvas}/files/a.js", b'{"text": null}', 400),
        ("PUT", "/canvases/{canvas}/files/a.js", b'{"text": "\\u0000"}', 400),
        ("PATCH", "/canvases/{canvas}/files/none.js", b'{"path": "b.js"}', 404),
        ("POST", "/canvases/{canvas}/invites", b'{"role": "owner"}', 403),
        ("POST", "/canvases/{canvas}/invites", b'{"role": "god"}', 400),
        ("POST", "/canvases/{canvas}/runs", b'{"action": "dance", "file": "src/app.js"}', 400),
        ("POST", "/canvases/{canvas}/runs", b'{"action": "format", "file": "none.js"}', 404),
        (
            "POST",
            "/canvases/{canvas}/runs",
            b'{"action": "format", "file": "src/app.js", "range": {"start": 9, "end": 99999}}',
            400,
        ),
        ("POST", "/canvases/{canvas}/runs", b'{"action": "format", "file": "src/app.js", "range": {"start": -1}}', 400),
        ("PUT", "/canvases/{canvas}/layout?device=watch", b'{"layout": {}}', 400),
        ("PUT", "/canvases/{canvas}/layout?device=wide", b'{"layout": {"__proto__": {}}}', 400),
        ("POST", "/canvases/{canvas}/seen", b'{"comments": ["../x"]}', 400),
        ("POST", "/canvases/{canvas}/seen", b'{"comments": "cccccccccccc"}', 400),
        ("GET", "/canvases/{canvas}/activity?limit=0", b"", 400),
        ("GET", "/canvases/nosuchcanvas", b"", 404),
        ("GET", "/canvases/nosuchcanvas/files", b"", 404),
        ("GET", "/runs/nosuchrun", b"", 404),
        ("GET", "/suggestions/nosuchthing", b"", 404),
        ("POST", "/suggestions/nosuchthing/accept", b"", 404),
        ("GET", "/nowhere", b"", 404),
        ("DELETE", "/health", b"", 405),
    ],
)
async def test_what_cannot_be_used_is_said(
    method: str, path: str, body: bytes, status: int, canvas: CanvasId, client: httpx.AsyncClient
) -> None:
    headers = {"content-type": "application/json"}
    answer = await client.request(
        method, f"/api/v1{path.format(canvas=canvas)}", content=body or None, headers=headers if body else {}
    )
    sentence = _is_problem(answer, status)
    assert sentence.endswith(".")
    assert "Traceback" not in sentence


@pytest.mark.parametrize(
    ("body", "said"),
    [(b'{"name": "\xff"}', "not text in UTF-8"), (b'{"name": "x",}', "not valid JSON ("), (b"{", "at character 1)")],
)
@pytest.mark.parametrize("path", ["/api/v1/canvases", "/auth/sign-in"])
async def test_a_body_that_is_no_json_is_told_apart(
    path: str, body: bytes, said: str, client: httpx.AsyncClient
) -> None:
    answer = await client.post(path, content=body, headers={"content-type": "application/json"})
    assert said in _is_problem(answer, 400)


async def test_more_seen_comments_than_are_kept_are_refused_with_their_bound(
    canvas: CanvasId, client: httpx.AsyncClient
) -> None:
    address = f"/api/v1/canvases/{canvas}/seen"
    most = await client.post(address, json={"comments": [new_id() for _ in range(MAX_SEEN)]})
    assert most.status_code == 204
    answer = await client.post(address, json={"comments": [new_id() for _ in range(MAX_SEEN + 1)]})
    assert f"{MAX_SEEN:,}".replace(",", "") in _is_problem(answer, 400).replace(",", "")


async def test_a_file_with_more_characters_than_the_bound_is_named(canvas: CanvasId, client: httpx.AsyncClient) -> None:
    address = f"/api/v1/canvases/{canvas}/files/src/app.js"
    answer = await client.put(address, json={"text": "x" * (MAX_FILE_BYTES + 1)})
    sentence = _is_problem(answer, 413)
    assert "src/app.js has 1,000,001 bytes" in sentence
    assert "1,000,000" in sentence


async def test_a_space_that_is_not_plain_is_refused_alike_everywhere(
    canvas: CanvasId, client: httpx.AsyncClient
) -> None:
    in_address = await client.put(f"/api/v1/canvases/{canvas}/files/a%C2%A0b", json={"text": "x"})
    in_body = await client.post("/api/v1/canvases", json={"name": "x", "files": {"a\u00a0b": "x"}})
    assert _is_problem(in_address, 400) == _is_problem(in_body, 400)
    assert "any space but the plain one" in in_body.json()["detail"]


async def test_a_file_over_the_bound_is_refused_whole(canvas: CanvasId, client: httpx.AsyncClient) -> None:
    # Fewer characters than the bound, more bytes.
    text = "é" * (MAX_FILE_BYTES // 2 + 1)
    answer = await client.put(f"/api/v1/canvases/{canvas}/files/src/app.js", json={"text": text})
    assert "1,000,000" in _is_problem(answer, 413)
    kept = (await client.get(f"/api/v1/canvases/{canvas}/files/src/app.js")).json()["text"]
    assert kept == "let a = 1\n"


async def test_a_file_at_the_bound_is_taken_and_given_back(canvas: CanvasId, client: httpx.AsyncClient) -> None:
    text = "😀" * (MAX_FILE_BYTES // 4)
    answer = await client.put(f"/api/v1/canvases/{canvas}/files/big.txt", json={"text": text})
    assert answer.status_code == 200, answer.text
    assert answer.json()["bytes"] == MAX_FILE_BYTES
    assert (await client.get(f"/api/v1/canvases/{canvas}/files/big.txt")).json()["text"] == text


async def test_files_are_written_renamed_and_deleted(canvas: CanvasId, client: httpx.AsyncClient) -> None:
    base = f"/api/v1/canvases/{canvas}/files"
    put: dict[str, Any] = (await client.put(f"{base}/a/ü.py", json={"text": "x = 1\r\n"})).json()
    assert (put["path"], put["language"]) == ("a/ü.py", "python")
    moved = await client.patch(f"{base}/a/ü.py", json={"path": "b.py"})
    assert moved.json()["id"] == put["id"]
    taken = await client.patch(f"{base}/b.py", json={"path": "src/app.js"})
    assert "already" in _is_problem(taken, 409)
    assert (await client.delete(f"{base}/b.py")).status_code == 204
    assert (await client.delete(f"{base}/b.py")).status_code == 404


async def test_a_suggestion_is_listed_accepted_once_and_reverted(canvas: CanvasId, client: httpx.AsyncClient) -> None:
    run = await client.post(f"/api/v1/canvases/{canvas}/runs", json={"action": "format", "file": "src/app.js"})
    async with client.stream("GET", f"/api/v1/runs/{run.json()['id']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = [line async for line in stream.aiter_lines() if line]
    assert lines
    assert all(line.startswith(("data: {", ":")) for line in lines)
    (one,) = (await client.get(f"/api/v1/canvases/{canvas}/suggestions")).json()["suggestions"]
    for _ in range(2):
        accepted = await client.post(f"/api/v1/suggestions/{one['id']}/accept", json={})
        assert accepted.json()["state"] == "accepted", accepted.text
    read = await client.get(f"/api/v1/canvases/{canvas}/files/src/app.js")
    assert read.json()["text"] == "let a = 1;\n"
    reverted = await client.post(f"/api/v1/suggestions/{one['id']}/revert")
    assert reverted.json()["state"] == "reverted"
    history = (await client.get(f"/api/v1/canvases/{canvas}/history")).json()["moments"]
    assert any(moment.get("note", "").endswith("'s suggestion reverted") for moment in history)
    read = await client.get(f"/api/v1/canvases/{canvas}/files/src/app.js")
    assert read.json()["text"] == "let a = 1\n"
    kinds = [entry["kind"] for entry in (await client.get(f"/api/v1/canvases/{canvas}/activity")).json()["activity"]]
    assert kinds[0] == "suggestion-reverted"


async def test_a_suggestion_of_a_canvas_one_is_not_in_does_not_exist(here: Edge, canvas: CanvasId) -> None:
    async with here.client() as owner:
        run = await owner.post(f"/api/v1/canvases/{canvas}/runs", json={"action": "format", "file": "src/app.js"})
        async with owner.stream("GET", f"/api/v1/runs/{run.json()['id']}/events") as stream:
            async for _ in stream.aiter_lines():
                pass
        (one,) = (await owner.get(f"/api/v1/canvases/{canvas}/suggestions")).json()["suggestions"]
    _, session = await here.guest(await here.canvas(), Role.EDITOR)
    async with here.client(session) as stranger:
        for hint in ("", f"?canvas={canvas}"):
            _is_problem(await stranger.post(f"/api/v1/suggestions/{one['id']}/accept{hint}"), 404)


async def test_the_description_is_served_and_names_no_other_host(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/openapi.json")
    assert answer.json()["info"]["title"] == "Polycanvas"
    for page in ("/api/v1/docs", "/api/v1/redoc"):
        assert (await client.get(page)).status_code == 404

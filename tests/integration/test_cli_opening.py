"""What a start opens: a folder's canvas, made once and found again; the sample, made once; the set-up link."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.commands.opening import HOME, open_canvas, set_up_link
from app.errors import BadInput
from tests.server import Edge, edge, serving

HERE = "http://canvas.test"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as found:
        yield found


async def test_the_same_folder_opens_the_same_canvas(here: Edge, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    first = await open_canvas(folder, {"a.js": "1"})
    assert first.is_new
    again = await open_canvas(folder, {"a.js": "changed meanwhile"})
    assert (again.canvas, again.path, again.is_new) == (first.canvas, first.path, False)
    assert (await open_canvas(tmp_path / "other", {})).canvas != first.canvas
    async with here.client() as client:
        read = await client.get(f"/api/v1/canvases/{first.canvas}/files/a.js")
    assert read.json()["text"] == "1"


async def test_a_folder_whose_canvas_was_deleted_gets_a_new_one(here: Edge, tmp_path: Path) -> None:
    first = await open_canvas(tmp_path, {"a.js": "1"})
    async with here.client() as client:
        await client.delete(f"/api/v1/canvases/{first.canvas}")
    again = await open_canvas(tmp_path, {"a.js": "1"})
    assert again.is_new
    assert again.canvas != first.canvas


@pytest.mark.parametrize("name", ["x" * 200, "tab\tand\u202ebidi", "\u200b"])
async def test_a_folder_of_any_name_becomes_a_canvas(name: str, here: Edge, tmp_path: Path) -> None:
    opened = await open_canvas(tmp_path / name, {})
    assert opened.canvas is not None
    assert (await here.services.canvases.get(opened.canvas, await here.owner())).name


async def test_the_sample_is_made_once_with_a_suggestion_and_a_comment(here: Edge) -> None:
    first = await open_canvas(None, None)
    canvas = first.canvas
    async with here.client() as client:
        (suggestion,) = (await client.get(f"/api/v1/canvases/{canvas}/suggestions")).json()["suggestions"]
        assert suggestion["state"] == "proposed"
        assert not any(hunk["stale"] for hunk in suggestion["hunks"])
    async with here.services.rooms.use((await here.services.canvases.of(await here.owner()))[0].id) as room:
        assert len(room.get("comments")) == 1
    assert (await open_canvas(None, None)).path == first.path
    await here.canvas()
    # Somebody with canvases of their own is asked which.
    assert (await open_canvas(None, None)).path == HOME


async def test_on_loopback_there_is_nothing_to_set_up(here: Edge) -> None:
    assert await set_up_link(HERE) is None


async def test_elsewhere_the_link_works_until_there_is_an_account(tmp_path: Path) -> None:
    async with edge(tmp_path, public=HERE) as here:
        stale, link = await set_up_link(HERE), await set_up_link(HERE)
        assert link is not None
        assert link.startswith(f"{HERE}/set-up?code=")
        assert link != stale
        body = {"code": link.partition("=")[2], "name": "Olga", "password": "a long enough password"}
        async with here.client(origin=HERE) as client:
            assert (await client.post("/auth/set-up", json=body)).status_code == 200
            assert (await client.post("/auth/set-up", json=body)).status_code == 403
        assert await set_up_link(HERE) is None


async def test_whoever_came_before_the_start_was_done_finds_the_canvas_it_made(tmp_path: Path) -> None:
    early: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def listening(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /api/v1/canvases HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        early.append((reader, writer))

    async def prepare() -> None:
        await open_canvas(None, None)

    async with serving(tmp_path, listening=listening, prepare=prepare):
        reader, writer = early[0]
        answer = (await reader.read()).decode()
        writer.close()
    assert "Kiosk menu" in answer


async def test_a_canvas_that_cannot_be_made_ends_the_start_with_the_reason(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def prepare() -> None:
        raise BadInput("Too much of it.")

    with pytest.raises(BadInput, match="Too much of it"):
        async with serving(tmp_path, prepare=prepare):
            raise AssertionError("It started.")
    assert "Traceback" not in caplog.text

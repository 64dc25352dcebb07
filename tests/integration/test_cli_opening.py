"""What a start opens: a folder's canvas, made once and found again; the sample, made once; the set-up link."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.commands.opening import HOME, open_canvas, set_up_link
from tests.server import Edge, edge


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as found:
        yield found


async def test_the_same_folder_opens_the_same_canvas(here: Edge, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    first = await open_canvas(folder, {"a.js": "1"})
    assert await open_canvas(folder, {"a.js": "changed meanwhile"}) == first
    assert await open_canvas(tmp_path / "other", {}) != first
    async with here.client() as client:
        read = await client.get(f"/api/v1/canvases/{first.removeprefix('/c/')}/files/a.js")
    assert read.json()["text"] == "1"


async def test_a_folder_whose_canvas_was_deleted_gets_a_new_one(here: Edge, tmp_path: Path) -> None:
    first = await open_canvas(tmp_path, {"a.js": "1"})
    async with here.client() as client:
        await client.delete(f"/api/v1/canvases/{first.removeprefix('/c/')}")
    assert await open_canvas(tmp_path, {"a.js": "1"}) != first


async def test_the_sample_is_made_once_with_a_suggestion_and_a_comment(here: Edge) -> None:
    first = await open_canvas(None, None)
    canvas = first.removeprefix("/c/")
    async with here.client() as client:
        (suggestion,) = (await client.get(f"/api/v1/canvases/{canvas}/suggestions")).json()["suggestions"]
        assert suggestion["state"] == "proposed"
        assert not any(hunk["stale"] for hunk in suggestion["hunks"])
    async with here.services.rooms.use((await here.services.canvases.of(await here.owner()))[0].id) as room:
        assert len(room.get("comments")) == 1
    assert await open_canvas(None, None) == first
    await here.canvas()
    # Somebody with canvases of their own is asked which.
    assert await open_canvas(None, None) == HOME


async def test_on_loopback_there_is_nothing_to_set_up(here: Edge) -> None:
    assert await set_up_link() is None


async def test_elsewhere_the_link_works_until_there_is_an_account(tmp_path: Path) -> None:
    async with edge(tmp_path, public="http://canvas.test") as here:
        stale, link = await set_up_link(), await set_up_link()
        assert link is not None
        assert link.startswith("http://canvas.test/set-up?code=")
        assert link != stale
        body = {"code": link.partition("=")[2], "name": "Olga", "password": "a long enough password"}
        async with here.client(origin="http://canvas.test") as client:
            assert (await client.post("/auth/set-up", json=body)).status_code == 200
            assert (await client.post("/auth/set-up", json=body)).status_code == 403
        assert await set_up_link() is None

"""The archive of a canvas: all its files under their paths, and nothing that a browser would run."""

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.people import Origin, Role
from app.web.export import disposition, pack
from tests.server import Edge, edge

FILES = {"index.html": "<script>alert(1)</script>\n", "src/app.js": "// 👋\n", "ü/ñ.md": "", "a.txt": "x" * 100_000}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as found:
        yield found


async def test_every_file_comes_out_as_it_is(here: Edge, tmp_path: Path) -> None:
    canvas = await here.canvas(FILES, name="Menü “x”\\..")
    _, viewer = await here.guest(canvas, Role.VIEWER)
    async with here.client(viewer) as client:
        answer = await client.get(f"/api/v1/canvases/{canvas}/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    said = answer.headers["content-disposition"]
    assert said.startswith('attachment; filename="Men')
    assert said.isascii()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path / "out")
        assert sorted(archive.namelist()) == sorted(FILES)
    assert {path: (tmp_path / "out" / path).read_text(encoding="utf-8") for path in FILES} == FILES


async def test_a_canvas_can_be_read_as_one_page_that_does_nothing(here: Edge) -> None:
    canvas = await here.canvas(FILES, name="Menü “x”")
    async with here.services.rooms.use(canvas) as room:
        await room.write("src/app.js", "// 👋 and more\n", Origin("model", "m", "qwen", 90))
    _, viewer = await here.guest(canvas, Role.VIEWER)
    async with here.client(viewer) as client:
        answer = await client.get(f"/api/v1/canvases/{canvas}/export?form=html")
        wrong = await client.get(f"/api/v1/canvases/{canvas}/export?form=pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("inline; filename=")
    assert "<script" not in answer.text
    assert "qwen (model)" in answer.text
    assert "👋 and more" in answer.text
    assert (await here.owner()).name in answer.text
    assert [path for path in FILES if f">{path}</a>" not in answer.text] == []
    assert wrong.status_code == 400
    assert "form" in wrong.json()["detail"]


def test_two_files_of_one_path_both_come_out() -> None:
    body = pack([("a.js", "one"), ("a.js", "two"), ("a.js (2)", "three")], datetime(2026, 11, 21, tzinfo=UTC))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert sorted(archive.read(name) for name in archive.namelist()) == [b"one", b"three", b"two"]
        assert len(set(archive.namelist())) == 3


@pytest.mark.parametrize("name", ['a"; filename=b', "a\r\nset-cookie: x=y", "../../etc", "—", "日本"])
def test_a_name_stays_within_its_header(name: str) -> None:
    said = disposition(name)
    assert said.isascii()
    assert said.isprintable()
    assert said.count('"') == 2
    assert "/" not in said

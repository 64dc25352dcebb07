"""Provenance over HTTP and from the command: totals, spans, trailers that git reads; the same after a restart."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.cli import USAGE_ERROR, main
from app.commands.opening import folder_note
from app.domain.people import Origin, Person, Role
from app.ids import CanvasId, PersonId
from tests.server import Edge, edge

FILES = {"a.js": "let a = 1;\n", "b.md": "Über 😀\n"}
BO = Origin.of(Person(PersonId("bo"), "Bo", 200))
MODEL = Origin("model", "qwen", "qwen-coder", 290, run="r1", asked_by="Bo", accepted_by="Bo", cost_usd=0.0)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as found:
        yield found


async def written(here: Edge) -> CanvasId:
    """Return a canvas in which a person and a model wrote."""
    canvas = await here.canvas(FILES)
    async with here.services.rooms.use(canvas) as room:
        await room.write("a.js", "let a = 1;\nlet 😀 = 2;\n", BO)
        await room.write("a.js", "let a = 1;\nlet 😀 = Math.PI;\n", MODEL)
    return canvas


async def test_totals_are_per_file_and_of_all(here: Edge) -> None:
    canvas = await written(here)
    _, viewer = await here.guest(canvas, Role.VIEWER)
    async with here.client(viewer) as client:
        answer = await client.get(f"/api/v1/canvases/{canvas}/provenance")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    found = answer.json()
    assert [one["path"] for one in found["files"]] == ["a.js", "b.md"]
    assert found["characters"] == 11 + 18 + 8
    first = {total["by"]["id"]: total for total in found["files"][0]["totals"]}
    assert {who: (one["characters"], one["lines"]) for who, one in first.items()} == {
        "system": (11, 1),
        "bo": (11, 1),
        "qwen": (7, 0),
    }
    assert first["qwen"]["runs"] == ["r1"]
    assert found["totals"][0]["by"]["id"] == "system"
    assert sum(total["share"] for total in found["totals"]) == pytest.approx(1, abs=0.001)
    assert "spans" not in found["files"][0]


async def test_spans_say_who_wrote_each_stretch_and_survive_a_restart(tmp_path: Path) -> None:
    async with edge(tmp_path) as here:
        canvas = await written(here)
    for _ in range(2):
        async with edge(tmp_path) as here, here.client() as client:
            address = f"/api/v1/canvases/{canvas}/provenance?detail=spans"
            found = (await client.get(address)).json()
            only = (await client.get(f"{address}&file=a.js")).json()
        assert [[*span[:2], found["origins"][span[2]]["id"]] for span in found["files"][0]["spans"]] == [
            [0, 11, "system"],
            [11, 20, "bo"],
            [20, 27, "qwen"],
            [27, 29, "bo"],
        ]
        assert found["origins"][found["files"][0]["spans"][2][2]] == MODEL.to_json()
        assert only["files"] == found["files"][:1]


async def test_a_restore_and_a_fork_keep_every_author(here: Edge) -> None:
    canvas = await written(here)
    owner = (await here.owner()).name
    async with here.client() as client:
        address = f"/api/v1/canvases/{canvas}"

        async def authors(of: str) -> list[tuple[int, int, str, str | None]]:
            found = (await client.get(f"/api/v1/canvases/{of}/provenance?detail=spans&file=a.js")).json()
            origins = [(origin["id"], origin.get("restored_by")) for origin in found["origins"]]
            return [(start, end, *origins[number]) for start, end, number in found["files"][0]["spans"]]

        before = await authors(canvas)
        head = (await client.get(f"{address}/history")).json()["head"]
        assert (await client.put(f"{address}/files/a.js", json={"text": ""})).status_code == 200
        assert await authors(canvas) == []
        assert (await client.post(f"{address}/history/restore", json={"seq": head})).status_code == 200
        assert await authors(canvas) == [(start, end, who, owner) for start, end, who, _ in before]
        fork = (await client.post(f"{address}/history/fork", json={"seq": head})).json()["id"]
        assert await authors(fork) == before


async def test_what_is_asked_wrongly_is_refused_in_a_sentence(here: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = await written(here)
    monkeypatch.setattr("app.web.provenance.MAX_SPANS", 3)
    async with here.client() as client:
        address = f"/api/v1/canvases/{canvas}/provenance"
        for query, status, words in (
            ("?detail=all", 400, "spans"),
            ("?file=none.js", 404, "no file none.js"),
            ("?file=../x", 400, "A path"),
            ("?detail=spans", 413, "fewer files"),
        ):
            answer = await client.get(address + query)
            assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


async def test_trailers_are_read_by_git(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    async with edge(tmp_path) as here:
        canvas = await written(here)
        await here.services.notes.put(folder_note(folder.resolve()), canvas)
        async with here.client() as client:
            answer = await client.get(f"/api/v1/canvases/{canvas}/provenance/trailers")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = ["Written-by: Bo (61%)", "Assisted-by: qwen-coder via Bo (39%, run r1, $0.00)"]
    assert answer.text.splitlines() == lines
    git = shutil.which("git")
    assert git is not None, "git is needed, as the README says: install it."
    message = f"Round it\n\nBecause.\n\n{answer.text}"
    parsed = await asyncio.to_thread(
        subprocess.run,
        [git, "interpret-trailers", "--parse"],
        input=message,
        capture_output=True,
        text=True,
        check=True,
    )
    assert parsed.stdout.splitlines() == lines


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Path, str]:
    """Return a data folder and the id of a canvas made from `tmp_path/project`."""

    async def make() -> str:
        async with edge(tmp_path) as here:
            canvas = await written(here)
            await here.services.notes.put(folder_note((tmp_path / "project").resolve()), canvas)
            return canvas

    (tmp_path / "project").mkdir()
    return tmp_path / "data", asyncio.run(make())


def test_the_command_prints_the_trailers_of_a_folder_or_a_canvas(
    stored: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, canvas = stored
    for arguments in ([str(tmp_path / "project")], ["--canvas", canvas], ["--canvas", canvas, "--file", "a.js"]):
        with pytest.raises(SystemExit) as ended:
            main(["trailers", "--data", str(data), *arguments])
        assert ended.value.code == 0
        assert capsys.readouterr().out.splitlines() == [
            "Written-by: Bo (61%)",
            "Assisted-by: qwen-coder via Bo (39%, run r1, $0.00)",
        ]
    with pytest.raises(SystemExit):
        main(["trailers", "--data", str(data), "--canvas", canvas, "--file", "b.md"])
    said = capsys.readouterr()
    assert (said.out, "Nothing was written" in said.err) == ("", True)


def test_the_command_refuses_what_it_does_not_know(
    stored: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, canvas = stored
    for arguments, words in (
        ([str(tmp_path / "other")], "No canvas was made from"),
        (["--canvas", "nonsense"], "is not a canvas's id"),
        (["--canvas", "abcdefghjkmn"], "no such canvas"),
        ([str(tmp_path), "--canvas", canvas], "not both"),
        (["--canvas", canvas, "--file", "none.js"], "no file none.js"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["trailers", "--data", str(data), *arguments])
        assert ended.value.code == USAGE_ERROR
        assert words in capsys.readouterr().err


def test_the_command_makes_no_database_where_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["trailers", "--data", str(tmp_path / "nowhere"), str(tmp_path)])
    assert ended.value.code == USAGE_ERROR
    assert "No canvas was made from" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()

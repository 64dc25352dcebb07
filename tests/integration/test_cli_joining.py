"""A second start on data that is served: the folder is opened in the server that runs, and the browser there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.cli import USAGE_ERROR, main
from app.commands.lock import held
from app.commands.opening import open_canvas
from app.settings import Settings
from tests.server import Edge, free_port, local_settings, serving


class Command:
    """Runs the command beside a server, in a thread as its own process would, and keeps what it opened and said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.opened: list[str] = []
        self._capsys = capsys

    async def run(self, settings: Settings, *arguments: str) -> tuple[int, str]:
        """Return its exit code and what it wrote."""

        def start() -> object:
            with pytest.raises(SystemExit) as ended:
                main([*arguments, "--data", str(settings.data)])
            return ended.value.code

        code = await asyncio.to_thread(start)
        assert isinstance(code, int)
        written = self._capsys.readouterr()
        return code, written.out + written.err


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    monkeypatch.chdir(tmp_path)
    for name in ("HOST", "PORT", "DATA", "MODELS", "PUBLIC_URL", "DATABASE_URL"):
        monkeypatch.delenv(f"POLYCANVAS_{name}", raising=False)
    found = Command(capsys)
    monkeypatch.setattr("webbrowser.open", found.opened.append)
    return found


@asynccontextmanager
async def served(tmp_path: Path, **more: object) -> AsyncIterator[Edge]:
    """A server that holds its data as the command does."""
    async with serving(tmp_path, **more) as here:
        with held(here.settings) as say:
            say(f"http://127.0.0.1:{here.settings.port}")
            yield here


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "my project"
    folder.mkdir()
    (folder / "app.js").write_text("run();\n")
    (folder / "logo.bin").write_bytes(b"\0\1")
    return folder


async def test_the_folder_is_opened_in_the_server_that_runs(command: Command, project: Path, tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        code, said = await command.run(here.settings, str(project))
        assert code == 0, said
        (canvas,) = await here.services.canvases.of(await here.owner())
        assert canvas.name == "my project"
        async with here.client() as client:
            read = await client.get(f"/api/v1/canvases/{canvas.id}/files/app.js")
        assert read.json()["text"] == "run();\n"
        assert "left out: logo.bin (it is a binary file)" in said
        address = f"{here.settings.url}/c/{canvas.id}"
        assert f"already runs on this data, at {address}" in said
        assert command.opened == [address]

        # Once more, and by a start of its own: it is the same canvas.
        code, said = await command.run(here.settings, str(project), "--no-open")
        assert (code, command.opened) == (0, [address])
        assert "it was not read again" in said
        assert (await open_canvas(project, {})).canvas == canvas.id

        async with here.client() as client:
            await client.delete(f"/api/v1/canvases/{canvas.id}")
        code, said = await command.run(here.settings, str(project), "--no-open")
        assert code == 0
        assert "Read 1 text file from" in said


async def test_without_a_folder_the_browser_opens_where_it_runs(command: Command, tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        code, said = await command.run(here.settings)
        assert code == 0
        assert said.strip() == f"Polycanvas already runs on this data, at {here.settings.url}/"
        assert command.opened == [f"{here.settings.url}/"]


async def test_what_is_wrong_with_the_folder_comes_first(command: Command, tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        code, said = await command.run(here.settings, "./nowhere")
        assert code == USAGE_ERROR
        assert "There is no folder" in said
        assert command.opened == []


async def test_where_people_sign_in_it_says_what_to_do(command: Command, project: Path, tmp_path: Path) -> None:
    async with served(tmp_path, public="http://127.0.0.1:1") as here:
        code, said = await command.run(here.settings, str(project))
        assert code == USAGE_ERROR
        assert said.startswith("polycanvas: ")
        assert len(said.splitlines()) == 1
        assert f"polycanvas {project}" in said
        assert await here.services.canvases.of(await here.owner()) == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [(f"http://127.0.0.1:{free_port()}", "does not answer"), (None, "try again in a moment")],
)
async def test_a_server_that_does_not_answer_is_said(
    address: str | None, sentence: str, command: Command, project: Path, tmp_path: Path
) -> None:
    settings = local_settings(tmp_path)
    with held(settings) as say:
        if address is not None:
            say(address)
        code, said = await command.run(settings, str(project))
    assert code == USAGE_ERROR
    assert sentence in said


async def test_a_refusal_is_told_in_the_servers_words(command: Command, project: Path, tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        with _full(here):
            code, said = await command.run(here.settings, str(project))
        assert code == USAGE_ERROR
        assert "the most there can be" in said


@contextlib.contextmanager
def _full(here: Edge) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.canvases.catalog.MAX_CANVASES", 0)
        yield


async def test_migrate_has_nothing_to_do_beside_a_server(command: Command, tmp_path: Path) -> None:
    async with served(tmp_path) as here:
        code, said = await command.run(here.settings, "migrate")
        assert (code, said.strip()) == (0, "The database is up to date.")

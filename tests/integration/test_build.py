"""When the page is built: for changed sources, once, and never by two at a time. Reflex itself is stood in for."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from app.commands import frontend
from app.commands.build import build_when_needed
from app.commands.file_lock import turn
from app.errors import Unavailable
from app.rendering.styles import stylesheet


class Tree:
    """A checkout whose build writes what Reflex's does: the page, the package list, links among the assets."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.builds = 0
        self.meanwhile: Callable[[], None] = lambda: None
        self.write("components/index.ts", "1")
        self.write("reflex.lock/package.json", '{"b": 1, "a": 2}')
        self.write(".web/reflex.json", "{}")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def export(self, env: Mapping[str, str], report: Callable[[str], None]) -> tuple[int, list[str]]:
        self.builds += 1
        self.write("reflex.lock/package.json", json.dumps({"a": 2, "b": 1, "written": "by the build"}))
        self.write("reflex.lock/package-lock.json", "{}")
        self.write("assets/external/linked.js", "")
        self.meanwhile()
        self.write(".web/build/client/index.html", "")
        return 0, []


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    found = Tree(tmp_path)
    monkeypatch.setattr(frontend, "ROOT", tmp_path)
    monkeypatch.setattr(frontend, "BUILT", tmp_path / ".web" / "build" / "client" / "index.html")
    monkeypatch.setattr(frontend, "STAMP", tmp_path / ".web" / "polycanvas.json")
    monkeypatch.setattr(frontend, "TURN", tmp_path / ".web.lock")
    monkeypatch.setattr(frontend, "_export", found.export)
    return found


def test_a_second_start_builds_nothing(tree: Tree) -> None:
    build_when_needed()
    build_when_needed()
    assert tree.builds == 1


def test_the_stylesheet_for_code_is_made_before_reflex_reads_it(tree: Tree) -> None:
    written = tree.root / "assets" / "pygments.css"
    seen: list[str] = []
    tree.meanwhile = lambda: seen.append(written.read_text())
    build_when_needed()
    assert seen == [stylesheet()]
    assert frontend.is_current()


def test_what_it_is_made_from_is_a_source(tree: Tree) -> None:
    tree.write("app/rendering/styles.py", "1")
    build_when_needed()
    tree.write("app/rendering/styles.py", "2")
    assert not frontend.is_current()


@pytest.mark.parametrize("path", ["components/index.ts", "components/new.css", "reflex.lock/package.json"])
def test_a_change_is_built(path: str, tree: Tree) -> None:
    build_when_needed()
    tree.write(path, '{"changed": true}')
    assert not frontend.is_current()
    build_when_needed()
    assert tree.builds == 2
    assert frontend.is_current()


def test_what_is_changed_during_a_build_is_built_again(tree: Tree) -> None:
    tree.meanwhile = lambda: tree.write("components/index.ts", "2")
    build_when_needed()
    assert not frontend.is_current()


def test_two_starts_at_once_build_once(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    building, go_on = threading.Event(), threading.Event()

    def halfway() -> None:
        building.set()
        assert go_on.wait(20)

    tree.meanwhile = halfway
    first = threading.Thread(target=build_when_needed)
    first.start()
    assert building.wait(20)
    told = threading.Event()

    def report(stage: str) -> None:
        assert "waiting for another" in stage
        told.set()

    second = threading.Thread(target=frontend.build, args=(report,), kwargs={"anyway": False})
    second.start()
    assert told.wait(20)
    assert not frontend.is_current()
    go_on.set()
    for thread in (first, second):
        thread.join(20)
        assert not thread.is_alive()
    assert tree.builds == 1
    assert frontend.is_current()


def test_a_turn_that_is_free_waits_for_nobody(tmp_path: Path) -> None:
    def waiting() -> None:
        raise AssertionError

    for _ in range(2):
        with turn(tmp_path / "lock", waiting):
            pass


def test_a_checkout_that_cannot_be_written_is_said(tree: Tree) -> None:
    (tree.root / ".web.lock").mkdir()
    with pytest.raises(Unavailable, match="cannot be built in"):
        build_when_needed()
    assert tree.builds == 0

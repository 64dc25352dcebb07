"""Typing in the feed: once a person, file and while; never in anybody's way."""

from collections.abc import Callable, Mapping
from typing import Any

from app.canvases import activity
from app.canvases.activity import TYPING_SECONDS, Activity, Typing
from app.domain.people import Origin
from app.errors import BadInput
from app.ids import CanvasId, FileId

CANVAS, FILE = CanvasId("canvas"), FileId("file")
ANA = Origin("person", "ana", "Ana", 10)


class _Feed(Activity):
    """A feed in memory; a canvas called “gone” refuses."""

    def __init__(self, clock: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__(None, clock)  # type: ignore[arg-type]
        self.entries: list[tuple[str, str, str, str]] = []

    async def record(self, canvas: CanvasId, by: Mapping[str, Any], kind: str, detail: Mapping[str, Any]) -> None:
        if canvas == "gone":
            raise BadInput("The canvas is gone.")
        self.entries.append((canvas, by["name"], kind, detail["path"]))


def test_an_edit_is_wanted_once_in_a_while_for_each_person_and_file() -> None:
    now = 0.0
    typing = Typing(_Feed(lambda: now))
    assert typing.wants(CANVAS, "ana", FILE)
    now = TYPING_SECONDS - 1
    assert not typing.wants(CANVAS, "ana", FILE)
    assert typing.wants(CANVAS, "bo", FILE)
    assert typing.wants(CANVAS, "ana", FileId("other"))
    assert typing.wants(CanvasId("other"), "ana", FILE)
    now = TYPING_SECONDS
    assert typing.wants(CANVAS, "ana", FILE)


def test_what_is_remembered_is_bounded(monkeypatch: Any) -> None:
    monkeypatch.setattr(activity, "MAX_TYPING", 2)
    typing = Typing(_Feed())
    assert all(typing.wants(CANVAS, person, FILE) for person in ("a", "b", "c", "a"))


async def test_entries_are_written_behind_and_a_canvas_that_is_gone_stops_nothing() -> None:
    feed = _Feed()
    typing = Typing(feed)
    typing.tell(CanvasId("gone"), ANA, "file-edited", "a.js")
    typing.tell(CANVAS, ANA, "file-edited", "a.js")
    assert feed.entries == []
    await typing.close()
    assert feed.entries == [("canvas", "Ana", "file-edited", "a.js")]


async def test_while_the_store_stalls_entries_are_dropped_not_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr(activity, "MAX_WAITING", 1)
    feed = _Feed()
    typing = Typing(feed)
    for path in ("a.js", "b.js"):
        typing.tell(CANVAS, ANA, "file-edited", path)
    await typing.close()
    assert [entry[-1] for entry in feed.entries] == ["a.js"]

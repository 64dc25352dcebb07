"""The live document against the log: a difference never reaches a snapshot, and the room heals from the log."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from pycrdt import Doc, Map, Text

from app.collab.close_codes import CloseCode
from app.collab.document import YDoc
from app.collab.limits import Limits
from app.collab.schema import COMMENTS, text_root
from app.errors import Unavailable
from tests.fakes.canvas import BO, CANVAS, Canvas, eventually, open_canvas
from tests.fakes.fake_socket import FakePage

ALWAYS = Limits(compare_every=0.0)  # after every append


def cut(doc: YDoc, file: str) -> None:
    del doc.get(text_root(file), type=Text)[0:2]


def add(doc: YDoc, file: str) -> None:
    doc.get(text_root(file), type=Text).insert(1, "!")


def unfile(doc: YDoc, file: str) -> None:
    del doc.get("files", type=Map)[file]


def remark(doc: YDoc, file: str) -> None:
    doc.get(COMMENTS, type=Map)["c"] = {"text": "nobody's"}


async def ended(canvas: Canvas, page: FakePage) -> None:
    await page.socket.until(lambda: page.socket.closed)
    assert page.socket.closed is not None
    assert page.socket.closed[0] == CloseCode.UNAVAILABLE


@pytest.mark.parametrize("damage", [cut, add, unfile, remark])
async def test_s9_5_a_damaged_live_document_is_loaded_again_and_nothing_typed_is_lost(
    damage: Callable[[YDoc, str], None], caplog: pytest.LogCaptureFixture
) -> None:
    async with open_canvas("stored", ALWAYS) as canvas:
        page, other = await canvas.page(), await canvas.page(BO)
        page.text(canvas.file).insert(0, "typed ")
        await page.saved()
        damage(canvas.room.live.settled, canvas.file)
        page.text(canvas.file).insert(0, "and ")
        await ended(canvas, page)
        await ended(canvas, other)
        again = await canvas.page(page=FakePage(doc=page.doc))
        await again.saved()
        async with canvas.rooms.use(CANVAS) as room:
            assert room is not canvas.room
            assert room.read(canvas.file) == "and typed stored"
            assert room.get(COMMENTS) == {}
        said = [record.message for record in caplog.records if record.levelno == logging.ERROR]
        assert len(said) == 1
        assert f"canvas {CANVAS}: What was shown of this canvas is not what is stored (" in said[0]


async def test_s9_5_a_document_that_lost_hidden_structs_is_loaded_again() -> None:
    async with open_canvas("stored", ALWAYS) as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "x")
        del page.text(canvas.file)[0:1]
        await page.saved()
        poorer: YDoc = Doc()
        poorer.apply_update(canvas.log.rooms[CANVAS].snapshot or b"")
        canvas.room.live._doc = poorer
        other = await canvas.page(BO)
        other.text(canvas.file).insert(0, "y")
        await ended(canvas, other)
        again = await canvas.page(BO, page=FakePage(doc=other.doc))
        await again.saved()
        assert canvas.of(again) == "ystored"


async def test_s9_5_no_difference_reaches_a_snapshot(caplog: pytest.LogCaptureFixture) -> None:
    async with open_canvas("stored", Limits(idle=0.0)) as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "typed ")
        await page.saved()
        add(canvas.room.live.settled, canvas.file)
        page.socket.hang_up()
        await asyncio.gather(*canvas.tasks)
        await eventually(lambda: canvas.room.ended is not None)
        assert canvas.log.compactions == 0
        again = await canvas.page()
        assert canvas.of(again) == "typed stored"
        assert "it is loaded again" in caplog.text


async def test_s9_5_what_is_typed_while_they_are_compared_is_no_difference() -> None:
    async with open_canvas("", ALWAYS) as canvas:
        page, other = await canvas.page(), await canvas.page(BO)
        for number in range(100):
            for one in (page, other):
                one.text(canvas.file).insert(0, str(number))
            await asyncio.sleep(0)
        await page.saved()
        await other.saved()
        await canvas.until_equal(page, other)
        assert canvas.room.ended is None
        assert canvas.log.loads > 1


async def test_s9_5_while_the_log_cannot_be_read_nothing_is_compared_and_nothing_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_canvas("", ALWAYS) as canvas:
        page = await canvas.page()

        async def fails(_: object) -> None:
            raise Unavailable("The database does not answer.")

        with monkeypatch.context() as patch:
            patch.setattr(canvas.log, "load", fails)
            page.text(canvas.file).insert(0, "kept")
            await page.saved()
            await canvas.room.journal.flushed()
        assert canvas.room.ended is None
        assert canvas.room.read(canvas.file) == "kept"


async def test_s9_5_s4_1_edits_go_on_being_saved_while_live_is_held_against_the_log() -> None:
    async with open_canvas("stored", Limits(compact_updates=1, compact_every=0.0)) as canvas:
        page = await canvas.page()
        canvas.log.reading.clear()
        page.text(canvas.file).insert(0, "one ")
        await page.saved()
        await eventually(lambda: canvas.log.loads == 2)  # the room's own, and the check's, which waits
        for word in ("two ", "three "):
            page.text(canvas.file).insert(0, word)
            await page.saved()
        assert canvas.log.compactions == 0
        assert len(canvas.log.rooms[CANVAS].updates) > 2
        canvas.log.reading.set()
        await canvas.room.journal.flushed()
        assert canvas.room.ended is None
        assert canvas.log.compactions >= 1
        stored = await canvas.log.load(CANVAS)
        doc: YDoc = Doc()
        for payload in [stored.snapshot or b"", *(update.payload for update in stored.updates)]:
            doc.apply_update(payload)
        assert str(doc.get(text_root(canvas.file), type=Text)) == "three two one stored"


async def test_s9_1_a_snapshot_stands_only_for_what_was_in_the_log_when_it_was_made() -> None:
    async with open_canvas("stored") as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "before ")
        await page.saved()
        canvas.log.reading.clear()
        seq = canvas.log.rooms[CANVAS].updates[-1].seq
        canvas.room.journal.compact_soon()
        await eventually(lambda: canvas.log.loads == 2)
        page.text(canvas.file).insert(0, "after ")
        await page.saved()
        canvas.log.reading.set()
        await canvas.room.journal.flushed()
        stored = canvas.log.rooms[CANVAS]
        assert stored.snapshot_seq == seq
        assert len(stored.updates) == 1
        again: YDoc = Doc()
        again.apply_update(stored.snapshot or b"")
        assert str(again.get(text_root(canvas.file), type=Text)) == "before stored"


async def test_s9_5_what_differs_ends_the_room_also_while_somebody_types_on() -> None:
    async with open_canvas("stored", ALWAYS) as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "x")
        await page.saved()
        await canvas.room.journal.flushed()
        canvas.log.reading.clear()
        loads = canvas.log.loads
        cut(canvas.room.live.settled, canvas.file)
        page.text(canvas.file).insert(0, "y")
        await eventually(lambda: canvas.log.loads > loads)
        page.text(canvas.file).insert(0, "z")
        await page.saved()
        canvas.log.reading.set()
        await ended(canvas, page)
        again = await canvas.page(page=FakePage(doc=page.doc))
        await again.saved()
        async with canvas.rooms.use(CANVAS) as room:
            assert room.read(canvas.file) == "zyxstored"


async def test_s9_3_a_room_that_ends_in_the_middle_of_a_check_leaves_nothing_running() -> None:
    async with open_canvas("stored", ALWAYS) as canvas:
        page = await canvas.page()
        canvas.log.reading.clear()
        page.text(canvas.file).insert(0, "x")
        await page.saved()
        await eventually(lambda: canvas.log.loads == 2)
        await canvas.rooms.drop(CANVAS)
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "check"]
        canvas.log.reading.set()

"""What a page may not outgrow through the socket, and whose name a comment carries."""

from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from app.collab import bounds
from app.collab.close_codes import CloseCode
from app.domain.files import MAX_FILE_BYTES
from app.domain.people import Origin, Role
from app.errors import NotFound, TooLarge
from app.ids import new_id
from tests.fakes.canvas import ANA, BO, CANVAS, Canvas, eventually, open_canvas
from tests.fakes.comments import ID as C1
from tests.fakes.comments import comment
from tests.fakes.edits import Heard
from tests.fakes.fake_socket import FakePage

MINE, HERS = {"id": "bo", "name": "Bo", "hue": 200}, {"id": "ana", "name": "Ana", "hue": 10}


async def _refused(canvas: Canvas, page: FakePage, sentence: str) -> None:
    before = canvas.room.snapshot()
    await page.socket.until(lambda: page.denied)
    assert sentence in page.denied[-1]
    assert page.socket.closed is None
    assert canvas.room.snapshot() == before


async def test_s7_5_one_paste_does_not_make_a_file_too_large() -> None:
    async with open_canvas("x" * 600_000) as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "y" * 400_100)
        await _refused(canvas, page, "A file may have at most 1,000,000 bytes")
        # What undoes it heals: the page is whole again, and goes on.
        del page.text(canvas.file)[0:400_100]
        page.text(canvas.file).insert(0, "z")
        await page.saved()
        assert canvas.room.read(canvas.file) == "z" + "x" * 600_000


@pytest.mark.parametrize("letter", ["x", "é", "漢", "😀"])
async def test_s7_5_what_a_page_took_back_does_not_count_though_it_keeps_it_for_a_redo(letter: str) -> None:
    many = 400_100 // len(letter.encode())
    async with open_canvas("x" * 600_000) as canvas:
        page = await canvas.page(page=FakePage(doc=Doc(skip_gc=True)))
        text = page.text(canvas.file)
        text.insert(0, letter * many)
        text.insert(0, "z")
        await _refused(canvas, page, "A file may have at most 1,000,000 bytes")
        del text[1 : 1 + many * len(letter.encode())]
        await page.saved()
        assert canvas.room.read(canvas.file) == "z" + "x" * 600_000


@pytest.mark.parametrize("letter", ["x", "é", "漢", "😀"])
async def test_s7_5_many_small_edits_do_not_either(letter: str) -> None:
    size = len(letter.encode())
    async with open_canvas(letter * ((MAX_FILE_BYTES - 500) // size)) as canvas:
        page = await canvas.page()
        for _ in range(20):
            page.text(canvas.file).insert(0, letter * (100 // size))
        await page.socket.until(lambda: page.denied)
        # To within the framing of one update, which is counted as if it were text or not at all.
        assert len(canvas.room.read(canvas.file).encode()) <= MAX_FILE_BYTES + 64


async def test_s7_5_a_full_file_can_be_replaced_and_emptied() -> None:
    async with open_canvas("x" * MAX_FILE_BYTES) as canvas:
        page = await canvas.page()
        text = page.text(canvas.file)
        with page.doc.transaction():
            del text[0:900_000]
            text.insert(0, "y" * 900_000)
        await page.saved()
        del text[0 : len(str(text))]
        await page.saved()
        assert canvas.room.read(canvas.file) == ""


async def test_s7_5_a_canvas_takes_so_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_FILES", 2)
    async with open_canvas() as canvas:
        page = await canvas.page()
        files = page.doc.get("files", type=Map)
        second = new_id()
        files[second] = {"path": "two.js"}
        await page.saved()
        files[second] = {"path": "renamed.js"}
        await page.saved()
        with page.doc.transaction():  # what else came with it is kept
            files[new_id()] = {"path": "three.js"}
            page.text(canvas.file).insert(0, "typed offline ")
        await page.saved()
        await page.socket.until(lambda: len(files) == 2)
        assert len(canvas.room.files()) == 2
        assert canvas.room.read(canvas.file) == "typed offline hello"
        assert page.statuses == [{"notice": bounds.TOO_MANY}]
        assert not page.denied
        with pytest.raises(TooLarge):
            await canvas.room.write("three.js", "", Origin.of(ANA))


@pytest.mark.parametrize("by", [{**MINE, "name": "Ana"}, {**MINE, "role": "owner"}, {"id": "bo"}])
async def test_s2_4_a_comment_under_another_name_of_one_s_own_is_put_right(by: Any) -> None:
    async with open_canvas() as canvas:
        page, other = await canvas.page(BO, Role.COMMENTER), await canvas.page(ANA)
        canvas.log.gate.clear()
        page.doc.get("comments", type=Map)[C1] = comment(by)
        await page.heard()
        await other.heard()
        seen = other.doc.get("comments", type=Map)
        assert not len(seen)  # nobody sees the other name
        canvas.log.gate.set()
        await page.saved()
        await other.socket.until(lambda: len(seen))
        assert canvas.room.get("comments")[C1] == comment(MINE) == seen[C1]


async def _offline(canvas: Canvas, page: FakePage, change: Callable[[Any], None]) -> FakePage:
    """Return a page that made `change` to its comments, and typed, while it was away; not come back yet."""
    page.socket.hang_up()
    doc: Doc = Doc(client_id=page.doc.client_id)
    doc.apply_update(page.doc.get_update())
    change(doc.get("comments", type=Map))
    doc.get(f"file:{canvas.file}", type=Text).insert(0, "an hour of work ")
    return FakePage(doc=doc)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OWNER])
@pytest.mark.parametrize("twice", [False, True])
async def test_s2_4_a_comment_resolved_by_one_and_deleted_by_another_stops_nobody(role: Role, twice: bool) -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO, role)
        hers = ana.doc.get("comments", type=Map)
        hers[C1] = comment(HERS)
        await canvas.until_equal(ana, bo)
        await bo.socket.until(lambda: C1 in bo.doc.get("comments", type=Map))

        def resolve(comments: Any) -> None:
            for resolved in (True, False, True) if twice else (True,):
                comments[C1] = {**comments[C1], "resolved": resolved}

        back = await _offline(canvas, bo, resolve)
        del hers[C1]
        await ana.saved()
        await canvas.page(BO, role, page=back)
        await back.saved()
        assert not back.denied
        assert canvas.room.get("comments") == {}
        assert canvas.room.read(canvas.file) == "an hour of work hello"
        await back.socket.until(lambda: C1 not in back.doc.get("comments", type=Map))


async def test_s2_4_a_comment_resolved_by_one_and_rewritten_by_its_writer_keeps_her_words() -> None:
    async with open_canvas() as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        hers = ana.doc.get("comments", type=Map)
        hers[C1] = comment(HERS)
        await bo.socket.until(lambda: C1 in bo.doc.get("comments", type=Map))
        back = await _offline(canvas, bo, lambda all: all.update({C1: {**all[C1], "resolved": True}}))
        better = {"text": "Better words", "edited": "2026-11-21T12:09:00Z"}
        hers[C1] = {**hers[C1], **better}
        await ana.saved()
        await canvas.page(BO, page=back)
        await back.saved()
        assert not back.denied
        assert canvas.room.get("comments") == {C1: {**comment(HERS), **better, "resolved": True}}


@pytest.mark.parametrize("by", [HERS, None, "bo", [MINE]])
async def test_s2_4_nobody_comments_in_another_s_name(by: Any) -> None:
    async with open_canvas() as canvas:
        page = await canvas.page(BO, Role.COMMENTER)
        page.doc.get("comments", type=Map)[C1] = comment(by)
        await _refused(canvas, page, "its writer's own name")


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        (lambda was: {**was, "resolved": True}, True),
        (lambda was: {**was, "resolved": "yes"}, False),
        (lambda was: {**was, "text": "Never mind"}, False),
        (lambda was: {**was, "by": MINE}, False),
        (lambda was: {**was, "more": 1}, False),
        (lambda was: {}, False),
    ],
)
@pytest.mark.parametrize("role", [Role.COMMENTER, Role.EDITOR])
async def test_s2_4_another_s_comment_may_be_resolved_and_not_changed(
    role: Role, change: Callable[[dict[str, Any]], dict[str, Any]], allowed: bool
) -> None:
    async with open_canvas() as canvas:
        ana = await canvas.page(ANA)
        ana.doc.get("comments", type=Map)[C1] = comment(HERS)
        await ana.saved()
        page = await canvas.page(BO, role)
        page.doc.get("comments", type=Map)[C1] = change(canvas.room.get("comments")[C1])
        if allowed:
            await page.saved()
            assert canvas.room.get("comments")[C1]["resolved"] is True
        else:
            await _refused(canvas, page, "resolve it")


@pytest.mark.parametrize(("role", "whose", "allowed"), [
    (Role.COMMENTER, HERS, False),
    (Role.COMMENTER, MINE, True),
    (Role.EDITOR, HERS, True),
])  # fmt: skip
async def test_s2_4_a_commenter_deletes_their_own_comments_only(role: Role, whose: Any, allowed: bool) -> None:
    async with open_canvas() as canvas:
        writer = await canvas.page(ANA if whose is HERS else BO)
        writer.doc.get("comments", type=Map)[C1] = comment(whose)
        await writer.saved()
        page = await canvas.page(BO, role)
        del page.doc.get("comments", type=Map)[C1]
        if allowed:
            await page.saved()
            assert canvas.room.get("comments") == {}
        else:
            await _refused(canvas, page, "not delete it")


async def test_s6_3_an_edit_on_its_way_when_its_canvas_is_deleted_ends_cleanly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()

        async def append(*_: object) -> int:
            raise NotFound("There is no such canvas.")

        canvas.log.append = append  # type: ignore[method-assign]
        page.text(canvas.file).insert(0, "late")
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed is not None
        assert page.socket.closed[0] == CloseCode.NO_SUCH_CANVAS
        assert not [record for record in caplog.records if record.levelname == "ERROR"]
        del canvas.log.rooms[CANVAS]
        with pytest.raises(NotFound):
            await canvas.rooms.use(CANVAS).__aenter__()


async def test_what_people_do_is_told_once_it_is_durable() -> None:
    heard = Heard()
    async with open_canvas(edits=heard) as canvas:
        page = await canvas.page(BO)
        page.text(canvas.file).insert(0, "a")
        await page.saved()
        assert heard.all == [("Bo", "file-edited", "main.js")]
        files, other = page.doc.get("files", type=Map), new_id()
        for change in ({"path": "b.js"}, {"path": "c.js"}, None):
            if change is None:
                del files[other]
            else:
                files[other] = change
            await page.saved()
        assert heard.all[1:] == [
            ("Bo", "file-created", "b.js"),
            ("Bo", "file-renamed", "c.js"),
            ("Bo", "file-removed", "c.js"),
        ]
        # What comes over HTTP, and a model's text, is told where it was asked for.
        heard.all.clear()
        await canvas.room.write("main.js", "new", Origin.of(ANA))
        await canvas.room.write("d.js", "new", Origin.of(ANA))
        await canvas.room.write("main.js", "newer", Origin("model", "m", "Model", 1))
        await eventually(lambda: canvas.room.journal.is_idle)
        assert heard.all == []

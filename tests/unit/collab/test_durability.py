"""What is acknowledged is kept: a store that fails, a room that ends, a server that stops."""

import asyncio

import pytest
from pycrdt import Map

from app.collab import document, journal
from app.collab.close_codes import CloseCode
from app.collab.limits import Limits
from app.collab.rooms import Member
from app.domain.people import SYSTEM, Origin, Role
from app.errors import BadInput, Conflict, NotFound, TooLarge, Unavailable
from tests.fakes.canvas import ANA, BO, CANVAS, eventually, open_canvas
from tests.fakes.fake_socket import FakePage

QUICK = Limits(retry_first=0.001, retry_last=0.002)
MODEL = Origin(kind="model", id="m", name="Model", hue=3, cost_usd=0.5)


async def test_s4_4_a_failing_store_makes_the_room_read_only_and_loses_nothing() -> None:
    async with open_canvas("", QUICK) as canvas:
        page = await canvas.page()
        await page.saved()
        canvas.log.failing = True
        page.text(canvas.file).insert(0, "kept")
        await page.socket.until(lambda: page.statuses)
        assert page.statuses == [{"read_only": journal.READ_ONLY}]
        assert page.acked < page.sent
        late = await canvas.page(BO)
        await late.socket.until(lambda: late.statuses)
        with pytest.raises(Unavailable):
            await canvas.room.write("main.js", "no", SYSTEM)
        canvas.log.failing = False
        await page.saved()
        assert page.statuses[-1] == {"read_only": None}
        assert canvas.room.read(canvas.file) == "kept"
        await canvas.room.write("main.js", "yes", SYSTEM)


async def test_s4_4_an_edit_of_the_server_that_waits_fails_with_the_sentence() -> None:
    async with open_canvas("", QUICK) as canvas:
        canvas.log.failing = True
        with pytest.raises(Unavailable):
            await canvas.room.write("main.js", "later", SYSTEM)
        canvas.log.failing = False
        await eventually(lambda: canvas.room.read_only is None)
        assert canvas.room.read(canvas.file) == "later"
        assert canvas.room.journal.is_idle


async def test_s7_4_while_the_store_cannot_write_what_is_kept_is_bounded() -> None:
    async with open_canvas("", Limits(retry_first=0.001, retry_last=0.002, unsaved=1_000)) as canvas:
        page = await canvas.page()
        canvas.log.failing = True
        page.text(canvas.file).insert(0, "x" * 2_000)
        page.text(canvas.file).insert(0, "x")
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.UNAVAILABLE
        canvas.log.failing = False


async def test_s9_1_the_log_is_compacted_and_loads_the_same() -> None:
    async with open_canvas("", Limits(compact_updates=5, compact_every=0.0)) as canvas:
        page = await canvas.page()
        for letter in "abcdefghij":
            page.text(canvas.file).insert(0, letter)
            await page.saved()
        await canvas.room.journal.flushed()
        assert canvas.log.compactions >= 1
        assert len(canvas.log.rooms[CANVAS].updates) < 5
        stored = await canvas.log.load(CANVAS)
        doc = document.Doc()
        document.apply(doc, [stored.snapshot or b"\0\0", *(update.payload for update in stored.updates)])
        assert document.text_of(doc, canvas.file) == "jihgfedcba"


async def test_s9_1_a_compaction_that_fails_is_tried_again() -> None:
    async with open_canvas("") as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "a")
        await page.saved()
        canvas.log.failing = True
        canvas.room.journal.compact_soon()
        await canvas.room.journal.flushed()
        assert canvas.log.compactions == 0
        canvas.log.failing = False
        page.socket.hang_up()
        await canvas.tasks[0]
        await canvas.room.journal.flushed()
        assert canvas.log.compactions == 1


async def test_s9_2_an_unused_room_leaves_memory_and_comes_back() -> None:
    async with open_canvas("", Limits(idle=0.0)) as canvas:
        other = "other"
        await canvas.rooms.create(other, {"a": "1"}, SYSTEM)
        page = FakePage()
        serving = asyncio.create_task(canvas.rooms.serve(other, page.socket, Member(ANA, Role.OWNER), wants_ack=True))
        await page.synced()
        assert (canvas.rooms.open_rooms, canvas.rooms.sessions) == (2, 1)
        page.doc.get("board", type=Map)["x"] = 1
        await page.saved()
        page.socket.hang_up()
        await serving
        await eventually(lambda: canvas.rooms.open_rooms == 1)
        async with canvas.rooms.use(other) as room:
            assert room.get("board") == {"x": 1}


async def test_s9_2_many_rooms_leave_nothing_behind() -> None:
    async with open_canvas("", Limits(idle=0.0)) as canvas:
        for number in range(200):
            await canvas.rooms.create(f"r{number}", {"a": "1"}, SYSTEM)
            async with canvas.rooms.use(f"r{number}") as room:
                assert room.find("a")
        await eventually(lambda: canvas.rooms.open_rooms == 1)
        assert len(asyncio.all_tasks()) < 10


async def test_two_who_ask_at_once_get_one_room() -> None:
    async with open_canvas() as canvas:
        await canvas.rooms.create("two", {}, SYSTEM)
        loads = canvas.log.loads

        async def use() -> object:
            async with canvas.rooms.use("two") as room:
                return room

        first, second = await asyncio.gather(use(), use())
        assert first is second
        assert canvas.log.loads == loads + 1


async def test_s1_2_an_unknown_canvas_is_not_made() -> None:
    async with open_canvas() as canvas:
        page = FakePage()
        await canvas.rooms.serve("nowhere", page.socket, Member(ANA, Role.OWNER), wants_ack=True)
        assert page.socket.closed[0] == CloseCode.NO_SUCH_CANVAS
        assert set(canvas.log.rooms) == {CANVAS}
        with pytest.raises(NotFound):
            async with canvas.rooms.use("nowhere"):
                pass


async def test_s9_3_stopping_flushes_acknowledges_and_closes() -> None:
    async with open_canvas("") as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "last words")
        await page.heard()
        await canvas.rooms.close()
        assert page.acked == page.sent
        assert page.socket.closed[0] == CloseCode.UNAVAILABLE
        with pytest.raises(Unavailable):
            async with canvas.rooms.use(CANVAS):
                pass


async def test_s9_4_a_fault_of_the_document_ends_the_room_and_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    async with open_canvas("") as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "a")
        await page.saved()
        stored = len(canvas.log.rooms[CANVAS].updates)

        def panic(_: object) -> None:
            raise PanicException

        with monkeypatch.context() as patch:
            patch.setattr(canvas.room.live.settled, "apply_update", panic)
            page.text(canvas.file).insert(0, "b")
            await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.UNAVAILABLE
        assert len(canvas.log.rooms[CANVAS].updates) == stored
        again = await canvas.page(page=FakePage())
        assert canvas.of(again) == "a"


async def test_edits_of_the_server_carry_their_own_client_id() -> None:
    async with open_canvas("one\ntwo\n") as canvas:
        page = await canvas.page()
        await canvas.room.write("main.js", "one\n2 😀\n", MODEL)
        await canvas.until_equal(page)
        authors = canvas.room.get("authors")
        assert [a for a in authors.values() if a["kind"] == "model"] == [MODEL.to_json()]
        client = await canvas.room.edit(MODEL, lambda doc: document.replace_text(doc, canvas.file, "x"))
        assert canvas.log.rooms[CANVAS].clients[client] == MODEL
        assert canvas.room.read(canvas.file) == "x"


async def test_s3_6_a_person_s_edits_over_http_share_a_client_id_and_a_run_s_do_not() -> None:
    async with open_canvas("") as canvas:
        ana = Origin.of(ANA)
        ids = [
            await canvas.room.edit(ana, lambda doc, n=n: document.replace_text(doc, canvas.file, "x" * n))
            for n in range(1, 6)
        ]
        assert len(set(ids)) == 1
        assert [*canvas.room.get("authors")].count(str(ids[0])) == 1
        assert len(canvas.room.get("authors")) == 2  # the first document's, and this one
        bo = await canvas.room.edit(Origin.of(BO), lambda doc: document.replace_text(doc, canvas.file, "bo"))
        one = await canvas.room.edit(MODEL, lambda doc: document.replace_text(doc, canvas.file, "1"))
        two = await canvas.room.edit(MODEL, lambda doc: document.replace_text(doc, canvas.file, "2"))
        assert len({ids[0], bo, one, two}) == 4


async def test_files_are_made_renamed_and_removed() -> None:
    async with open_canvas() as canvas:
        room = canvas.room
        file = await room.write("src/a.js", "a", SYSTEM)
        assert list(room.files().values()) == ["main.js", "src/a.js"]
        with pytest.raises(Conflict):
            await room.rename(file, "main.js", SYSTEM)
        await room.rename(file, "src/b.js", SYSTEM)
        assert room.find("src/b.js") == file
        await room.remove(file, SYSTEM)
        for call in (room.rename(file, "c", SYSTEM), room.remove(file, SYSTEM)):
            with pytest.raises(NotFound):
                await call
        with pytest.raises(NotFound):
            room.read(file)
        with pytest.raises(BadInput):
            await room.write("../x", "", SYSTEM)
        with pytest.raises(TooLarge):
            await room.write("big", "x" * 1_000_001, SYSTEM)
        with pytest.raises(BadInput):
            await room.put("files", "x", {})


async def test_listeners_hear_which_roots_changed() -> None:
    async with open_canvas() as canvas:
        heard: list[set[str]] = []
        stop = canvas.room.observe(heard.append)
        await canvas.room.write("main.js", "new", SYSTEM)
        assert set.union(*heard) == {f"file:{canvas.file}", "authors"}
        await canvas.room.put("suggestions", "s", {"n": 1})
        await canvas.room.put("suggestions", "s", None)
        assert canvas.room.get("suggestions") == {}
        assert "suggestions" in heard[-1]
        stop()
        heard.clear()
        await canvas.room.write("main.js", "newer", SYSTEM)
        assert not heard


async def test_a_canvas_is_made_once_and_within_bounds() -> None:
    async with open_canvas() as canvas:
        with pytest.raises(Conflict):
            await canvas.rooms.create(CANVAS, {}, SYSTEM)
        with pytest.raises(TooLarge):
            await canvas.rooms.create("many", {f"f{n}": "" for n in range(1_001)}, SYSTEM)
        with pytest.raises(TooLarge):
            await canvas.rooms.create("large", {f"f{n}": "x" * 999_999 for n in range(17)}, SYSTEM)
        with pytest.raises(BadInput):
            await canvas.rooms.create("same", {"\u00e9": "", "e\u0301": ""}, SYSTEM)


async def test_s4_3_typing_gathers_for_an_append_and_what_somebody_waits_for_does_not() -> None:
    async with open_canvas("", Limits(append_every=3_600)) as canvas:
        page = await canvas.page()
        text = page.text(canvas.file)
        text.insert(0, "a")  # brings a new client id: the rest of the hour has not begun to matter
        await page.saved()
        before = canvas.log.appends
        for letter in "bcd":
            text.insert(0, letter)
            await page.heard()
        assert page.acked < page.sent
        assert canvas.log.appends == before
        await canvas.room.write("other.js", "x", SYSTEM)
        await page.saved()
        assert canvas.room.read(canvas.file) == "dcba"
        text.insert(0, "e")
        await page.heard()
        assert page.acked < page.sent

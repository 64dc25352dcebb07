"""Pages in a room: sync, updates and acknowledgements, with real documents and no network."""

import asyncio

import pytest
from pycrdt import Doc, Map, Text

from app.collab import protocol
from app.collab.close_codes import CloseCode
from app.collab.limits import Limits
from app.domain.people import Role
from tests.fakes.canvas import ANA, BO, CANVAS, eventually, open_canvas
from tests.fakes.fake_socket import FakePage


async def test_s1_3_s2_1_a_page_gets_step_1_and_the_document() -> None:
    async with open_canvas("hé😀") as canvas:
        page = await canvas.page()
        assert protocol.decode(page.socket.sent[0])[0] is protocol.Kind.STEP1
        assert canvas.of(page) == "hé😀"


async def test_s2_1_step_2_holds_only_what_is_lacking() -> None:
    async with open_canvas("x" * 5_000) as canvas:
        page = await canvas.page()
        page.socket.sent.clear()
        page.socket.put(protocol.step1(page.doc.get_state()))
        await page.socket.until(lambda: page.step2s == 2)
        assert len(page.socket.sent[0]) < 100


async def test_s3_7_two_pages_see_each_others_typing_with_emoji() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.text(canvas.file).insert(0, "e\u0301😀")
        await canvas.until_equal(bo)
        bo.text(canvas.file).insert(0, "👩‍👩‍👧 ")
        assert await canvas.until_equal(ana, bo) == "👩‍👩‍👧 e\u0301😀"


async def test_s3_7_a_sender_does_not_hear_itself() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "a")
        await page.saved()
        before = len(page.socket.sent)
        page.text(canvas.file).insert(1, "b")
        await page.saved()
        kinds = [protocol.decode(frame)[0] for frame in page.socket.sent[before:]]
        assert kinds == [protocol.Kind.ACK]


async def test_s3_7_a_reader_that_is_behind_gets_one_merged_message() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.text(canvas.file).insert(0, "-")
        await canvas.until_equal(bo)
        bo.socket.slow = True
        for letter in "abcdef":
            ana.text(canvas.file).insert(0, letter)
            await ana.saved()
        bo.socket.slow = False
        before = len(bo.socket.sent)
        bo.socket.take()
        await canvas.until_equal(bo)
        updates = [f for f in bo.socket.sent[before:] if protocol.decode(f)[0] is protocol.Kind.UPDATE]
        assert len(updates) == 2  # what the network held, and the rest as one


async def test_s3_6_authors_say_who_wrote() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page(BO)
        page.text(canvas.file).insert(0, "a")
        await page.saved()
        await page.socket.until(lambda: str(page.doc.client_id) in page.doc.get("authors", type=Map))
        assert canvas.room.get("authors")[str(page.doc.client_id)] == {
            "kind": "person",
            "id": "bo",
            "name": "Bo",
            "hue": 200,
        }


async def test_s4_1_acknowledged_means_appended() -> None:
    async with open_canvas("") as canvas:
        page = await canvas.page()
        await page.saved()
        canvas.log.gate.clear()
        for letter in "abc":
            page.text(canvas.file).insert(0, letter)
        await asyncio.sleep(0)
        acked = page.acked
        assert acked < page.sent
        canvas.log.gate.set()
        await page.saved()
        assert page.acked == page.sent


async def test_s1_1_without_ack_there_is_no_acknowledgement() -> None:
    async with open_canvas("") as canvas:
        page, other = await canvas.page(ack=False), await canvas.page(BO)
        page.text(canvas.file).insert(0, "a")
        await canvas.until_equal(other)
        assert page.acked == 0
        assert not page.statuses


async def test_s4_3_what_arrives_during_an_append_is_appended_as_one() -> None:
    async with open_canvas("") as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "-")
        await page.saved()
        await canvas.room.journal.flushed()
        canvas.log.gate.clear()
        page.text(canvas.file).insert(0, "-")
        await page.socket.until(lambda: True)
        for letter in "abcdefgh":
            page.text(canvas.file).insert(0, letter)
            await asyncio.sleep(0)
        before = canvas.log.appends
        canvas.log.gate.set()
        await page.saved()
        assert canvas.log.appends - before <= 2


async def test_s3_8_text_under_a_new_client_id_is_relayed_once_durable() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        canvas.log.gate.clear()
        ana.text(canvas.file).insert(0, "ab")
        ana.text(canvas.file).insert(0, "cd")
        await ana.heard()  # whatever ana sent has been read
        await bo.heard()
        assert not [f for f in bo.socket.sent if protocol.decode(f)[0] is protocol.Kind.UPDATE]
        canvas.log.gate.set()
        await canvas.until_equal(bo)
        canvas.log.gate.clear()
        ana.text(canvas.file).insert(0, "later: ")
        await canvas.until_equal(bo)
        canvas.log.gate.set()


async def test_s3_3_an_update_with_a_gap_is_healed_by_a_step_1() -> None:
    async with open_canvas("") as canvas:
        page, other = await canvas.page(), await canvas.page(BO)
        await page.saved()
        page._applying = True  # typed while the socket was deaf: only the next keystroke is sent
        page.text(canvas.file).insert(0, "lost ")
        page._applying = False
        asked = page.step1s
        page.text(canvas.file).insert(5, "found")
        await page.saved()
        assert page.step1s == asked + 1
        assert await canvas.until_equal(page, other) == "lost found"


async def test_s3_3_an_update_within_known_clocks_is_healed_by_a_step_1() -> None:
    async with open_canvas("") as canvas:
        page = await canvas.page()
        doc: Doc = Doc(client_id=page.doc.client_id)
        text = doc.get(f"file:{canvas.file}", type=Text)
        text.insert(0, "ab")
        page.doc.apply_update(doc.get_update())
        await page.saved()
        text.insert(2, "cd")
        page._applying = True
        page.doc.apply_update(doc.get_update())
        page._applying = False
        asked = page.step1s
        page.send_update(doc.get_update())
        await page.saved()
        assert page.step1s == asked + 1
        assert canvas.room.read(canvas.file) == "abcd"


async def test_s3_3_a_client_that_never_fits_is_closed() -> None:
    async with open_canvas("", Limits(resyncs=2)) as canvas:
        page = FakePage()
        await canvas.page(page=page)
        stranger: Doc = Doc(client_id=7)
        text = stranger.get(f"file:{canvas.file}", type=Text)
        text.insert(0, "a")
        half = stranger.get_state()
        text.insert(1, "b")
        for _ in range(4):
            page.send_update(stranger.get_update(half))
            page.socket.put(protocol.step2(stranger.get_update(half)))
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.MALFORMED


async def test_s3_2_what_is_known_goes_no_further() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.text(canvas.file).insert(0, "abc")
        await ana.saved()
        await canvas.until_equal(bo)
        stored = len(canvas.log.rooms["canvas"].updates)
        ana.send_update(ana.doc.get_update())
        bo.send_update(bo.doc.get_update())  # known structs may come from anybody
        await ana.saved()
        await bo.saved()
        assert len(canvas.log.rooms["canvas"].updates) == stored
        assert bo.socket.closed is None


async def test_s3_4_somebody_elses_client_id_closes_the_socket() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.text(canvas.file).insert(0, "mine")
        await ana.saved()
        await canvas.until_equal(bo)
        forged: Doc = Doc(client_id=ana.doc.client_id)
        forged.apply_update(ana.doc.get_update())
        forged.get(f"file:{canvas.file}", type=Text).insert(4, " or not")
        bo.send_update(forged.get_update(ana.doc.get_state()))
        await bo.socket.until(lambda: bo.socket.closed)
        assert bo.socket.closed[0] == CloseCode.FOREIGN_CLIENT
        assert canvas.room.read(canvas.file) == "mine"


async def test_s3_4_a_caret_claims_its_client_id() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.say("{}")
        await bo.socket.until(lambda: bo.awareness)
        forged: Doc = Doc(client_id=ana.doc.client_id)
        forged.get(f"file:{canvas.file}", type=Text).insert(0, "not ana")
        bo.send_update(forged.get_update())
        await bo.socket.until(lambda: bo.socket.closed)
        assert bo.socket.closed[0] == CloseCode.FOREIGN_CLIENT


async def test_s3_4_who_left_before_typing_keeps_their_client_id() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.say("{}")
        await bo.socket.until(lambda: bo.awareness)
        ana.socket.hang_up()
        await canvas.tasks[0]
        forged: Doc = Doc(client_id=ana.doc.client_id)
        forged.get(f"file:{canvas.file}", type=Text).insert(0, "where ana types offline")
        bo.send_update(forged.get_update())
        await bo.socket.until(lambda: bo.socket.closed)
        assert bo.socket.closed[0] == CloseCode.FOREIGN_CLIENT
        assert canvas.room.read(canvas.file) == ""


@pytest.mark.parametrize("is_there", [False, True])
async def test_s3_4_a_page_whose_client_id_was_taken_hears_of_it_before_anything_looks_saved(is_there: bool) -> None:
    async with open_canvas("") as canvas:
        ana = FakePage()
        thief: Doc = Doc(client_id=ana.doc.client_id)
        thief.get(f"file:{canvas.file}", type=Text).insert(0, "longer than what ana typed")
        bo = await canvas.page(BO)
        bo.send_update(thief.get_update())
        await bo.saved()
        if is_there:
            bo.say("{}", client=ana.doc.client_id)
            await bo.heard()
        ana._applying = True
        ana.text(canvas.file).insert(0, "ana's")  # offline; the server takes these clocks for known
        ana._applying = False
        ana.say("{}")
        await canvas.page(page=ana)
        await ana.socket.until(lambda: ana.socket.closed)
        assert ana.socket.closed[0] == CloseCode.FOREIGN_CLIENT
        assert any("stuck" in status for status in ana.statuses)
        assert ana.acked == 0


def away(file: str, *, deletes: bool) -> tuple[FakePage, FakePage, Doc]:
    """Ana's page that was closed, her page of now, which has its text, and what a thief makes of its id."""
    closed = FakePage()
    closed.text(file).insert(0, "typed offline")
    page = FakePage(own=[closed.doc.client_id])
    page._applying = True
    page.doc.apply_update(closed.doc.get_update())
    page._applying = False
    thief: Doc = Doc(client_id=closed.doc.client_id)
    thief.get(f"file:{file}", type=Text).insert(0, "longer than what ana typed")
    if deletes:
        thief.get(f"file:{file}", type=Text).clear()
    return closed, page, thief


@pytest.mark.parametrize("deletes", [False, True])
async def test_s3_11_who_comes_back_hears_first_of_all_that_a_client_id_of_theirs_was_taken(deletes: bool) -> None:
    async with open_canvas("") as canvas:
        _, ana, thief = away(canvas.file, deletes=deletes)
        bo = await canvas.page(BO)
        bo.send_update(thief.get_update())
        await bo.saved()
        canvas.serve(ana)
        await ana.socket.until(lambda: ana.socket.closed)
        assert ana.socket.closed[0] == CloseCode.FOREIGN_CLIENT
        assert any("stuck" in status for status in ana.statuses)
        assert (ana.step2s, ana.acked) == (0, 0)
        assert str(ana.text(canvas.file)) == "typed offline"


async def test_s3_11_a_client_id_that_somebody_names_as_theirs_is_kept_for_them() -> None:
    async with open_canvas("") as canvas:
        closed, ana, thief = away(canvas.file, deletes=False)
        ana.socket.on_send, hears = None, ana.socket.on_send  # it answers the server's step 1 only later
        canvas.serve(ana)
        await eventually(lambda: closed.doc.client_id in canvas.room.taking.claims)
        bo = await canvas.page(BO)
        bo.send_update(thief.get_update())
        await bo.socket.until(lambda: bo.socket.closed)
        assert bo.socket.closed[0] == CloseCode.FOREIGN_CLIENT
        ana.socket.on_send = hears
        for frame in list(ana.socket.sent):
            hears(frame)
        await ana.saved()
        assert canvas.room.read(canvas.file) == "typed offline"
        assert canvas.room.taking.owners[closed.doc.client_id].id == ANA.id


async def test_s3_11_a_viewer_who_may_write_later_takes_no_client_id_that_was_named_meanwhile() -> None:
    async with open_canvas("") as canvas:
        bo, ana = await canvas.page(BO, Role.VIEWER), await canvas.page()
        bo.say("{}", client=7)
        await bo.heard()
        ana.socket.put(protocol.own([7]))
        await ana.heard()
        await canvas.rooms.change_role(CANVAS, BO.id, Role.EDITOR)
        assert canvas.room.taking.claims.get(7).id == ANA.id


async def test_s3_11_ids_are_named_by_those_who_know_of_acknowledgements_and_only_so_many() -> None:
    async with open_canvas("") as canvas:
        stock, ana = await canvas.page(ack=False), await canvas.page()
        stock.socket.put(protocol.own([1, 2]))
        await stock.heard()
        ana.socket.put(protocol.own([3]))
        await ana.heard()
        assert set(canvas.room.taking.claims) == {3}
        ana.socket.put(protocol.own(range(protocol.MAX_OWN + 1)))
        await ana.socket.until(lambda: ana.socket.closed)
        assert ana.socket.closed[0] == CloseCode.MALFORMED


async def test_s3_4_nobody_has_others_ids_forgotten_by_naming_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.collab.claims.MAX_CLAIMS", 4)
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.socket.put(protocol.own([1, 2]))
        await ana.heard()
        bo.socket.put(protocol.own([3, 4, 5, 6, 7]))
        await bo.heard()
        assert set(canvas.room.taking.claims) == {1, 2, 6, 7}


async def test_s3_5_text_of_an_author_who_is_not_back_is_put_off() -> None:
    async with open_canvas("", Limits(put_off=0.0)) as canvas:
        ana = await canvas.page()
        ana.text(canvas.file).insert(0, "a")
        await ana.saved()
        bo = FakePage()
        bo.doc.apply_update(ana.doc.get_update())
        ana._applying = True  # what a crash took: relayed, and not durable
        before = ana.doc.get_state()
        ana.text(canvas.file).insert(1, "b")
        ana._applying = False
        bo._applying = True
        bo.doc.apply_update(ana.doc.get_update(before))
        bo._applying = False
        await canvas.page(BO, page=bo)
        bo.text(canvas.file).insert(2, "c")
        await bo.socket.until(lambda: bo.step1s >= 3)
        assert canvas.room.read(canvas.file) == "a"
        ana.send_update(ana.doc.get_update(before))
        await bo.saved()
        assert await canvas.until_equal(ana, bo) == "abc"
        assert bo.socket.closed is None


async def test_s3_5_it_is_put_off_a_bounded_number_of_times() -> None:
    async with open_canvas("", Limits(put_off=0.0, put_off_times=3)) as canvas:
        ana = await canvas.page()
        ana.text(canvas.file).insert(0, "a")
        await ana.saved()
        bo = FakePage()
        forged: Doc = Doc(client_id=ana.doc.client_id)
        forged.apply_update(ana.doc.get_update())
        forged.get(f"file:{canvas.file}", type=Text).insert(1, "b")
        bo._applying = True
        bo.doc.apply_update(forged.get_update())
        bo._applying = False
        await canvas.page(BO, page=bo)
        await bo.socket.until(lambda: bo.socket.closed)
        assert bo.socket.closed[0] == CloseCode.FOREIGN_CLIENT
        assert canvas.room.read(canvas.file) == "a"


@pytest.mark.parametrize(
    "frame",
    [b"\x00\x02\x07\x01\x01\x01\x00\x04\x01\x00", b"\x00\x02\x02\xff\xff", b"\x00\x00\x01\x05", b"\x01\x01\xff"],
)
async def test_s1_4_malformed_bytes_close_the_socket_and_nothing_else(frame: bytes) -> None:
    async with open_canvas() as canvas:
        good, bad = await canvas.page(), await canvas.page(BO)
        bad.socket.put(frame)
        await bad.socket.until(lambda: bad.socket.closed)
        assert bad.socket.closed[0] == CloseCode.MALFORMED
        good.text(canvas.file).insert(0, "still here ")
        await good.saved()


async def test_s1_5_an_unknown_message_is_ignored() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page(ANA, Role.VIEWER)
        page.socket.put(b"\x09whatever")
        page.socket.put(b"\x64\x05")
        page.socket.put(protocol.step1(b"\0"))
        await page.socket.until(lambda: page.step2s == 2)
        assert page.socket.closed is None

"""The bounds of a session and a room."""

import asyncio

import pytest
from pycrdt import Doc, Map, Text

from app.collab import protocol
from app.collab.close_codes import CloseCode
from app.collab.limits import Limits
from app.collab.rate import Bucket
from app.collab.rooms import Member
from app.domain.people import Origin, Role
from app.errors import TooLarge
from app.ids import new_id
from tests.fakes.canvas import ANA, BO, CANVAS, open_canvas
from tests.fakes.fake_socket import FakePage


def test_s7_2_a_bucket_allows_a_burst_and_then_the_rate() -> None:
    bucket = Bucket(rate=10, burst=5, now=0.0)
    assert [bucket.take(1, 0.0) for _ in range(5)] == [0.0] * 5
    assert bucket.take(1, 0.0) == pytest.approx(0.1)
    assert bucket.take(1, 1.0) == 0.0
    assert bucket.take(100, 100.0) == pytest.approx(9.5)


async def test_s7_1_a_message_over_1_mib_closes_the_socket() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()
        page.socket.put(b"\x00\x02" + bytes(protocol.MAX_FRAME))
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.TOO_LARGE


async def test_s7_1_what_was_written_offline_comes_back_in_one_message() -> None:
    async with open_canvas("") as canvas:
        page = FakePage()
        await canvas.page(page=page)
        page.socket.hang_up()
        doc: Doc = Doc(client_id=page.doc.client_id)
        doc.apply_update(page.doc.get_update())
        files = doc.get("files", type=Map)
        for _ in range(4):
            file = new_id()
            files[file] = {"path": f"{file}.md"}
            doc.get(f"file:{file}", type=Text).insert(0, "offline " * 100_000)
        back = FakePage(doc=doc)
        await canvas.page(page=back)
        await back.saved()
        assert len(canvas.room.files()) == 5
        back.text(canvas.file).insert(0, "and on")  # at once: the answer was asked for
        await back.saved()


async def test_s7_1_a_step_2_over_16_mib_closes_the_socket() -> None:
    async with open_canvas() as canvas:
        page = await canvas.page()
        page.socket.put(b"\x00\x01" + bytes(protocol.MAX_ANSWER))
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.TOO_LARGE


async def test_s7_4_what_was_written_and_deleted_again_does_not_fill_a_room() -> None:
    async with open_canvas("", Limits(document=100_000)) as canvas:
        page = await canvas.page()
        for number in range(40):
            await canvas.room.write("made.json", chr(97 + number % 26) * 5_000, Origin.of(ANA))
        page.text(canvas.file).insert(0, "still taken")
        await page.saved()

        async def fill() -> None:
            for number in range(25):
                await canvas.room.write(f"{number}.json", "x" * 5_000, Origin.of(ANA))

        with pytest.raises(TooLarge):
            await fill()


async def test_s7_2_a_socket_that_does_not_stop_is_closed() -> None:
    async with open_canvas("", Limits(updates_per_second=1_000, burst=2, throttled_for=0.005)) as canvas:
        page = await canvas.page()
        for _ in range(100):
            page.text(canvas.file).insert(0, "x")
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.TOO_MANY


async def test_s7_2_who_names_very_many_client_ids_is_read_more_slowly() -> None:
    limits = Limits(awareness_per_second=1_000, burst=40, throttled_for=0.005)
    async with open_canvas("", limits) as canvas:
        page = await canvas.page()
        page.socket.put(protocol.own(range(100)))  # as many as are within the allowance
        await page.heard()
        for start in range(0, 5_000, protocol.MAX_OWN):
            page.socket.put(protocol.own(range(start, start + protocol.MAX_OWN)))
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.TOO_MANY


async def test_s7_2_over_the_rate_a_socket_is_read_more_slowly_and_loses_nothing() -> None:
    async with open_canvas("", Limits(updates_per_second=2_000, burst=2)) as canvas:
        page = await canvas.page()
        for _ in range(60):
            page.text(canvas.file).insert(0, "x")
        await page.saved()
        assert canvas.room.read(canvas.file) == "x" * 60


async def test_s7_3_a_reader_that_does_not_read_is_cut() -> None:
    async with open_canvas("", Limits(outbox=20_000)) as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        bo.socket.slow = True
        for _ in range(4):
            ana.text(canvas.file).insert(0, "x" * 9_000)
            await ana.saved()
        await bo.socket.until(lambda: bo.socket.closed)
        assert bo.socket.closed[0] == CloseCode.DEAD
        await ana.saved()


async def test_s7_4_a_room_takes_a_bounded_number_of_sockets() -> None:
    async with open_canvas("", Limits(sessions_per_room=1)) as canvas:
        await canvas.page()
        late = FakePage()
        await canvas.rooms.serve(CANVAS, late.socket, Member(BO, Role.EDITOR), wants_ack=True)
        assert late.socket.closed[0] == CloseCode.TOO_MANY


async def test_s7_4_a_room_takes_in_a_bounded_document() -> None:
    async with open_canvas("", Limits(document=1_000)) as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "x" * 2_000)
        page.text(canvas.file).insert(0, "x")
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed[0] == CloseCode.TOO_LARGE


async def test_s7_3_the_web_knows_when_a_socket_is_dead() -> None:
    assert Limits().silent == 45.0
    assert Limits().close <= 2.0
    await asyncio.sleep(0)


def test_s8_1_the_close_codes() -> None:
    assert {int(code) for code in CloseCode} == {4400, 4401, 4403, 4404, 4408, 4409, 4413, 4429, 4503}

"""A disk that takes its time: others go on seeing what is typed, nothing is called saved early, memory is bounded."""

from app.collab.close_codes import CloseCode
from app.collab.limits import Limits
from tests.fakes.canvas import BO, open_canvas


async def test_s3_7_s4_1_while_a_commit_takes_long_typing_is_relayed_and_not_acknowledged() -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        for page in (ana, bo):  # their client ids are durable from here on
            page.text(canvas.file).insert(0, "x")
            await page.saved()
        canvas.log.gate.clear()
        saved = ana.acked, bo.acked
        for number in range(50):
            ana.text(canvas.file).insert(0, "a")
            bo.text(canvas.file).insert(0, "b")
            await ana.socket.until(lambda n=number: canvas.of(ana).count("b") == n + 1)
            await bo.socket.until(lambda n=number: canvas.of(bo).count("a") == n + 1)
        late = await canvas.page(BO)  # joins at once, and sees what the others see
        assert canvas.of(late).count("a") == 50
        assert (ana.acked, bo.acked) == saved
        assert ana.statuses == bo.statuses == []  # slow is not read-only
        appends = canvas.log.appends
        canvas.log.gate.set()
        await ana.saved()
        await bo.saved()
        await canvas.until_equal(ana, bo, late)
        assert canvas.log.appends <= appends + 2  # the one that was under way, and all the rest as one


async def test_s7_4_while_a_commit_takes_long_what_waits_is_bounded() -> None:
    async with open_canvas("", Limits(unsaved=10_000)) as canvas:
        page = await canvas.page()
        page.text(canvas.file).insert(0, "x")
        await page.saved()
        canvas.log.gate.clear()
        for _ in range(30):
            page.text(canvas.file).insert(0, "y" * 1_000)
        await page.socket.until(lambda: page.socket.closed)
        assert page.socket.closed is not None
        assert page.socket.closed[0] == CloseCode.UNAVAILABLE
        assert canvas.room.journal.bytes < 12_000
        canvas.log.gate.set()

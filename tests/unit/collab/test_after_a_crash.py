"""What a page that saw the moment of a crash can do afterwards: it is never left with what nobody takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pycrdt import Doc, Map, Text

from app.collab import protocol
from app.collab.close_codes import CloseCode
from app.collab.limits import Limits
from app.collab.ports import StoredRoom
from app.collab.rooms import Member, Rooms
from app.domain.people import Person, Role
from tests.fakes.canvas import ANA, BO, CANVAS, open_canvas
from tests.fakes.fake_socket import FakePage
from tests.fakes.memory_log import MemoryLog

QUICK = Limits(retry_first=0.001, retry_last=0.002, put_off=0.001, put_off_times=2, answer_wait=0.01)


def kept_by(log: MemoryLog) -> MemoryLog:
    """Return what is durable at this moment, as kill -9 leaves it."""
    other = MemoryLog()
    for canvas, room in log.rooms.items():
        other.rooms[canvas] = StoredRoom(room.snapshot, room.snapshot_seq, list(room.updates), dict(room.clients))
    return other


def copy_of(page: FakePage) -> Doc:
    doc: Doc = Doc(client_id=page.doc.client_id)
    doc.apply_update(page.doc.get_update())
    return doc


@asynccontextmanager
async def restarted(log: MemoryLog) -> AsyncIterator["Restarted"]:
    server = Restarted(log)
    try:
        yield server
    finally:
        await server.rooms.close()
        await asyncio.gather(*server.tasks)


class Restarted:
    """The server that comes after the crash."""

    def __init__(self, log: MemoryLog) -> None:
        self.rooms = Rooms(log, limits=QUICK)
        self.tasks: list[asyncio.Task[None]] = []

    def come(self, doc: Doc, person: Person) -> FakePage:
        page = FakePage(doc=doc)
        serving = self.rooms.serve(CANVAS, page.socket, Member(person, Role.EDITOR), wants_ack=True)
        self.tasks.append(asyncio.create_task(serving))
        return page


async def test_s3_8_who_joins_at_the_moment_of_a_crash_can_go_on() -> None:
    async with open_canvas("", QUICK) as canvas:
        ana = await canvas.page()
        canvas.log.gate.clear()  # a commit is under way
        ana.text(canvas.file).insert(0, "first words ")
        await ana.heard()
        bo = await canvas.page(BO)
        assert canvas.of(bo) == ""
        assert str(ana.doc.client_id) not in bo.doc.get("authors", type=Map)
        log, hers, his = kept_by(canvas.log), copy_of(ana), copy_of(bo)
        canvas.log.gate.set()
    async with restarted(log) as after:
        back = after.come(his, BO)
        await back.synced()
        back.text(canvas.file).insert(0, "his. ")
        await back.saved()
        assert back.denied == []
        await after.come(hers, ANA).saved()
        async with after.rooms.use(CANVAS) as room:
            assert sorted(room.read(canvas.file).split(". ")) == sorted(["his", "first words "]) or (
                room.read(canvas.file) == "first words his. "
            )


async def test_s2_1_an_answer_waits_for_what_is_held_and_then_has_it() -> None:
    async with open_canvas("", Limits(answer_wait=60.0)) as canvas:
        ana = await canvas.page()
        canvas.log.gate.clear()
        ana.text(canvas.file).insert(0, "held")
        await ana.heard()
        bo = FakePage()
        joining = asyncio.create_task(canvas.page(BO, page=bo))
        await bo.heard()
        assert bo.step2s == 0
        canvas.log.gate.set()
        await joining
        assert canvas.of(bo) == "held"


async def test_s2_1_s4_4_an_answer_without_what_is_held_has_all_that_others_saw() -> None:
    async with open_canvas("", Limits(answer_wait=0.001, append_every=0.0)) as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.text(canvas.file).insert(0, "a")
        await ana.saved()
        await canvas.until_equal(bo)
        canvas.log.gate.clear()
        ana.text(canvas.file).insert(1, "b")
        await canvas.until_equal(bo)  # relayed, not durable
        bo.text(canvas.file).insert(0, "held ")
        await bo.heard()
        late = await canvas.page(Person(ANA.id, "Cy", 5))
        assert canvas.of(late) == "ab"
        canvas.log.gate.set()
        assert await canvas.until_equal(late, ana) == "held ab"


async def test_s3_8_another_page_of_the_same_person_overtakes_nothing() -> None:
    async with open_canvas("", QUICK) as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        canvas.log.gate.clear()
        ana.text(canvas.file).insert(0, "held")
        await ana.heard()
        again = FakePage(doc=copy_of(ana))  # the same page, over a new socket
        await canvas.page(ANA, page=again)
        again.text(canvas.file).insert(4, " more")
        await again.heard()
        await bo.heard()
        assert not [f for f in bo.socket.sent if protocol.decode(f)[0] is protocol.Kind.UPDATE]
        canvas.log.gate.set()
        assert await canvas.until_equal(bo) == "held more"


async def test_s4_4_nothing_is_relayed_while_the_store_cannot_write() -> None:
    async with open_canvas("", QUICK) as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        for page in (ana, bo):
            page.text(canvas.file).insert(0, "-")
            await page.saved()
        await canvas.until_equal(ana, bo)
        canvas.log.failing = True
        ana.text(canvas.file).insert(0, "1")  # relayed: nobody knows yet
        await bo.socket.until(lambda: bo.statuses)
        ana.text(canvas.file).insert(0, "2")
        await ana.heard()
        await bo.heard()
        assert canvas.of(bo) == "1--"
        canvas.log.failing = False
        assert await canvas.until_equal(ana, bo) == "21--"


async def test_s3_5_who_is_stuck_with_an_absent_author_s_text_is_told_plainly() -> None:
    async with open_canvas("", QUICK) as canvas:
        ana, bo = await canvas.page(), await canvas.page(BO)
        ana.text(canvas.file).insert(0, "a")
        await ana.saved()
        await canvas.until_equal(bo)
        canvas.log.gate.clear()
        ana.text(canvas.file).insert(1, "b")
        await bo.socket.until(lambda: canvas.of(bo) == "ab")
        log, his = kept_by(canvas.log), copy_of(bo)
        canvas.log.gate.set()
    async with restarted(log) as after:
        back = after.come(his, BO)
        await back.socket.until(lambda: back.socket.closed)
        assert back.socket.closed[0] == CloseCode.FOREIGN_CLIENT
        assert [status for status in back.statuses if "stuck" in status]
        # The way out: the server's document, with one's own text written anew.
        fresh = after.come(Doc(), BO)
        await fresh.synced()
        fresh.doc.get(f"file:{canvas.file}", type=Text).insert(0, "his ")
        await fresh.saved()

"""Pages that type, leave, fall behind and forge, over a store that fails: they converge, and nothing is lost."""

import random

from pycrdt import Doc, Text

from app.collab.limits import Limits
from app.domain.people import SYSTEM, Role
from tests.fakes.canvas import ANA, BO, CANVAS, Canvas, eventually, open_canvas
from tests.fakes.fake_socket import FakePage

LIMITS = Limits(
    retry_first=0.0005, retry_last=0.001, compact_updates=20, compact_every=0.0, put_off=0.0005, burst=10**6
)
STEPS = 120


class Peers:
    """Four people's pages; what was acknowledged is remembered as marks that must be in the text at the end."""

    def __init__(self, canvas: Canvas, rng: random.Random) -> None:
        self.canvas, self.rng = canvas, rng
        self.pages: list[FakePage] = []
        self.marks: set[str] = set()
        self.steps: list[str] = []

    async def join(self, doc: Doc | None = None) -> None:
        person = self.rng.choice([ANA, BO])
        self.pages.append(await self.canvas.page(person, page=FakePage(doc=doc)))

    async def step(self, number: int) -> None:
        rng, canvas = self.rng, self.canvas
        page = rng.choice(self.pages)
        what = rng.choices(
            ["type", "delete", "server", "leave", "slow", "take", "fail", "work", "view"], [9, 3, 1, 1, 1, 2, 1, 3, 1]
        )[0]
        self.steps.append(what)
        text = page.text(canvas.file)
        raw = str(text)
        if what == "type":
            mark = f"<{number}😀>"
            self.marks.add(mark)
            at = rng.choice([i for i in range(len(raw) + 1) if i in (0, len(raw)) or raw[i - 1] == ">"])
            text.insert(len(raw[:at].encode()), mark)
        elif what == "delete" and raw:
            start = rng.choice([i for i, letter in enumerate(raw) if letter == "<"])
            end = raw.index(">", start) + 1
            self.marks.discard(raw[start:end])
            del text[len(raw[:start].encode()) : len(raw[:end].encode())]
        elif what == "server" and not canvas.log.failing and canvas.room.read_only is None:
            await canvas.room.write(f"f{number}.js", "x", SYSTEM)
        elif what == "leave" and not canvas.log.failing:
            page.socket.take()
            page.socket.slow = False
            await page.saved()
            page.socket.hang_up()
            self.pages.remove(page)
            await self.join()
        elif what in ("slow", "take"):
            page.socket.slow = what == "slow"
            if what == "take":
                page.socket.take()
        elif what in ("fail", "work"):
            canvas.log.failing = what == "fail"
        elif what == "view":
            viewer = await canvas.page(BO, Role.VIEWER, page=FakePage())
            viewer.text(canvas.file).insert(0, "<forged>")
            await viewer.socket.until(lambda: viewer.denied)
            viewer.socket.hang_up()


async def test_s3_7_s4_1_pages_converge_whatever_happens(peers_seed: int) -> None:
    rng = random.Random(peers_seed)
    async with open_canvas("", LIMITS) as canvas:
        peers = Peers(canvas, rng)
        try:
            for _ in range(4):
                await peers.join()
            for number in range(STEPS):
                await peers.step(number)
            canvas.log.failing = False
            for page in peers.pages:
                page.socket.slow = False
                page.socket.take()
                await page.saved()
            await canvas.room.journal.flushed()
            text = await canvas.until_equal(*peers.pages)
            assert "forged" not in text
            assert {mark for mark in peers.marks if mark in text} == peers.marks
            stored = await canvas.log.load(CANVAS)
            doc: Doc = Doc()
            for payload in (stored.snapshot, *(update.payload for update in stored.updates)):
                doc.apply_update(payload)
            assert str(doc.get(f"file:{canvas.file}", type=Text)) == text
            await eventually(lambda: canvas.room.read_only is None)
        except BaseException:
            print(f"seed {peers_seed}: {' '.join(peers.steps)}")
            raise

"""Ten thousand rooms opened, used and left: nothing of them stays."""

import asyncio
import gc
from collections import Counter
from collections.abc import Mapping, Sequence

from pycrdt import Doc, Map

from app.collab import document
from app.collab.journal import Journal
from app.collab.limits import Limits
from app.collab.live import LiveDocument
from app.collab.ports import LoggedUpdate, NewUpdate, StoredRoom
from app.collab.room import Room
from app.collab.rooms import Member, Rooms
from app.collab.session import Session
from app.collab.taking import Taking
from app.domain.people import Origin, Role
from app.ids import CanvasId
from tests.fakes.canvas import ANA, eventually
from tests.fakes.fake_socket import FakePage

ROOMS = 10_000
AT_ONCE = 50
TYPED_IN = 20  # of those, in one each so many somebody types
OURS = (Room, LiveDocument, Taking, Journal, Session, FakePage, Doc)
SLACK = 200  # objects that Python itself may keep more of: caches, freed lists


class OneText:
    """A log where every canvas begins with the same text, and is forgotten once it has a snapshot."""

    def __init__(self) -> None:
        self.snapshot, self.client = document.new_document({"a.txt": "text"}, Origin.of(ANA))
        self.rooms: dict[CanvasId, StoredRoom] = {}

    async def create(self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin]) -> None:
        raise AssertionError("no canvas is made here")

    async def load(self, canvas: CanvasId) -> StoredRoom:
        return self.rooms.get(canvas) or StoredRoom(self.snapshot, 0, [], {self.client: Origin.of(ANA)})

    async def append(self, canvas: CanvasId, updates: Sequence[NewUpdate]) -> int:
        room = self.rooms.setdefault(canvas, await self.load(canvas))
        for update in updates:
            room.updates.append(LoggedUpdate(len(room.updates) + 1, 0.0, update.author, update.payload))
            room.clients.update(update.clients)
        return len(room.updates)

    async def compact(self, canvas: CanvasId, seq: int, snapshot: bytes) -> None:
        del self.rooms[canvas]


async def use(rooms: Rooms, canvas: CanvasId, *, typing: bool) -> None:
    """Open a canvas in a page, show a caret, type if asked, and leave."""
    page = FakePage()
    serving = asyncio.create_task(rooms.serve(canvas, page.socket, Member(ANA, Role.EDITOR), wants_ack=True))
    await page.synced()
    page.say('{"file": null}')
    if typing:
        file = next(iter(page.doc.get("files", type=Map).to_py() or {}))
        page.text(file).insert(0, "typed ")
        await page.saved()
    page.socket.hang_up()
    await serving
    page.doc.unobserve(page._subscription)  # the page's own knot: its document calls it


async def use_all(rooms: Rooms, first: int, count: int) -> None:
    for start in range(first, first + count, AT_ONCE):
        numbers = range(start, start + AT_ONCE)
        await asyncio.gather(
            *(use(rooms, CanvasId(f"{number:012}"), typing=number % TYPED_IN == 0) for number in numbers)
        )
        await eventually(lambda: rooms.open_rooms == 0)


def alive() -> Counter[type]:
    """Count what there is; another test's pages may be among it."""
    gc.collect()
    return Counter(type(thing) for thing in gc.get_objects())


async def test_s7_4_s9_2_ten_thousand_rooms_leave_nothing_behind() -> None:
    log = OneText()
    rooms = Rooms(log, limits=Limits(idle=0.0, compare_every=3600.0))
    await use_all(rooms, 0, 2 * AT_ONCE)  # what is made once is made by now
    before = alive()
    await use_all(rooms, 0, ROOMS)

    def left() -> list[type]:
        now = alive()
        return [kind for kind in OURS if now[kind] > before[kind]]

    # What the last ones still wait for, at most half a second, holds them.
    await eventually(lambda: not left())
    after = alive()
    assert (rooms.sessions, log.rooms) == (0, {})
    grown = {kind: number - before[kind] for kind, number in after.items() if number - before[kind] > SLACK}
    assert grown == {}
    await rooms.close()

"""What every update log must do: the one in memory, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.collab.ports import NewUpdate, UpdateLog
from app.domain.people import SYSTEM, Origin
from app.errors import Conflict, NotFound
from app.ids import CanvasId
from app.persistence.database import Database
from app.settings import Settings
from tests.databases import BOTH
from tests.fakes.memory_log import MemoryLog

ANA = Origin("person", "p1", "Ana 🌱", 25)
QWEN = Origin("model", "m1", "qwen", 140, run="r", suggestion="s", asked_by="Ana", accepted_by="Bo", cost_usd=0.25)
ONE, TWO = CanvasId("aaaaaaaaaaaa"), CanvasId("bbbbbbbbbbbb")
LARGEST_CLIENT = 2**53 - 1  # Yjs client ids are JavaScript integers


@pytest.fixture(params=["memory", *BOTH])
async def log(request: pytest.FixtureRequest) -> AsyncIterator[UpdateLog]:
    if request.param == "memory":
        yield MemoryLog()
        return
    settings: Settings = request.getfixturevalue("settings_by_kind")(request.param)
    database = Database(settings)
    try:
        yield database.log
    finally:
        await database.close()


def new(payload: bytes, author: str = "p1", **clients: Origin) -> NewUpdate:
    return NewUpdate(payload, author, {int(key[1:]): origin for key, origin in clients.items()})


async def test_a_new_canvas_has_its_snapshot_and_no_updates(log: UpdateLog) -> None:
    await log.create(ONE, b"\x00first", {7: SYSTEM})
    stored = await log.load(ONE)
    assert (stored.snapshot, stored.updates, stored.clients) == (b"\x00first", [], {7: SYSTEM})


async def test_a_canvas_is_created_once(log: UpdateLog) -> None:
    await log.create(ONE, b"first", {})
    with pytest.raises(Conflict):
        await log.create(ONE, b"second", {1: ANA})
    stored = await log.load(ONE)
    assert (stored.snapshot, stored.clients) == (b"first", {})


async def test_an_unknown_canvas_is_not_found_and_never_made(log: UpdateLog) -> None:
    with pytest.raises(NotFound):
        await log.load(ONE)
    with pytest.raises(NotFound):
        await log.append(ONE, [new(b"u")])
    with pytest.raises(NotFound):
        await log.compact(ONE, 0, b"s")
    with pytest.raises(NotFound):
        await log.load(ONE)


async def test_updates_come_back_in_order_with_their_authors(log: UpdateLog) -> None:
    await log.create(ONE, b"s", {})
    first = await log.append(ONE, [new(b"a"), new(b"\x00b\xff", "m1")])
    second = await log.append(ONE, [new(b"c")])
    stored = await log.load(ONE)
    assert [(update.payload, update.author) for update in stored.updates] == [
        (b"a", "p1"),
        (b"\x00b\xff", "m1"),
        (b"c", "p1"),
    ]
    seqs = [update.seq for update in stored.updates]
    assert seqs == sorted(set(seqs))
    assert (first, second) == (seqs[1], seqs[2])
    assert stored.snapshot_seq < seqs[0]


async def test_client_bindings_are_kept_with_all_they_say(log: UpdateLog) -> None:
    await log.create(ONE, b"s", {1: SYSTEM})
    await log.append(ONE, [new(b"a", c2=ANA), NewUpdate(b"b", "m1", {LARGEST_CLIENT: QWEN})])
    assert (await log.load(ONE)).clients == {1: SYSTEM, 2: ANA, LARGEST_CLIENT: QWEN}


async def test_a_bound_client_stays_bound_to_whom_it_was(log: UpdateLog) -> None:
    await log.create(ONE, b"s", {1: ANA})
    await log.append(ONE, [new(b"a", c1=QWEN)])
    assert (await log.load(ONE)).clients == {1: ANA}


async def test_canvases_do_not_see_each_other(log: UpdateLog) -> None:
    await log.create(ONE, b"1", {})
    await log.create(TWO, b"2", {})
    await log.append(ONE, [new(b"a", c1=ANA)])
    stored = await log.load(TWO)
    assert (stored.snapshot, stored.updates, stored.clients) == (b"2", [], {})


async def test_a_snapshot_replaces_the_updates_it_covers_and_no_others(log: UpdateLog) -> None:
    await log.create(ONE, b"s", {1: ANA})
    covered = await log.append(ONE, [new(b"a"), new(b"b")])
    later = await log.append(ONE, [new(b"c")])
    await log.compact(ONE, covered, b"s+a+b")
    stored = await log.load(ONE)
    assert (stored.snapshot, stored.snapshot_seq) == (b"s+a+b", covered)
    assert [(update.seq, update.payload) for update in stored.updates] == [(later, b"c")]
    assert stored.clients == {1: ANA}


async def test_seqs_go_on_rising_after_everything_was_compacted(log: UpdateLog) -> None:
    await log.create(ONE, b"s", {})
    covered = await log.append(ONE, [new(b"a")])
    await log.compact(ONE, covered, b"s+a")
    assert await log.append(ONE, [new(b"b")]) > covered
    assert [update.payload for update in (await log.load(ONE)).updates] == [b"b"]


async def test_many_writers_at_once_lose_nothing_and_keep_each_ones_order(log: UpdateLog) -> None:
    canvases = [CanvasId(f"{letter}" * 12) for letter in "cdefg"]
    for canvas in canvases:
        await log.create(canvas, b"s", {})

    async def write(canvas: CanvasId, writer: int) -> list[int]:
        return [await log.append(canvas, [new(f"{writer}:{turn}".encode())]) for turn in range(10)]

    writers = [(canvas, writer) for canvas in canvases for writer in range(4)]
    seqs = await asyncio.gather(*(write(canvas, writer) for canvas, writer in writers))
    for canvas in canvases:
        updates = (await log.load(canvas)).updates
        assert len(updates) == 40
        where = {update.payload.decode(): update.seq for update in updates}
        for (its_canvas, writer), told in zip(writers, seqs, strict=True):
            if its_canvas == canvas:
                assert [where[f"{writer}:{turn}"] for turn in range(10)] == told

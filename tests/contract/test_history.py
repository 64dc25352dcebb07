"""What every store of histories must do, and what the keeper does with it: in memory, on SQLite, on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from app.collab.history import squeezing
from app.collab.history.developing import developed
from app.collab.history.film import Film
from app.collab.history.keeper import Keeper
from app.collab.history.past import state_at
from app.collab.history.ports import HistoryStore, Keyframe, Past, Piece, Version
from app.collab.history.steady import Steady
from app.collab.ports import NewUpdate, UpdateLog
from app.domain import history
from app.domain.history import DAY, Bounds
from app.domain.people import SYSTEM, Origin
from app.errors import Conflict, NotFound, TooMany
from app.ids import CanvasId, new_id
from app.persistence.database import Database
from app.settings import Settings
from tests.databases import BOTH
from tests.fakes.memory_history import MemoryHistory

ONE = CanvasId("aaaaaaaaaaaa")
FILE = "ffffffffffff"
ANA, BO = Origin("person", "ana", "Ana", 10), Origin("person", "bo", "Bo", 200)
NOON = 1_000_000.0


class Clock:
    now = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Writers:
    """A canvas with a file, and people who write to it; what each text was after each update."""

    log: UpdateLog
    store: HistoryStore
    clock: Clock
    doc: Doc[Any] = field(default_factory=lambda: Doc(client_id=1))
    texts: dict[int, str] = field(default_factory=dict)

    async def begin(self) -> None:
        self.doc.get("files", type=Map)[FILE] = {"path": "a.js"}
        self.doc.get(f"file:{FILE}", type=Text).insert(0, "🌱\n")
        await self.log.create(ONE, self.doc.get_update(), {1: SYSTEM})
        self.texts[0] = "🌱\n"

    async def type(
        self, text: str, by: Origin = ANA, seconds: float = 1.0, at: int = 0, note: str | None = None
    ) -> int:
        """Put `text` at a byte offset after `seconds`."""
        return await self._write(lambda shared: shared.insert(at, text), by, seconds, note)

    async def erase(self, start: int, end: int, by: Origin = ANA, seconds: float = 1.0) -> int:
        """Take out the bytes from `start` to `end` after `seconds`."""

        def take(shared: Text) -> None:
            del shared[start:end]

        return await self._write(take, by, seconds, None)

    async def _write(self, change: Callable[[Text], None], by: Origin, seconds: float, note: str | None) -> int:
        self._at(self.clock.now + seconds)
        hand: Doc[Any] = Doc(client_id=2 if by is ANA else 3)
        hand.apply_update(self.doc.get_update())
        heard: list[bytes] = []
        subscription = hand.observe(lambda event: heard.append(event.update))
        change(hand.get(f"file:{FILE}", type=Text))
        hand.unobserve(subscription)
        update = heard[0]
        self.doc.apply_update(update)
        seq = await self.log.append(ONE, [NewUpdate(update, by.id, {hand.client_id: by}, note)])
        self.texts[seq] = str(self.doc.get(f"file:{FILE}", type=Text))
        return seq

    async def note_books(self, key: str) -> int:
        """Write as the server does when a client id is new: no file is touched."""
        hand: Doc[Any] = Doc(client_id=4)
        hand.apply_update(self.doc.get_update())
        before = hand.get_state()
        hand.get("authors", type=Map)[key] = {"kind": "person"}
        update = hand.get_update(before)
        self.doc.apply_update(update)
        seq = await self.log.append(ONE, [NewUpdate(update, SYSTEM.id, {4: SYSTEM})])
        self.texts[seq] = str(self.doc.get(f"file:{FILE}", type=Text))
        return seq

    async def compact(self) -> None:
        await self.log.compact(ONE, max(self.texts), self.doc.get_update())

    async def film(self) -> Film:
        return developed(ONE, await self.store.load(ONE))

    def _at(self, now: float) -> None:
        self.clock.now = now
        if isinstance(self.log, MemoryHistory):
            self.log.now = now


@pytest.fixture(params=["memory", *BOTH])
async def writers(request: pytest.FixtureRequest) -> AsyncIterator[Writers]:
    clock = Clock()
    if request.param == "memory":
        memory = MemoryHistory()
        memory.now = clock.now
        made = Writers(memory, memory, clock)
        await made.begin()
        yield made
        return
    settings: Settings = request.getfixturevalue("settings_by_kind")(request.param)
    database = Database(settings)
    database.log._clock = clock
    try:
        made = Writers(database.log, database.history, clock)
        await made.begin()
        yield made
    finally:
        await database.close()


def check(film: Film, texts: dict[int, str]) -> None:
    """Every moment's text is what was written, and so is the way there."""
    for index, moment in enumerate(film.moments):
        assert film.text_at(FILE, index) == texts[moment.seq]
    times = [moment.at for moment in film.moments] + [film.moments[-1].until]
    assert times == sorted(times)


async def test_an_unknown_canvas_has_no_history(writers: Writers) -> None:
    other = CanvasId("zzzzzzzzzzzz")
    for asked in (writers.store.head(other), writers.store.load(other), writers.store.snapshot(other)):
        with pytest.raises(NotFound):
            await asked
    with pytest.raises(NotFound):
        await writers.store.add_version(other, Version("v", "V", 0, 0.0, {}), 9)


async def test_what_is_not_compacted_is_history_too(writers: Writers) -> None:
    await writers.type("a")
    await writers.type("b", BO)
    film = await writers.film()
    check(film, writers.texts)
    assert [[origin.name for origin in moment.by] for moment in film.moments[1:]] == [["Ana"], ["Bo"]]


async def test_s10_1_updates_become_moments_and_say_the_same(writers: Writers) -> None:
    for turn in range(30):
        await writers.type(f"{turn}🌱", BO if turn % 10 == 9 else ANA, note="restored" if turn == 15 else None)
    await writers.compact()
    before = await writers.film()
    head, order = await writers.store.head(ONE)
    writers._at(writers.clock.now + 60)
    await Keeper(writers.store, clock=writers.clock).tidy(ONE)
    stored = await writers.store.load(ONE)
    assert stored.count == len(stored.pieces) < 15
    assert stored.mark is not None
    assert stored.mark.seq == stored.head == head
    assert (await writers.store.head(ONE)) != (head, order)
    after = await writers.film()
    check(after, writers.texts)
    assert [moment.seq for moment in after.moments] == [moment.seq for moment in before.moments]
    assert [moment.note for moment in after.moments] == [moment.note for moment in before.moments]
    assert [moment.changes for moment in after.moments] == [moment.changes for moment in before.moments]
    for piece in stored.pieces:
        assert text_of(state_at(stored, piece.seq)) == writers.texts[piece.seq]
    await writers.type("after", BO)
    check(await writers.film(), writers.texts)


async def test_s10_1_what_the_server_notes_for_itself_parts_nobody_s_typing(writers: Writers) -> None:
    async def spell(gap: float = 1.0) -> list[int]:
        first = await writers.type("a", seconds=100)
        await writers.note_books("2")
        await writers.note_books("3")
        return [first, await writers.type("b", seconds=gap)]

    _, joined = await spell()
    apart = await spell(gap=3)
    pinned, after_pin = await spell()
    who: dict[str, Any] = {"id": "ana", "name": "Ana", "hue": 10}
    await writers.store.add_version(ONE, Version("v", "V", pinned, NOON, who), 9)
    await writers.type("c", BO)
    after_bo = await writers.note_books("4")
    typed = [joined, apart[0] + 2, apart[1], pinned, after_pin, after_bo, await writers.type("d")]
    for _ in range(2):
        film = await writers.film()
        check(film, writers.texts)
        assert [moment.seq for moment in film.moments[1:]] == typed
        assert film.moments[1].changes.texts == {FILE: [(0, "", "ba")]}
        assert all(len(moment.by) == 1 for moment in film.moments)
        await writers.compact()
        writers._at(writers.clock.now + 60)
        await Keeper(writers.store, clock=writers.clock).tidy(ONE)


async def test_the_last_moment_stays_open_while_somebody_types(writers: Writers) -> None:
    keeper = Keeper(writers.store, clock=writers.clock)
    await writers.type("a")
    await writers.compact()
    await keeper.tidy(ONE)
    assert (await writers.store.load(ONE)).count == 0
    await writers.type("b")
    await writers.compact()
    writers._at(writers.clock.now + 60)
    await keeper.tidy(ONE)
    assert [(piece.first, piece.seq) for piece in (await writers.store.load(ONE)).pieces] == [(1, 2)]


async def test_s10_2_a_clock_that_jumps_back_is_never_shown(writers: Writers) -> None:
    await writers.type("a")
    await writers.type("b", seconds=-5_000)
    await writers.type("c", seconds=9_000)
    await writers.compact()
    check(await writers.film(), writers.texts)
    await Keeper(writers.store, clock=writers.clock).tidy(ONE)
    check(await writers.film(), writers.texts)


async def test_s10_3_what_is_over_the_bounds_becomes_the_beginning(writers: Writers) -> None:
    for _ in range(10):
        await writers.type("x" * 100, seconds=DAY)
    await writers.compact()
    writers._at(writers.clock.now + 60)
    await Keeper(writers.store, Bounds(days=4.5), writers.clock).tidy(ONE)
    film = await writers.film()
    assert [moment.seq for moment in film.moments] == [5, 6, 7, 8, 9, 10]
    check(film, writers.texts)
    await Keeper(writers.store, Bounds(size=250), writers.clock).tidy(ONE)
    film = await writers.film()
    assert len(film.moments) <= 3
    check(film, writers.texts)
    await writers.type("later")
    check(await writers.film(), writers.texts)


async def test_s10_3_a_clock_that_is_set_ahead_makes_nothing_old(writers: Writers) -> None:
    elapsed = Clock()
    keeper = Keeper(writers.store, Bounds(days=1), Steady(writers.clock, elapsed))
    for _ in range(6):
        await writers.type("a", seconds=60)
    await writers.compact()
    before = [(moment.seq, moment.by) for moment in (await writers.film()).moments]
    writers._at(writers.clock.now + 400 * DAY)
    await keeper.tidy(ONE)
    kept = (await writers.film()).moments
    assert [(moment.seq, moment.by) for moment in kept] == before
    # What really went by counts.
    elapsed.now += 400 * DAY
    await keeper.tidy(ONE)
    assert len((await writers.film()).moments) == 1
    assert isinstance(Keeper(writers.store)._clock, Steady)


async def test_s10_3_a_named_version_is_never_folded_nor_put_together(writers: Writers) -> None:
    for _ in range(10):
        await writers.type("x", seconds=1.0)
    await writers.store.add_version(ONE, Version("vvvvvvvvvvvv", "Mine", 4, NOON, {"id": "ana"}), 9)
    await writers.compact()
    writers._at(writers.clock.now + 400 * DAY)
    await Keeper(writers.store, Bounds(days=1, size=1), writers.clock).tidy(ONE)
    film = await writers.film()
    assert 4 in [moment.seq for moment in film.moments]
    check(film, writers.texts)
    assert text_of(state_at(await writers.store.load(ONE), 4)) == writers.texts[4]


async def test_s10_3_what_versions_hold_beyond_the_bounds_is_what_was_different(writers: Writers) -> None:
    for turn in range(6):
        await writers.type("x" * 5_000, BO if turn % 2 else ANA)
        await writers.erase(1_000, 5_000)
    for name, seq in (("First", 3), ("Second", 8)):
        await writers.store.add_version(ONE, Version(name[0] * 12, name, seq, NOON, {"id": "ana"}), 9)
    await writers.compact()
    writers._at(writers.clock.now + 400 * DAY)
    keeper = Keeper(writers.store, Bounds(days=1), writers.clock)
    await keeper.tidy(ONE)
    film = await writers.film()
    assert [moment.seq for moment in film.moments] == [3, 8, 12]
    check(film, writers.texts)
    assert {origin.name for origin in film.moments[-1].by} == {"Ana", "Bo"}
    stored = await writers.store.load(ONE)
    assert stored.size < 6_000  # 5,000 characters are still there of the 30,000 that were typed
    assert text_of(state_at(stored, 8)) == writers.texts[8]
    assert state_at(stored, 12) == writers.doc.get_update()  # who wrote what is still there, character by character
    await keeper.tidy(ONE)
    await writers.type("later", BO)
    check(await writers.film(), writers.texts)


async def test_s10_3_what_versions_hold_is_worked_out_once(writers: Writers, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[int, int]] = []
    work_out = squeezing._squeezed

    def watched(pieces: Any, state: bytes) -> Any:
        looked.append((pieces[0].first, pieces[-1].seq))
        return work_out(pieces, state)

    monkeypatch.setattr(squeezing, "_squeezed", watched)
    ends: list[int] = []

    async def more() -> None:
        """A version of what was typed, some of it gone again, and all of it long ago."""
        await writers.type("x" * 5_000)
        ends.append(await writers.erase(1_000, 5_000))
        await writers.store.add_version(ONE, Version(new_id(), "One", ends[-1], NOON, {"id": "ana"}), 9)
        await writers.compact()
        writers._at(writers.clock.now + 400 * DAY)

    keeper = Keeper(writers.store, Bounds(days=1), writers.clock)
    for _ in range(3):
        await more()
        await keeper.tidy(ONE)
    # What is before the first became part of the beginning.
    assert looked == [(3, 4), (5, 6)]
    looked.clear()
    writers._at(writers.clock.now + DAY)
    await keeper.tidy(ONE)
    assert looked == []
    film = await writers.film()
    assert [moment.seq for moment in film.moments] == ends
    check(film, writers.texts)
    stored = await writers.store.load(ONE)
    assert stored.size < 4_000
    assert state_at(stored, ends[-1]) == writers.doc.get_update()


async def test_s10_3_too_many_moments_become_fewer_and_say_the_same(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MAX_MOMENTS", 12)
    monkeypatch.setattr(history, "MAX_RESTING", 8)
    monkeypatch.setattr("app.collab.history.keeper.MAX_MOMENTS", 12)
    for turn in range(20):
        await writers.type(f"{turn}", BO if turn % 3 else ANA, seconds=5.0)
    await writers.compact()
    writers._at(writers.clock.now + 60)
    await Keeper(writers.store, clock=writers.clock).tidy(ONE)
    film = await writers.film()
    assert len(film.moments) <= 9
    assert film.head == 20
    check(film, writers.texts)
    assert {origin.name for moment in film.moments for origin in moment.by} >= {"Ana", "Bo"}


async def test_versions_are_bounded_and_name_only_what_is_kept(writers: Writers) -> None:
    await writers.type("a")
    version = Version("vvvvvvvvvvvv", "First", 1, NOON, {"id": "ana", "name": "Ana 🌱", "hue": 10})
    await writers.store.add_version(ONE, version, 2)
    with pytest.raises(Conflict):
        await writers.store.add_version(ONE, replace(version, id="wwwwwwwwwwww", seq=7), 2)
    await writers.store.add_version(ONE, replace(version, id="wwwwwwwwwwww", seq=0), 2)
    with pytest.raises(TooMany):
        await writers.store.add_version(ONE, replace(version, id="xxxxxxxxxxxx"), 2)
    renamed = await writers.store.rename_version(ONE, version.id, "Second")
    assert await writers.store.versions(ONE) == [replace(version, id="wwwwwwwwwwww", seq=0), renamed]
    assert renamed == replace(version, name="Second")
    assert await writers.store.remove_version(ONE, version.id) == renamed
    with pytest.raises(NotFound):
        await writers.store.remove_version(ONE, version.id)
    with pytest.raises(NotFound):
        await writers.store.rename_version(ONE, version.id, "Third")


async def test_a_replacement_that_does_not_fit_changes_nothing(writers: Writers) -> None:
    for _ in range(4):
        await writers.type("x")
    stored = await writers.store.load(ONE)
    whole = whole_of(stored.pieces)
    assert not await writers.store.replace(ONE, stored.pieces, [whole], None)  # nothing is covered yet
    await writers.compact()
    stored = await writers.store.load(ONE)
    gone = [*stored.pieces[:2], replace(stored.pieces[2], first=9, seq=9)]
    assert not await writers.store.replace(ONE, gone, [whole_of(gone)], None)
    await writers.store.add_version(ONE, Version("vvvvvvvvvvvv", "Mine", 2, NOON, {}), 9)
    assert not await writers.store.replace(ONE, stored.pieces, [whole], None)
    end = Keyframe(4, NOON, writers.doc.get_update(), None, None)
    assert not await writers.store.replace(ONE, stored.pieces, [], end)
    assert [piece.seq for piece in (await writers.store.load(ONE)).pieces] == [1, 2, 3, 4]


async def test_a_past_that_is_taken_in_is_put_in_order_like_any_other(writers: Writers) -> None:
    for turn in range(6):
        await writers.type(f"{turn}🌱", seconds=5.0)
    stored = await writers.store.load(ONE)
    twin, snapshot = CanvasId("tttttttttttt"), writers.doc.get_update()
    pieces = [whole_of(stored.pieces[:1]), *stored.pieces[1:]]
    named = [Version("vvvvvvvvvvvv", "Mine", 3, NOON, {"id": "ana"})]
    await writers.store.take_in(twin, Past(snapshot, stored.base, pieces, stored.clients, named))
    check(developed(twin, await writers.store.load(twin)), writers.texts)
    writers._at(writers.clock.now + 60)
    await Keeper(writers.store, clock=writers.clock).tidy(twin)
    after = await writers.store.load(twin)
    assert after.mark is not None
    assert after.mark.seq == 6
    check(developed(twin, after), writers.texts)


async def test_an_adopted_canvas_begins_with_its_note(writers: Writers) -> None:
    twin = CanvasId("tttttttttttt")
    await writers.store.adopt(twin, writers.doc.get_update(), {1: SYSTEM}, "forked from One", NOON)
    with pytest.raises(Conflict):
        await writers.store.adopt(twin, writers.doc.get_update(), {}, None, NOON)
    film = developed(twin, await writers.store.load(twin))
    assert [(moment.seq, moment.note) for moment in film.moments] == [(0, "forked from One")]
    assert (await writers.log.load(twin)).clients == {1: SYSTEM}


async def test_the_keeper_takes_canvases_one_by_one_and_ends(writers: Writers) -> None:
    await writers.type("a")
    await writers.compact()
    writers._at(writers.clock.now + 60)
    keeper = Keeper(writers.store, clock=writers.clock)
    for canvas in (CanvasId("zzzzzzzzzzzz"), ONE, ONE):
        keeper.soon(canvas)
    async with asyncio.timeout(10):
        while (await writers.store.load(ONE)).count == 0:  # noqa: ASYNC110
            await asyncio.sleep(0)
    await keeper.close()
    keeper.soon(ONE)


def text_of(state: bytes) -> str:
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    return str(doc.get(f"file:{FILE}", type=Text))


def whole_of(pieces: list[Piece]) -> Piece:
    return replace(pieces[0], seq=pieces[-1].seq, until=pieces[-1].until)

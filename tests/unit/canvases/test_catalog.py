"""Canvases and their members, over a real database."""

import asyncio
from collections.abc import Mapping

import pytest

from app.canvases.activity import MAX_ENTRIES, Activity
from app.canvases.catalog import Catalog, check_canvas_name, check_files
from app.canvases.layouts import Layouts
from app.canvases.seen import MAX_SEEN, Seen
from app.domain.audit import Privileged
from app.domain.files import MAX_FILES
from app.domain.layout import Device
from app.domain.people import SYSTEM, Origin, Person, Role
from app.domain.permissions import Right
from app.errors import BadInput, Conflict, Forbidden, NotFound, PolycanvasError, TooLarge, TooMany, Unavailable
from app.ids import CanvasId, PersonId, is_id, new_id
from app.persistence.database import Database

ANA = Person(PersonId("aaaaaaaaaaaa"), "Ana", 1)
BOB = Person(PersonId("bbbbbbbbbbbb"), "Bob", 2)
GUS = Person(PersonId("gggggggggggg"), "Gus", 3, "guest")
NOBODY = PersonId("zzzzzzzzzzzz")


class Rooms:
    """The rooms' side, over the real log: makes texts and notes what it is told."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.told: list[tuple[str, str, Role | None]] = []
        self.dropped: list[str] = []
        self.full = False

    async def create(self, canvas: CanvasId, files: Mapping[str, str], origin: Origin) -> None:
        if self.full:
            raise Unavailable("The disk is full.")
        await self._database.log.create(canvas, repr(dict(files)).encode(), {1: origin})

    async def change_role(self, canvas: CanvasId, person: PersonId, role: Role | None) -> None:
        self.told.append((canvas, person, role))

    async def drop(self, canvas: CanvasId) -> None:
        self.dropped.append(canvas)


class Shelf:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.rooms = Rooms(database)
        self.now = 1000.0
        self.catalog = Catalog(database, self.rooms, self.rooms, lambda: self.now)

    async def add(self, canvas: CanvasId, person: Person, role: Role) -> None:
        async with self.database.begin() as unit:
            await unit.members.put(canvas, person.id, role, invite=None, at=self.now)


@pytest.fixture
async def shelf(database: Database) -> Shelf:
    async with database.begin() as unit:
        for person in (ANA, BOB, GUS):
            await unit.people.add(person, owner=person is ANA, at=0)
    return Shelf(database)


async def test_a_new_canvas_is_its_makers(shelf: Shelf) -> None:
    canvas = await shelf.catalog.create(ANA, "  My   canvas ", {"src/a.js": "let a\r\n"})
    assert is_id(canvas.id)
    assert (canvas.name, canvas.role, canvas.created_at) == ("My canvas", Role.OWNER, 1000.0)
    assert await shelf.catalog.get(canvas.id, ANA) == canvas
    assert await shelf.catalog.of(ANA) == [canvas]
    assert await shelf.catalog.of(BOB) == []
    stored = await shelf.database.log.load(canvas.id)
    assert (stored.snapshot, stored.clients) == (b"{'src/a.js': 'let a\\n'}", {1: SYSTEM})


async def test_canvases_are_listed_newest_first(shelf: Shelf) -> None:
    for name in ("one", "two", "three"):
        await shelf.catalog.create(ANA, name)
        shelf.now += 1
    assert [canvas.name for canvas in await shelf.catalog.of(ANA)] == ["three", "two", "one"]


async def test_a_canvas_without_text_is_never_listed(shelf: Shelf) -> None:
    shelf.rooms.full = True
    with pytest.raises(Unavailable):
        await shelf.catalog.create(ANA, "Canvas")
    assert await shelf.catalog.of(ANA) == []


async def test_guests_make_no_canvases_and_members_a_bounded_number(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Forbidden):
        await shelf.catalog.create(GUS, "Canvas")
    monkeypatch.setattr("app.canvases.catalog.MAX_CANVASES", 1)
    await shelf.catalog.create(ANA, "Canvas")
    with pytest.raises(TooMany):
        await shelf.catalog.create(ANA, "Canvas")


async def test_a_stranger_cannot_tell_a_canvas_from_none(shelf: Shelf) -> None:
    canvas = (await shelf.catalog.create(ANA, "Canvas")).id
    sentences = set()
    for which in (canvas, CanvasId(NOBODY)):
        for call in (
            shelf.catalog.get(which, BOB),
            shelf.catalog.require(which, BOB, Right.READ),
            shelf.catalog.rename(which, BOB, "Mine"),
            shelf.catalog.delete(which, BOB),
            shelf.catalog.members(which, BOB),
            shelf.catalog.change_role(which, BOB, ANA.id, Role.VIEWER),
            shelf.catalog.remove_member(which, BOB, ANA.id),
            shelf.catalog.remove_member(which, BOB, BOB.id),
        ):
            with pytest.raises(NotFound) as refused:
                await call
            sentences.add(refused.value.sentence)
    assert sentences == {"There is no such canvas, or you are not in it."}


async def test_whoever_was_taken_out_is_told_so_while_there_is_a_canvas(shelf: Shelf) -> None:
    canvas = (await shelf.catalog.create(ANA, "Canvas")).id
    for person, by, sentence in ((BOB, ANA, "was taken back"), (GUS, GUS, "You left")):
        await shelf.add(canvas, person, Role.EDITOR)
        await shelf.catalog.remove_member(canvas, by, person.id)
        for call in (
            shelf.catalog.get(canvas, person),
            shelf.catalog.require(canvas, person, Right.READ),
            shelf.catalog.members(canvas, person),
        ):
            with pytest.raises(Forbidden, match=sentence):
                await call
    # Back in is in; and of a canvas that is gone nobody knows.
    await shelf.add(canvas, GUS, Role.VIEWER)
    assert (await shelf.catalog.get(canvas, GUS)).role is Role.VIEWER
    await shelf.catalog.delete(canvas, ANA)
    for person in (BOB, GUS):
        with pytest.raises(NotFound):
            await shelf.catalog.get(canvas, person)


async def test_an_editor_may_not_do_what_is_the_owners(shelf: Shelf) -> None:
    canvas = (await shelf.catalog.create(ANA, "Canvas")).id
    await shelf.add(canvas, BOB, Role.EDITOR)
    assert await shelf.catalog.require(canvas, BOB, Right.EDIT) is Role.EDITOR
    assert (await shelf.catalog.get(canvas, BOB)).role is Role.EDITOR
    for call in (
        shelf.catalog.rename(canvas, BOB, "Mine"),
        shelf.catalog.delete(canvas, BOB),
        shelf.catalog.change_role(canvas, BOB, BOB.id, Role.OWNER),
        shelf.catalog.remove_member(canvas, BOB, ANA.id),
    ):
        with pytest.raises(Forbidden):
            await call
    assert shelf.rooms.told == []
    assert shelf.rooms.dropped == []


async def test_renaming(shelf: Shelf) -> None:
    canvas = await shelf.catalog.create(ANA, "Canvas")
    assert (await shelf.catalog.rename(canvas.id, ANA, "Other")).name == "Other"
    assert (await shelf.catalog.get(canvas.id, ANA)).name == "Other"


async def test_deleting_takes_everything_of_it_and_nothing_else(shelf: Shelf) -> None:
    gone, kept = [(await shelf.catalog.create(ANA, name)).id for name in ("gone", "kept")]
    layouts, activity, seen = Layouts(shelf.database), Activity(shelf.database), Seen(shelf.database)
    for canvas in (gone, kept):
        await layouts.put(canvas, ANA, Device.WIDE, {"grid": {"root": {}}, "panels": {}})
        await seen.add(canvas, ANA, ["cccccccccccc"])
        await activity.record(canvas, {"id": ANA.id, "name": "Ana", "hue": 1}, "made", {})
    await shelf.catalog.delete(gone, ANA)
    assert shelf.rooms.dropped == [gone]
    tables = ("canvases", "members", "snapshots", "client_bindings", "layouts", "seen_comments", "activity")
    async with shelf.database.reading() as unit:
        for table in tables:
            column = "id" if table == "canvases" else "canvas"
            rows = await unit.connection.exec_driver_sql(f"SELECT {column} FROM {table}")
            assert list(rows.scalars()) == [kept], table
        actions = [entry.action for entry in await unit.audit.recent(10)]
    assert actions == [Privileged.CANVAS_DELETED, Privileged.CANVAS_CREATED, Privileged.CANVAS_CREATED]


async def test_a_changed_role_reaches_the_open_sockets(shelf: Shelf) -> None:
    canvas = (await shelf.catalog.create(ANA, "Canvas")).id
    await shelf.add(canvas, BOB, Role.EDITOR)
    await shelf.catalog.change_role(canvas, ANA, BOB.id, Role.VIEWER)
    assert [(member.person, member.role) for member in await shelf.catalog.members(canvas, BOB)] == [
        (ANA, Role.OWNER),
        (BOB, Role.VIEWER),
    ]
    await shelf.catalog.remove_member(canvas, ANA, BOB.id)
    assert shelf.rooms.told == [(canvas, BOB.id, Role.VIEWER), (canvas, BOB.id, None)]
    with pytest.raises(NotFound, match="no such member"):
        await shelf.catalog.change_role(canvas, ANA, BOB.id, Role.VIEWER)


async def test_everybody_may_leave(shelf: Shelf) -> None:
    canvas = (await shelf.catalog.create(ANA, "Canvas")).id
    await shelf.add(canvas, BOB, Role.VIEWER)
    await shelf.catalog.remove_member(canvas, BOB, BOB.id)
    assert await shelf.catalog.of(BOB) == []


async def test_a_canvas_always_has_an_owner(shelf: Shelf) -> None:
    canvas = (await shelf.catalog.create(ANA, "Canvas")).id
    with pytest.raises(Conflict, match="needs an owner"):
        await shelf.catalog.remove_member(canvas, ANA, ANA.id)
    with pytest.raises(Conflict):
        await shelf.catalog.change_role(canvas, ANA, ANA.id, Role.EDITOR)
    await shelf.add(canvas, BOB, Role.OWNER)
    both = await asyncio.gather(
        shelf.catalog.remove_member(canvas, ANA, ANA.id),
        shelf.catalog.remove_member(canvas, BOB, BOB.id),
        return_exceptions=True,
    )
    assert sorted(isinstance(outcome, Conflict) for outcome in both) == [False, True]


async def test_a_guest_cannot_become_an_owner(shelf: Shelf) -> None:
    canvas = (await shelf.catalog.create(ANA, "Canvas")).id
    await shelf.add(canvas, GUS, Role.EDITOR)
    with pytest.raises(Forbidden, match="guest cannot own"):
        await shelf.catalog.change_role(canvas, ANA, GUS.id, Role.OWNER)


async def test_layouts_are_each_persons_for_each_canvas_and_screen(shelf: Shelf) -> None:
    one, two = [(await shelf.catalog.create(ANA, name)).id for name in ("one", "two")]
    layouts = Layouts(shelf.database)
    wide = {"grid": {"root": {"size": 1}}, "panels": {}}
    narrow = {"grid": {"root": {"size": 2}}, "panels": {}}
    await layouts.put(one, ANA, Device.WIDE, narrow)
    await layouts.put(one, ANA, Device.WIDE, wide)
    await layouts.put(one, ANA, Device.NARROW, narrow)
    assert await layouts.get(one, ANA, Device.WIDE) == wide
    assert await layouts.get(one, ANA, Device.NARROW) == narrow
    assert await layouts.get(one, BOB, Device.WIDE) is None
    assert await layouts.get(two, ANA, Device.WIDE) is None
    await layouts.reset(one, ANA, Device.WIDE)
    assert await layouts.get(one, ANA, Device.WIDE) is None
    with pytest.raises(BadInput):
        await layouts.put(one, ANA, Device.WIDE, "[]")
    with pytest.raises(PolycanvasError):
        await layouts.put(CanvasId(NOBODY), ANA, Device.WIDE, wide)


async def test_activity_is_newest_first_and_bounded(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_ENTRIES == 500
    monkeypatch.setattr("app.canvases.activity.MAX_ENTRIES", 3)
    one, two = [(await shelf.catalog.create(ANA, name)).id for name in ("one", "two")]
    activity = Activity(shelf.database, lambda: shelf.now)
    by = {"id": ANA.id, "name": "Ana", "hue": 1}
    await activity.record(two, by, "file-created", {"path": "é"})
    for number in range(5):
        await activity.record(one, by, "file-created", {"number": number})
    assert [entry.detail["number"] for entry in await activity.recent(one)] == [4, 3, 2]
    assert [entry.detail["number"] for entry in await activity.recent(one, 2)] == [4, 3]
    (entry,) = await activity.recent(two, -1)
    assert (entry.by, entry.kind, entry.detail, entry.at) == (by, "file-created", {"path": "é"}, 1000.0)
    with pytest.raises(BadInput):
        await activity.record(one, by, "file-created", {"path": "x" * 3000})


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\0", "a\u202eb", "\ud800"])
def test_a_canvas_name_that_cannot_be_used(name: str) -> None:
    with pytest.raises(BadInput):
        check_canvas_name(name)


def test_files_are_checked_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_files({"a": "1\r\n2\r3\n"}) == {"a": "1\n2\n3\n"}
    with pytest.raises(BadInput, match="is there twice"):
        check_files({"\u00e9": "", "e\u0301": ""})
    with pytest.raises(BadInput):
        check_files({"../a": ""})
    with pytest.raises(TooLarge, match="at most 1,000 files"):
        check_files({f"{number}": "" for number in range(MAX_FILES + 1)})
    monkeypatch.setattr("app.canvases.catalog.MAX_CANVAS_BYTES", 10)
    with pytest.raises(TooLarge, match="these files have 12"):
        check_files({"a": "x" * 6, "b": "é" * 3})


async def test_the_overview_has_the_last_changed_first_with_the_first_members_hues(shelf: Shelf) -> None:
    first = await shelf.catalog.create(ANA, "First")
    shelf.now += 10
    second = await shelf.catalog.create(ANA, "Second")
    await shelf.catalog.create(BOB, "Not hers")
    shelf.now += 10
    await shelf.add(first.id, BOB, Role.EDITOR)
    shelf.now += 10
    await shelf.add(first.id, GUS, Role.VIEWER)
    assert [one.canvas.id for one in await shelf.catalog.overview(ANA, 2)] == [second.id, first.id]
    by = {"id": BOB.id, "name": BOB.name, "hue": BOB.hue}
    await Activity(shelf.database, lambda: shelf.now).record(first.id, by, "file-created", {"path": "a.txt"})
    newest, other = await shelf.catalog.overview(ANA, 2)
    assert (newest.canvas, newest.hues, newest.changed_at) == (first, (1, 2), 1030.0)
    assert (other.canvas, other.hues, other.changed_at) == (second, (1,), 1010.0)
    [guest] = await shelf.catalog.overview(GUS, 6)
    assert (guest.canvas.role, guest.hues) == (Role.VIEWER, (1, 2, 3))


async def test_what_was_seen_is_each_persons_for_each_canvas_and_bounded(shelf: Shelf) -> None:
    one, two = [(await shelf.catalog.create(ANA, name)).id for name in ("one", "two")]
    seen = Seen(shelf.database, lambda: shelf.now)
    first, second = (letter * 12 for letter in "kc")
    await seen.add(one, ANA, [first])
    shelf.now += 1
    await seen.add(one, ANA, [second, first, second])
    assert await seen.of(one, ANA) == [first, second]
    assert await seen.of(one, BOB) == await seen.of(two, ANA) == []
    shelf.now += 1
    await seen.add(one, ANA, [new_id() for _ in range(MAX_SEEN - 1)])
    known = await seen.of(one, ANA)
    assert len(known) == MAX_SEEN
    assert first not in known
    assert second in known
    for wrong in (["no id"], [first] * (MAX_SEEN + 1)):
        with pytest.raises(BadInput):
            await seen.add(one, ANA, wrong)
    # Deleted between the question whether they may and this.
    await shelf.catalog.delete(one, ANA)
    with pytest.raises(Conflict, match="Look again"):
        await seen.add(one, ANA, [first])

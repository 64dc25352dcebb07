"""What an undo brought back keeps its author through a restore, a fork, an export and an import; and its bounds."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.collab.history.archive import unpack
from app.collab.history.history import History
from app.domain.people import Origin
from app.errors import BadInput
from tests.fakes.fake_socket import FakePage
from tests.fakes.undoing import ANA, BO, CY, MODEL, ONE, TWO, World, undo_of, undoing


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with undoing(tmp_path) as made:
        yield made


async def brought_back(world: World) -> tuple[FakePage, FakePage]:
    """Let Bo write three words and Ana delete and bring back the second."""
    bo, ana = await world.page(BO), await world.page(ANA)
    world.text(bo).insert(0, "one two three")
    await world.quiet()
    undo = undo_of(world, ana)
    del world.text(ana)[4:8]
    await world.quiet()
    world.undo(ana, undo)
    await world.quiet()
    return bo, ana


SAID = [("one ", "Bo", None), ("two ", "Bo", "Ana"), ("three", "Bo", None)]


async def test_s10_5_a_restore_gives_what_an_undo_brought_back_to_its_first_author(world: World) -> None:
    _, ana = await brought_back(world)
    assert await world.said() == SAID
    history = History(world.database.history, world.rooms)
    seq, _ = await world.database.history.head(ONE)
    del world.text(ana)[0:13]
    await world.quiet()
    await history.restore(ONE, CY, seq, None)
    await world.quiet()
    assert await world.said() == [("one two three", "Bo", "Cy")]


async def test_s10_6_a_fork_keeps_whose_it_is(world: World) -> None:
    await brought_back(world)
    history = History(world.database.history, world.rooms)
    seq, _ = await world.database.history.head(ONE)
    await history.adopt(TWO, await history.beginning(ONE, seq), "fork")
    assert await world.said(TWO) == SAID


async def test_s10_7_an_import_keeps_whose_it_is_as_the_file_s_word(world: World) -> None:
    await brought_back(world)
    history = History(world.database.history, world.rooms)
    raw = await history.packed(ONE, "One", "1", "now")
    taken = unpack(raw, "Cy")
    await history.take_in(TWO, taken)
    assert await world.said(TWO) == SAID
    async with world.rooms.use(TWO) as room:
        assert {value.get("imported_by") for value in room.get("authors").values() if value["kind"] != "system"} == {
            "Cy"
        }
        ranges = [key for key in room.get("authors") if "+" in key]
    assert len(ranges) == 1


@pytest.mark.parametrize("bad", ["claim", "overlap", "nowhere", "form"])
async def test_s10_7_an_import_smuggles_nothing_in(world: World, bad: str) -> None:
    bo, _ = await brought_back(world)
    client = bo.doc.client_id
    async with world.rooms.use(ONE) as room:
        origin = Origin.of(CY).to_json()
        said: dict[str, Any] = {
            "claim": {},
            "overlap": {f"{client}:0+4": origin, f"{client}:2+9": MODEL.to_json()},
            "nowhere": {f"{client}:10+90": origin, "5:0+1": origin},
            "form": {f"{client}:0+4": {**origin, "hue": "red"}},
        }[bad]
        claims = {("returned", f"{client}:0"): 3} if bad == "claim" else {}
        room.taking.put_all({**{("authors", key): value for key, value in said.items()}, **claims})
        await room.journal.flushed()
        await world.returns.close()
    history = History(world.database.history, world.rooms)
    raw = await history.packed(ONE, "One", "1", "now")
    if bad == "form":
        with pytest.raises(BadInput):
            unpack(raw, "Cy")
        return
    await history.take_in(TWO, unpack(raw, "Ann"))
    async with world.rooms.use(TWO) as room:
        values = room.get("authors")
        assert room.get("returned") == {}
        assert f"{client}:2+9" not in values
        assert f"{client}:10+90" not in values
        assert {value.get("imported_by") for value in values.values() if value["kind"] != "system"} == {"Ann"}
    assert sum(len(words) for words, _, _ in await world.said(TWO)) == 13


async def test_s3_10_beyond_the_bound_those_of_deleted_text_leave_then_none_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.collab.history.returning.MAX_RANGES", 1)
    _, ana = await brought_back(world)
    undo = undo_of(world, ana)
    del world.text(ana)[0:4]
    await world.quiet()
    world.undo(ana, undo)
    await world.quiet()
    # What is said of text that stands is not taken back.
    assert await world.said() == [("one ", "Ana", None), *SAID[1:]]
    del world.text(ana)[4:8]
    del world.text(ana)[4:6]
    await world.quiet()
    world.undo(ana, undo)
    await world.quiet()
    assert await world.said() == [("one ", "Ana", None), ("th", "Bo", "Ana"), ("ree", "Bo", None)]


async def test_s3_10_in_a_document_over_the_bound_nothing_is_looked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.collab.history.returns.MAX_STATE", 10)
    await brought_back(world)
    assert await world.said() == [("one ", "Bo", None), ("two ", "Ana", None), ("three", "Bo", None)]
    assert await world.claims() == {}

"""What every ledger must do: the one in memory, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from app.assistant.ports import Ledger, Took, Verdicts
from app.assistant.run import Range, Run
from app.domain.actions import Action
from app.errors import NotFound
from app.ids import CanvasId, PersonId, RunId, SuggestionId
from app.persistence.database import Database
from app.persistence.runs import SqlLedger
from tests.databases import BOTH
from tests.unit.assistant.doubles import ANA, CANVAS, MemoryLedger

OTHER = CanvasId("other2345678")


@pytest.fixture(params=["memory", *BOTH])
async def ledger(request: pytest.FixtureRequest) -> AsyncIterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    database = Database(request.getfixturevalue("settings_by_kind")(request.param))
    try:
        async with database.begin() as unit:
            for canvas in (CANVAS, OTHER):
                await unit.canvases.add(canvas, "Canvas", PersonId("ana234567abc"), 1.0)
        yield SqlLedger(database)
    finally:
        await database.close()


def run(id_: str, **more: object) -> Run:
    route = {"chosen": {"id": "coder", "kind": "model"}, "reasons": ["It is “best”. 👋"]}
    fields: dict[str, object] = {"canvas": CANVAS, "action": "fix", "started_at": 1_000.5, **more}
    return Run(RunId(id_), file="src/é.js", range=Range(1, 3), instruction="👋", by=ANA, route=route, **fields)  # type: ignore[arg-type]


async def test_a_run_comes_back_as_it_was_and_as_it_ended(ledger: Ledger) -> None:
    first = run("r1")
    await ledger.add(first)
    assert await ledger.get(first.id) == first
    ended = first.but(
        state="done", ended_at=1_002.25, cost_usd=0.5, tokens_in=10, tokens_out=20, suggestion=SuggestionId("s1"),
        answer="**yes**", note="n", fell_back_from=("a",), fallback_reasons=("A failed.",), redacted=2,
    )  # fmt: skip
    await ledger.save(ended)
    assert await ledger.get(first.id) == ended


async def test_an_unknown_run_is_not_found_and_saving_it_makes_none(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        await ledger.get(RunId("nothing"))


async def test_the_newest_of_a_canvas_come_first_and_bounded(ledger: Ledger) -> None:
    for n in range(4):
        await ledger.add(run(f"r{n}", started_at=1_000.0 + n))
    await ledger.add(run("elsewhere", canvas=OTHER, started_at=2_000.0))
    assert [r.id for r in await ledger.of_canvas(CANVAS, 3)] == ["r3", "r2", "r1"]


async def test_what_still_goes_is_found_after_a_restart(ledger: Ledger) -> None:
    for state in ("queued", "running", "done", "failed", "stopped"):
        await ledger.add(run(state, state=state))
    assert {r.id for r in await ledger.going()} == {"queued", "running"}


async def test_spending_is_added_up_per_canvas_and_since(ledger: Ledger) -> None:
    assert await ledger.spent(CANVAS, 0) == 0
    for n, cost in enumerate((0.25, None, 0.5)):
        await ledger.add(run(f"r{n}", started_at=1_000.0 + n, cost_usd=cost))
    await ledger.add(run("elsewhere", canvas=OTHER, cost_usd=8.0))
    assert await ledger.spent(CANVAS, 0) == pytest.approx(0.75)
    assert await ledger.spent(CANVAS, 1_002.0) == pytest.approx(0.5)


async def test_verdicts_are_counted_per_source_and_action(ledger: Ledger) -> None:
    for n, (action, verdict) in enumerate(
        [("fix", "accepted"), ("fix", "rejected"), ("fix", "accepted"), ("edit", None)]
    ):
        await ledger.add(run(f"r{n}", action=action, state="done", verdict=verdict))
    assert list(await ledger.verdicts()) == [Verdicts("coder", Action.FIX, 2, 1)]


async def test_durations_come_oldest_first_and_only_of_what_ended_well(ledger: Ledger) -> None:
    for n, (state, seconds) in enumerate([("done", 3.0), ("failed", 9.0), ("done", None), ("done", 1.0)]):
        await ledger.add(run(f"r{n}", started_at=1_000.0 + n, state=state, seconds=seconds))
    assert list(await ledger.durations()) == [Took("coder", Action.FIX, 3.0), Took("coder", Action.FIX, 1.0)]


async def test_suggestions_are_known_with_their_canvas(ledger: Ledger) -> None:
    if not isinstance(ledger, SqlLedger):
        return  # asked by the rooms, not by the assistant
    for n, (state, found, canvas) in enumerate(
        [("done", "s1", CANVAS), ("done", None, CANVAS), ("failed", "s2", CANVAS), ("done", "s3", OTHER)]
    ):
        await ledger.add(run(f"r{n}", started_at=1_000.0 + n, state=state, suggestion=found, canvas=canvas))
    assert await ledger.suggestions() == [(SuggestionId("s1"), CANVAS), (SuggestionId("s3"), OTHER)]

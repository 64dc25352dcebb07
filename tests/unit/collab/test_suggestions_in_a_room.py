"""Suggestions in a real room: anchored on the revision read, accepted once, stale when touched, reverted at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.collab import suggestions as module
from app.collab import whereabouts
from app.collab.provenance import authors_of
from app.collab.room import Room
from app.collab.rooms import Rooms
from app.collab.suggestions import Suggestions
from app.domain.people import Origin, Person
from app.domain.suggestions import Proposal
from app.domain.textdiff import Edit, edits_between
from app.errors import BadInput, Conflict, NotFound, TooLarge, TooMany
from app.ids import CanvasId, FileId, PersonId, SuggestionId, new_id
from tests.fakes.memory_log import MemoryLog

ANA = Person(PersonId("ana"), "Ana", 60)
BO = Person(PersonId("bo"), "Bo", 230)
MODEL = Origin(kind="model", id="qwen", name="qwen-coder", hue=290)
PATH = "app.js"


@dataclass
class Desk:
    """One canvas with one file, and what a test does to it."""

    suggestions: Suggestions
    canvas: CanvasId
    room: Room
    file: FileId

    @property
    def text(self) -> str:
        return self.room.read(self.file)

    async def propose(self, new: str, *, base: bytes | None = None, old: str | None = None) -> SuggestionId:
        edits = edits_between(self.text if old is None else old, new)
        return await self.suggestions.propose(self.canvas, self.proposal(edits, base))

    def proposal(self, edits: list[Edit], base: bytes | None = None) -> Proposal:
        base = base or self.room.snapshot()
        return Proposal("run1", "fix", "", "round the price", self.file, base, edits, ANA, MODEL, 0.01, "why")

    async def type(self, change: Callable[[str], str], who: Person = BO) -> None:
        await self.room.write(PATH, change(self.text), Origin.of(who))


@pytest.fixture
async def rooms() -> AsyncIterator[Rooms]:
    rooms = Rooms(MemoryLog())
    yield rooms
    await rooms.close()


@pytest.fixture
async def desk(rooms: Rooms) -> AsyncIterator[Callable[[str], Any]]:
    ticks = iter(range(10_000))
    clock = datetime(2026, 11, 21, tzinfo=UTC)
    suggestions = Suggestions(rooms, now=lambda: clock + timedelta(seconds=next(ticks)))
    opened = []

    async def sit(text: str) -> Desk:
        canvas = CanvasId(new_id())
        await rooms.create(canvas, {PATH: text}, Origin.of(ANA))
        context = rooms.use(canvas)
        room = await context.__aenter__()
        opened.append(context)
        file = room.find(PATH)
        assert file
        return Desk(suggestions, canvas, room, file)

    yield sit
    for context in opened:
        await context.__aexit__(None, None, None)


TRICKY = [
    ("insert at the start", "b\n", "a\nb\n"),
    ("insert at the end", "a\n", "a\nb"),
    ("insert into an empty file", "", "a\n"),
    ("delete everything", "abc\n", ""),
    ("delete at the start", "a\nb\n", "b\n"),
    ("delete at the end", "a\nb\n", "a\n"),
    ("replace all", "abc", "xyz"),
    ("emoji before", "👩\u200d👩\u200d👧 price\n", "👩\u200d👩\u200d👧 total\n"),
    ("emoji replaced", "ok 👍\n", "ok 👍🏽\n"),
    ("several hunks", "a\n\n\n\nb\n\n\n\n😀c\n", "A\n\n\n\nb!\n\n\n\n😀d\n"),
    ("lines out of order", "1\n2\n3\n4\n5\n", "5\n1\n2\n4\n3\n"),
]


@pytest.mark.parametrize(("old", "new"), [pytest.param(old, new, id=name) for name, old, new in TRICKY])
async def test_accept_writes_and_revert_puts_back(desk: Any, old: str, new: str) -> None:
    at = await desk(old)
    one = await at.propose(new)
    assert at.text == old
    value = await at.suggestions.accept(at.canvas, one, BO)
    assert at.text == new
    assert value["state"] == "accepted"
    assert {hunk["decided_by"]["name"] for hunk in value["hunks"]} == {"Bo"}
    value = await at.suggestions.revert(at.canvas, one, ANA)
    assert at.text == old
    assert value["state"] == "reverted"


@pytest.mark.parametrize(("old", "new"), [pytest.param(old, new, id=name) for name, old, new in TRICKY])
async def test_accept_rebases_over_typing_around_it(desk: Any, old: str, new: str) -> None:
    at = await desk("// top 😀\n" + old + "// end\n")
    one = await at.propose("// top 😀\n" + new + "// end\n")
    await at.type(lambda text: "// 👋 new first line\n" + text + "more\n")
    value = await at.suggestions.accept(at.canvas, one, BO)
    assert at.text == "// 👋 new first line\n// top 😀\n" + new + "// end\nmore\n"
    assert value["state"] == "accepted"


async def test_proposal_is_anchored_on_the_revision_that_was_read(desk: Any) -> None:
    at = await desk("const a = 1;\nconst b = 2;\n")
    base, old = at.room.snapshot(), at.text
    await at.type(lambda text: "// first 😀\n" + text)
    one = await at.propose("const a = 1;\nconst b = 3;\n", base=base, old=old)
    await at.suggestions.accept(at.canvas, one, BO)
    assert at.text == "// first 😀\nconst a = 1;\nconst b = 3;\n"


async def test_proposal_on_text_that_changed_since_is_stale_and_overwrites_nothing(desk: Any) -> None:
    at = await desk("let price = 1;\n")
    base, old = at.room.snapshot(), at.text
    await at.type(lambda text: text.replace("price", "prize"))
    one = await at.propose("let cost = 1;\n", base=base, old=old)
    (listed,) = await at.suggestions.all(at.canvas)
    assert listed["state"] == "proposed"
    assert [hunk["stale"] for hunk in listed["hunks"]] == [True]
    with pytest.raises(Conflict, match="changed after this was suggested"):
        await at.suggestions.accept(at.canvas, one, BO)
    assert at.text == "let prize = 1;\n"
    assert (await at.suggestions.get(at.canvas, one))["state"] == "stale"


STALE = [
    ("typed inside", "x = (cents);\n", "y = 1;\n", "x = (cents + tip);\n"),
    ("first character deleted", "total;\n", "amount;\n", "otal;\n"),
    ("last character deleted", "total;\n", "amount;\n", "tota;\n"),
    ("everything deleted", "total;\n", "amount;\n", ";\n"),
]


@pytest.mark.parametrize(("old", "new", "typed"), [pytest.param(*case, id=name) for name, *case in STALE])
async def test_touched_hunk_is_stale(desk: Any, old: str, new: str, typed: str) -> None:
    at = await desk(old)
    one = await at.propose(new)
    await at.type(lambda _: typed)
    with pytest.raises(Conflict):
        await at.suggestions.accept(at.canvas, one, BO)
    assert at.text == typed


async def test_hunk_that_still_fits_can_be_accepted_beside_a_stale_one(desk: Any) -> None:
    at = await desk("a\n\n\n\nb\n")
    one = await at.propose("A\n\n\n\nB\n")
    await at.type(lambda text: text.replace("a", "z"))
    with pytest.raises(Conflict, match="1 of 2 hunks"):
        await at.suggestions.accept(at.canvas, one, BO)
    value = await at.suggestions.accept(at.canvas, one, BO, ["h2"])
    assert at.text.endswith("B\n")
    assert [hunk["state"] for hunk in value["hunks"]] == ["proposed", "accepted"]
    assert (await at.suggestions.reject(at.canvas, one, BO))["state"] == "accepted"


async def test_two_accepts_at_once_apply_once(desk: Any) -> None:
    at = await desk("a\n\n\n\nb\n")
    one = await at.propose("x\na\n\n\n\nx\nb\n")
    values = await asyncio.gather(*(at.suggestions.accept(at.canvas, one, who) for who in (ANA, BO, ANA, BO)))
    assert at.text == "x\na\n\n\n\nx\nb\n"
    assert {value["hunks"][0]["decided_by"]["name"] for value in values} == {"Ana"}


async def test_two_without_a_common_turn_accepting_at_once_apply_once(desk: Any, rooms: Rooms) -> None:
    """Even without a turn in common the decision is taken within the edit itself."""
    at = await desk("b\n")
    one = await at.propose("a\nb\n")
    other = Suggestions(rooms)
    results = await asyncio.gather(
        at.suggestions.accept(at.canvas, one, ANA), other.accept(at.canvas, one, BO), return_exceptions=True
    )
    assert at.text == "a\nb\n"
    assert not [result for result in results if isinstance(result, BaseException)]


async def test_hunks_accepted_at_once_by_two_people_both_land(desk: Any) -> None:
    at = await desk("a\n\n\n\nb\n")
    one = await at.propose("A\n\n\n\nB\n")
    await asyncio.gather(
        at.suggestions.accept(at.canvas, one, ANA, ["h1"]), at.suggestions.accept(at.canvas, one, BO, ["h2"])
    )
    assert at.text == "A\n\n\n\nB\n"
    value = await at.suggestions.get(at.canvas, one)
    assert [hunk["decided_by"]["name"] for hunk in value["hunks"]] == ["Ana", "Bo"]
    await at.suggestions.revert(at.canvas, one, BO)
    assert at.text == "a\n\n\n\nb\n"


async def test_accept_and_reject_race_has_one_winner(desk: Any) -> None:
    at = await desk("a\n")
    one = await at.propose("b\n")
    accepted, rejected = await asyncio.gather(
        at.suggestions.accept(at.canvas, one, ANA), at.suggestions.reject(at.canvas, one, BO), return_exceptions=True
    )
    assert accepted["state"] == "accepted"
    assert isinstance(rejected, Conflict)
    assert rejected.sentence == "This was already accepted by Ana."


async def test_rejected_hunk_leaves_the_text(desk: Any) -> None:
    at = await desk("a\n")
    one = await at.propose("b\n")
    assert (await at.suggestions.reject(at.canvas, one, BO))["state"] == "rejected"
    assert (await at.suggestions.reject(at.canvas, one, ANA))["hunks"][0]["decided_by"]["name"] == "Bo"
    with pytest.raises(Conflict, match="already rejected by Bo"):
        await at.suggestions.accept(at.canvas, one, ANA)
    with pytest.raises(Conflict, match="nothing to revert"):
        await at.suggestions.revert(at.canvas, one, ANA)
    assert at.text == "a\n"


async def test_revert_after_somebody_changed_what_it_wrote_is_refused(desk: Any) -> None:
    at = await desk("let a = 1;\n")
    one = await at.propose("let amount = 1;\n")
    await at.suggestions.accept(at.canvas, one, BO)
    await at.type(lambda text: text.replace("amount", "amounts").replace("amounts", "amXount"))
    with pytest.raises(Conflict, match="Somebody changed"):
        await at.suggestions.revert(at.canvas, one, BO)
    assert at.text == "let amXount = 1;\n"


async def test_revert_after_the_same_words_were_typed_anew_is_refused(desk: Any) -> None:
    at = await desk("let a = 1;\n")
    one = await at.propose("let b = 1;\n")
    await at.suggestions.accept(at.canvas, one, BO)
    await at.type(lambda text: text.replace("b", ""))
    await at.type(lambda text: text.replace("let  ", "let b "))
    with pytest.raises(Conflict, match="Somebody changed"):
        await at.suggestions.revert(at.canvas, one, BO)


async def test_accepted_text_carries_its_provenance(desk: Any) -> None:
    at = await desk("const 😀 = cents / 100;\n")
    one = await at.propose("const 😀 = (cents / 100).toFixed(2);\n")
    await at.suggestions.accept(at.canvas, one, BO)
    found = authors_of(at.room.snapshot(), at.room.whose(), {at.file: (PATH, at.text)})[0].spans
    units = at.text.encode("utf-16-le")
    named = [(units[2 * s.start : 2 * s.end].decode("utf-16-le"), s.origin.name) for s in found]
    assert named == [
        ("const 😀 = ", "Ana"),
        ("(", "qwen-coder"),
        ("cents / 100", "Ana"),
        (").toFixed(2)", "qwen-coder"),
        (";\n", "Ana"),
    ]
    origin = found[1].origin
    assert (origin.run, origin.suggestion, origin.asked_by, origin.accepted_by) == ("run1", one, "Ana", "Bo")
    assert origin.cost_usd == 0.01


async def test_accepted_suggestion_survives_a_reload(desk: Any, rooms: Rooms) -> None:
    at = await desk("a\n")
    one = await at.propose("b\n")
    await at.suggestions.accept(at.canvas, one, BO)
    again = Rooms(rooms._log)
    async with again.use(at.canvas) as room:
        assert room.read(at.file) == "b\n"
        assert room.get("suggestions")[one]["state"] == "accepted"
    await again.close()


async def test_place_of_a_hunk_is_told_with_its_line(desk: Any) -> None:
    at = await desk("one\nlet 😀 = cents / 100;\n")
    await at.propose("one\nlet 😀 = cents / 10;\n")
    await at.type(lambda text: "zero\n" + text)
    hunk = (await at.suggestions.all(at.canvas))[0]["hunks"][0]
    assert (hunk["line"], hunk["lead"] + hunk["old"] + hunk["tail"]) == (3, "let 😀 = cents / 100;")
    assert hunk["stale"] is False


async def test_a_decided_hunk_whose_text_is_gone_is_not_put_on_the_line_beside_it(desk: Any) -> None:
    at = await desk("one\nlet b = 10;\nlast\n")
    proposed = await at.propose("one\nlet b = 20;\nlast\n")
    await at.suggestions.reject(at.canvas, proposed, BO)
    hunk = (await at.suggestions.all(at.canvas))[0]["hunks"][0]
    assert hunk["lead"] + hunk["old"] + hunk["tail"] == "let b = 10;"
    await at.type(lambda text: text.replace("let b = 10;\n", ""))
    hunk = (await at.suggestions.all(at.canvas))[0]["hunks"][0]
    assert (hunk["lead"], hunk["tail"], hunk["line"]) == ("", "", 2)


async def test_bad_proposals_are_refused(desk: Any) -> None:
    at = await desk("ab")
    with pytest.raises(BadInput, match="outside the text"):
        await at.suggestions.propose(at.canvas, at.proposal([Edit(1, 9, "x")]))
    with pytest.raises(BadInput, match="changes nothing"):
        await at.suggestions.propose(at.canvas, at.proposal([Edit(0, 1, "a")]))
    base = at.room.snapshot()
    await at.room.remove(at.file, Origin.of(BO))
    with pytest.raises(NotFound, match="deleted"):
        await at.suggestions.propose(at.canvas, at.proposal([Edit(0, 1, "x")], base))


async def test_suggestion_for_a_deleted_file_cannot_be_accepted(desk: Any) -> None:
    at = await desk("ab")
    one = await at.propose("cd")
    await at.room.remove(at.file, Origin.of(BO))
    with pytest.raises(Conflict, match=r"app\.js was deleted"):
        await at.suggestions.accept(at.canvas, one, BO)
    assert (await at.suggestions.all(at.canvas))[0]["hunks"][0]["stale"] is True
    assert (await at.suggestions.reject(at.canvas, one, BO))["state"] == "rejected"


async def test_unknown_suggestion_and_hunk_are_said(desk: Any) -> None:
    at = await desk("ab")
    one = await at.propose("cd")
    with pytest.raises(NotFound):
        await at.suggestions.accept(at.canvas, SuggestionId("abcdefghjkmn"), BO)
    for decide in (at.suggestions.accept, at.suggestions.reject, at.suggestions.revert):
        with pytest.raises(BadInput, match="no hunk “h7”"):
            await decide(at.canvas, one, BO, ["h7"])
    assert at.text == "ab"


async def test_reverting_takes_back_the_hunks_that_are_named(desk: Any) -> None:
    at = await desk("a\n\n\n\nb\n\n\n\nc\n")
    one = await at.propose("A\n\n\n\nB\n\n\n\nC\n")
    await at.suggestions.accept(at.canvas, one, BO)
    after = await at.suggestions.revert(at.canvas, one, BO, ["h2"])
    assert at.text == "A\n\n\n\nb\n\n\n\nC\n"
    assert [hunk["state"] for hunk in after["hunks"]] == ["accepted", "reverted", "accepted"]
    assert after["state"] == "accepted"
    assert (await at.suggestions.revert(at.canvas, one, BO))["state"] == "reverted"
    assert at.text == "a\n\n\n\nb\n\n\n\nc\n"


async def test_a_suggestion_is_found_without_loading_canvases(rooms: Rooms, desk: Any) -> None:
    at = await desk("ab")
    one = await at.propose("cd")
    assert await at.suggestions.canvas_of(one) == at.canvas
    # Another process knows it from the open room, or from what was proposed before.
    assert await Suggestions(rooms).canvas_of(one) == at.canvas
    gone, asked = SuggestionId("abcdefghjkmn"), []

    async def earlier() -> list[tuple[SuggestionId, CanvasId]]:
        asked.append(1)
        return [(gone, CanvasId("elsewhere234"))]

    later = Suggestions(rooms, earlier=earlier)
    assert [await later.canvas_of(gone), await later.canvas_of(gone)] == ["elsewhere234"] * 2
    for _ in range(3):
        with pytest.raises(NotFound, match="no such suggestion"):
            await later.canvas_of(SuggestionId("neverwasthat"))
    assert asked == [1]
    assert rooms.open_rooms == 1


def test_what_is_known_of_suggestions_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whereabouts, "MAX_KNOWN", 2)
    known = whereabouts.Whereabouts()
    for number in range(5):
        known.note(SuggestionId(str(number)), CanvasId("c"))
    assert len(known) == 2


async def test_open_and_decided_suggestions_are_bounded(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_OPEN", 2)
    monkeypatch.setattr(module, "MAX_DECIDED", 1)
    at = await desk("a\n")
    first, second = await at.propose("b\n"), await at.propose("c\n")
    with pytest.raises(TooMany, match="accept or reject some"):
        await at.propose("d\n")
    await at.suggestions.reject(at.canvas, first, BO)
    await at.suggestions.reject(at.canvas, second, BO)
    third = await at.propose("e\n")
    assert [one["id"] for one in await at.suggestions.all(at.canvas)] == [third, second]


async def test_all_that_is_kept_is_bounded_together(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = await desk("a\n")
    first = await at.propose("b" * 300 + "\n")
    held = module.Suggestion.from_json(at.room.get("suggestions")[first]).characters
    monkeypatch.setattr(module, "MAX_CHARACTERS", 2 * held + 10)
    second = await at.propose("c" * 300 + "\n")
    with pytest.raises(TooLarge, match="accept or reject some first"):
        await at.propose("d" * 300 + "\n")
    await at.suggestions.reject(at.canvas, first, BO)
    third = await at.propose("d" * 300 + "\n")  # the decided one makes place
    assert [one["id"] for one in await at.suggestions.all(at.canvas)] == [third, second]


async def test_an_insertion_where_something_was_inserted_meanwhile_is_stale(desk: Any) -> None:
    at = await desk("if (a == 2) b();\n")
    first, second = [await at.propose("if (a === 2) b();\n") for _ in range(2)]
    await at.suggestions.accept(at.canvas, first, BO)
    with pytest.raises(Conflict):
        await at.suggestions.accept(at.canvas, second, BO)
    assert at.text == "if (a === 2) b();\n"

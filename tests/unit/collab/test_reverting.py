"""A reverted suggestion gives the text back to whoever wrote it, and says who reverted."""

import random
from collections.abc import Iterator

import pytest

from app.collab.by_author import noted, read_note, with_other_authors
from app.collab.returned import Whose
from app.collab.room import Room
from app.collab.rooms import Rooms
from app.collab.schema import SUGGESTIONS
from app.collab.sequence import Run
from app.collab.suggestions import Suggestions
from app.domain import suggestions as domain
from app.domain.authorship import Span
from app.domain.people import Origin, Person, Role
from app.domain.suggestions import Proposal
from app.domain.textdiff import Edit, utf16_length
from app.ids import FileId, PersonId
from tests.fakes.canvas import ANA, BO, CANVAS, Canvas, open_canvas
from tests.unit.collab.test_provenance import CY, LETTERS, check_exact, named, of_room, scribble

MODEL = Origin(kind="model", id="qwen", name="qwen-coder", hue=290)
DEE = Person(PersonId("dee"), "Dee", 300)


async def propose(canvas: Canvas, suggestions: Suggestions, edits: list[Edit]) -> str:
    base = canvas.room.snapshot()
    proposal = Proposal("run1", "fix", "", "shorter", canvas.file, base, edits, ANA, MODEL, 0.01, "why")
    return await suggestions.propose(CANVAS, proposal)


def origins(room: Room, file: FileId) -> list[tuple[str, str, str | None]]:
    """Return each stretch of the text with its author and who restored it."""
    one, text = of_room(room, file), room.read(file)
    return [
        (part, author, span.origin.restored_by)
        for (part, author), span in zip(named(one, text), one.spans, strict=True)
    ]


async def test_s3_6_reverted_text_is_its_authors_again_and_says_who_reverted() -> None:
    async with open_canvas("const a = 1\n") as canvas:
        suggestions = Suggestions(canvas.rooms)
        await canvas.room.write("main.js", "const a = 1 + 20 😀\n", Origin.of(BO))
        one = await propose(canvas, suggestions, [Edit(10, 19, "42")])
        await suggestions.accept(CANVAS, one, CY)
        assert canvas.room.read(canvas.file) == "const a = 42\n"
        await canvas.room.write("main.js", "// é\nconst a = 42\n", Origin.of(CY))
        await suggestions.revert(CANVAS, one, DEE)
        assert origins(canvas.room, canvas.file) == [
            ("// é\n", "cy", None),
            ("const a = ", "ana", None),
            ("1", "ana", "Dee"),
            (" + 20 😀", "bo", "Dee"),
            ("\n", "ana", None),
        ]
        stored = canvas.room.get(SUGGESTIONS)[one]
        assert [(hunk["state"], hunk["authors"]) for hunk in stored["hunks"]] == [("reverted", "")]


async def test_what_a_suggestion_wrote_over_another_s_is_that_model_s_again() -> None:
    async with open_canvas("old\n") as canvas:
        suggestions = Suggestions(canvas.rooms)
        first = await propose(canvas, suggestions, [Edit(0, 3, "better")])
        await suggestions.accept(CANVAS, first, ANA)
        second = await propose(canvas, suggestions, [Edit(0, 6, "worse")])
        await suggestions.accept(CANVAS, second, BO)
        await suggestions.revert(CANVAS, second, CY)
        (span, _) = of_room(canvas.room, canvas.file).spans
        assert (span.origin.id, span.origin.suggestion, span.origin.restored_by) == ("qwen", first, "Cy")


@pytest.mark.parametrize("seed", range(40))
async def test_reverting_leaves_every_character_with_its_writer(seed: int) -> None:
    rng = random.Random(seed)
    async with open_canvas("a" * 30) as canvas:
        pages = [await canvas.page(person) for person in (ANA, BO, CY)]
        for _ in range(25):
            page, person = rng.choice(list(zip(pages, (ANA, BO, CY), strict=True)))
            scribble(rng, page.doc, page.text(canvas.file), LETTERS[person.id])
            await canvas.until_equal(*pages)
        suggestions = Suggestions(canvas.rooms)
        before = canvas.room.read(canvas.file)
        one = await propose(canvas, suggestions, edits_of(rng, before))
        hunks = [hunk["id"] for hunk in (await suggestions.get(CANVAS, one))["hunks"]]
        for part in (hunks[::2], hunks[1::2]):
            if part:
                await suggestions.accept(CANVAS, one, BO, part)
        await canvas.until_equal(*pages)
        pages[2].text(canvas.file).insert(0, "c")
        await canvas.until_equal(*pages)
        rng.shuffle(hunks)
        for hunk in hunks:
            await suggestions.revert(CANVAS, one, ANA, [hunk])
        text = await canvas.until_equal(*pages)
        assert text == f"c{before}"
        check_exact(of_room(canvas.room, canvas.file), text)


def edits_of(rng: random.Random, text: str) -> list[Edit]:
    """Return edits that put the model's letters in the place of others', and between them."""
    edits: list[Edit] = []
    at = units = 0
    while at < len(text) and len(edits) < 6:
        start = at + rng.randrange(1, 9)
        end = start + rng.randrange(0, 6)
        first = units + utf16_length(text[at:start])
        units = first + utf16_length(text[start:end])
        if start < len(text):
            edits.append(Edit(first, units, rng.choice(["", "q", "qq🤖"]) if end > start else "q"))
        at = end
    return edits


async def test_where_the_authors_are_too_many_to_note_it_is_accepted_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_canvas("") as canvas:
        ana, bo = await canvas.page(ANA), await canvas.page(BO)
        for number in range(60):
            page, letter = ((ana, "a"), (bo, "b"))[number % 2]
            page.text(canvas.file).insert(number, letter)
            await canvas.until_equal(ana, bo)
        suggestions = Suggestions(canvas.rooms)
        one = await propose(canvas, suggestions, [Edit(0, 60, "q")])
        size = len(str(canvas.room.get(SUGGESTIONS)[one]).encode())
        monkeypatch.setattr(domain, "MAX_SUGGESTION_BYTES", size + 500)
        await suggestions.accept(CANVAS, one, CY)
        await suggestions.revert(CANVAS, one, CY)
        assert origins(canvas.room, canvas.file) == [("ab" * 30, "cy", "Cy")]


async def test_a_kill_or_reload_between_accepting_and_reverting_changes_nothing() -> None:
    async with open_canvas("ana") as canvas:
        await canvas.room.write("main.js", "ana bo", Origin.of(BO))
        suggestions = Suggestions(canvas.rooms)
        one = await propose(canvas, suggestions, [Edit(1, 6, "x")])
        await suggestions.accept(CANVAS, one, CY)
        again = Rooms(canvas.log)
        async with again.use(CANVAS) as room:
            await Suggestions(again).revert(CANVAS, one, CY)
            assert origins(room, canvas.file) == [("ana", "ana", "Cy"), (" bo", "bo", "Cy")]
        await again.close()


async def test_others_get_a_revert_as_one_update_with_its_authors() -> None:
    async with open_canvas("ana") as canvas:
        await canvas.room.write("main.js", "ana bo", Origin.of(BO))
        suggestions = Suggestions(canvas.rooms)
        one = await propose(canvas, suggestions, [Edit(0, 6, "x")])
        await suggestions.accept(CANVAS, one, CY)
        page = await canvas.page(DEE, Role.VIEWER)
        text, seen = page.text(canvas.file), []
        subscription = text.observe(lambda _: seen.append(str(text)))
        await suggestions.revert(CANVAS, one, CY)
        await canvas.until_equal(page)
        text.unobserve(subscription)
        assert seen == ["ana bo"]


def test_a_note_is_of_the_characters_that_stand() -> None:
    text = [Run(1, 0, 3, False), Run(2, 0, 4, True), Run(2, 4, 2, False), Run(1, 3, 2, False), Run(3, 0, 1, False)]
    whose = Whose({1: Origin.of(ANA), 2: Origin.of(BO), 3: Origin.of(ANA)})
    note = noted(text, whose, 1, 8)
    assert note == "2@1:1 2@2:4 3@1:3"
    assert [(span.start, span.end, span.origin.id) for span in read_note(note, whose)] == [
        (0, 2, "ana"),
        (2, 4, "bo"),
        (4, 7, "ana"),
    ]
    assert noted(text, whose, 3, 3) == ""
    assert read_note("", whose) == []


class Looked(list[Span]):
    """Spans that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, at: int) -> Span:  # type: ignore[override]
        self.looks += 1
        return super().__getitem__(at)

    def __iter__(self) -> Iterator[Span]:
        for one in super().__iter__():
            self.looks += 1
            yield one


def test_a_thousand_edits_do_not_look_at_every_span_each() -> None:
    ana, count = Origin.of(ANA), 1_000
    edits = [Edit(3 * at, 3 * at + 1, "c") for at in range(count)]
    now = Looked(
        Span(start, end, origin)
        for at in range(count)
        for start, end, origin in ((3 * at, 3 * at + 1, MODEL), (3 * at + 1, 3 * at + 3, ana))
    )
    then = Looked([Span(0, 3 * count, ana)])
    assert with_other_authors(edits, "cbb" * count, now, then) == edits
    assert now.looks + then.looks < 30 * count

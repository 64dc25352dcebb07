"""Who wrote what in a real room: each character's author is who typed it, whatever comes after."""

import contextlib
import random

import pytest
from pycrdt import Doc, Text, UndoManager

from app.collab.limits import Limits
from app.collab.provenance import Provenance, authors_in_store, authors_of
from app.collab.room import Room
from app.collab.rooms import Rooms
from app.collab.schema import text_root
from app.collab.sequence import runs, runs_of
from app.collab.structs import read_update
from app.domain.authorship import FileAuthors
from app.domain.people import Origin, Person
from app.errors import NotFound, TooMany
from app.ids import CanvasId, FileId, PersonId
from tests.fakes.canvas import ANA, BO, CANVAS, open_canvas
from tests.fakes.fake_socket import FakePage

FORK = CanvasId("fork")
CY = Person(PersonId("cy"), "Cy", 120)
MODEL = Origin(kind="model", id="qwen", name="qwen-coder", hue=290, run="run1", asked_by="Ana", cost_usd=0.0)
# Each writes only letters of their own, so the text itself says who wrote it.
LETTERS = {"ana": "aä\n", "bo": "b😀", "cy": "c\n👩‍🚀", "qwen": "q🤖"}


def named(one: FileAuthors, text: str) -> list[tuple[str, str]]:
    """Return each span's text with its author's id."""
    units = text.encode("utf-16-le")
    return [(units[2 * s.start : 2 * s.end].decode("utf-16-le"), s.origin.id) for s in one.spans]


def of_room(room: Room, file: FileId) -> FileAuthors:
    return authors_of(room.snapshot(), room.whose(), {file: ("main.js", room.read(file))})[0]


def check_exact(one: FileAuthors, text: str) -> None:
    """The spans are the text in order without gaps, and each of its characters is in its writer's."""
    assert [span.start for span in one.spans] == [0, *(span.end for span in one.spans)][: len(one.spans)]
    assert one.characters == len(text.encode("utf-16-le")) // 2
    assert all(span.start < span.end for span in one.spans)
    assert all(a.origin != b.origin for a, b in zip(one.spans, one.spans[1:], strict=False))
    for part, author in named(one, text):
        assert set(part) <= set(LETTERS[author]), (part, author)
    assert sum(total.characters for total in one.totals) == one.characters


def scribble(rng: random.Random, doc: Doc[Text], text: Text, letters: str, *, part: bool = False) -> None:
    """Delete a little, often somebody else's, and write something of one's own. `part`: of an open transaction."""
    shown = str(text)
    start = rng.randrange(len(shown) + 1)
    end = min(len(shown), start + rng.randrange(1, 4)) if rng.random() < 0.3 else start
    with contextlib.nullcontext() if part else doc.transaction():
        first = len(shown[:start].encode())
        if end > start:
            del text[first : len(shown[:end].encode())]
        text.insert(first, "".join(rng.choice(list(letters)) for _ in range(rng.randrange(1, 4))))


@pytest.mark.parametrize("seed", range(25))
async def test_the_author_of_each_character_is_its_writer_also_after_compaction_and_reload(seed: int) -> None:
    rng = random.Random(seed)
    limits = Limits(compact_updates=7, compact_every=0.0)
    async with open_canvas("a", limits) as canvas:
        root = text_root(canvas.file)
        pages = [(await canvas.page(person), person.id) for person in (ANA, ANA, BO, CY)]
        for _ in range(40):
            if rng.random() < 0.15:
                await canvas.room.edit(
                    MODEL, lambda doc: scribble(rng, doc, doc.get(root, type=Text), LETTERS["qwen"], part=True)
                )
            page, who = rng.choice(pages)
            scribble(rng, page.doc, page.text(canvas.file), LETTERS[who])
            if rng.random() < 0.3:
                await page.heard()
        text = await canvas.until_equal(*(page for page, _ in pages))
        before = of_room(canvas.room, canvas.file)
        check_exact(before, text)
        await canvas.room.journal.flushed()

        # Another server reads what is stored: compacted, and anew.
        assert canvas.log.compactions
        again = Rooms(canvas.log)
        async with again.use(CANVAS) as room:
            assert of_room(room, canvas.file) == before
            await canvas.log.create(FORK, room.snapshot(), room.taking.owners)
            # What pages read of the document says the same as what is stored beside it.
            assert {int(key): value for key, value in room.get("authors").items()}.items() <= {
                client: origin.to_json() for client, origin in room.taking.owners.items()
            }.items()
        # A canvas begun with this state and the same owners of client ids.
        async with again.use(FORK) as fork:
            assert of_room(fork, canvas.file) == before
        await again.close()
        assert authors_in_store(await canvas.log.load(CANVAS)) == [before]


async def test_what_is_typed_inside_accepted_text_is_the_typist_s() -> None:
    async with open_canvas("") as canvas:
        await canvas.room.write("main.js", "const 😀 = 1;\n", MODEL)
        page = await canvas.page(BO)
        page.text(canvas.file).insert(len("const 😀".encode()), "👍🏽")
        await page.saved()
        text = canvas.room.read(canvas.file)
        assert named(of_room(canvas.room, canvas.file), text) == [
            ("const 😀", "qwen"),
            ("👍🏽", "bo"),
            (" = 1;\n", "qwen"),
        ]


async def test_undo_and_redo_keep_one_s_own_and_take_over_what_they_bring_back_without_a_claim() -> None:
    async with open_canvas("") as canvas:
        bo, ana = await canvas.page(BO), await canvas.page(ANA)
        bo.text(canvas.file).insert(0, "bo bo ")
        await canvas.until_equal(ana)
        text = ana.text(canvas.file)
        undo = UndoManager(scopes=[text], capture_timeout_millis=0)
        text.insert(6, "ana")
        undo.undo()
        undo.redo()
        await ana.saved()
        assert named(of_room(canvas.room, canvas.file), await canvas.until_equal(ana)) == [
            ("bo bo ", "bo"),
            ("ana", "ana"),
        ]
        # Bo's words come back in Ana's hand, and a page that does not know how to claim them (S3.10) leaves it at that.
        del text[0:3]
        undo.undo()
        await ana.saved()
        assert named(of_room(canvas.room, canvas.file), await canvas.until_equal(ana)) == [
            ("bo ", "ana"),
            ("bo ", "bo"),
            ("ana", "ana"),
        ]


@pytest.mark.parametrize("seed", range(10))
def test_many_texts_read_at_once_are_each_as_read_alone(seed: int) -> None:
    rng = random.Random(seed)
    docs = [Doc[Text](client_id=client) for client in (7, 3, 90)]
    roots = [f"file:{number:012}" for number in range(4)]
    for _ in range(150):
        doc = rng.choice(docs)
        text = doc.get(rng.choice(roots), type=Text)
        scribble(rng, doc, text, "x😀")
        other = rng.choice(docs)
        other.apply_update(doc.get_update(other.get_state()))
    for doc in docs:
        docs[0].apply_update(doc.get_update(docs[0].get_state()))
    update = read_update(docs[0].get_update())
    found = runs_of(update, roots)
    for root in roots:
        assert found[root] == runs(update, root)
        length = len(str(docs[0].get(root, type=Text)).encode("utf-16-le")) // 2
        assert sum(run.length for run in found[root] if not run.deleted) == length


async def test_a_restored_stretch_keeps_its_author_and_says_who_brought_it_back() -> None:
    async with open_canvas("") as canvas:
        back = Origin(kind="person", id="bo", name="Bo", hue=200, restored_by="Ana")
        await canvas.room.write("main.js", "bo wrote this\n", back)
        one = of_room(canvas.room, canvas.file)
        assert [span.origin for span in one.spans] == [back]
        assert Origin.from_json(canvas.room.get("authors")[str(next(iter(canvas.room._hands.values())))]) == back
        assert [(total.origin.id, total.lines) for total in one.totals] == [("bo", 1)]


async def test_readings_are_taken_in_turn_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_canvas("const a = 1;\n") as canvas:
        provenance = Provenance(canvas.rooms)
        [one] = await provenance.of(CANVAS)
        assert (one.path, one.characters) == ("main.js", 13)
        assert await provenance.of(CANVAS, ["main.js"]) == [one]
        with pytest.raises(NotFound, match=r"no file other\.js"):
            await provenance.of(CANVAS, ["other.js"])
        monkeypatch.setattr("app.collab.provenance.MAX_WAITING", 0)
        with pytest.raises(TooMany):
            await provenance.of(CANVAS)


async def test_a_page_that_echoes_another_s_text_writes_nothing() -> None:
    async with open_canvas("") as canvas:
        bo = await canvas.page(BO)
        bo.text(canvas.file).insert(0, "b")
        await bo.saved()
        echo = FakePage(doc=Doc[Text](client_id=4))
        await canvas.page(ANA, page=echo)
        echo.send_update(bo.doc.get_update())
        await echo.heard()
        assert named(of_room(canvas.room, canvas.file), "b") == [("b", "bo")]

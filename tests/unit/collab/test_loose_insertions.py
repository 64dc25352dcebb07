"""An insertion belongs to what it was made for: where that was deleted, it is stale."""

import pytest

from app.collab.suggestions import Suggestions
from app.domain.people import Origin
from app.domain.suggestions import Proposal
from app.domain.textdiff import edits_between
from app.errors import Conflict
from tests.fakes.canvas import ANA, BO, CANVAS, open_canvas

OLD = "a\nfunction f() {\n  g();\n}\nz\n"
NEW = "a\nfunction f() {\n  g();\n  return 1;\n}\nz\n"
MODEL = Origin(kind="model", id="m", name="M", hue=1)


async def test_an_insertion_whose_surroundings_were_deleted_is_stale() -> None:
    async with open_canvas(OLD) as canvas:
        suggestions = Suggestions(canvas.rooms)
        edits = edits_between(OLD, NEW)
        base = canvas.room.snapshot()
        proposal = Proposal("r", "edit", "t", "", canvas.file, base, edits, ANA, MODEL, 0.0, "")
        one = await suggestions.propose(CANVAS, proposal)
        hunks = (await suggestions.get(CANVAS, one))["hunks"]
        assert [(hunk["old"], hunk["stale"]) for hunk in hunks] == [("", False)]
        await canvas.room.write("main.js", "a\nz\n", Origin.of(BO))
        assert [hunk["stale"] for hunk in (await suggestions.get(CANVAS, one))["hunks"]] == [True]
        with pytest.raises(Conflict):
            await suggestions.accept(CANVAS, one, ANA)
        assert canvas.room.read(canvas.file) == "a\nz\n"


async def test_an_insertion_moves_with_what_is_typed_around_it() -> None:
    async with open_canvas(OLD) as canvas:
        suggestions = Suggestions(canvas.rooms)
        base = canvas.room.snapshot()
        proposal = Proposal("r", "edit", "t", "", canvas.file, base, edits_between(OLD, NEW), ANA, MODEL, 0.0, "")
        one = await suggestions.propose(CANVAS, proposal)
        page = await canvas.page(BO)
        page.text(canvas.file).insert(0, "😀\n")
        await page.saved()
        await suggestions.accept(CANVAS, one, ANA)
        assert canvas.room.read(canvas.file) == "😀\n" + NEW

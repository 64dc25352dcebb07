"""Comments go with words that the server moves: by a file written over HTTP, an accepted suggestion, a revert."""

import pytest

from app.collab.comments import Comments
from app.collab.hunks import positions_in
from app.collab.relative import RelativePosition
from app.collab.room import Room
from app.collab.suggestions import Suggestions
from app.domain.people import Origin
from app.domain.suggestions import Proposal
from app.domain.textdiff import edits_between
from app.ids import FileId
from tests.fakes.canvas import ANA, BO, CANVAS, Canvas, open_canvas

TEXT = "import a\nimport b 😀\n\nfunction one() {\n  return 1;\n}\n\nfunction two() {\n  return 2;\n}\n"
MOVED = "import a\nimport b 😀\n\nfunction two() {\n  return 2;\n}\n\nfunction one() {\n  return 1;\n}\n"
MODEL = Origin("model", "m", "Model", 30)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def standing(room: Room, file: FileId) -> dict[str, str | None]:
    """What each comment stands on, by its words; None: what it was about is gone."""
    positions, text = positions_in(room.snapshot(), f"file:{file}"), room.read(file).encode("utf-16-le")
    found: dict[str, str | None] = {}
    for comment in room.get("comments").values():
        ends = [RelativePosition.decode(comment[side]) for side in ("start", "end")]
        start, end = (positions.offset(one) or 0 for one in ends)
        is_gone = all(positions.is_loose(one) for one in ends)
        found[comment["text"]] = None if is_gone else text[2 * start : 2 * end].decode("utf-16-le")
    return found


async def remark(canvas: Canvas, *words: str) -> None:
    """Comment on each of `words` where they stand first, saying them."""
    text = canvas.room.read(canvas.file)
    for one in words:
        start = units(text[: text.index(one)])
        await Comments(canvas.rooms).add(CANVAS, canvas.file, start, start + units(one), BO, one)


ALL = ("import b 😀", "function one() {", "return 1;", "function two() {", "return 2;")


@pytest.mark.parametrize(
    "new", [MOVED, "// 🌱 first\n" + MOVED, MOVED.replace("import a\nimport b 😀", "import b 😀\nimport a")]
)
async def test_s2_6_comments_go_with_lines_that_a_file_s_writing_moves(new: str) -> None:
    async with open_canvas(TEXT) as canvas:
        await remark(canvas, *ALL)
        await canvas.room.write("main.js", new, Origin.of(ANA))
        assert canvas.room.read(canvas.file) == new
        assert standing(canvas.room, canvas.file) == {one: one for one in ALL}


async def test_s2_6_comments_go_with_words_that_an_accepted_suggestion_moves_and_back() -> None:
    async with open_canvas(TEXT) as canvas:
        await remark(canvas, *ALL)
        suggestions = Suggestions(canvas.rooms)
        proposal = Proposal(
            run=None,
            action="edit",
            title="",
            instruction="two first",
            file=canvas.file,
            base=canvas.room.snapshot(),
            edits=edits_between(TEXT, MOVED),
            by=ANA,
            source=MODEL,
            cost_usd=None,
            note="",
        )
        one = await suggestions.propose(CANVAS, proposal)
        await suggestions.accept(CANVAS, one, ANA)
        assert canvas.room.read(canvas.file) == MOVED
        assert standing(canvas.room, canvas.file) == {one: one for one in ALL}
        await suggestions.revert(CANVAS, one, ANA)
        assert canvas.room.read(canvas.file) == TEXT
        assert standing(canvas.room, canvas.file) == {one: one for one in ALL}


KEPT = "let kept = 1;\nlet more = 2;\nlet most = 3;\n"


@pytest.mark.parametrize("end", ["", "let words = 2;\n// let words = 2;\n", "let wo = 2;\n"])  # gone, twice, in part
async def test_s2_6_a_comment_whose_words_are_not_found_once_stays_where_they_were(end: str) -> None:
    async with open_canvas("let words = 2;\n" + KEPT) as canvas:
        await remark(canvas, "words", "kept")
        before = canvas.room.get("comments")
        await canvas.room.write("main.js", KEPT + end, Origin.of(ANA))
        assert canvas.room.read(canvas.file) == KEPT + end
        assert standing(canvas.room, canvas.file) == {"words": None, "kept": "kept"}
        assert canvas.room.get("comments") == before


async def test_s2_6_pages_see_text_and_comments_change_at_once() -> None:
    async with open_canvas(TEXT) as canvas:
        await remark(canvas, *ALL)
        page = await canvas.page(BO)
        updates = len(canvas.log.rooms[CANVAS].updates)
        await canvas.room.write("main.js", MOVED, Origin.of(ANA))
        await canvas.until_equal(page)
        payloads = canvas.log.rooms[CANVAS].updates[updates:]
        assert len([one for one in payloads if one.author == ANA.id]) == 1
        assert standing(canvas.room, canvas.file) == {one: one for one in ALL}

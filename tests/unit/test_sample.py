"""The sample canvas: complete, runs without a network, and its suggestion and comment are where they should be."""

import json
import re

from app.canvases.ports import Canvas
from app.canvases.sample import GUIDE, NAME, PATHS, REMARKED, RIGHT, WRONG, create_sample, sample_files
from app.collab.comments import Comments
from app.collab.hunks import positions_in
from app.collab.relative import RelativePosition
from app.collab.rooms import Rooms
from app.collab.schema import text_root
from app.collab.suggestions import Suggestions
from app.domain.people import Origin, Person, Role
from app.ids import CanvasId, PersonId
from tests.fakes.memory_log import MemoryLog

ANA = Person(PersonId("ana"), "Ana", 60)


class OneCanvas:
    """A catalogue that makes the canvas's text and nothing else."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def create(self, by: Person, name: str, files: dict[str, str]) -> Canvas:
        canvas = Canvas(CanvasId("abcdefghjkmn"), name, Role.OWNER, 0.0)
        await self._rooms.create(canvas.id, files, Origin.of(by))
        return canvas


def test_files_refer_only_to_each_other() -> None:
    texts = sample_files()
    assert set(texts) == set(PATHS)
    assert json.loads(texts["menu.json"])
    for path, text in texts.items():
        assert not re.search(r"https?://|//\w|url\(|fetch\(", text), path
    for reference in re.findall(r'(?:src|href)="([^"]+)"|from "\./([^"]+)"', texts["index.html"] + texts["app.js"]):
        assert (reference[0] or reference[1]) in texts
    assert texts["app.js"].count(WRONG) == 1


async def test_sample_has_a_suggestion_that_mends_it_and_a_comment_in_the_same_file() -> None:
    rooms = Rooms(MemoryLog())
    suggestions = Suggestions(rooms)
    canvas = await create_sample(OneCanvas(rooms), suggestions, Comments(rooms), rooms, ANA)
    async with rooms.use(canvas) as room:
        assert list(room.files().values()) == sorted(PATHS)
        (suggestion,) = await suggestions.all(canvas)
        assert (suggestion["state"], suggestion["source"]["kind"], suggestion["source"]["name"]) == (
            "proposed",
            "expert",
            "guide",
        )
        await suggestions.accept(canvas, suggestion["id"], ANA)
        file = room.find("app.js")
        assert file
        assert room.read(file) == sample_files()["app.js"].replace(WRONG, RIGHT)
        (comment,) = room.get("comments").values()
        assert comment["by"]["name"] == GUIDE.name
        menu = room.find(REMARKED[0])
        assert comment["file"] == menu
        assert menu
        positions = positions_in(room.snapshot(), text_root(menu))
        start, end = (positions.offset(RelativePosition.decode(comment[side])) for side in ("start", "end"))
        assert room.read(menu)[start:end] == REMARKED[1]
        assert NAME
    await rooms.close()

"""The first canvas anybody sees: a small menu that runs in the preview, one suggestion to review, one comment.

Its texts are the files in `sample/`. What must not be here: how rooms, suggestions and comments work.
"""

from contextlib import AbstractAsyncContextManager
from importlib.resources import files
from typing import Protocol

from app.canvases.ports import Canvas
from app.domain.people import Origin, Person
from app.domain.suggestions import Proposal
from app.domain.textdiff import edits_between, utf16_length
from app.ids import CanvasId, FileId, PersonId, SuggestionId

NAME = "Kiosk menu"
PATHS = ("README.md", "app.js", "index.html", "menu.json", "style.css")
GUIDE = Person(PersonId("guide"), "Guide", 265)
GUIDE_EXPERT = Origin(kind="expert", id="guide", name="guide", hue=150)

MENDED = "app.js"
WRONG = "const price = (cents) => cents / 100;\n"
RIGHT = "const price = (cents) => (cents / 100).toFixed(2);\n"
WHY = "A price without its last zeros reads as a typing mistake, and the column does not line up."

REMARKED = ("app.js", "const order = new Map();")  # in the file that opens first
REMARK = "An order is gone when the page is loaded again. Is that right for a kiosk? Answer here, or resolve this."


class MakesCanvases(Protocol):
    """The catalogue, as far as needed here."""

    async def create(self, by: Person, name: str, files: dict[str, str]) -> Canvas: ...


class ReadsFiles(Protocol):
    """A room, as far as needed here."""

    def find(self, path: str) -> FileId | None: ...
    def read(self, file: FileId) -> str: ...
    def snapshot(self) -> bytes: ...


class OpensRooms(Protocol):
    """The live rooms."""

    def use(self, canvas: CanvasId) -> AbstractAsyncContextManager[ReadsFiles]: ...


class TakesProposals(Protocol):
    """The canvas's suggestions."""

    async def propose(self, canvas: CanvasId, proposal: Proposal) -> SuggestionId: ...


class TakesComments(Protocol):
    """The canvas's comments."""

    async def add(self, canvas: CanvasId, file: FileId, start: int, end: int, by: Person, text: str) -> str: ...


def sample_files() -> dict[str, str]:
    """Return the sample's files: path → text."""
    folder = files("app.canvases") / "sample"
    return {path: (folder / path).read_text(encoding="utf-8") for path in PATHS}


async def create_sample(
    catalog: MakesCanvases, suggestions: TakesProposals, comments: TakesComments, rooms: OpensRooms, owner: Person
) -> CanvasId:
    """Make the sample canvas for `owner`, with its suggestion and its comment; return its id."""
    made = await catalog.create(owner, NAME, sample_files())
    async with rooms.use(made.id) as room:
        await suggestions.propose(made.id, _mending(room))
        file, text = _file(room, REMARKED[0])
        start = utf16_length(text[: text.index(REMARKED[1])])
        await comments.add(made.id, file, start, start + utf16_length(REMARKED[1]), GUIDE, REMARK)
    return made.id


def _mending(room: ReadsFiles) -> Proposal:
    file, text = _file(room, MENDED)
    return Proposal(
        run="sample",
        action="fix",
        title="Show every price with two decimals",
        instruction="Make the prices line up.",
        file=file,
        base=room.snapshot(),
        edits=edits_between(text, text.replace(WRONG, RIGHT)),
        by=GUIDE,
        source=GUIDE_EXPERT,
        cost_usd=0.0,
        note=WHY,
    )


def _file(room: ReadsFiles, path: str) -> tuple[FileId, str]:
    file = room.find(path)
    if file is None:
        raise LookupError(f"the sample has no {path}")
    return file, room.read(file)

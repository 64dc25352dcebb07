"""Who wrote each stretch of a canvas's text: from the client ids of its characters and the origins those belong to.

Exact by construction: no character is in the document under a client id that is not bound to somebody, and the ids
stay with the characters through compaction, reload and forks. What an undo brought back has a range in `authors` that
says whose it was (see `returned`). What must not be here: deciding anything by it.
"""

import asyncio
from collections.abc import Mapping

from pycrdt import Doc

from app.collab import document
from app.collab.ports import StoredRoom
from app.collab.returned import Whose
from app.collab.rooms import Rooms
from app.collab.schema import AUTHORS, text_root
from app.collab.sequence import Run, runs_of
from app.collab.structs import read_update
from app.domain.authorship import FileAuthors, Span, count
from app.errors import NotFound, TooMany
from app.ids import CanvasId, FileId

MAX_WAITING = 8  # readings that wait for their turn: one may take seconds of a core for a large canvas


def authors_of(snapshot: bytes, whose: Whose, files: Mapping[FileId, tuple[str, str]]) -> list[FileAuthors]:
    """Return who wrote what of `files` (id → path, text): spans without gaps, neighbours of one origin joined.

    `snapshot` is the room's full state.
    """
    roots = {file: text_root(file) for file in files}
    found = runs_of(read_update(snapshot, own=True), roots.values())
    result = []
    for file, (path, text) in files.items():
        spans = _spans(found[roots[file]], whose)
        result.append(FileAuthors(file, path, spans, count(text, spans)))
    return result


def _spans(runs: list[Run], whose: Whose) -> list[Span]:
    spans: list[Span] = []
    offset = 0
    for run in runs:
        if run.deleted:
            continue
        for part, origin, _ in whose.parts(run.client, run.clock, run.clock + run.length):
            end = offset + part.end - part.start
            if spans and spans[-1].origin == origin:
                spans[-1] = Span(spans[-1].start, end, origin)
            else:
                spans.append(Span(offset, end, origin))
            offset = end
    return spans


def authors_in_store(stored: StoredRoom, paths: list[str] | None = None) -> list[FileAuthors]:
    """Return who wrote what in a canvas as it is stored, without a room. Raises NotFound for an unknown path."""
    doc: document.YDoc = Doc()
    payloads = [stored.snapshot] if stored.snapshot else []
    document.apply(doc, payloads + [update.payload for update in stored.updates])
    texts = {file: (path, document.text_of(doc, file)) for file, path in document.paths(doc).items()}
    whose = Whose(stored.clients, document.values(doc, AUTHORS))
    return authors_of(document.guarded(doc.get_update), whose, _chosen(texts, paths))


class Provenance:
    """Reads who wrote what in open rooms, one canvas at a time, off the loop."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def of(self, canvas: CanvasId, paths: list[str] | None = None) -> list[FileAuthors]:
        """Return who wrote what of a canvas as it is now; of the files at `paths` when they are given.

        Raises NotFound for a path that is not there, TooMany while many such readings wait.
        """
        if self._waiting >= MAX_WAITING:
            raise TooMany("The server is busy finding out who wrote what; try again in a moment.")
        self._waiting += 1
        try:
            async with self._turn:
                async with self._rooms.use(canvas) as room:
                    # No await between these: they are of one revision.
                    names = room.files()
                    wanted = _chosen({file: (path, "") for file, path in names.items()}, paths)
                    texts = {file: (path, room.read(file)) for file, (path, _) in wanted.items()}
                    snapshot, whose = room.snapshot(), room.whose()
                return await asyncio.to_thread(authors_of, snapshot, whose, texts)
        finally:
            self._waiting -= 1


def _chosen(texts: dict[FileId, tuple[str, str]], paths: list[str] | None) -> dict[FileId, tuple[str, str]]:
    if paths is None:
        return texts
    known = {path for path, _ in texts.values()}
    missing = next((path for path in paths if path not in known), None)
    if missing is not None:
        raise NotFound(f"There is no file {missing} in this canvas.")
    return {file: one for file, one in texts.items() if one[0] in paths}

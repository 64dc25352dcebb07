"""Who did what to which file, told once it is durable: for the canvas's activity feed.

What must not be here: how often it is worth telling, and where it is written (see `ports.Edits`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.collab.index import SEPARATOR
from app.collab.journal import Entry
from app.collab.ports import Edits
from app.collab.schema import COMMENTS, FILE_PREFIX, FILES
from app.collab.told_comments import TellsComments
from app.domain.people import Origin
from app.ids import CanvasId, FileId

_ENTRY = FILES + SEPARATOR  # a place in the map of files begins so
_COMMENT = COMMENTS + SEPARATOR


class Told:
    """One room's report of what people did on their pages."""

    def __init__(
        self,
        canvas: CanvasId,
        edits: Edits,
        paths: Callable[[], Mapping[FileId, str]],
        comments: TellsComments,
    ) -> None:
        self._canvas = canvas
        self._edits = edits
        self._paths = paths
        self._comments = comments
        self._before: Mapping[FileId, str] | None = None  # the files as they were when last told of

    def expect(self, places: Iterable[str]) -> None:
        """Hear where an update is about to write; the document is still without it."""
        for place in places:
            if self._before is None and place.startswith(_ENTRY):
                self._before = self._paths()
            elif place.startswith(_COMMENT):
                self._comments.expect(place[len(_COMMENT) :])

    def durable(self, batch: Sequence[Entry]) -> None:
        """Tell of what is durable now."""
        texts: dict[tuple[str, str], Origin] = {}
        entries: dict[str, Entry] = {}
        comments: dict[str, Origin | None] = {}
        for entry in batch:
            # Only what came by a socket. What came over HTTP is told there, in order with its answer.
            by = entry.origin if entry.waiter is not None else None
            is_told = by is not None and by.kind == "person"
            for place in entry.places:
                if place.startswith(_COMMENT):
                    comments.setdefault(place[len(_COMMENT) :], by if is_told else None)
                elif by is None or not is_told:
                    continue
                elif place.startswith(FILE_PREFIX):
                    texts[entry.author, place] = by
                elif place.startswith(_ENTRY):
                    entries[place[len(_ENTRY) :]] = entry
        if entries:
            self._tell_of_files(entries)
        for (person, place), origin in texts.items():
            file = FileId(place[len(FILE_PREFIX) :])
            if file not in entries and self._edits.wants(self._canvas, person, file):
                path = self._paths().get(file)
                if path is not None:
                    self._edits.tell(self._canvas, origin, "file-edited", path, {})
        for origin, kind, about, more in self._comments.changes(comments):
            path = self._paths().get(FileId(about))
            if path is not None:
                self._edits.tell(self._canvas, origin, kind, path, more)

    def _tell_of_files(self, entries: Mapping[str, Entry]) -> None:
        before, after = self._before or {}, self._paths()
        self._before = after
        for key, entry in entries.items():
            if entry.origin is None:
                continue
            old, new = before.get(FileId(key)), after.get(FileId(key))
            if new is not None and old is None:
                self._edits.tell(self._canvas, entry.origin, "file-created", new, {})
            elif new is not None and new != old:
                self._edits.tell(self._canvas, entry.origin, "file-renamed", new, {})
            elif new is None and old is not None:
                self._edits.tell(self._canvas, entry.origin, "file-removed", old, {})

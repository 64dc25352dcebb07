"""Who did what to which file, told once it is durable: for the canvas's activity feed.

What must not be here: how often it is worth telling, and where it is written (see `ports.Edits`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.collab.index import SEPARATOR
from app.collab.journal import Entry
from app.collab.ports import Edits
from app.collab.schema import FILE_PREFIX, FILES
from app.domain.people import Origin
from app.ids import CanvasId, FileId

_ENTRY = FILES + SEPARATOR  # a place in the map of files begins so


class Told:
    """One room's report of what people did on their pages."""

    def __init__(self, canvas: CanvasId, edits: Edits, paths: Callable[[], Mapping[FileId, str]]) -> None:
        self._canvas = canvas
        self._edits = edits
        self._paths = paths
        self._before: Mapping[FileId, str] | None = None  # the files as they were when last told of

    def expect(self, places: Iterable[str]) -> None:
        """Hear where an update is about to write; the document is still without it."""
        if self._before is None and any(place.startswith(_ENTRY) for place in places):
            self._before = self._paths()

    def durable(self, batch: Sequence[Entry]) -> None:
        """Tell of what is durable now."""
        texts: dict[tuple[str, str], Origin] = {}
        entries: dict[str, Entry] = {}
        for entry in batch:
            # Only what came by a socket. What came over HTTP is told there, in order with its answer.
            if entry.waiter is None or entry.origin is None or entry.origin.kind != "person":
                continue
            for place in entry.places:
                if place.startswith(FILE_PREFIX):
                    texts[entry.author, place] = entry.origin
                elif place.startswith(_ENTRY):
                    entries[place[len(_ENTRY) :]] = entry
        if entries:
            self._tell_of_files(entries)
        for (person, place), origin in texts.items():
            file = FileId(place[len(FILE_PREFIX) :])
            if file not in entries and self._edits.wants(self._canvas, person, file):
                path = self._paths().get(file)
                if path is not None:
                    self._edits.tell(self._canvas, origin, "file-edited", path)

    def _tell_of_files(self, entries: Mapping[str, Entry]) -> None:
        before, after = self._before or {}, self._paths()
        self._before = after
        for key, entry in entries.items():
            if entry.origin is None:
                continue
            old, new = before.get(FileId(key)), after.get(FileId(key))
            if new is not None and old is None:
                self._edits.tell(self._canvas, entry.origin, "file-created", new)
            elif new is not None and new != old:
                self._edits.tell(self._canvas, entry.origin, "file-renamed", new)
            elif new is None and old is not None:
                self._edits.tell(self._canvas, entry.origin, "file-removed", old)

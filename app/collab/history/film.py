"""A canvas's kept past made ready to be shown: its moments, who made them, and every file's way through them.

Made in a thread from what is stored; afterwards only read. What must not be here: storage, HTTP.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.collab.document import DocumentFault
from app.collab.history.damage import Damaged, sound
from app.collab.history.ports import Piece, StoredHistory, Version
from app.collab.history.replay import Replay, unpacked
from app.collab.lib0 import Malformed
from app.domain.history import MAX_OTHERS, Changes, moments, played
from app.domain.people import SYSTEM, Origin
from app.errors import BadInput
from app.ids import CanvasId

logger = logging.getLogger(__name__)
BEGINNING = "History begins here"


@dataclass(slots=True)
class Moment:
    """What people see as one step. `at` and `until` never go back from moment to moment, whatever the clock did."""

    seq: int
    at: float
    until: float
    by: list[Origin]
    note: str | None
    changes: Changes
    is_unreadable: bool = False


@dataclass(slots=True)
class Film:
    """All moments, the first being the beginning. `texts`: each file's text there; `paths`: last known of each file."""

    moments: list[Moment]
    texts: dict[str, str]
    paths: dict[str, str] = field(default_factory=dict)
    size: int = 0

    @property
    def head(self) -> int:
        """The seq of the last moment."""
        return self.moments[-1].seq

    def upto(self, seq: int | None) -> int:
        """Return the index of the last moment at or before `seq`, of the last one for None. BadInput before all."""
        if seq is None:
            return len(self.moments) - 1
        found = -1
        for index, moment in enumerate(self.moments):
            if moment.seq > seq:
                break
            found = index
        if found < 0:
            raise BadInput("The history does not go back that far any more; choose a moment that it lists.")
        return found

    def files_at(self, index: int) -> dict[str, str]:
        """Return file id → path as it was at a moment."""
        found: dict[str, str] = {}
        for moment in self.moments[: index + 1]:
            for file, _, new in moment.changes.paths:
                if new is None:
                    found.pop(file, None)
                else:
                    found[file] = new
        return found

    def text_at(self, file: str, index: int) -> str:
        """Return a file's text at a moment; empty when it had none."""
        steps = (moment.changes.texts.get(file, ()) for moment in self.moments[1 : index + 1])
        return played(self.texts.get(file, ""), (splice for splices in steps for splice in splices))

    def touched(self, start: int, end: int) -> set[str]:
        """Return the files whose text or path changed after moment `start` and up to `end`."""
        found: set[str] = set()
        for moment in self.moments[start + 1 : end + 1]:
            found.update(moment.changes.texts)
            found.update(file for file, _, _ in moment.changes.paths)
        return found


def developed(canvas: CanvasId, stored: StoredHistory) -> Film:
    """Return the film of what is stored. A piece that cannot be read is left out, marked, and named in the log."""
    pins = {version.seq for version in stored.versions}
    names = _Names(stored)
    replay = Replay(sound(stored.base, f"The base of the history of canvas {canvas}"))
    texts, paths = replay.texts(), replay.paths
    made = Changes({file: [(0, "", text)] for file, text in texts.items() if text})
    made.paths = [(file, None, path) for file, path in paths.items()]
    note = stored.base.note or BEGINNING
    film = Film([Moment(stored.base.seq, stored.base.at, stored.base.at, names.first(), note, made)], texts, paths)
    for part in moments(stored.pieces, pins):
        _show(film, [stored.pieces[index] for index in part], replay, names, canvas)
    rest = replay.mend()
    if rest.texts:
        logger.error("canvas %s: its history did not play right to the end; the last moment says the rest", canvas)
        film.moments[-1].changes = film.moments[-1].changes.then(rest)
    for file in replay.texts():
        film.texts.setdefault(file, "")
    return film


def _show(film: Film, pieces: Sequence[Piece], replay: Replay, names: "_Names", canvas: CanvasId) -> None:
    last = film.moments[-1]
    at = max(pieces[0].at, last.until)
    by = names.of(author for piece in pieces for author in piece.authors)
    moment = Moment(pieces[-1].seq, at, max(at, pieces[-1].until), by, pieces[-1].note, Changes())
    whole: list[bytes] = []
    for piece in pieces:
        try:
            whole.append(sound(piece, f"Update {piece.seq} of canvas {canvas}"))
        except Damaged as error:
            logger.error("history: %s It is left out; what came after stays.", error.sentence)
            moment.is_unreadable = True
    if whole:
        try:
            moment.changes = replay.play(whole)
        except DocumentFault:
            logger.error("history: updates %d to %d of canvas %s cannot be played", pieces[0].first, moment.seq, canvas)
            moment.is_unreadable = True
    for file, old, new in moment.changes.paths:
        film.paths[file] = new or old or film.paths.get(file, "")
    film.moments.append(moment)


class _Names:
    """Origins by id, the latest name first: whoever changed theirs is shown under the new one."""

    def __init__(self, stored: StoredHistory) -> None:
        self._origins = dict(stored.people)
        self._origins.update((origin.id, origin) for origin in stored.clients.values())
        self._origins.setdefault(SYSTEM.id, SYSTEM)

    def first(self) -> list[Origin]:
        """Return who made the beginning."""
        return [SYSTEM]

    def of(self, ids: Iterable[str]) -> list[Origin]:
        """Return origins by id, each once."""
        found = dict.fromkeys(ids)
        return [self._origins.get(id_) or Origin("person", id_, "Somebody", 0) for id_ in found][: MAX_OTHERS + 1]


__all__ = ["BEGINNING", "Film", "Malformed", "Moment", "Version", "developed", "unpacked"]

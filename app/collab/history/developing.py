"""From what is stored to a film: what is known already is read, the rest is played; what is damaged is left out.

Everything here is for a thread. What must not be here: storage, HTTP.
"""

import logging
from collections.abc import Collection, Iterable, Sequence

from app.collab.document import DocumentFault
from app.collab.history.damage import Damaged, Stored, sound
from app.collab.history.film import Film, Moment
from app.collab.history.ports import Keyframe, Piece, StoredHistory
from app.collab.history.replay import Replay, unpacked
from app.collab.lib0 import Malformed
from app.collab.offsets import utf16_length
from app.collab.structs import read_update
from app.domain.history import MAX_OTHERS, Changes, counted, moments
from app.domain.people import SYSTEM, Origin
from app.ids import CanvasId

logger = logging.getLogger(__name__)
BEGINNING = "History begins here"
MAX_READ = 16 << 10  # bytes of a moment that are read for who accepted it: a film is made anew after each edit
LOST = "History begins here: what is stored of the time before is damaged"


def developed(
    canvas: CanvasId, stored: StoredHistory, snapshot: Keyframe | None = None, ends: Collection[int] = ()
) -> Film:
    """Return the film of what is stored. What cannot be read is left out, marked, and named in the log.

    `snapshot`: the log's, given when something is damaged; the film goes on from it behind the damage. `ends`: where
    moments are to end, if updates do. Raises Damaged when there is nothing sound to begin from.
    """
    start = _start(canvas, stored, snapshot)
    is_whole = start is stored.base
    replay = Replay(sound(start, "The beginning"))
    film = _begun(start, replay, stored.base.note or BEGINNING if is_whole else LOST)
    names = _Names(stored)
    pins = {version.seq for version in stored.versions}.union(ends)
    pieces = [piece for piece in stored.pieces if piece.seq > start.seq]
    known = _known(canvas, stored, pieces, film) if is_whole and stored.mark is not None else None
    if known is not None and stored.mark is not None:
        for piece, changes in known:
            film.add(_moment(film, [piece], names, changes, is_unreadable=not _is_sound(canvas, piece)))
        pieces = pieces[len(known) :]
        replay = Replay(sound(stored.mark, "The last keyframe"))
    for part in moments(pieces, pins):
        film.add(_play(canvas, film, [pieces[index] for index in part], replay, names, stored.covered, snapshot))
    rest = replay.mend()
    if rest.texts:
        logger.error("history: that of canvas %s did not play right to the end; its last moment says the rest", canvas)
        film.moments[-1].changes = film.moments[-1].changes.then(rest)
    return film


def is_damaged(stored: StoredHistory) -> bool:
    """Say whether anything of what is stored cannot be read."""
    every: list[Stored] = [stored.base, *stored.pieces]
    if stored.mark is not None:
        every.append(stored.mark)
    for one in every:
        try:
            sound(one, "")
        except Damaged:
            return True
    return False


def _start(canvas: CanvasId, stored: StoredHistory, snapshot: Keyframe | None) -> Keyframe:
    """Return the earliest state that is what was written."""
    for frame in (stored.base, stored.mark):
        if frame is not None:
            try:
                sound(frame, f"The state at {frame.seq} in the history of canvas {canvas}")
            except Damaged as error:
                logger.error("history: %s It begins later.", error.sentence)
            else:
                return frame
    if snapshot is None:
        raise Damaged("The history of this canvas is damaged. Restore it from a backup; the canvas itself is not.")
    return snapshot


def _begun(start: Keyframe, replay: Replay, note: str) -> Film:
    texts, paths = replay.texts(), replay.paths
    made = Changes({file: [(0, "", text)] for file, text in texts.items() if text})
    made.paths = [(file, None, path) for file, path in paths.items()]
    return Film(
        [Moment(start.seq, start.at, start.at, [SYSTEM], note, made)], texts, paths, sum(map(len, texts.values()))
    )


def _known(
    canvas: CanvasId, stored: StoredHistory, pieces: Sequence[Piece], film: Film
) -> list[tuple[Piece, Changes]] | None:
    """Return the moments whose changes are stored, None when they do not lead to the last keyframe."""
    mark = stored.mark
    if mark is None:
        return None
    found: list[tuple[Piece, Changes]] = []
    lengths = {file: utf16_length(text) for file, text in film.texts.items()}
    try:
        for piece in pieces:
            if piece.seq > mark.seq:
                break
            if piece.changes is None:
                return None
            changes = unpacked(piece.changes)
            for file, splices in changes.texts.items():
                added, removed = counted(splices)
                lengths[file] = lengths.get(file, 0) + added - removed
            found.append((piece, changes))
        ends = {file: utf16_length(text) for file, text in Replay(sound(mark, "The last keyframe")).texts().items()}
    except (Malformed, Damaged) as error:
        logger.error("history: %s Canvas %s is played from its beginning instead.", error.sentence, canvas)
        return None
    if any(lengths.get(file, 0) != length for file, length in ends.items()):
        logger.error("history: what is stored of canvas %s does not fit together; it is played instead", canvas)
        return None
    return found


def _play(
    canvas: CanvasId,
    film: Film,
    pieces: Sequence[Piece],
    replay: Replay,
    names: "_Names",
    covered: int,
    snapshot: Keyframe | None,
) -> Moment:
    whole = [piece.payload for piece in pieces if _is_sound(canvas, piece)]
    moment = _moment(film, pieces, names, Changes(), is_unreadable=len(whole) < len(pieces))
    try:
        if whole:
            moment.changes = replay.play(whole)
        # Behind the damage, what built on it is taken from the snapshot, so that later moments are right again.
        if snapshot is not None and pieces[0].first <= covered <= moment.seq:
            moment.changes = moment.changes.then(replay.play([sound(snapshot, "The snapshot")]))
    except (DocumentFault, Damaged) as error:
        logger.error("history: updates %d to %d of canvas %s: %s", pieces[0].first, moment.seq, canvas, error.sentence)
        moment.is_unreadable = True
    return moment


def _moment(film: Film, pieces: Sequence[Piece], names: "_Names", changes: Changes, *, is_unreadable: bool) -> Moment:
    last = film.moments[-1]
    at = max(pieces[0].at, last.until)
    by = names.of(author for piece in pieces for author in piece.authors)
    accepted = [] if is_unreadable else names.accepting(by[0], pieces)
    return Moment(pieces[-1].seq, at, max(at, pieces[-1].until), by, pieces[-1].note, changes, is_unreadable, accepted)


def _is_sound(canvas: CanvasId, piece: Piece) -> bool:
    try:
        sound(piece, f"Update {piece.seq} of canvas {canvas}")
    except Damaged as error:
        logger.error("history: %s It is left out; what came after stays.", error.sentence)
        return False
    return True


class _Names:
    """Origins by id, the latest name first: whoever changed theirs is shown under the new one."""

    def __init__(self, stored: StoredHistory) -> None:
        self._clients = stored.clients
        self._origins = dict(stored.people)
        self._origins.update((origin.id, origin) for origin in stored.clients.values())
        self._origins.setdefault(SYSTEM.id, SYSTEM)

    def of(self, ids: Iterable[str]) -> list[Origin]:
        """Return origins by id, each once."""
        found = dict.fromkeys(ids)
        if len(found) > 1:
            found.pop(SYSTEM.id, None)  # what it noted beside what people did
        return [self._origins.get(id_) or Origin("person", id_, "Somebody", 0) for id_ in found][: MAX_OTHERS + 1]

    def accepting(self, by: Origin, pieces: Sequence[Piece]) -> list[str]:
        """Return who accepted what `by` suggested, as the client ids say that it is written under; none for a person.

        A large moment, of many by now, says nothing.
        """
        if by.kind not in ("model", "expert") or sum(len(piece.payload) for piece in pieces) > MAX_READ:
            return []
        try:
            sections = [section.client for piece in pieces for section in read_update(piece.payload, own=True).sections]
        except Malformed:
            return []
        origins = (self._clients.get(client) for client in sections)
        return list(dict.fromkeys(one.accepted_by for one in origins if one and one.id == by.id and one.accepted_by))

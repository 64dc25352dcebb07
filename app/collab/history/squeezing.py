"""What is beyond the bounds and held by a named version: each stretch between two versions becomes one moment.

It holds what was different at its end, not how it came to be: text that was typed and deleted within it is gone. So
the bytes kept beyond the bounds grow with versions, of which there are few, and not with what was typed. Everything
here is for a thread. What must not be here: storage.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pycrdt import Doc

from app.collab import document
from app.collab.document import DocumentFault, YDoc
from app.collab.history.damage import sound
from app.collab.history.ports import Piece, StoredHistory
from app.collab.history.replay import Replay, packed
from app.collab.history.steps import Replacement, as_one, damaged_among, whole
from app.domain.history import Bounds, foldable, pinned

logger = logging.getLogger(__name__)
WORTH = 0.8  # what is left of a stretch's bytes for it to be replaced: one that was squeezed before stays as it is

Stretch = tuple[int, int, int, int]  # its first and its last update, how many moments, how many bytes


def squeeze(stored: StoredHistory, now: float, bounds: Bounds, settled: set[Stretch]) -> list[Replacement]:
    """Return the steps that make one moment of each stretch that only a version holds. Raises Damaged.

    `settled`: those that are as they are to be, which are not worked out again; afterwards those of now, as if the
    steps were taken. One that was not replaced after all is another one, and worked out the next time.
    """
    kept = whole(stored)
    beyond = kept[: foldable(kept, now, (), bounds)]
    state = sound(stored.base, "The base of the history")
    steps: list[Replacement] = []
    passed: list[Piece] = []  # what `state` is still without
    seen: set[Stretch] = set()
    for part in pinned(beyond, {version.seq for version in stored.versions}):
        pieces = [beyond[index] for index in part]
        if damaged_among(pieces, stored.covered):
            break  # what comes after cannot be told from what is missing
        stretch = _stretch(pieces)
        if stretch in settled:
            seen.add(stretch)
            passed += pieces
            continue
        one, state = _squeezed(pieces, _after(state, passed) if passed else state)
        passed = []
        if one is not None and len(one.payload) <= WORTH * sum(len(piece.payload) for piece in pieces):
            steps.append(Replacement(pieces, [one], None))
            stretch = _stretch([one])
        seen.add(stretch)
    settled.clear()
    settled |= seen
    return steps


def _stretch(pieces: Sequence[Piece]) -> Stretch:
    return pieces[0].first, pieces[-1].seq, len(pieces), sum(len(piece.payload) for piece in pieces)


def _after(state: bytes, pieces: Sequence[Piece]) -> bytes:
    doc: YDoc = Doc()
    for payload in (state, *(piece.payload for piece in pieces)):
        document.guarded(doc.apply_update, payload)
    return document.guarded(doc.get_update)


def _squeezed(pieces: Sequence[Piece], state: bytes) -> tuple[Piece | None, bytes]:
    """Return pieces as one that leads from `state` to theirs, None when it does not; and that state."""
    doc: YDoc = Doc()
    document.guarded(doc.apply_update, state)
    vector = document.guarded(doc.get_state)
    for piece in pieces:
        document.guarded(doc.apply_update, piece.payload)
    payload, after = document.guarded(doc.get_update, vector), document.guarded(doc.get_update)
    replay = Replay(state)
    try:
        changes = replay.play([payload])
        if replay.state() == after:
            return replace(as_one(pieces, packed(changes)), payload=payload), after
    except DocumentFault as error:
        logger.error("history: %s", error.sentence)
    logger.error("history: updates up to %s stay as they are: less of them would not say the same.", pieces[-1].seq)
    return None, after

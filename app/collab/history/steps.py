"""What is put in place of what in a canvas's history: updates become moments, old moments become fewer.

Each step says the same as what it replaces. Everything here is for a thread. What must not be here: storage, when it
is time.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.collab.document import DocumentFault, merge
from app.collab.history.damage import Damaged, sound
from app.collab.history.past import state_at
from app.collab.history.ports import Keyframe, Piece, StoredHistory
from app.collab.history.replay import Replay, packed, unpacked
from app.collab.lib0 import Malformed
from app.domain.history import SETTLED, Bounds, Changes, coarser, foldable, moments
from app.domain.people import SYSTEM

logger = logging.getLogger(__name__)
BROKEN = -1  # the sum of what was damaged before it had one: nothing ever matches it
STEPS_AT_ONCE = 50  # moments made in one transaction: the writer of everybody's edits waits for it


@dataclass(frozen=True, slots=True)
class Replacement:
    """What to put in place of what, for `HistoryStore.replace`."""

    old: Sequence[Piece]
    new: Sequence[Piece]
    keyframe: Keyframe | None


def put_together(tail: StoredHistory, snapshot: Keyframe | None, now: float) -> Replacement | None:
    """Return the moments of what is covered and not put together yet. Raises Damaged when there is no state to play on.

    `snapshot`: the log's, given when something in between is damaged; then the last moment goes on from it.
    """
    start = tail.mark or tail.base
    pieces = [piece for piece in tail.pieces if start.seq < piece.seq <= tail.covered]
    parts = list(moments(pieces, {version.seq for version in tail.versions}))
    while parts and now - SETTLED < pieces[parts[-1].stop - 1].until <= now:
        parts.pop()  # it may go on, or be of several who write at once
    if not parts:
        return None
    replay = Replay(sound(start, "A keyframe of the history"))
    made = [one for part in parts for one in _moments_of([pieces[index] for index in part], replay)]
    if snapshot is not None:
        healed = replay.play([sound(snapshot, "The snapshot")])
        known = unpacked(made[-1].changes) if made[-1].changes else Changes()
        made[-1] = replace(made[-1], changes=packed(known.then(healed)))
    old = pieces[: parts[-1].stop]
    return Replacement(old, made, Keyframe(old[-1].seq, old[-1].until, replay.state(), None, None))


def fold(stored: StoredHistory, now: float, bounds: Bounds) -> list[Replacement]:
    """Return the step that makes the oldest moments part of the base, as far as they are beyond the bounds."""
    kept = whole(stored)
    count = foldable(kept, now, [version.seq for version in stored.versions], bounds)
    gone = kept[:count]
    if not gone or damaged_among(gone, stored.covered):
        return []  # what is damaged is kept as it is: the base could not say what comes after it
    last = gone[-1]
    return [Replacement(gone, [], Keyframe(last.seq, last.until, state_at(stored, last.seq), None, None))]


def put_wider(stored: StoredHistory, now: float, bounds: Bounds) -> list[Replacement]:
    """Return the steps that put old moments together, by minutes and by hours, and by more where there are too many."""
    kept = whole(stored)
    steps: list[Replacement] = []
    for part in coarser(kept, now, {version.seq for version in stored.versions}):
        pieces = [kept[index] for index in part]
        if len(pieces) > 1 and not damaged_among(pieces, stored.covered):
            one = as_one(pieces, _changes_of(pieces))
            last = steps[-1] if steps else None
            if last is not None and last.old[-1].seq + 1 == one.first and len(last.new) < STEPS_AT_ONCE:
                steps[-1] = Replacement([*last.old, *pieces], [*last.new, one], None)
            else:
                steps.append(Replacement(pieces, [one], None))
    return steps


def whole(stored: StoredHistory) -> list[Piece]:
    """Return the moments without the updates after them."""
    last = stored.mark.seq if stored.mark is not None else stored.base.seq
    return [piece for piece in stored.pieces if piece.seq <= last]


def damaged_among(pieces: Iterable[Piece], upto: int) -> bool:
    """Say whether something of what is covered up to `upto` is not what was written."""
    for piece in pieces:
        if piece.seq <= upto:
            try:
                sound(piece, "")
            except Damaged:
                return True
    return False


def _moments_of(pieces: Sequence[Piece], replay: Replay) -> list[Piece]:
    """Return the moment that `pieces` are; those that cannot be read stay by themselves."""
    made: list[Piece] = []
    good: list[Piece] = []

    def finish() -> None:
        if good:
            payload = merge([piece.payload for piece in good])
            try:
                changes = packed(replay.play([payload]))
            except DocumentFault:
                changes = None
            made.append(replace(as_one(good, changes), payload=payload))
            good.clear()

    for piece in pieces:
        try:
            sound(piece, f"Update {piece.seq}")
            good.append(piece)
        except Damaged as error:
            logger.error("history: %s It is kept as it is, by itself.", error.sentence)
            finish()
            made.append(replace(piece, sum=BROKEN if piece.sum is None else piece.sum, changes=packed(Changes())))
    finish()
    return made


def as_one(pieces: Sequence[Piece], changes: bytes | None) -> Piece:
    """Return pieces as one."""
    weights: dict[str, int] = {}
    for piece in pieces:
        for author in piece.authors:
            weights[author] = weights.get(author, 0) + len(piece.payload) // len(piece.authors)
    if len(weights) > 1:
        weights.pop(SYSTEM.id, None)  # what it noted beside what people did
    return Piece(
        first=pieces[0].first,
        seq=pieces[-1].seq,
        at=pieces[0].at,
        until=pieces[-1].until,
        authors=tuple(sorted(weights, key=lambda author: -weights[author])),
        note=next((piece.note for piece in reversed(pieces) if piece.note), None),
        payload=merge([piece.payload for piece in pieces]),
        sum=None,
        changes=changes,
    )


def _changes_of(pieces: Sequence[Piece]) -> bytes | None:
    whole = Changes()
    for piece in pieces:
        if piece.changes is None:
            return None
        try:
            whole = whole.then(unpacked(piece.changes))
        except Malformed:
            return None
    return packed(whole)

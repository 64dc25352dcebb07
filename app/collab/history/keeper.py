"""Keeps the history in order behind everybody's back: updates become moments, old moments become fewer.

Each step is one transaction of the store that replaces rows by what says the same, so a kill at any point loses
nothing. What is computed, is computed in a thread. What must not be here: what is shown.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.collab.document import DocumentFault
from app.collab.history.damage import Damaged, sound
from app.collab.history.past import state_at
from app.collab.history.ports import HistoryStore, Keyframe, Piece, StoredHistory
from app.collab.history.replay import Replay, merged, packed, unpacked
from app.collab.lib0 import Malformed
from app.domain.history import MAX_MOMENTS, Bounds, Changes, coarser, foldable, moments
from app.errors import NotFound, PolycanvasError
from app.ids import CanvasId

logger = logging.getLogger(__name__)
ORDER_SECONDS = 3_600.0  # how often a canvas's old moments are looked through, unless there are too many of them
BROKEN = -1  # the sum of what was damaged before it had one: nothing ever matches it
STEPS_AT_ONCE = 50  # moments made in one transaction: the writer of everybody's edits waits for it
RESTING = 3.0  # seconds without an update after which the last moment is over


@dataclass(frozen=True, slots=True)
class Replacement:
    """What to put in place of what, for `HistoryStore.replace`."""

    old: Sequence[Piece]
    new: Sequence[Piece]
    keyframe: Keyframe | None


class Keeper:
    """Puts canvases in order, one at a time, each soon after it was compacted."""

    def __init__(
        self, store: HistoryStore, bounds: Bounds | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._bounds = bounds or Bounds()
        self._clock = clock
        self._waiting: dict[CanvasId, None] = {}
        self._ordered: dict[CanvasId, float] = {}
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def soon(self, canvas: CanvasId) -> None:
        """Put a canvas's history in order when its turn comes."""
        if self._is_closed:
            return
        self._waiting[canvas] = None
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="history-keeper")

    async def tidy(self, canvas: CanvasId) -> None:
        """Put a canvas's history in order now. Raises NotFound, Unavailable."""
        tail = await self._store.load(canvas, tail=True)
        is_damaged = await asyncio.to_thread(_is_damaged, tail.pieces, tail.covered)
        snapshot = await self._store.snapshot(canvas) if is_damaged else None
        step = await asyncio.to_thread(put_together, tail, snapshot, self._clock())
        if step is not None:
            await self._store.replace(canvas, step.old, step.new, step.keyframe)
        now = self._clock()
        is_due = now - self._ordered.get(canvas, 0.0) >= ORDER_SECONDS
        if is_due or tail.count > MAX_MOMENTS or tail.size > self._bounds.size:
            self._ordered[canvas] = now
            await self._order(canvas)

    async def close(self) -> None:
        """Finish the canvas in hand and take no more."""
        self._is_closed = True
        self._waiting.clear()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _order(self, canvas: CanvasId) -> None:
        for work in (put_wider, fold):
            stored = await self._store.load(canvas)
            for step in await asyncio.to_thread(work, stored, self._clock(), self._bounds):
                if not await self._store.replace(canvas, step.old, step.new, step.keyframe):
                    return

    async def _run(self) -> None:
        try:
            while self._waiting and not self._is_closed:
                canvas = next(iter(self._waiting))
                del self._waiting[canvas]
                try:
                    await self.tidy(canvas)
                except NotFound:
                    self._ordered.pop(canvas, None)  # it was deleted
                except PolycanvasError as error:
                    logger.warning("history of canvas %s is not in order: %s", canvas, error.sentence)
                except Exception:  # the history stays as it is, and is tried again after the next compaction
                    logger.exception("history of canvas %s is not in order", canvas)
        finally:
            self._task = None


def put_together(tail: StoredHistory, snapshot: Keyframe | None, now: float) -> Replacement | None:
    """Return the moments of what is covered and not put together yet. Raises Damaged when there is no state to play on.

    `snapshot`: the log's, given when something in between is damaged; then the last moment goes on from it.
    """
    start = tail.mark or tail.base
    pieces = [piece for piece in tail.pieces if start.seq < piece.seq <= tail.covered]
    parts = list(moments(pieces, {version.seq for version in tail.versions}))
    if parts and now - RESTING < pieces[-1].until <= now:
        parts.pop()  # it may go on
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
    whole = _whole(stored)
    count = foldable(whole, now, [version.seq for version in stored.versions], bounds)
    gone = whole[:count]
    if not gone or _is_damaged(gone, stored.covered):
        return []  # what is damaged is kept as it is: the base could not say what comes after it
    last = gone[-1]
    return [Replacement(gone, [], Keyframe(last.seq, last.until, state_at(stored, last.seq), None, None))]


def put_wider(stored: StoredHistory, now: float, bounds: Bounds) -> list[Replacement]:
    """Return the steps that put old moments together, by minutes and by hours, and by more where there are too many."""
    whole = _whole(stored)
    steps: list[Replacement] = []
    for part in coarser(whole, now, {version.seq for version in stored.versions}):
        pieces = [whole[index] for index in part]
        if len(pieces) > 1 and not _is_damaged(pieces, stored.covered):
            one = _one(pieces, _changes_of(pieces))
            last = steps[-1] if steps else None
            if last is not None and last.old[-1].seq + 1 == one.first and len(last.new) < STEPS_AT_ONCE:
                steps[-1] = Replacement([*last.old, *pieces], [*last.new, one], None)
            else:
                steps.append(Replacement(pieces, [one], None))
    return steps


def _whole(stored: StoredHistory) -> list[Piece]:
    """Return the moments without the updates after them."""
    last = stored.mark.seq if stored.mark is not None else stored.base.seq
    return [piece for piece in stored.pieces if piece.seq <= last]


def _is_damaged(pieces: Iterable[Piece], upto: int) -> bool:
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
            payload = merged([piece.payload for piece in good])
            try:
                changes = packed(replay.play([payload]))
            except DocumentFault:
                changes = None
            made.append(replace(_one(good, changes), payload=payload))
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


def _one(pieces: Sequence[Piece], changes: bytes | None) -> Piece:
    """Return pieces as one."""
    weights: dict[str, int] = {}
    for piece in pieces:
        for author in piece.authors:
            weights[author] = weights.get(author, 0) + len(piece.payload) // len(piece.authors)
    return Piece(
        first=pieces[0].first,
        seq=pieces[-1].seq,
        at=pieces[0].at,
        until=pieces[-1].until,
        authors=tuple(sorted(weights, key=lambda author: -weights[author])),
        note=next((piece.note for piece in reversed(pieces) if piece.note), None),
        payload=merged([piece.payload for piece in pieces]),
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

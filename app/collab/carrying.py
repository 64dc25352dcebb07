"""Comments whose words an edit of the server moved: a diff takes them out in one place and puts them in at another.

The counterpart of what a page does for its own edits. What must not be here: restores, which know where each character
went (see `history.reanchoring`); who may edit.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pycrdt import Map

from app.collab import document, schema
from app.collab.document import YDoc
from app.collab.history.reanchoring import Anchors, anchors_in
from app.collab.relative import Positions
from app.collab.sequence import Run, runs
from app.collab.structs import Id, read_update
from app.ids import FileId

MAX_CARRIED = 200  # places: more are not moved but rewritten, and each is looked for in all that was put in
MIN_WORDS = 3  # characters: less is no sign of where words went; a page's own bound is the same

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Deleted:
    """What an update deletes: for each client its clocks, in order."""

    ranges: Mapping[int, Sequence[Span]]

    def has(self, item: Id | None) -> bool:
        return item is not None and any(True for _ in self.within(item[0], item[1], 1))

    def within(self, client: int, clock: int, length: int) -> Iterator[Span]:
        """Give what of a run it deletes, as offsets in the run."""
        ranges = self.ranges.get(client, ())
        at = max(0, bisect_right(ranges, (clock, clock)) - 1)
        for start, end in ranges[at:]:
            if start >= clock + length:
                return
            if end > clock:
                yield max(start, clock) - clock, min(end, clock + length) - clock


def carry(doc: YDoc, update: bytes, was: YDoc, before: bytes) -> bytes:
    """Return `update`, just made in `doc` by the server, with the comments put where it moved their words.

    `was`: the document that it was made on, whose full state is `before`. `doc` is changed along.
    """
    ranges: dict[int, list[Span]] = {}
    for client, start, end in read_update(update, own=True).deletes:
        ranges.setdefault(client, []).append((start, end))
    if not ranges:
        return update
    deleted = _Deleted({client: sorted(spans) for client, spans in ranges.items()})
    comments = document.values(doc, schema.COMMENTS)
    lost: dict[str, dict[Anchors, list[str]]] = {}  # file → place → the comments there
    for key, anchors in anchors_in(comments, document.values(doc, schema.FILES)):
        if all(deleted.has(anchor.item) for anchor in anchors):
            lost.setdefault(comments[key]["file"], {}).setdefault(anchors, []).append(key)
    moved: dict[str, Any] = {}
    for file, places in lost.items():
        if len(places) <= MAX_CARRIED:
            old = document.text_of(was, FileId(file))
            for anchors, (first, last) in _carried(doc, file, old, before, list(places), deleted):
                moved |= {key: {**comments[key], "start": first, "end": last} for key in places[anchors]}
    if not moved:
        return update
    more = document.changes(doc, lambda doc: doc.get(schema.COMMENTS, type=Map).update(moved))
    return document.merge([update, more]) if more else update


def _carried(
    doc: YDoc, file: str, old: str, before: bytes, places: Sequence[Anchors], deleted: _Deleted
) -> Iterator[tuple[Anchors, tuple[str, str]]]:
    """Give the new anchors of those whose words are found once in what was put into the file."""
    root, after = schema.text_root(file), document.guarded(doc.get_update)
    runs_then, runs_now = (runs(read_update(state, own=True), root) for state in (before, after))
    then, now = Positions(root, runs_then), Positions(root, runs_now)
    new = _units(document.text_of(doc, FileId(file)))
    put_in = [(at, new[at:end]) for at, end in _stretches(_fresh(runs_now, runs_then))]
    gone, old = _stretches(_cut(runs_then, deleted)), _units(old)
    for anchors in places:
        span = _found(old, gone, put_in, then.offset(anchors[0]), then.offset(anchors[1]))
        if span is not None:
            start, end = (now.at(at, anchor.assoc).encode() for at, anchor in zip(span, anchors, strict=True))
            yield anchors, (start, end)


def _found(
    old: str, gone: Sequence[Span], put_in: Sequence[tuple[int, str]], start: int | None, end: int | None
) -> Span | None:
    """Return where words went: all that was cut with them, else their lines, else they alone, if there but once."""
    chunk = next((span for span in gone if start is not None and span[0] <= start < span[1]), None)
    if chunk is None or start is None or end is None or not start < end <= chunk[1]:
        return None
    line = max(chunk[0], old.rfind("\n", 0, start) + 1)
    close = old.find("\n", end, chunk[1])
    for low, high in (chunk, (line, chunk[1] if close < 0 else close), (start, end)):
        words = old[low:high]
        if len(words.strip()) < MIN_WORDS:
            continue
        at = [place + text.find(words) for place, text in put_in if words in text]
        if len(at) == 1 and sum(text.count(words) for _, text in put_in) == 1:
            return at[0] + start - low, at[0] + end - low
    return None


def _fresh(runs_now: Sequence[Run], runs_then: Sequence[Run]) -> Iterator[Span]:
    """Give what was inserted since, as offsets in the text that there is now."""
    known: dict[int, int] = {}
    for run in runs_then:
        known[run.client] = max(known.get(run.client, 0), run.clock + run.length)
    at = 0
    for run in runs_now:
        if run.deleted:
            continue
        first = min(run.length, max(0, known.get(run.client, 0) - run.clock))
        if first < run.length:
            yield at + first, at + run.length
        at += run.length


def _cut(runs_then: Sequence[Run], deleted: _Deleted) -> Iterator[Span]:
    """Give what was deleted, as offsets in the text that there was."""
    at = 0
    for run in runs_then:
        if run.deleted:
            continue
        for start, end in deleted.within(run.client, run.clock, run.length):
            yield at + start, at + end
        at += run.length


def _stretches(spans: Iterator[Span]) -> list[Span]:
    """Return spans in order, those that touch put together."""
    found: list[Span] = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _units(text: str) -> str:
    """Return a text in which each character is one UTF-16 unit, as positions count."""
    return _ASTRAL.sub(_pair, text)


def _pair(found: re.Match[str]) -> str:
    rest = ord(found[0]) - 0x10000
    return chr(0xD800 + (rest >> 10)) + chr(0xDC00 + (rest & 0x3FF))

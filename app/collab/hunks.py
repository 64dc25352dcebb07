"""Hunks in a text: anchoring them on a revision, finding them again in a later one, writing over them.

What must not be here: states of suggestions, rooms.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from pycrdt import Doc, Text

from app.collab.offsets import utf16_length, utf16_to_index, utf16_to_utf8
from app.collab.relative import AFTER, BEFORE, Positions, RelativePosition
from app.collab.sequence import runs
from app.collab.structs import read_update
from app.domain.suggestions import Change, Hunk
from app.domain.textdiff import Edit, edits_between

MAX_CONTEXT = 400  # characters of a hunk's line shown on each side; a longer line is generated text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hunk stands in a revision: UTF-16 units, the 1-based line, and what is on that line around it."""

    hunk: Hunk
    start: int
    end: int
    stale: bool
    line: int
    lead: str
    tail: str

    def to_json(self) -> dict[str, Any]:
        """Return what a reader of the suggestion needs beside the hunk itself."""
        return {"stale": self.stale, "line": self.line, "lead": self.lead, "tail": self.tail}


def positions_in(snapshot: bytes, root: str) -> Positions:
    """Return the relative positions of a text in a full-state update."""
    return Positions(root, runs(read_update(snapshot, own=True), root))


def anchored(snapshot: bytes, root: str, changes: Iterable[Change]) -> list[Hunk]:
    """Return `changes` (offsets in the text of `snapshot`) as proposed hunks h1, h2, …"""
    positions = positions_in(snapshot, root)
    hunks = []
    for number, change in enumerate(changes, start=1):
        start, end = _anchors(positions, change.start, change.end)
        hunks.append(Hunk(f"h{number}", start, end, change.old, change.new))
    return hunks


def located(snapshot: bytes, root: str, text: str, hunks: Sequence[Hunk]) -> list[Place]:
    """Return where `hunks` stand in `text`, the text of `snapshot`; stale when it does not read `old` there, or, of
    an insertion, when the character that it follows was deleted or something was written at its place."""
    positions = positions_in(snapshot, root)
    places = []
    taken = 0
    for hunk in hunks:
        anchor = RelativePosition.decode(hunk.start)
        start = positions.offset(anchor)
        end = positions.offset(RelativePosition.decode(hunk.end))
        known = start is not None and end is not None and start <= end
        first, last = (start or 0, end or 0) if known else (0, 0)
        units = text.encode("utf-16-le")[2 * first : 2 * last]
        stale = not known or units != hunk.old.encode("utf-16-le") or first < taken
        stale = stale or (not hunk.old and positions.is_loose(anchor))
        taken = taken if stale else last
        places.append(_place(hunk, text, first, last, stale))
    return places


def write_over(doc: Doc[Any], root: str, writes: Sequence[tuple[Place, str]]) -> list[Hunk]:
    """Replace the text at each place (in order, apart), keeping the characters that stay; return the hunks anchored
    around what was written."""
    shared = doc.get(root, type=Text)
    text = str(shared)
    edits = [moved for place, new in writes for moved in in_the_text(place, edits_between(place.hunk.old, new))]
    places = utf16_to_utf8(text, (at for edit in edits for at in (edit.start, edit.end)))
    for edit, start, end in zip(reversed(edits), places[-2::-2], places[::-2], strict=True):
        # The new text goes in before the old goes out: both neighbours that it was written between still stand.
        if edit.new:
            shared.insert(start, edit.new)
        if end > start:
            shift = len(edit.new.encode())
            del shared[start + shift : end + shift]
    return _anchored_anew(doc, root, writes)


def in_the_text(place: Place, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Give edits of what stands at a place as edits of the whole text."""
    return (Edit(place.start + edit.start, place.start + edit.end, edit.new) for edit in edits)


def take_out(doc: Doc[Any], root: str, writes: Sequence[tuple[Place, str]], edits: Sequence[Edit]) -> list[Hunk]:
    """Delete what `edits` replace where what they insert stands before it already; return the hunks as `write_over`."""
    shared = doc.get(root, type=Text)
    text = str(shared)
    moved = [*accumulate(utf16_length(edit.new) for edit in edits)]
    both = (at + by for edit, by in zip(edits, moved, strict=True) for at in (edit.start, edit.end))
    places = utf16_to_utf8(text, both)
    for start, end in zip(places[-2::-2], places[::-2], strict=True):
        if end > start:
            del shared[start:end]
    return _anchored_anew(doc, root, writes)


def _anchored_anew(doc: Doc[Any], root: str, writes: Sequence[tuple[Place, str]]) -> list[Hunk]:
    """Return the hunks anchored around what stands now where each was written over."""
    positions = positions_in(doc.get_update(), root)
    written, moved = [], 0
    for place, new in writes:
        start = place.start + moved
        length = utf16_length(new)
        anchors = _anchors(positions, start, start + length)
        written.append(replace(place.hunk, start=anchors[0], end=anchors[1]))
        moved += length - (place.end - place.start)
    return written


def _anchors(positions: Positions, start: int, end: int) -> tuple[str, str]:
    """The rule for anchors: around the text that is replaced; of an insertion, on the characters before and after
    it, so that whatever is written between them meanwhile makes it stale. Where one is missing the other counts."""
    if start == end:
        before, after = (positions.at(start, side) for side in (BEFORE, AFTER))
        if start == 0:
            before = after
        elif start == positions.length:
            after = before
        return before.encode(), after.encode()
    return positions.at(start, AFTER).encode(), positions.at(end, BEFORE).encode()


def _place(hunk: Hunk, text: str, start: int, end: int, stale: bool) -> Place:
    first, last = utf16_to_index(text, start), utf16_to_index(text, end)
    line = text.count("\n", 0, first) + 1
    # Its text is gone: what stands around the place that is left was never on its line.
    if start == end and (hunk.new if hunk.state == "accepted" else hunk.old):
        return Place(hunk, start, end, stale, line, "", "")
    line_start = text.rfind("\n", 0, first) + 1
    line_end = text.find("\n", last)
    lead = text[max(line_start, first - MAX_CONTEXT) : first]
    # A hunk that takes or brings whole lines has nothing after it on its own line.
    whole = hunk.old.endswith("\n") or (not hunk.old and hunk.new.endswith("\n"))
    tail = "" if whole else text[last : len(text) if line_end < 0 else line_end][:MAX_CONTEXT]
    return Place(hunk, start, end, stale, line, lead, tail)

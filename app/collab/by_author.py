"""Text written on behalf of several at once: each stretch under a fresh client id of whoever wrote it.

Also how it is noted whose a stretch is, so that it can come back as theirs: a note names one character of each author
in a row, and whose that is the client ids say. What must not be here: why text comes back; rooms.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pycrdt import Doc, Text

from app.collab import document, schema
from app.collab.document import YDoc
from app.collab.offsets import utf16_length, utf16_to_index, utf16_to_utf8
from app.collab.returned import Whose
from app.collab.sequence import Run
from app.domain.authorship import Span
from app.domain.people import Origin
from app.domain.textdiff import Edit
from app.ids import FileId

_NOTED = re.compile(r"(\d+)@(\d+):(\d+)")


@dataclass(slots=True, eq=False)
class Stretch:
    """Text that one origin wrote, to insert before unit `at` of a file's text."""

    file: FileId
    at: int
    text: str
    origin: Origin
    is_in: bool = False


@dataclass(slots=True)
class Brought:
    """What brings stretches in: an update (None: there were none), and whom the client ids in it stand for."""

    update: bytes | None = None
    clients: dict[int, Origin] = field(default_factory=dict)


def bring(state: Sequence[bytes], stretches: Sequence[Stretch], taken: Mapping[int, Origin], by: str) -> Brought:
    """Return what inserts `stretches` (in order of file and place) into a document.

    `state`: the updates it is made of; `taken`: the client ids that it has; `by`: the name of whoever brings them back.
    """
    brought = Brought()
    updates: list[bytes] = []
    for origin in dict.fromkeys(stretch.origin for stretch in stretches):
        doc: YDoc = Doc(client_id=document.fresh_client({**taken, **brought.clients}))
        for one in (*state, *updates):
            document.guarded(doc.apply_update, one)
        update = document.changes(doc, partial(_insert, stretches=stretches, origin=origin))
        if update is not None:
            updates.append(update)
            brought.clients[doc.client_id] = replace(origin, restored_by=by)
    if updates:
        brought.update = document.merge(updates)
    return brought


def parts(edits: Sequence[Edit], new: str, spans: Sequence[Span]) -> Iterator[tuple[int, str, Origin]]:
    """Give what `edits` insert on the way to `new`, cut where its author changes: the edit's number, text, author.

    `spans`: who wrote what of `new`, without gaps.
    """
    ends = [span.end for span in spans]
    shift = 0
    for number, edit in enumerate(edits):
        start = edit.start + shift
        end = start + utf16_length(edit.new)
        for span in _within(spans, ends, start, end):
            low, high = max(span.start, start), min(span.end, end)
            text = edit.new[utf16_to_index(edit.new, low - start) : utf16_to_index(edit.new, high - start)]
            yield number, text, span.origin
        shift += end - start - (edit.end - edit.start)


def with_other_authors(edits: Sequence[Edit], new: str, now: Sequence[Span], then: Sequence[Span]) -> list[Edit]:
    """Return the edits on the way to `new`, with those that put others' characters in the place of the same ones.

    What the edits leave alone may read as it did and be somebody else's. `now`, `then`: who wrote what of the text
    that there is, and of `new`; both without gaps.
    """
    units = new.encode("utf-16-le")
    ends_now, ends_then = ([span.end for span in spans] for spans in (now, then))
    found: list[Edit] = []
    at = shift = 0
    for edit in (*edits, None):
        upto = edit.start if edit is not None else (now[-1].end if now else 0)
        for span in _within(now, ends_now, at, upto):
            for other in _within(then, ends_then, max(span.start, at) + shift, min(span.end, upto) + shift):
                low, high = max(span.start, at, other.start - shift), min(span.end, upto, other.end - shift)
                if other.origin != span.origin:
                    same = units[2 * (low + shift) : 2 * (high + shift)].decode("utf-16-le")
                    found.append(Edit(low, high, same))
        if edit is not None:
            found.append(edit)
            at = edit.end
            shift += utf16_length(edit.new) - (edit.end - edit.start)
    return found


def _within(spans: Sequence[Span], ends: Sequence[int], start: int, end: int) -> Iterator[Span]:
    """Give the spans that have something from `start` up to `end`."""
    at = bisect_right(ends, start)
    while start < end and at < len(spans) and spans[at].start < end:
        yield spans[at]
        at += 1


def noted(runs: Iterable[Run], whose: Whose, start: int, end: int) -> str:
    """Return a note of whose the units from `start` up to `end` of a text are. `runs`: all of that text."""
    found: list[tuple[int, int, int]] = []
    last: Origin | None = None
    at = 0
    for run in runs:
        if run.deleted:
            continue
        low, high = max(start - at, 0), min(end - at, run.length)
        at += run.length
        if low >= high:
            continue
        for part, origin, _ in whose.parts(run.client, run.clock + low, run.clock + high):
            length = part.end - part.start
            if origin == last:
                found[-1] = found[-1][0] + length, *found[-1][1:]
            else:
                found.append((length, part.client, part.start))
            last = origin
    return " ".join(f"{length}@{client}:{clock}" for length, client, clock in found)


def read_note(note: str, whose: Whose) -> list[Span]:
    """Return what a note says, as spans from 0 on."""
    spans: list[Span] = []
    for length, client, clock in (map(int, found.groups()) for found in _NOTED.finditer(note)):
        start = spans[-1].end if spans else 0
        ((_, origin, _),) = whose.parts(client, clock, clock + 1)
        spans.append(Span(start, start + length, origin))
    return spans


def _insert(doc: YDoc, stretches: Sequence[Stretch], origin: Origin) -> None:
    """Insert what `origin` wrote, each where it belongs among what is in already."""
    shift: dict[FileId, int] = {}
    mine: list[tuple[Stretch, int]] = []
    for stretch in stretches:
        if stretch.is_in:
            shift[stretch.file] = shift.get(stretch.file, 0) + utf16_length(stretch.text)
        elif stretch.origin == origin:
            mine.append((stretch, stretch.at + shift.get(stretch.file, 0)))
    for file in dict.fromkeys(stretch.file for stretch, _ in mine):
        text = doc.get(schema.text_root(file), type=Text)
        here = [(stretch, at) for stretch, at in mine if stretch.file == file]
        places = utf16_to_utf8(document.text_of(doc, file), (at for _, at in here))
        # The last first, so that places before it stay what they are.
        for (stretch, _), place in zip(reversed(here), reversed(places), strict=True):
            text.insert(place, stretch.text)
            stretch.is_in = True

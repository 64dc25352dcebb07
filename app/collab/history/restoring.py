"""Bringing a past state back as a new edit: the smallest one, each stretch under a client id of whoever wrote it.

Everything here is for a thread. What must not be here: rooms, storage, who may restore.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pycrdt import Doc, Map, Text

from app.collab import document, schema
from app.collab.document import YDoc
from app.collab.history.reanchoring import Moves, reanchored
from app.collab.offsets import utf16_length, utf16_to_index, utf16_to_utf8
from app.collab.provenance import authors_of
from app.collab.returned import Whose
from app.domain.authorship import Span
from app.domain.people import Origin
from app.domain.textdiff import Edit, edits_between
from app.ids import FileId


@dataclass(frozen=True, slots=True)
class Wanted:
    """How things are to be: file id → path, None to take it out; and texts of files that stay or come back."""

    paths: Mapping[str, str | None]
    texts: Mapping[str, str]


@dataclass(slots=True)
class Restored:
    """What to bring in: an update (None: nothing differs), and whom the new client ids in it stand for.

    `moves`: the comments to put on what comes back, if by then they still stand where they did.
    """

    update: bytes | None
    clients: dict[int, Origin] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    moves: Moves = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class _Stretch:
    """Text that one origin wrote, to insert before unit `at` of what is kept of a file's text."""

    file: FileId
    at: int
    text: str
    origin: Origin
    is_in: bool = False


def restore(
    now: bytes, then: bytes, wanted: Wanted, by: Origin, bound: Mapping[int, Origin], taken: Mapping[int, Origin]
) -> Restored:
    """Return the edit from the state `now` to what is wanted of the state `then`.

    `bound`: whose the client ids of `then` are; `taken`: the client ids that the document has now.
    """
    doc, client = _copy([now], taken)
    before = document.paths(doc)
    restored = Restored(None, {client: by})
    edits: dict[FileId, list[Edit]] = {}
    for file, new in wanted.texts.items():
        if found := edits_between(document.text_of(doc, FileId(file)), new):
            edits[FileId(file)] = found
    for file, path in sorted(wanted.paths.items(), key=lambda pair: pair[1] or ""):
        if path is None:
            restored.removed.extend([before[FileId(file)]] if file in before else [])
        elif before.get(FileId(file)) != path or file in edits:
            restored.changed.append(path)
    updates = [document.changes(doc, lambda doc: _cut(doc, wanted.paths, edits))]
    past, _ = _copy([then], taken)
    whose = Whose(bound, {**document.values(doc, schema.AUTHORS), **document.values(past, schema.AUTHORS)})
    written = authors_of(then, whose, {file: ("", wanted.texts[file]) for file in edits})
    stretches = [
        stretch
        for one in written
        for stretch in _stretches(FileId(one.id), edits[FileId(one.id)], wanted, one.spans, by)
    ]
    for origin in dict.fromkeys(stretch.origin for stretch in stretches):
        doc, client = _copy([now, *(update for update in updates if update)], taken)
        restored.clients[client] = replace(origin, restored_by=by.name)
        updates.append(document.changes(doc, partial(_insert, stretches=stretches, origin=origin)))
    if edits:
        doc, _ = _copy([now, *(update for update in updates if update)], taken)
        comments = document.values(doc, schema.COMMENTS)
        texts: dict[str, str] = {file: wanted.texts[file] for file in edits}
        restored.moves = reanchored(comments, now, then, document.guarded(doc.get_update), texts)
    whole = [update for update in updates if update is not None]
    restored.update = document.merge(whole) if whole else None
    return restored


def _copy(states: Sequence[bytes], taken: Mapping[int, Origin]) -> tuple[YDoc, int]:
    """Return a document of its own, and the fresh client id that it writes under."""
    doc: YDoc = Doc(client_id=document.fresh_client(taken))
    for state in states:
        document.guarded(doc.apply_update, state)
    return doc, doc.client_id


def _cut(doc: YDoc, paths: Mapping[str, str | None], edits: Mapping[FileId, Sequence[Edit]]) -> None:
    """Put files where they were, and take out what was not there."""
    files = doc.get(schema.FILES, type=Map)
    entries = document.values(doc, schema.FILES)
    for file, path in paths.items():
        if path is None and file in entries:
            del files[file]
        elif path is not None and entries.get(file, {}).get("path") != path:
            files[file] = {**entries.get(file, {}), "path": path}
    for file, found in edits.items():
        text = doc.get(schema.text_root(file), type=Text)
        old = str(text)
        for edit in reversed(found):
            start, end = utf16_to_utf8(old, edit.start), utf16_to_utf8(old, edit.end)
            if end > start:
                del text[start:end]


def _stretches(
    file: FileId, edits: Sequence[Edit], wanted: Wanted, spans: Sequence[Span], by: Origin
) -> list[_Stretch]:
    """Return what the edits insert, cut where its author changes, in order."""
    new = wanted.texts[file]
    if not spans or spans[-1].end != utf16_length(new):
        spans = [Span(0, utf16_length(new), by)]  # the past is damaged here: whoever brings it back answers for it
    found: list[_Stretch] = []
    taken = put = 0  # units of the old text cut, of the new text inserted, so far
    for edit in edits:
        start = edit.start - taken + put
        end = start + utf16_length(edit.new)
        for low, high, origin in _within(spans, start, end):
            part = edit.new[utf16_to_index(edit.new, low - start) : utf16_to_index(edit.new, high - start)]
            found.append(_Stretch(file, edit.start - taken, part, origin))
        taken += edit.end - edit.start
        put += end - start
    return found


def _within(spans: Sequence[Span], start: int, end: int) -> list[tuple[int, int, Origin]]:
    return [
        (max(span.start, start), min(span.end, end), span.origin)
        for span in spans
        if span.start < end and span.end > start
    ]


def _insert(doc: YDoc, stretches: Sequence[_Stretch], origin: Origin) -> None:
    """Insert what `origin` wrote, each where it belongs among what is in already."""
    shift: dict[FileId, int] = {}
    mine: list[tuple[_Stretch, int]] = []
    for stretch in stretches:
        if stretch.is_in:
            shift[stretch.file] = shift.get(stretch.file, 0) + utf16_length(stretch.text)
        elif stretch.origin == origin:
            mine.append((stretch, stretch.at + shift.get(stretch.file, 0)))
    olds = {stretch.file: document.text_of(doc, stretch.file) for stretch, _ in mine}
    for stretch, at in reversed(mine):  # the last first, so that places before it stay what they are
        text = doc.get(schema.text_root(stretch.file), type=Text)
        text.insert(utf16_to_utf8(olds[stretch.file], at), stretch.text)
        stretch.is_in = True

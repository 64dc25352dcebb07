"""Bringing a past state back as a new edit: the smallest one, each stretch under a client id of whoever wrote it.

Everything here is for a thread. What must not be here: rooms, storage, who may restore.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pycrdt import Doc, Map, Text

from app.collab import document, schema
from app.collab.by_author import Stretch, bring, parts
from app.collab.document import YDoc
from app.collab.history.reanchoring import Moves, reanchored
from app.collab.offsets import utf16_length, utf16_to_utf8
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
        for stretch in _stretches(FileId(one.id), edits[FileId(one.id)], wanted.texts[one.id], one.spans, by)
    ]
    brought = bring([now, *(update for update in updates if update)], stretches, {**taken, client: by}, by.name)
    restored.clients |= brought.clients
    updates.append(brought.update)
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
        places = utf16_to_utf8(str(text), (at for edit in found for at in (edit.start, edit.end)))
        for start, end in zip(places[-2::-2], places[::-2], strict=True):
            if end > start:
                del text[start:end]


def _stretches(file: FileId, edits: Sequence[Edit], new: str, spans: Sequence[Span], by: Origin) -> Iterator[Stretch]:
    """Give what the edits insert, cut where its author changes, in order: where it belongs in what is kept."""
    if not spans or spans[-1].end != utf16_length(new):
        spans = [Span(0, utf16_length(new), by)]  # the past is damaged here: whoever brings it back answers for it
    gone = [0, *accumulate(edit.end - edit.start for edit in edits)]  # units of the old text cut before each
    for number, text, origin in parts(edits, new, spans):
        yield Stretch(file, edits[number].start - gone[number], text, origin)

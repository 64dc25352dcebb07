"""The flat document as pycrdt holds it: make one, read it, change it. Every call into pycrdt is guarded here.

What must not be here: sessions, storage, or bytes from outside that the validator has not accepted.
"""

import secrets
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from pycrdt import Doc, Map, Text, merge_updates

from app.collab import schema
from app.collab.index import Index
from app.collab.offsets import utf16_to_utf8
from app.collab.placing import Placing
from app.collab.structs import halves_of, read_update
from app.domain.files import MAX_CANVAS_BYTES, MAX_FILES, check_path, check_text
from app.domain.people import Origin
from app.domain.textdiff import edits_between
from app.errors import BadInput, PolycanvasError, TooLarge
from app.ids import FileId, new_id

P = ParamSpec("P")
T = TypeVar("T")
Json = Any
YDoc = Doc[Any]
# Bytes of updates in one transaction. Its end costs far more than in proportion, and nothing else runs meanwhile:
# 85,000 keystrokes took 1.1 s in one and 0.1 s in these.
APPLIED_AT_ONCE = 16 << 10
MERGED_AT_ONCE = 32  # updates: the cost of merging grows faster than their number


class DocumentFault(PolycanvasError):
    """pycrdt failed on input that the validator accepted. The room is closed and loaded again from the log."""

    code = "document-fault"


def guarded(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call into pycrdt; its panics, which are not Exceptions, become DocumentFault."""
    try:
        return call(*args, **kwargs)
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise DocumentFault("The document could not take a change; reload the page.") from error
        raise


def fresh_client(taken: Container[int]) -> int:
    """Return a client id that nobody has used in this document; below 2**32, as Yjs draws them."""
    while True:
        client = secrets.randbits(32)
        if client and client not in taken:
            return client


def apply(doc: YDoc, updates: Iterable[bytes]) -> None:
    """Apply accepted updates in order, many in each transaction. Raises DocumentFault."""
    parts: list[bytes] = []
    size = 0
    for update in updates:
        parts.append(update)
        size += len(update)
        if size >= APPLIED_AT_ONCE:
            guarded(_apply, doc, parts)
            parts, size = [], 0
    if parts:
        guarded(_apply, doc, parts)


def _apply(doc: YDoc, updates: Sequence[bytes]) -> None:
    with doc.transaction():
        for update in updates:
            doc.apply_update(update)


def merge(updates: Sequence[bytes]) -> bytes:
    """Return one update with all of `updates`, which are accepted and in order. Raises DocumentFault."""
    while len(updates) > 1:
        parts = [updates[at : at + MERGED_AT_ONCE] for at in range(0, len(updates), MERGED_AT_ONCE)]
        updates = [part[0] if len(part) == 1 else guarded(merge_updates, *part) for part in parts]
    return updates[0]


def changes(doc: YDoc, change: Callable[[YDoc], None]) -> bytes | None:
    """Run `change` in one transaction; return its update, or None when it changed nothing."""
    captured: list[bytes] = []
    subscription = doc.observe(lambda event: captured.append(event.update))

    def run() -> None:
        with doc.transaction():
            change(doc)

    try:
        guarded(run)
    finally:
        doc.unobserve(subscription)
    return merge(captured) if captured else None


def index_of(doc: YDoc) -> Index:
    """Return the index of a document's full state, which is our own and so read without the bounds of a frame."""
    update = read_update(guarded(doc.get_update), own=True)
    index = Index()
    spans = Placing(index, update.sections).run() if update.sections else []
    halves = (half for section in update.sections for half in halves_of(section))
    index.record(spans, update.deletes, halves)
    return index


def new_document(files: Mapping[str, str], origin: Origin) -> tuple[bytes, int]:
    """Return a first document as one update, and the client id that wrote it. Raises BadInput or TooLarge."""
    check_files(files)
    doc: YDoc = Doc(client_id=fresh_client(()))
    with doc.transaction():
        for path, text in files.items():
            add_file(doc, check_path(path), text)
        doc.get(schema.AUTHORS, type=Map)[str(doc.client_id)] = origin.to_json()
    return doc.get_update(), doc.client_id


def check_files(files: Mapping[str, str]) -> None:
    """Raise BadInput or TooLarge unless `files` (path → text) can be a canvas."""
    if len(files) > MAX_FILES:
        raise TooLarge(f"A canvas may have at most {MAX_FILES:,} files; this one has {len(files):,}.")
    clean = {check_path(path) for path in files}
    if len(clean) < len(files):
        raise BadInput("Two files have the same path once it is written in one form.")
    size = sum(len(check_text(text, path).encode()) for path, text in files.items())
    if size > MAX_CANVAS_BYTES:
        raise TooLarge(f"The files have {size:,} bytes together; a canvas may have at most {MAX_CANVAS_BYTES:,}.")


def add_file(doc: YDoc, path: str, text: str) -> FileId:
    """Add a file with its text; `path` and `text` are checked."""
    file = FileId(new_id())
    doc.get(schema.FILES, type=Map)[file] = {"path": path}
    if text:
        doc.get(schema.text_root(file), type=Text).insert(0, text)
    return file


def values(doc: YDoc, root: str) -> dict[str, Json]:
    """Return a map root as plain JSON."""
    return {key: _as_json(value) for key, value in (doc.get(root, type=Map).to_py() or {}).items()}


def has(doc: YDoc, root: str, key: str) -> bool:
    """Say whether a map root has a key."""
    return key in doc.get(root, type=Map)


def value(doc: YDoc, root: str, key: str) -> Json | None:
    """Return what stands under one key of a map root, None for nothing."""
    target = doc.get(root, type=Map)
    return _as_json(target[key]) if key in target else None


def _as_json(value: Json) -> Json:
    """Return a value with whole numbers as int: pycrdt reads every number as a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return value


def paths(doc: YDoc) -> dict[FileId, str]:
    """Return file id → path, sorted by path."""
    found = ((FileId(key), str(value["path"])) for key, value in values(doc, schema.FILES).items())
    return dict(sorted(found, key=lambda pair: (pair[1], pair[0])))


def text_of(doc: YDoc, file: FileId) -> str:
    """Return a file's text; empty when nothing was ever written."""
    return str(doc.get(schema.text_root(file), type=Text))


def replace_text(doc: YDoc, file: FileId, new: str) -> None:
    """Make a file's text `new` by the smallest edits, so that carets and other people's edits stay where they are."""
    text = doc.get(schema.text_root(file), type=Text)
    old = str(text)
    edits = edits_between(old, new)
    places = utf16_to_utf8(old, (at for edit in edits for at in (edit.start, edit.end)))
    for edit, start, end in zip(reversed(edits), places[-2::-2], places[::-2], strict=True):
        if end > start:
            del text[start:end]
        if edit.new:
            text.insert(start, edit.new)

"""A canvas with its past as one file: a zip that another installation can take in as a canvas of its own.

What comes in was made by anybody: every update is judged as a page's would be before pycrdt sees it. Everything here
is for a thread. What must not be here: storage, who may export or import, people's rights.
"""

import io
import json
import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pycrdt import Doc, Map

from app.collab import document, schema
from app.collab.comment_form import MAX_AUTHOR
from app.collab.document import DocumentFault, YDoc
from app.collab.history.damage import Damaged, sound
from app.collab.history.incoming import bring_comments
from app.collab.history.ports import Keyframe, Past, Piece, StoredHistory, Version
from app.collab.index import Index
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK, Malformed
from app.collab.returned import MAX_RANGES, sound_ranges
from app.collab.validator import Writer, check
from app.collab.verdicts import Denied, Foreign, Gap
from app.domain.files import MAX_FILES, check_text
from app.domain.history import MAX_VERSIONS, check_version_name
from app.domain.people import SYSTEM, Origin
from app.errors import BadInput, TooLarge
from app.ids import new_id

FORMAT = 2  # of the file; a reader refuses a higher one
MAX_BYTES = 48 << 20  # of the file: what a request may bring
MAX_UNPACKED = 160 << 20  # of what is in it: twice what a store keeps of one canvas
MAX_PIECES = 20_000  # twice what a store keeps, before it has put the last ones together
MAX_NOTE = 200  # characters, as in the store

_SAYS, _BASE, _PIECES = "canvas.json", "base.bin", "pieces.bin"
_MAX_SAYS = 16 << 20
_KINDS = {"person", "model", "expert", "system"}
_TEXTS = ("id", "name")
_OPTIONAL = ("run", "suggestion", "asked_by", "accepted_by", "restored_by", "imported_by")
_LATEST = 32_503_680_000.0  # the year 3000: no clock is that wrong
_NOT_ONE = "This file is not a canvas that Polycanvas exported. Nothing was imported."
_BROKEN = "This file is damaged or was cut off ({why}). Export the canvas again. Nothing was imported."
_NEWER = (
    "This file was made by a newer version of Polycanvas ({version}). Import it there, or bring this server up to date."
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A canvas that may be stored, all of it judged."""

    name: str
    past: Past


def pack(name: str, version: str, at: str, stored: StoredHistory, snapshot: bytes) -> bytes:
    """Return the file. `at`: when, for people. A past that is damaged stays behind: the file has `snapshot` alone then.

    Raises TooLarge when it would be more than an import takes.
    """
    base, pieces, versions = stored.base, stored.pieces, stored.versions
    try:
        sound(base, "The beginning")
        for piece in pieces:
            sound(piece, f"Update {piece.seq}")
    except Damaged:
        base, pieces, versions = Keyframe(stored.head, base.at, snapshot, None, "damaged history left out"), [], []
    says = {
        "polycanvas": "canvas",
        "format": FORMAT,
        "version": version,
        "exported_at": at,
        "name": name,
        "base": [base.seq, base.at, base.note],
        "pieces": [[one.first, one.seq, one.at, one.until, one.authors, one.note, len(one.payload)] for one in pieces],
        "clients": {str(client): origin.to_json() for client, origin in stored.clients.items()},
        "people": [origin.to_json() for origin in stored.people.values()],
        "versions": [[one.name, one.seq, one.at, dict(one.by)] for one in versions],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_SAYS, json.dumps(says, ensure_ascii=False))
        archive.writestr(_BASE, base.payload)
        archive.writestr(_PIECES, b"".join(piece.payload for piece in pieces))
    if file.tell() > MAX_BYTES:
        raise TooLarge(
            f"The canvas with its history is {file.tell() >> 20} MB, more than the {MAX_BYTES >> 20} MB that an import "
            "takes. Back the whole installation up instead: polycanvas backup"
        )
    return file.getvalue()


def unpack(raw: bytes, by: str) -> Imported:
    """Read a file and judge all that is in it. Raises BadInput or TooLarge, in a sentence.

    Who wrote what is what the file says, which anybody can make: so each author in it carries `by`, who brings it.
    """
    says, base_payload, payloads = _opened(raw)
    try:
        base, pieces = _past(says, base_payload, payloads)
        clients = {_whole(int(client), MAX_CLIENT): _origin(one, by) for client, one in says["clients"].items()}
        named = [_origin(one, by) for one in says["people"]]
        versions = _versions(says["versions"], {base.seq, *(piece.seq for piece in pieces)})
        name = str(says["name"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(_BROKEN.format(why="its contents do not fit together")) from error
    doc, index = _played(base, pieces, clients)
    _check_files(doc)
    doc, client = _ours(doc, {**clients, **dict.fromkeys(index.tracks, SYSTEM)})
    authors = {str(one): origin for one, origin in clients.items() if one in index.tracks}
    authors |= _ranges(document.values(doc, schema.AUTHORS), index, by)
    cleared = document.changes(doc, partial(_settle, authors=authors, by=by))
    clients[client] = SYSTEM
    head = pieces[-1].seq if pieces else base.seq
    note = f"imported: {name[:80]}"
    if cleared is None:
        cleared = b"\0\0"
    head += 1
    at = max((piece.until for piece in pieces), default=base.at)
    pieces.append(Piece(head, head, at, at, (SYSTEM.id,), note, cleared, None, None))
    known = {origin.id for origin in clients.values()}
    taken = clients.keys() | index.tracks.keys()
    for origin in named:  # who only ever deleted is known by name through a client id of nobody's
        if origin.id not in known:
            known.add(origin.id)
            client = document.fresh_client(taken)
            taken.add(client)
            clients[client] = origin
    return Imported(name, Past(document.guarded(doc.get_update), base, pieces, clients, versions))


def _opened(raw: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    if len(raw) > MAX_BYTES:
        raise TooLarge(f"A canvas to import may have at most {MAX_BYTES >> 20} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if set(archive.namelist()) != {_SAYS, _BASE, _PIECES}:
                raise BadInput(_NOT_ONE)
            says = json.loads(_read(archive, _SAYS, _MAX_SAYS))
            if not isinstance(says, dict) or says.get("polycanvas") != "canvas":
                raise BadInput(_NOT_ONE)
            if not isinstance(says.get("format"), int) or says["format"] > FORMAT:
                raise BadInput(_NEWER.format(version=str(says.get("version"))[:40]))
            return says, _read(archive, _BASE, MAX_UNPACKED), _read(archive, _PIECES, MAX_UNPACKED)
    except zipfile.BadZipFile as error:
        # A zip's list of contents stands at its end, so a copy that was cut off still begins as one.
        is_cut = raw.startswith(b"PK\x03\x04")
        raise BadInput(_BROKEN.format(why=error) if is_cut else _NOT_ONE) from error
    except (zlib.error, EOFError, ValueError, RecursionError, NotImplementedError, RuntimeError) as error:
        raise BadInput(_BROKEN.format(why="it cannot be unpacked")) from error


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a member's bytes. What it says of its size is not believed: reading stops at the bound."""
    with archive.open(name) as member:
        found = member.read(most + 1)
        if len(found) > most:
            raise TooLarge(f"What is in this file is larger than the {most >> 20} MB that an import takes.")
        return found


def _past(says: Mapping[str, Any], base_payload: bytes, payloads: bytes) -> tuple[Keyframe, list[Piece]]:
    seq, at, note = says["base"]
    base = Keyframe(_whole(seq, MAX_CLOCK), _time(at), base_payload, None, _note(note))
    if len(says["pieces"]) > MAX_PIECES:
        raise TooLarge(f"A history to import may have at most {MAX_PIECES:,} moments.")
    pieces: list[Piece] = []
    last, start = base.seq, 0
    for first, seq, at, until, authors, note, size in says["pieces"]:
        if not last < _whole(first, MAX_CLOCK) <= _whole(seq, MAX_CLOCK) or not 0 < len(authors) <= MAX_FILES:
            raise ValueError("moments are out of order")
        payload = payloads[start : start + _whole(size, MAX_UNPACKED)]
        names = tuple(_text(author, MAX_AUTHOR) for author in authors)
        pieces.append(Piece(first, seq, _time(at), _time(until), names, _note(note), payload, None, None))
        last, start = seq, start + size
    if start != len(payloads):
        raise ValueError("moments are missing")
    return base, pieces


def _played(base: Keyframe, pieces: list[Piece], clients: Mapping[int, Origin]) -> tuple[YDoc, Index]:
    """Judge each update against what came before it, then apply it. Returns the document and its index."""
    doc: YDoc = Doc()
    index = Index()
    writer = Writer(SYSTEM, None)
    for payload in [base.payload, *(piece.payload for piece in pieces)]:
        try:
            accepted = check(payload, index, {}, writer)
            if not clients.keys() >= set(accepted.fresh):
                raise BadInput(_BROKEN.format(why="it does not say who wrote all of its text"))
            index.record(accepted.spans, accepted.deletes, accepted.halves)
            document.guarded(doc.apply_update, accepted.payload)
        except (Malformed, Gap, Denied, Foreign, DocumentFault) as error:
            raise BadInput(_BROKEN.format(why="a part of its history cannot be read")) from error
    return doc, index


def _check_files(doc: YDoc) -> None:
    """Raise BadInput or TooLarge unless the files are what a canvas may have."""
    paths = document.paths(doc)
    if len(paths) > MAX_FILES:
        raise TooLarge(f"A canvas may have at most {MAX_FILES:,} files; this one has {len(paths):,}.")
    for file, path in paths.items():
        check_text(document.text_of(doc, file), path)


def _ours(doc: YDoc, taken: Mapping[int, Origin]) -> tuple[YDoc, int]:
    """Return the document as one that is written to under a client id of its own, and that id."""
    own: YDoc = Doc(client_id=document.fresh_client(taken))
    document.guarded(own.apply_update, document.guarded(doc.get_update))
    return own, own.client_id


def _settle(doc: YDoc, authors: Mapping[str, Origin], by: str) -> None:
    """Take out suggestions and claims; judge the comments that `by` brings; make `authors` say what is bound.

    Pages read the one, the server the other.
    """
    # Suggestions belong to runs of where it comes from: their ids must not be those of two canvases. What an undo
    # brought back there is not judged here, by a past that anybody can make.
    for root in (schema.SUGGESTIONS, schema.RETURNED):
        gone = doc.get(root, type=Map)
        for key in list(gone.keys()):
            del gone[key]
    bring_comments(doc, by)
    said, shown = doc.get(schema.AUTHORS, type=Map), document.values(doc, schema.AUTHORS)
    for key in shown.keys() - authors.keys():
        del said[key]
    for key, origin in authors.items():
        # What the server wrote to its own maps has no author that anybody asks for.
        if (key in shown or origin.kind != SYSTEM.kind) and shown.get(key) != origin.to_json():
            said[key] = origin.to_json()


def _ranges(said: Mapping[str, Any], index: Index, by: str) -> dict[str, Origin]:
    """Return the ranges that `authors` has, of text that is there. Raises BadInput."""
    sound = sound_ranges(said)
    try:
        found = {key: _origin(said[key], by) for key, one in sound.items() if one.end <= index.next(one.client)}
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(_BROKEN.format(why="its contents do not fit together")) from error
    return dict(list(found.items())[:MAX_RANGES])


def _versions(rows: list[Any], ends: set[int]) -> list[Version]:
    if len(rows) > MAX_VERSIONS:
        raise TooLarge(f"A canvas keeps at most {MAX_VERSIONS:,} versions; this file has {len(rows):,}.")
    versions: list[Version] = []
    for name, seq, at, by in rows:
        if seq not in ends:
            raise ValueError("a version names a moment that is not there")
        who = {"id": _text(by["id"], MAX_AUTHOR), "name": _text(by["name"], MAX_AUTHOR), "hue": _hue(by["hue"])}
        versions.append(Version(new_id(), check_version_name(name), seq, _time(at), who))
    return versions


def _origin(value: Mapping[str, Any], by: str) -> Origin:
    """Return an origin whose every field has the type it should. Raises ValueError, TypeError or KeyError."""
    if value["kind"] not in _KINDS:
        raise ValueError("an author of an unknown kind")
    _hue(value["hue"])
    for key in _TEXTS:
        _text(value[key], MAX_AUTHOR)
    for key in _OPTIONAL:
        if value.get(key) is not None:
            _text(value[key], MAX_AUTHOR)
    if value.get("cost_usd") is not None:
        _time(value["cost_usd"])  # a number that is neither below nothing nor endless
    return Origin.from_json({**value, "imported_by": by})


def _whole(value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError("a number that cannot be")
    return value


def _hue(value: Any) -> int:
    return _whole(value, 359)


def _time(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("a time that cannot be")
    if not 0 <= value <= _LATEST:
        raise ValueError("a time that cannot be")
    return float(value)


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("a name that cannot be")
    return value


def _note(value: Any) -> str | None:
    return None if value is None else _text(value, MAX_NOTE)

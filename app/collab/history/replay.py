"""A canvas's past played forward in a document of its own: what each step did to texts and paths.

Everything here is for a thread: a document is made, used and dropped by the one that calls. What must not be here:
storage, people, bytes that `damage` has not seen.
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, Map, Text

from app.collab import document, schema
from app.collab.document import YDoc
from app.collab.lib0 import Malformed
from app.collab.offsets import utf16_length, utf16_length_of_utf8
from app.domain.history import Changes, Splice, joined


class Replay:
    """A document at some seq of the past, and its texts as UTF-8."""

    def __init__(self, state: bytes) -> None:
        """Begin from a state. Raises DocumentFault."""
        self._doc: YDoc = Doc()
        document.guarded(self._doc.apply_update, state)
        self._texts: dict[str, bytes] = {}
        self._heard: dict[str, list[dict[str, Any]]] = {}
        self._has_new_paths = False
        files: Map[Any] = document.guarded(self._doc.get, schema.FILES, type=Map)
        self._roots: list[Any] = [files]  # pycrdt tells nobody of a root that nobody holds
        files.observe(self._on_files)
        self._paths = self._read_paths()
        for file in self._paths:
            self._follow(file)

    def texts(self) -> dict[str, str]:
        """Return file id → text, of files that are or were there since the beginning."""
        return {file: raw.decode() for file, raw in self._texts.items()}

    @property
    def paths(self) -> dict[str, str]:
        """File id → path, now."""
        return dict(self._paths)

    def state(self) -> bytes:
        """Return the whole state as one update."""
        return document.guarded(self._doc.get_update)

    def play(self, updates: Sequence[bytes]) -> Changes:
        """Apply updates as one step; return what they did. Raises DocumentFault."""
        changes = Changes()
        self._heard.clear()
        self._has_new_paths = False
        document.guarded(self._doc.apply_update, document.merge(updates))
        for file, delta in self._heard.items():
            if splices := self._spliced(file, delta):
                changes.texts[file] = splices
        if self._has_new_paths:
            before, self._paths = self._paths, self._read_paths()
            for file in dict.fromkeys([*before, *self._paths]):
                if before.get(file) != self._paths.get(file):
                    changes.paths.append((file, before.get(file), self._paths.get(file)))
                if file not in self._texts and (text := self._follow(file)):
                    changes.texts[file] = [(0, "", text)]
        return changes

    def mend(self) -> Changes:
        """Return what is still to do to have the document's own texts; nothing, unless a step was told wrongly."""
        changes = Changes()
        for file, raw in self._texts.items():
            right = document.text_of(self._doc, file)  # type: ignore[arg-type]
            if right.encode() != raw:
                changes.texts[file] = [(0, raw.decode(), right)]
                self._texts[file] = right.encode()
        return changes

    def _follow(self, file: str) -> str:
        text = document.guarded(self._doc.get, schema.text_root(file), type=Text)
        self._roots.append(text)
        text.observe(lambda event: self._heard.__setitem__(file, event.delta))
        found = str(text)
        self._texts[file] = found.encode()
        return found

    def _on_files(self, _: Any) -> None:
        self._has_new_paths = True

    def _read_paths(self) -> dict[str, str]:
        found = document.values(self._doc, schema.FILES).items()
        return {file: str(entry["path"]) for file, entry in found if isinstance(entry, dict) and "path" in entry}

    def _spliced(self, file: str, delta: list[dict[str, Any]]) -> list[Splice]:
        """Return an event's delta, which counts bytes of UTF-8, as splices; the text follows."""
        raw = self._texts[file]
        parts: list[bytes] = []
        splices: list[Splice] = []
        read = at = 0  # bytes of the old text, units of the new one
        for part in delta:
            if "retain" in part:
                kept = raw[read : read + int(part["retain"])]
                parts.append(kept)
                read += len(kept)
                at += utf16_length_of_utf8(kept)
            elif "delete" in part:
                gone = raw[read : read + int(part["delete"])]
                read += len(gone)
                splices.append((at, gone.decode(), ""))
            else:
                new = str(part["insert"])
                parts.append(new.encode())
                splices.append((at, "", new))
                at += utf16_length(new)
        parts.append(raw[read:])
        self._texts[file] = b"".join(parts)
        return joined(splices)


def packed(changes: Changes) -> bytes:
    """Return changes as stored."""
    value = {"texts": changes.texts, "paths": changes.paths}
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def unpacked(raw: bytes) -> Changes:
    """Return what `packed` gave. Raises Malformed."""
    try:
        value = json.loads(zlib.decompress(raw).decode("utf-8", "surrogatepass"))
        texts = {
            str(file): [(int(at), str(was), str(new)) for at, was, new in splices]
            for file, splices in value["texts"].items()
        }
        return Changes(texts, [(str(file), old, new) for file, old, new in value["paths"]])
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("What a moment did cannot be read.") from error

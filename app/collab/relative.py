"""Relative positions: places in a text that stay put while others type. Yjs's own bytes, in base64.

What `Y.encodeRelativePosition` writes, this reads, and the other way round. pycrdt's StickyIndex writes the same bytes
but takes and gives offsets that are wrong in texts that are not ASCII, and panics at the end of a text.

What must not be here: what a position is for.
"""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.collab import lib0
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK, Malformed, Reader
from app.collab.sequence import Run
from app.collab.structs import Id
from app.errors import BadInput

AFTER: Literal[0] = 0  # sticks to the character after the place
BEFORE: Literal[-1] = -1  # sticks to the character before it
Assoc = Literal[0, -1]

MAX_ENCODED = 400  # characters of base64: two varints, or a root's name of at most 256 bytes
_MAX_NAME = 256
_ITEM, _ROOT = 0, 1
_MINUS_ONE, _ZERO = 0x41, 0x00  # lib0's signed numbers -1 and 0


@dataclass(frozen=True, slots=True)
class RelativePosition:
    """A place beside the character `item`; without one, the start (BEFORE) or end (AFTER) of the text `root`."""

    item: Id | None
    root: str | None
    assoc: Assoc

    def encode(self) -> str:
        """Return the bytes of `Y.encodeRelativePosition` in base64."""
        if self.item:
            head = lib0.var(_ITEM) + lib0.var(self.item[0]) + lib0.var(self.item[1])
        else:
            head = lib0.var(_ROOT) + lib0.text(self.root or "")
        return base64.b64encode(head + bytes((_MINUS_ONE if self.assoc else _ZERO,))).decode()

    @classmethod
    def decode(cls, text: str) -> "RelativePosition":
        """Read what `encode` or Yjs wrote. Raises BadInput."""
        if len(text) > MAX_ENCODED:
            raise BadInput("A position is too long.")
        try:
            reader = Reader(base64.b64decode(text, validate=True))
            kind = reader.var(2)
            item = root = None
            if kind == _ITEM:
                item = (reader.var(MAX_CLIENT), reader.var(MAX_CLOCK))
            elif kind == _ROOT:
                root = reader.text(_MAX_NAME)
            else:
                raise Malformed("A position names a nested type; a canvas has none.")
            # Yjs before 13.5 wrote no association.
            sign = reader.byte() if reader.left else _ZERO
            reader.finish()
        except (binascii.Error, ValueError, Malformed) as error:
            raise BadInput("A position is not what Yjs writes; send the bytes in base64.") from error
        return cls(item, root, BEFORE if sign & 0x40 else AFTER)


class Positions:
    """Turns offsets (UTF-16 units) of one revision of a text into relative positions and back."""

    def __init__(self, root: str, runs: Sequence[Run]) -> None:
        self._root = root
        self._runs = runs
        self._offsets: list[int] = []
        self._by_client: dict[int, list[tuple[int, int]]] = {}
        offset = 0
        for index, run in enumerate(runs):
            self._offsets.append(offset)
            self._by_client.setdefault(run.client, []).append((run.clock, index))
            offset += 0 if run.deleted else run.length
        for places in self._by_client.values():
            places.sort()
        self.length = offset

    def at(self, offset: int, assoc: Assoc) -> RelativePosition:
        """Return the position at `offset`, sticking to the visible character on the side of `assoc`."""
        if not 0 <= offset <= self.length:
            raise BadInput(f"Position {offset} is outside the text, which has {self.length} UTF-16 units.")
        unit = offset - 1 if assoc == BEFORE else offset
        if not 0 <= unit < self.length:
            return RelativePosition(None, self._root, assoc)
        # Never a deleted run: those have no width, so the visible run that holds the unit comes after them.
        index = bisect_right(self._offsets, unit) - 1
        run = self._runs[index]
        return RelativePosition((run.client, run.clock + unit - self._offsets[index]), None, assoc)

    def is_loose(self, position: RelativePosition) -> bool:
        """Say whether the character that a position sticks to was deleted."""
        index = self._index_of(position.item) if position.item is not None else None
        return index is not None and self._runs[index].deleted

    def _index_of(self, item: Id) -> int | None:
        client, clock = item
        places = self._by_client.get(client, [])
        found = bisect_right(places, (clock, len(self._runs))) - 1
        if found < 0:
            return None
        index = places[found][1]
        return index if clock < self._runs[index].clock + self._runs[index].length else None

    def offset(self, position: RelativePosition) -> int | None:
        """Return where a position is now, or None when this revision does not know the character it sticks to."""
        if position.item is None:
            if position.root != self._root:
                return None
            return 0 if position.assoc == BEFORE else self.length
        index = self._index_of(position.item)
        if index is None:
            return None
        run, start, clock = self._runs[index], self._offsets[index], position.item[1]
        return start if run.deleted else start + clock - run.clock + (1 if position.assoc == BEFORE else 0)

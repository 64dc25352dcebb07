"""The characters of one text in document order, each run with the Yjs id (client, clock) that it was inserted under.

pycrdt tells a text's string but not who inserted which character, and its sticky indices mix bytes with UTF-16 units
in texts that are not ASCII. So the order is rebuilt here from a snapshot's structs by Yjs's own rule (YATA). Lengths
and clocks are UTF-16 code units. About linear in the structs, of which there is one per stretch typed in one go.

What must not be here: origins, suggestions, bytes from a socket. The update is a room's own snapshot: validated.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.collab.structs import STRING, Id, Struct, Update


@dataclass(frozen=True, slots=True)
class Run:
    """`length` units in a row that `client` inserted, from `clock` on. Deleted ones keep their place in the order."""

    client: int
    clock: int
    length: int
    deleted: bool


def runs(update: Update, root: str) -> list[Run]:
    """Return the runs of the text root `root` of a full state, in document order, deleted ones included."""
    return runs_of(update, [root])[root]


def runs_of(update: Update, roots: Iterable[str]) -> dict[str, list[Run]]:
    """Return the runs of each text root of a full state: gone through once, however many roots."""
    texts = {root: _Text() for root in roots}
    homes = _homes(update, texts)
    for section in update.sections:
        for struct, home in zip(section.structs, homes[section.client], strict=True):
            if home is not None:
                home.add(section.client, struct)
    for text in texts.values():
        text.link()
    sections = {section.client: section.structs for section in update.sections}
    clocks = {client: [struct.clock for struct in structs] for client, structs in sections.items()}
    for client, start, end in update.deletes:
        at = max(0, bisect_right(clocks.get(client, []), start) - 1)
        while at < len(clocks.get(client, [])) and clocks[client][at] < end:
            struct, home = sections[client][at], homes[client][at]
            if home is not None:
                home.delete(client, max(start, struct.clock), min(end, struct.clock + struct.length))
            at += 1
    return {root: text.runs() for root, text in texts.items()}


class _Item:
    """A run while it is being put in order. `before` and `after` are its neighbours in the text."""

    __slots__ = ("after", "before", "client", "clock", "deleted", "length", "linked", "origin", "right")

    def __init__(self, client: int, clock: int, length: int, origin: Id | None, right: Id | None) -> None:
        self.client = client
        self.clock = clock
        self.length = length
        self.origin = origin
        self.right = right
        self.deleted = False
        self.linked = False
        self.before: _Item | None = None
        self.after: _Item | None = None

    @property
    def end(self) -> int:
        return self.clock + self.length


def _homes(update: Update, texts: Mapping[str, "_Text"]) -> dict[int, list["_Text | None"]]:
    """Return, for each client, each struct's text: of the root named in the struct, or else that of a neighbour."""
    clocks = {section.client: [struct.clock for struct in section.structs] for section in update.sections}
    structs = {section.client: section.structs for section in update.sections}
    found: dict[int, list[_Text | None]] = {client: [None] * len(of) for client, of in structs.items()}
    known: dict[int, bytearray] = {client: bytearray(len(of)) for client, of in structs.items()}
    for first in structs:
        for number in range(len(structs[first])):
            client, at = first, number
            chain: list[tuple[int, int]] = []
            home: _Text | None = None
            while not known[client][at]:
                chain.append((client, at))
                struct = structs[client][at]
                neighbour = struct.origin or struct.right
                if neighbour is None:
                    home = texts.get(struct.root) if struct.key is None and struct.root is not None else None
                    break
                client = neighbour[0]
                at = bisect_right(clocks[client], neighbour[1]) - 1
            else:
                home = found[client][at]
            for client, at in chain:
                known[client][at] = 1
                found[client][at] = home
    return found


class _Text:
    """The items of one text: by id, and, once linked, in order."""

    def __init__(self) -> None:
        self._first: _Item | None = None
        self._clocks: dict[int, list[int]] = {}
        self._items: dict[int, list[_Item]] = {}

    def runs(self) -> list[Run]:
        """Return what is in the text, in order; neighbours typed in one go are one run."""
        merged: list[Run] = []
        item = self._first
        while item:
            last = merged[-1] if merged else None
            if (
                last
                and last.deleted == item.deleted
                and (last.client, last.clock + last.length) == (item.client, item.clock)
            ):
                merged[-1] = Run(last.client, last.clock, last.length + item.length, last.deleted)
            else:
                merged.append(Run(item.client, item.clock, item.length, item.deleted))
            item = item.after
        return merged

    def add(self, client: int, struct: Struct) -> None:
        """Take in a struct, not yet in order; a client's structs come by rising clock."""
        item = _Item(client, struct.clock, struct.length, struct.origin, struct.right)
        item.deleted = struct.content != STRING
        self._clocks.setdefault(client, []).append(struct.clock)
        self._items.setdefault(client, []).append(item)

    def link(self) -> None:
        """Put every item in order, each after the items that it was inserted between."""
        for waiting in [item for items in self._items.values() for item in items]:
            stack = [waiting]
            while stack:
                item = stack[-1]
                causes = (self._find(item.origin), self._find(item.right))
                missing = [cause for cause in causes if cause is not None and not cause.linked]
                if missing and not item.linked:
                    stack.extend(missing)
                    continue
                stack.pop()
                if not item.linked:
                    self._link(item)

    def delete(self, client: int, start: int, end: int) -> None:
        """Mark a range of clocks as deleted, as far as it is in this text."""
        items = self._items.get(client, [])
        at = max(0, bisect_right(self._clocks.get(client, []), start) - 1)
        while at < len(items) and items[at].clock < end:
            item = items[at]
            if not item.deleted and item.end > start:
                if item.clock < start:
                    item = self._split(item, start)
                    at += 1
                if item.end > end:
                    self._split(item, end)
                item.deleted = True
            at += 1

    def _find(self, at: Id | None) -> _Item | None:
        if at is None:
            return None
        client, clock = at
        place = bisect_right(self._clocks.get(client, []), clock) - 1
        if place < 0 or self._items[client][place].end <= clock:
            return None
        return self._items[client][place]

    def _split(self, item: _Item, clock: int) -> _Item:
        """Cut `item` before `clock`; return the later part."""
        later = _Item(item.client, clock, item.end - clock, (item.client, clock - 1), item.right)
        later.deleted, later.linked = item.deleted, item.linked
        item.length -= later.length
        later.before, later.after = item, item.after
        if item.after:
            item.after.before = later
        item.after = later
        place = bisect_right(self._clocks[item.client], item.clock)
        self._clocks[item.client].insert(place, clock)
        self._items[item.client].insert(place, later)
        return later

    def _link(self, item: _Item) -> None:
        left, right = self._find(item.origin), self._find(item.right)
        if left and item.origin and left.end > item.origin[1] + 1:
            self._split(left, item.origin[1] + 1)
        if right and item.right and right.clock < item.right[1]:
            right = self._split(right, item.right[1])
        left = self._past_concurrent(item, left, right)
        item.before = left
        item.after = left.after if left else self._first
        if left:
            left.after = item
        else:
            self._first = item
        if item.after:
            item.after.before = item
        item.linked = True

    def _past_concurrent(self, item: _Item, left: _Item | None, right: _Item | None) -> _Item | None:
        """Return the neighbour to the left once items inserted at the same place by others had their say (YATA)."""
        passed: set[int] = set()
        conflicting: set[int] = set()
        other = left.after if left else self._first
        while other and other is not right:
            passed.add(id(other))
            conflicting.add(id(other))
            if other.origin == item.origin:
                if other.client < item.client:
                    left = other
                    conflicting.clear()
                elif other.right == item.right:
                    break
            else:
                origin = self._find(other.origin)
                if origin is None or id(origin) not in passed:
                    break
                if id(origin) not in conflicting:
                    left = other
                    conflicting.clear()
            other = other.after
        return left

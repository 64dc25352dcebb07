"""Reads a Yjs v1 update into its structs and deletions: well-formed and bounded, or Malformed. Linear, no recursion.

What must not be here: what is known of the document, and who may write what; see `validator`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.collab.content import MAX_KEY, read_value
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK, Malformed, Reader
from app.collab.offsets import utf16_length
from app.collab.protocol import MAX_ANSWER

MAX_CLIENTS = 4_096  # sections of one update: clients whose structs the server lacks; usually one
MAX_STRUCTS = 200_000  # two megabytes of offline typing, one struct a keystroke; read in a second
MAX_DELETE_CLIENTS = 100_000  # a step 2 carries every deletion of the document, whoever made it
MAX_DELETES = 400_000
# Bytes of one struct's text. Yjs joins what was pasted in a row, so the bound is that of a step 2: that a file is too
# large is told to its writer, who can mend it (see `bounds`), and is not malformed.
MAX_STRING = MAX_ANSWER
_MIN_STRUCT_BYTES = 2

DELETED, STRING, ANY, SKIP = 1, 4, 8, 10  # Yjs's content numbers; the rest do not occur in a flat document
_ORIGIN, _RIGHT_ORIGIN, _HAS_KEY, _CONTENT = 0x80, 0x40, 0x20, 0x1F

Id = tuple[int, int]


class Struct(NamedTuple):
    """One struct: `length` clocks from `clock`; its neighbours, or its root and key; its value if it has one."""

    clock: int
    length: int
    content: int
    origin: Id | None
    right: Id | None
    root: str | None
    key: str | None
    value: Any
    at: int


@dataclass(slots=True)
class Section:
    """One client's structs in an update, in clock order without gaps."""

    client: int
    structs: list[Struct]
    end: int  # the offset in the update after the last struct


@dataclass(slots=True)
class Update:
    """An update read through. `deletes`: (client, start, end), sorted within each client."""

    sections: list[Section] = field(default_factory=list)
    deletes: list[tuple[int, int, int]] = field(default_factory=list)
    deletes_at: int = 0
    has_gap: bool = False  # it says itself that clocks are missing (a client with structs it cannot place)


def read_update(payload: bytes, *, own: bool = False) -> Update:
    """Read an update. Raises Malformed. `own`: the server's own state, which may be larger than what is sent to it."""
    max_clients, max_structs, max_text = (MAX_CLOCK,) * 3 if own else (MAX_CLIENTS, MAX_STRUCTS, MAX_STRING)
    reader = Reader(payload)
    update = Update()
    seen: set[int] = set()
    total = 0
    for _ in range(reader.var(max_clients)):
        count = reader.var(max_structs)
        client = reader.var(MAX_CLIENT)
        clock = reader.var(MAX_CLOCK)
        total += count
        if count == 0 or client in seen:
            raise Malformed("An update names a client twice or without structs.")
        if total > max_structs or count * _MIN_STRUCT_BYTES > reader.left:
            raise Malformed("An update says it has more structs than it can hold.")
        seen.add(client)
        structs: list[Struct] = []
        for _ in range(count):
            struct = _read_struct(reader, clock, max_text)
            clock += struct.length
            if struct.length < 1 or clock > MAX_CLOCK:
                raise Malformed("A struct is empty or too long.")
            if struct.content == SKIP:
                update.has_gap = True
            structs.append(struct)
        update.sections.append(Section(client, structs, reader.at))
    update.deletes_at = reader.at
    update.deletes = _read_deletes(reader)
    reader.finish()
    return update


def halves_of(section: Section) -> Iterator[tuple[int, int]]:
    """Give (client, clock) of the second unit of each surrogate pair in a section's texts."""
    for struct in section.structs:
        if struct.content == STRING and struct.value is not None:
            clock = struct.clock
            for letter in struct.value:
                if letter > "\uffff":
                    clock += 1
                    yield section.client, clock
                clock += 1


def text_of(payload: bytes, struct: Struct) -> str:
    """Return the words of a struct of text that `read_update` found in `payload`."""
    reader = Reader(payload, struct.at)
    reader.byte()
    for neighbour in (struct.origin, struct.right):
        if neighbour is not None:
            reader.var(MAX_CLIENT)
            reader.var(MAX_CLOCK)
    if struct.root is not None:
        reader.var(1)
        reader.text(MAX_KEY)
    return reader.text(MAX_CLOCK)


def _read_struct(reader: Reader, clock: int, max_text: int) -> Struct:
    at = reader.at
    info = reader.byte()
    content = info & _CONTENT
    if content == SKIP:
        return Struct(clock, reader.var(MAX_CLOCK), SKIP, None, None, None, None, None, at)
    origin = right = root = key = value = None
    if info & _ORIGIN:
        origin = (reader.var(MAX_CLIENT), reader.var(MAX_CLOCK))
    if info & _RIGHT_ORIGIN:
        right = (reader.var(MAX_CLIENT), reader.var(MAX_CLOCK))
    if origin is None and right is None:
        if content not in (DELETED, STRING, ANY) or reader.var(1) != 1:
            raise Malformed("A struct is not in a root: a canvas's document is flat.")
        root = reader.text(MAX_KEY)
        if info & _HAS_KEY:
            key = reader.text(MAX_KEY)
    if content == STRING:
        string = reader.text(max_text)
        length = utf16_length(string)
        value = string if length > len(string) else None  # kept where there are surrogate pairs: see `halves_of`
    elif content == DELETED:
        length = reader.var(MAX_CLOCK)
    elif content == ANY:
        length = reader.var(1)  # maps hold one value a key, and no root is an array
        if length:
            value = read_value(reader)
    else:
        raise Malformed("A struct holds a kind of content that a canvas does not have.")
    return Struct(clock, length, content, origin, right, root, key, value, at)


def _read_deletes(reader: Reader) -> list[tuple[int, int, int]]:
    deletes: list[tuple[int, int, int]] = []
    seen: set[int] = set()
    for _ in range(reader.var(MAX_DELETE_CLIENTS)):
        client = reader.var(MAX_CLIENT)
        count = reader.var(MAX_DELETES)
        if count == 0 or client in seen or count * 2 > reader.left or len(deletes) + count > MAX_DELETES:
            raise Malformed("An update's deletions name a client twice, without ranges or with too many.")
        seen.add(client)
        last = -1
        for _ in range(count):
            start = reader.var(MAX_CLOCK)
            end = start + reader.var(MAX_CLOCK)
            if end == start or end > MAX_CLOCK or start < last:
                raise Malformed("An update's deletions are empty, out of order or overlap.")
            deletes.append((client, start, end))
            last = end
    return deletes

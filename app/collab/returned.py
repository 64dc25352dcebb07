"""Whose text is that an undo brought back: what a page says of it, and the ranges for which the server has found out.

To Yjs what an undo brings back is new text of the page that undid. That page claims it in the map `returned`
(`"<client>:<clock>"` → how many units from there); what the claim comes to, the server writes into `authors` as a range
(`"<client>:<clock>+<length>"` → origin). What must not be here: finding it out (see `history.returning`).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK
from app.domain.people import SYSTEM, Origin

# Claims that wait for their verdict. One undo makes one, and they wait a second: so many are what pages bring that were
# offline for days. Beyond it the server takes them out, and the text is whoever's page brought it back.
MAX_CLAIMS = 1_000
# Ranges in `authors`: one per author and undo of somebody else's text. So many take a second of loading a page over a
# slow line; beyond it those leave whose text is deleted, then nothing new is said.
MAX_RANGES = 4_000

_NUMBER = r"(0|[1-9][0-9]{0,15})"
_CLAIM = re.compile(f"{_NUMBER}:{_NUMBER}")
_RANGE = re.compile(rf"{_NUMBER}:{_NUMBER}\+{_NUMBER}")


class Range(NamedTuple):
    """The units that `client` wrote, from clock `start` up to `end`."""

    client: int
    start: int
    end: int

    @property
    def key(self) -> str:
        """What stands for it in `authors`."""
        return f"{self.client}:{self.start}+{self.end - self.start}"


def read_claim(key: str, value: Any) -> Range | None:
    """Return what a claim is about; None when it is none."""
    found = _CLAIM.fullmatch(key)
    if found is None or isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= MAX_CLOCK:
        return None
    if value != int(value):  # whole, also where it is written as a float: yrs knows no other numbers
        return None
    return _range(int(found[1]), int(found[2]), int(value))


def read_range(key: str) -> Range | None:
    """Return which range a key of `authors` stands for; None when it is another one."""
    found = _RANGE.fullmatch(key)
    return _range(int(found[1]), int(found[2]), int(found[3])) if found is not None else None


def sound_ranges(said: Mapping[str, Any]) -> dict[str, Range]:
    """Return the ranges that `authors` has, in order: those that have a range's form and overlap no other."""
    known = ((read_range(key), key) for key in said if "+" in key)
    sound: dict[str, Range] = {}
    last: Range | None = None
    for one, key in sorted((one, key) for one, key in known if one is not None):
        if last is None or one.client != last.client or one.start >= last.end:
            sound[key] = last = one
    return sound


def _range(client: int, start: int, length: int) -> Range | None:
    if client > MAX_CLIENT or length < 1 or start + length > MAX_CLOCK:
        return None
    return Range(client, start, start + length)


class Whose:
    """Whose each character is: a range's author where there is one, or else whoever its client id belongs to."""

    def __init__(self, owners: Mapping[int, Origin], said: Mapping[str, Any] | None = None) -> None:
        """Take the owners of client ids, and what `authors` says, of which the ranges count."""
        self._owners = owners
        self._ranges: dict[int, tuple[list[int], list[int], list[Origin]]] = {}
        said = said or {}
        for key, one in sound_ranges(said).items():
            self.add(one, Origin.from_json(said[key]))

    def owner(self, client: int) -> Origin:
        """Return whom a client id belongs to."""
        return self._owners.get(client, SYSTEM)

    def add(self, one: Range, origin: Origin) -> None:
        """Say whose a range is; it overlaps none that is known."""
        starts, ends, origins = self._ranges.setdefault(one.client, ([], [], []))
        at = bisect_right(starts, one.start)
        starts.insert(at, one.start)
        ends.insert(at, one.end)
        origins.insert(at, origin)

    def first_range(self, client: int, clock: int) -> int:
        """Return where the ranges begin that lie side by side up to the one that holds a clock."""
        starts, ends, _ = self._ranges[client]
        at = bisect_right(starts, clock) - 1
        while at > 0 and ends[at - 1] == starts[at]:
            at -= 1
        return starts[at]

    def parts(self, client: int, start: int, end: int) -> Iterator[tuple[Range, Origin, bool]]:
        """Give the parts of a stretch of clocks in order, each with its author and whether a range says so."""
        if client in self._ranges:
            starts, ends, origins = self._ranges[client]
            at = bisect_right(ends, start)
            while start < end and at < len(starts) and starts[at] < end:
                if starts[at] > start:
                    yield Range(client, start, starts[at]), self.owner(client), False
                    start = starts[at]
                stop = min(end, ends[at])
                yield Range(client, start, stop), origins[at], True
                start = stop
                at += 1
        if start < end:
            yield Range(client, start, end), self.owner(client), False

"""Where every struct of a document stands: (client, clock) → place, as merged intervals; and what is deleted.

A place is what a struct may be a neighbour of: a text root's name, or a map root's name and key. What must not be
here: reading bytes, or saying who may write where.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

_FEW = 64  # deletions of one client in an update: fewer are inserted one by one, without a pass over all there are
SEPARATOR = "\0"  # between a map root and its key; no root's name contains it


def map_place(root: str, key: str) -> str:
    """Return the place of a map's key."""
    return f"{root}{SEPARATOR}{key}"


def root_of(place: str) -> str:
    """Return the root that a place is in."""
    return place.partition(SEPARATOR)[0]


class Track:
    """One client's structs: clocks from 0 to `next` without gaps, cut where the place changes."""

    __slots__ = ("next", "places", "starts")

    def __init__(self) -> None:
        self.next = 0
        self.starts: list[int] = []
        self.places: list[str] = []

    def extend(self, length: int, place: str) -> None:
        """Add `length` clocks at `next`."""
        if not self.places or self.places[-1] != place:
            self.starts.append(self.next)
            self.places.append(place)
        self.next += length

    def place(self, clock: int) -> str | None:
        """Return the place of a clock, or None when it is not known."""
        if clock >= self.next:
            return None
        if clock >= self.starts[-1]:
            return self.places[-1]
        return self.places[bisect_right(self.starts, clock) - 1]

    def intervals(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """Give (start, end, place) of the known part of a range of clocks, in order."""
        at = bisect_right(self.starts, start) - 1 if self.starts else 0
        end = min(end, self.next)
        while start < end:
            stop = self.starts[at + 1] if at + 1 < len(self.starts) else self.next
            yield start, min(stop, end), self.places[at]
            start = stop
            at += 1


class Ranges:
    """Disjoint ranges of clocks, merged where they touch."""

    __slots__ = ("ends", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Include [start, end)."""
        low = bisect_left(self.ends, start)
        high = bisect_right(self.starts, end)
        if low < high:
            start = min(start, self.starts[low])
            end = max(end, self.ends[high - 1])
        self.starts[low:high] = [start]
        self.ends[low:high] = [end]

    def add_all(self, added: list[tuple[int, int]]) -> None:
        """Include many ranges at once, each [start, end): the cost of one pass, not of one insertion each."""
        if len(added) <= _FEW:
            for start, end in added:
                self.add(start, end)
            return
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted((*zip(self.starts, self.ends, strict=True), *added)):  # two sorted runs: linear
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        self.starts, self.ends = starts, ends

    def covers(self, start: int, end: int) -> bool:
        """Say whether all of [start, end) is included."""
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and end <= self.ends[at]


class Index:
    """All clients' tracks and deletions of one document."""

    __slots__ = ("deleted", "halves", "tracks")

    def __init__(self) -> None:
        self.tracks: dict[int, Track] = {}
        self.deleted: dict[int, Ranges] = {}
        self.halves: set[tuple[int, int]] = set()  # (client, clock) of the second unit of each surrogate pair

    def next(self, client: int) -> int:
        """Return the clock that the client's next struct must have."""
        track = self.tracks.get(client)
        return track.next if track else 0

    def place(self, client: int, clock: int) -> str | None:
        """Return where a struct is, or None when it is not known."""
        track = self.tracks.get(client)
        return track.place(clock) if track else None

    def extend(self, client: int, length: int, place: str) -> None:
        """Record that the client's next `length` clocks are at `place`."""
        track = self.tracks.get(client)
        if track is None:
            track = self.tracks[client] = Track()
        track.extend(length, place)

    def delete(self, client: int, ranges: list[tuple[int, int]]) -> None:
        """Record that ranges of a client's clocks are deleted."""
        known = self.deleted.get(client)
        if known is None:
            known = self.deleted[client] = Ranges()
        known.add_all(ranges)

    def is_deleted(self, client: int, start: int, end: int) -> bool:
        """Say whether all of a range of clocks is recorded as deleted."""
        ranges = self.deleted.get(client)
        return ranges is not None and ranges.covers(start, end)

    def record(
        self,
        spans: Iterable[tuple[int, int, str]],
        deletes: Iterable[tuple[int, int, int]],
        halves: Iterable[tuple[int, int]] = (),
    ) -> None:
        """Take in what an accepted update brought: (client, length, place) in order, (client, start, end), `halves`."""
        self.halves.update(halves)
        for client, length, place in spans:
            self.extend(client, length, place)
        ranges: dict[int, list[tuple[int, int]]] = {}
        for client, start, end in deletes:
            ranges.setdefault(client, []).append((start, end))
        for client, added in ranges.items():
            self.delete(client, added)

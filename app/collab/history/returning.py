"""Is it true that an undo brought this text back, and whose was it? Worked out from what is stored, or not believed.

A page that undoes writes each stretch anew, directly before the deleted one that it copies: Yjs makes that one the new
one's right neighbour. So a claim is proven when the copied stretch is deleted, was typed in one go, stands directly
behind the new one and reads the same, and nobody else brought it back already. Whatever is proven so is what its author
wrote, in its author's order, with parts left out at most: no more than whoever deletes can do.

Everything here is for a thread. What must not be here: storage, rooms, who is asked for what when.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.collab.history.letters import Letters
from app.collab.index import Ranges
from app.collab.returned import MAX_RANGES, Range, Whose, read_range
from app.collab.sequence import Run, runs_of
from app.collab.structs import Id, Struct, Update, read_update
from app.domain.people import Origin


@dataclass(slots=True)
class Verdict:
    """What to say of ranges in `authors` (None: no longer), and how many claimed stretches nothing proved."""

    ranges: dict[str, Any] = field(default_factory=dict)
    unproven: int = 0


@dataclass(frozen=True, slots=True)
class _Copy:
    """A new stretch and the deleted one that it says it brings back."""

    new: Range
    old: Range


class Case:
    """The claims of one canvas at one moment, with the document as it is then."""

    def __init__(
        self, snapshot: bytes, claims: Iterable[Range], roots: Sequence[str], owners: Mapping[int, Origin], said: Any
    ) -> None:
        """Take the full state, what is claimed in which text roots, and what is known of authors by now."""
        self._whose = Whose(owners, said)
        self._said = [key for key in said if "+" in key]
        update = read_update(snapshot, own=True)
        self._structs = _Structs(update)
        self._deleted: dict[int, Ranges] = {}
        for client, start, end in update.deletes:
            self._deleted.setdefault(client, Ranges()).add(start, end)
        self._order = _Order(run for runs in runs_of(update, roots).values() for run in (*runs, None))
        self._unproven = 0
        self._copies = [copy for claim in _joined(claims) for copy in self._copies_in(claim)]
        self.letters = Letters([part for copy in self._copies for part in (copy.new, copy.old)], owners)
        self.letters.read(snapshot, update)

    def verdict(self) -> Verdict:
        """Return what is proven with the letters that were found."""
        found: list[tuple[Range, Origin]] = []
        standing = self._standing()
        unproven = self._unproven
        for copy in self._in_order():
            if self.letters.same(copy.new, copy.old) and not self._stands(copy, standing):
                found += self._named(copy)
            else:
                unproven += 1
        return self._bounded(found, unproven)

    # Whether it is one

    def _copies_in(self, claim: Range) -> Iterator[_Copy]:
        """Give the claimed stretches that stand where an undo would have put them."""
        for part, _, is_known in list(self._whose.parts(*claim)):
            for first, end, right in self._structs.insertions(part, claim.start) if not is_known else ():
                new = Range(part.client, max(first, part.start), min(end, part.end))
                if right is not None and self._order.is_before(new, right):
                    old = Range(right[0], right[1] + new.start - first, right[1] + new.end - first)
                    if self._is_deleted(old) and self._order.is_one(old):
                        yield _Copy(new, old)
                        continue
                self._unproven += 1

    def _in_order(self) -> Iterator[_Copy]:
        """Give the copies, each after those that it copies from."""
        by_client: dict[int, list[_Copy]] = {}
        for copy in self._copies:  # by rising clock, and none overlaps another
            by_client.setdefault(copy.new.client, []).append(copy)
        ends = {client: [copy.new.end for copy in copies] for client, copies in by_client.items()}
        done: set[_Copy] = set()
        for last in self._copies:
            stack = [last]
            while stack:
                copy = stack[-1]
                of_client = by_client.get(copy.old.client, [])
                at = bisect_right(ends.get(copy.old.client, []), copy.old.start)
                while at < len(of_client) and of_client[at].new.start < copy.old.end:
                    if of_client[at] not in done and of_client[at] is not copy:
                        stack.append(of_client[at])
                    at += 1
                if stack[-1] is copy:
                    stack.pop()
                    if copy not in done:
                        done.add(copy)
                        yield copy

    def _is_deleted(self, part: Range) -> bool:
        known = self._deleted.get(part.client)
        return known is not None and known.covers(part.start, part.end)

    # Whether it stands there already

    def _standing(self) -> dict[int, Ranges]:
        """Return what was typed first of all that an undo brought back and that is in the texts now."""
        standing: dict[int, Ranges] = {}
        for run in self._order.runs:
            if run is not None and not run.deleted:
                for part, _, is_returned in self._whose.parts(run.client, run.clock, run.clock + run.length):
                    for first in self._firsts(part) if is_returned else ():
                        standing.setdefault(first.client, Ranges()).add(first.start, first.end)
        return standing

    def _stands(self, copy: _Copy, standing: dict[int, Ranges]) -> bool:
        """Say whether what is copied, as far as it is shown, is in the text already; note that it is from now on."""
        shift = copy.old.start - copy.new.start
        shown = [Range(copy.old.client, low + shift, high + shift) for low, high in self._shown(copy.new)]
        firsts = [first for part in shown for first in self._firsts(part)]
        if any(_meets(standing.get(first.client), first) for first in firsts):
            return True
        for first in firsts:
            standing.setdefault(first.client, Ranges()).add(first.start, first.end)
        return False

    def _shown(self, part: Range) -> Iterator[tuple[int, int]]:
        """Give the clocks of a stretch that are not deleted."""
        known = self._deleted.get(part.client, Ranges())
        at, start = bisect_right(known.ends, part.start), part.start
        while at < len(known.starts) and known.starts[at] < part.end:
            if known.starts[at] > start:
                yield start, known.starts[at]
            start = known.ends[at]
            at += 1
        if start < part.end:
            yield start, part.end

    def _firsts(self, part: Range) -> Iterator[Range]:
        """Give what a stretch copies, through every undo there was, as it was typed at first."""
        todo = [part]
        while todo:
            for one, _, is_returned in self._whose.parts(*todo.pop()):
                if not is_returned:
                    yield one
                    continue
                floor = self._whose.first_range(one.client, one.start)
                for first, end, right in self._structs.insertions(one, floor):
                    if right is not None:
                        start, stop = max(first, one.start), min(end, one.end)
                        todo.append(Range(right[0], right[1] + start - first, right[1] + stop - first))

    # Whose it is

    def _named(self, copy: _Copy) -> Iterator[tuple[Range, Origin]]:
        """Give the parts of a proven stretch and whose they are, unless all of it is the claimant's own."""
        claimant = self._whose.owner(copy.new.client)
        shift = copy.new.start - copy.old.start
        parts = [(part, whose, _is_by(whose, claimant)) for part, whose, _ in self._whose.parts(*copy.old)]
        if all(is_own for _, _, is_own in parts):
            return
        for part, origin, is_own in parts:
            mine = Range(copy.new.client, part.start + shift, part.end + shift)
            whose = origin if is_own else replace(origin, restored_by=claimant.name)
            self._whose.add(mine, whose)
            yield mine, whose

    def _bounded(self, found: list[tuple[Range, Origin]], unproven: int) -> Verdict:
        joined: list[tuple[Range, Origin]] = []
        for one, origin in sorted(found, key=lambda pair: pair[0]):
            last, whose = joined[-1] if joined else (None, None)
            if last is not None and (last.client, last.end) == (one.client, one.start) and whose == origin:
                joined[-1] = Range(last.client, last.start, one.end), origin
            else:
                joined.append((one, origin))
        ranges: dict[str, Any] = {}
        over = len(self._said) + len(joined) - MAX_RANGES
        if over > 0:
            known = ((key, read_range(key)) for key in self._said)
            gone = [key for key, one in known if one is None or self._is_deleted(one)]
            ranges = dict.fromkeys(gone, None)
            over = max(0, over - len(gone))
            joined, unproven = joined[: len(joined) - over], unproven + over
        return Verdict({**ranges, **{one.key: origin.to_json() for one, origin in joined}}, unproven)


class _Structs:
    """A document's structs by client and clock."""

    def __init__(self, update: Update) -> None:
        self._structs = {section.client: section.structs for section in update.sections}
        self._clocks = {client: [struct.clock for struct in structs] for client, structs in self._structs.items()}

    def insertions(self, part: Range, floor: int) -> Iterator[tuple[int, int, Id | None]]:
        """Give what was inserted in one go and is partly in `part`: from, up to, its right neighbour then.

        A stretch is cut in two when something is inserted within it or a part of it is deleted: both halves keep the
        right neighbour of the whole. What is before `floor` was something else: what somebody types before a word and
        the word that an undo then brings back are one to Yjs.
        """
        structs = self._structs.get(part.client, [])
        at = self._at(part.client, part.start)
        while 0 < at < len(structs) and structs[at].clock > floor and _goes_on(part.client, *structs[at - 1 : at + 1]):
            at -= 1
        while at < len(structs) and structs[at].clock < part.end:
            first = last = structs[at]
            while at + 1 < len(structs) and _goes_on(part.client, structs[at], structs[at + 1]):
                at += 1
                last = structs[at]
            at += 1
            yield max(first.clock, floor), last.clock + last.length, first.right

    def _at(self, client: int, clock: int) -> int:
        return max(0, bisect_right(self._clocks.get(client, []), clock) - 1)


def _is_by(origin: Origin, person: Origin) -> bool:
    return (origin.kind, origin.id) == (person.kind, person.id)


def _goes_on(client: int, before: Struct, after: Struct) -> bool:
    return after.origin == (client, after.clock - 1) and after.right == before.right


class _Order:
    """The runs of texts in order, None after each text's last."""

    def __init__(self, runs: Iterable[Run | None]) -> None:
        self.runs = list(runs)
        found = sorted((run.client, run.clock, at) for at, run in enumerate(self.runs) if run is not None)
        self._starts = [(client, clock) for client, clock, _ in found]
        self._at = [at for _, _, at in found]

    def is_one(self, part: Range) -> bool:
        """Say whether a stretch was typed in one go and nobody ever came between."""
        place = bisect_right(self._starts, (part.client, part.start)) - 1
        run = self.runs[self._at[place]] if place >= 0 else None
        return run is not None and run.client == part.client and run.clock + run.length >= part.end

    def is_before(self, new: Range, right: Id) -> bool:
        """Say whether a stretch's last unit stands directly before `right`, with not even a deleted one between."""
        place = bisect_right(self._starts, (new.client, new.end - 1)) - 1
        run = self.runs[self._at[place]] if place >= 0 else None
        if run is None or run.client != new.client or run.clock + run.length != new.end:
            return False
        following = self.runs[self._at[place] + 1]
        return following is not None and (following.client, following.clock) == right


def _joined(claims: Iterable[Range]) -> list[Range]:
    """Return the claims without overlaps."""
    joined: list[Range] = []
    for one in sorted(claims):
        last = joined[-1] if joined else None
        if last is not None and last.client == one.client and one.start <= last.end:
            joined[-1] = Range(last.client, last.start, max(last.end, one.end))
        else:
            joined.append(one)
    return joined


def _meets(known: Ranges | None, part: Range) -> bool:
    """Say whether any of a stretch is in ranges of its client."""
    if known is None:
        return False
    at = bisect_right(known.ends, part.start)
    return at < len(known.starts) and known.starts[at] < part.end

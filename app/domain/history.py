"""A canvas's past as people see it: which updates are one moment, what a moment did to texts, bounds. Pure.

Offsets and lengths are UTF-16 code units. What must not be here: Yjs, storage.
"""

import unicodedata
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.people import SYSTEM
from app.domain.textdiff import utf16_length
from app.errors import BadInput

GAP_SECONDS = 2.0  # a pause after which a new moment begins: a thought, not a keystroke
MOMENT_SECONDS = 10.0  # the longest moment: what one sees happen in one step of the scrubber
SETTLED = 3 * GAP_SECONDS  # what ended so long ago is parted as it stays, whoever goes on
MAX_PARTED = 5  # moments within ten seconds; beyond it another author parts none, or a class would fill the timeline
MAX_PIECES = 500  # of one moment: an append every 20 ms for its whole length; merging takes milliseconds
MAX_MOMENT_BYTES = 4 << 20
MAX_MOMENTS = 4_000  # in one answer, and kept: a scrubber on the widest screen has fewer pixels
MAX_RESTING = 3_000  # after putting in order: so that it is not needed again at the next keystroke
MAX_VERSIONS = 200  # of a canvas: no history is put together across one, so each costs what was different for good
MAX_VERSION_NAME = 80  # characters: one line
MAX_OTHERS = 10  # further authors named for a moment that several made
DAY = 86_400.0
# How old a moment is when it is put together with others of its minute, of its hour. Of a minute only by the same.
MINUTE_AFTER, HOUR_AFTER = 1 * DAY, 30 * DAY
_WIDER = (60.0, 600.0, 3_600.0, DAY, 30 * DAY, 365 * DAY)  # stretches that are one when there are too many moments


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a canvas's past is kept: `days` back, `size` bytes.

    What a version names stays however old it is, and between two of them what was different.
    """

    days: float = 365.0
    size: int = 64 << 20


_SYSTEM = (SYSTEM.id,)
Splice = tuple[int, str, str]  # at, what was removed, what was inserted


class Spanned(Protocol):
    """What is looked at to see which pieces are one moment. Times are seconds since 1970, as the clock had them."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> float: ...
    @property
    def until(self) -> float: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def note(self) -> str | None: ...
    @property
    def payload(self) -> bytes: ...


@dataclass(slots=True)
class Changes:
    """What a moment did: splices by file, each text's in the order to apply them; and files (id, old, new path)."""

    texts: dict[str, list[Splice]] = field(default_factory=dict)
    paths: list[tuple[str, str | None, str | None]] = field(default_factory=list)

    def then(self, later: "Changes") -> "Changes":
        """Return what both did, one after the other."""
        texts = {file: list(splices) for file, splices in self.texts.items()}
        for file, splices in later.texts.items():
            texts[file] = joined([*texts.get(file, ()), *splices])
        return Changes(texts, [*self.paths, *later.paths])


def moments(pieces: Sequence[Spanned], pins: Container[int]) -> Iterator[range]:
    """Give the ranges of `pieces` that are one moment each: one author, close in time, nothing said of them.

    Where several write at once, what they do is one moment too: otherwise each key of two who type together would be
    one. What the server notes for itself belongs to whatever it comes after, and does not make up for a pause. No
    moment goes across a pin (the seq of a version). A clock that jumped, either way, ends a moment.
    """
    company = _Company(pieces)
    start = size = 0
    for at, piece in enumerate(pieces):
        size += len(piece.payload)
        if at > start and not (
            _is_plain(pieces[at - 1], piece, pins)
            and _follows(pieces[start], pieces[company.last(at)], piece)
            and _fits(at - start, size)
            and company.has(at)
        ):
            yield range(start, at)
            start, size = at, len(piece.payload)
            company.part(at)
        company.add(at)
    if pieces:
        yield range(start, len(pieces))


class _Company:
    """Who writes one moment: its first author, and those who write at the same time."""

    def __init__(self, pieces: Sequence[Spanned]) -> None:
        self._pieces = pieces
        self._again = [len(pieces)] * len(pieces)  # where each piece's author writes the next time
        later: dict[tuple[str, ...], int] = {}
        for at in range(len(pieces) - 1, -1, -1):
            self._again[at] = later.get(pieces[at].authors, len(pieces))
            later[pieces[at].authors] = at
        self._latest: dict[tuple[str, ...], int] = {}  # author of the moment, none the server → their last piece
        self._last: int | None = None  # the last piece of any of them
        self._people: set[tuple[str, ...]] = set()  # the authors of the last moment that was not the server's
        self._parted: deque[float] = deque(maxlen=MAX_PARTED)  # when another author parted moments

    def has(self, at: int) -> bool:
        """Say whether the next piece belongs to this moment by whoever wrote it."""
        piece = self._pieces[at]
        if piece.authors == _SYSTEM or piece.authors in self._latest or not self._latest:
            return True
        is_crowd = len(self._parted) == MAX_PARTED and 0 <= piece.at - self._parted[0] < MOMENT_SECONDS
        return is_crowd or self._joins_in(at)

    def part(self, at: int) -> None:
        """Begin a new moment with this piece."""
        self._latest.clear()
        self._last = None
        piece = self._pieces[at]
        if piece.authors != _SYSTEM:
            if piece.authors not in self._people:
                self._parted.append(piece.at)
            self._people.clear()

    def add(self, at: int) -> None:
        """Take the piece into the moment."""
        authors = self._pieces[at].authors
        if authors != _SYSTEM:
            self._latest[authors] = self._last = at
            self._people.add(authors)

    def last(self, at: int) -> int:
        """Return which piece of the moment a pause before the next one is counted from."""
        return at - 1 if self._last is None or self._pieces[at].authors == _SYSTEM else self._last

    def _joins_in(self, at: int) -> bool:
        """Say whether one of those who wrote before goes on soon, and then soon whoever wrote this piece."""
        pieces, again = self._pieces, self._again
        other = min((again[before] for before in self._latest.values() if again[before] > at), default=len(pieces))
        if other == len(pieces) or not 0 <= pieces[other].at - pieces[at].until <= GAP_SECONDS:
            return False
        goes_on = again[at]
        while goes_on < other:
            goes_on = again[goes_on]
        return goes_on < len(pieces) and 0 <= pieces[goes_on].at - pieces[other].until <= GAP_SECONDS


def _is_plain(last: Spanned, piece: Spanned, pins: Container[int]) -> bool:
    is_said = last.note is not None or piece.note is not None
    return len(last.authors) == len(piece.authors) == 1 and not is_said and last.seq not in pins


def _follows(first: Spanned, last: Spanned, piece: Spanned) -> bool:
    return 0 <= piece.at - last.until <= GAP_SECONDS and 0 <= piece.until - first.at <= MOMENT_SECONDS


def _fits(count: int, size: int) -> bool:
    return count < MAX_PIECES and size <= MAX_MOMENT_BYTES


def coarser(pieces: Sequence[Spanned], now: float, pins: Container[int]) -> list[range]:
    """Return which of the moments `pieces` are to be one, all of them in order; older ones hold more.

    Never across a pin. Over MAX_MOMENTS the older half is put together as far as needed for MAX_RESTING.
    """
    kept = [range(at, at + 1) for at in range(len(pieces))]
    kept = _wider(pieces, kept, len(kept), 60.0, pins, before=now - MINUTE_AFTER)
    kept = _wider(pieces, kept, len(kept), 3_600.0, pins, before=now - HOUR_AFTER)
    if len(kept) > MAX_MOMENTS:
        for width in _WIDER:
            if len(kept) > MAX_RESTING:
                kept = _wider(pieces, kept, len(kept) // 2, width, pins)
    return kept


def _wider(
    pieces: Sequence[Spanned],
    ranges: Sequence[range],
    upto: int,
    width: float,
    pins: Container[int],
    before: float = float("inf"),
) -> list[range]:
    """Return the first `upto` ranges put together by stretches of `width` seconds of the clock, and the rest."""
    found: list[range] = []
    for number, part in enumerate(ranges):
        piece = pieces[part.start]
        if found and number < upto and piece.at < before:
            first, last = pieces[found[-1].start], pieces[part.start - 1]
            is_same = first.at // width == piece.at // width and last.seq not in pins
            by_same = set(first.authors) == set(piece.authors)
            if is_same and (width >= 600.0 or (by_same and not (last.note or piece.note))):
                found[-1] = range(found[-1].start, part.stop)
                continue
        found.append(part)
    return found


def foldable(pieces: Sequence[Spanned], now: float, pins: Iterable[int], bounds: Bounds) -> int:
    """Return how many of the oldest pieces are beyond the bounds; never one that a version needs."""
    first = min(pins, default=None)
    size = sum(len(piece.payload) for piece in pieces)
    count = 0
    for piece in pieces:
        is_over = size > bounds.size or piece.until < now - bounds.days * DAY or len(pieces) - count > MAX_MOMENTS
        if not is_over or (first is not None and piece.seq > first):
            break
        size -= len(piece.payload)
        count += 1
    return count


def pinned(pieces: Sequence[Spanned], pins: Container[int]) -> Iterator[range]:
    """Give the ranges of `pieces` up to each pin, and what comes after the last one."""
    start = 0
    for at, piece in enumerate(pieces, 1):
        if piece.seq in pins or at == len(pieces):
            yield range(start, at)
            start = at


def joined(splices: Iterable[Splice]) -> list[Splice]:
    """Return the same splices with neighbours joined that continue each other, as typing does."""
    found: list[Splice] = []
    for at, removed, inserted in splices:
        if found:
            before, was, new = found[-1]
            if before + utf16_length(new) == at:
                found[-1] = (before, was + removed, new + inserted)
                continue
        found.append((at, removed, inserted))
    return found


def counted(splices: Iterable[Splice]) -> tuple[int, int]:
    """Return how many units splices added and removed."""
    added = removed = 0
    for _, was, new in splices:
        added += utf16_length(new)
        removed += utf16_length(was)
    return added, removed


def played(text: str, splices: Iterable[Splice]) -> str:
    """Return `text` after splices. Raises BadInput when they are not of this text."""
    units = text.encode("utf-16-le", "surrogatepass")
    for at, removed, inserted in splices:
        was = removed.encode("utf-16-le", "surrogatepass")
        start, end = 2 * at, 2 * at + len(was)
        if units[start:end] != was:
            raise BadInput("This change is not of this text.")
        units = units[:start] + inserted.encode("utf-16-le", "surrogatepass") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")


def check_version_name(name: str) -> str:
    """Return a version's name with single spaces, or raise BadInput."""
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean or len(clean) > MAX_VERSION_NAME:
        raise BadInput(f"A version needs a name of 1 to {MAX_VERSION_NAME} characters.")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\u200c\u200d" for c in clean):
        raise BadInput("The name of a version may not contain control or invisible characters.")
    return clean

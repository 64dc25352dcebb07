"""What was written in given stretches, also where it is deleted: found in stored updates, the newest first.

A live document forgets what is deleted; the log and the history keep it. Everything here is for a thread. What must not
be here: what the words are for.
"""

import logging
import zlib
from bisect import bisect_left
from collections.abc import Iterable

from pycrdt import get_update

from app.collab import document
from app.collab.document import DocumentFault
from app.collab.history.ports import Keyframe, Piece, StoredHistory
from app.collab.lib0 import Malformed, var
from app.collab.returned import Range
from app.collab.structs import STRING, Struct, Update, read_update, text_of

logger = logging.getLogger(__name__)
MAX_READ = 64 << 20  # bytes of stored updates looked through, the newest first: as much as a history keeps by default
_ALL = 2**32 - 1  # as a clock: more than yrs counts to


class Letters:
    """The words of stretches, as far as they were found."""

    def __init__(self, wanted: Iterable[Range], clients: Iterable[int]) -> None:
        """`clients`: all that there are in the document."""
        self._found: dict[int, list[_Stretch]] = {}
        for one in sorted(wanted):
            of_client = self._found.setdefault(one.client, [])
            if of_client and one.start <= of_client[-1].end:
                of_client[-1].extend(one.end)
            else:
                of_client.append(_Stretch(one.start, one.end))
        self._clients = set(clients)
        self._left = MAX_READ

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing more to look for, or it was enough."""
        return self._left <= 0 or not any(one.gaps for of_client in self._found.values() for one in of_client)

    def same(self, a: Range, b: Range) -> bool:
        """Say whether two stretches are known and read the same."""
        words = self._words(a)
        return words is not None and words == self._words(b)

    def look_through(self, stored: StoredHistory) -> None:
        """Read what is stored until nothing is missing. What is damaged proves nothing and is passed over."""
        # A keyframe says again what the pieces before it said, without what was deleted by then.
        every: list[Keyframe | Piece] = [stored.base, *stored.pieces]
        if stored.mark is not None:
            every.append(stored.mark)
        for one in sorted(every, key=lambda one: one.seq, reverse=True):
            if self.is_complete:
                return
            self._left -= len(one.payload)
            try:
                self._look_into(one)
            except (Malformed, DocumentFault, ValueError) as error:
                logger.warning("history: the update up to %s is passed over: %s", one.seq, error)

    def read(self, payload: bytes, update: Update) -> None:
        """Take from an update what is looked for."""
        for section in update.sections:
            of_client = self._found.get(section.client)
            if of_client:
                _take(payload, section.structs, of_client)

    def _look_into(self, one: Keyframe | Piece) -> None:
        payload = one.payload
        if one.sum is not None:
            if zlib.crc32(payload) != one.sum:
                return
            payload = document.guarded(get_update, payload, self._vector())
        self.read(payload, read_update(payload, own=True))

    def _vector(self) -> bytes:
        """Return a state vector that lacks only what is looked for: the rest of an update is passed over in pycrdt."""
        missing = {client: [start for one in of for start, _ in one.gaps] for client, of in self._found.items()}
        first = {client: starts[0] for client, starts in missing.items() if starts}
        clocks = {client: first.get(client, _ALL) for client in self._clients | first.keys()}
        return b"".join((var(len(clocks)), *(var(client) + var(clock) for client, clock in clocks.items())))

    def _words(self, part: Range) -> bytes | None:
        for one in self._found.get(part.client, ()):
            if one.start <= part.start and part.end <= one.end:
                return one.words(part.start, part.end)
        return None


class _Stretch:
    """Units from `start` to `end` as UTF-16, and where they are missing."""

    __slots__ = ("end", "gaps", "start", "units")

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.units = bytearray()
        self.gaps = [(start, end)]

    def extend(self, end: int) -> None:
        """Reach up to `end`, before anything is found."""
        self.end = max(self.end, end)
        self.gaps = [(self.start, self.end)]

    def fill(self, clock: int, units: bytes) -> None:
        """Put in what is missing of a struct's words."""
        if not self.units:
            self.units = bytearray(2 * (self.end - self.start))
        stop = clock + len(units) // 2
        left: list[tuple[int, int]] = []
        for start, end in self.gaps:
            low, high = max(start, clock), min(end, stop)
            if low >= high:
                left.append((start, end))
                continue
            self.units[2 * (low - self.start) : 2 * (high - self.start)] = units[2 * (low - clock) : 2 * (high - clock)]
            left += [gap for gap in ((start, low), (high, end)) if gap[0] < gap[1]]
        self.gaps = left

    def words(self, start: int, end: int) -> bytes | None:
        """Return a part; None when some of it is missing."""
        if any(low < end and start < high for low, high in self.gaps):
            return None
        return bytes(self.units[2 * (start - self.start) : 2 * (end - self.start)])


def _take(payload: bytes, structs: list[Struct], wanted: list[_Stretch]) -> None:
    starts = [one.start for one in wanted]
    for struct in structs:
        if struct.content != STRING:
            continue
        end = struct.clock + struct.length
        at = max(0, bisect_left(starts, struct.clock) - 1)
        units: bytes | None = None
        while at < len(wanted) and wanted[at].start < end:
            if wanted[at].end > struct.clock and wanted[at].gaps:
                units = units if units is not None else text_of(payload, struct).encode("utf-16-le", "surrogatepass")
                wanted[at].fill(struct.clock, units)
            at += 1

"""How many files and claims a canvas may get through its socket, and how large each file: what no page may outgrow.

A file is measured only when what came since could have filled it, so a keystroke costs one look into a table.
What must not be here: the form of a value (see `schema`) and what the whole document may weigh (see `taking`).
"""

from collections.abc import Callable, Iterator, Mapping

from app.collab.index import SEPARATOR, Index, root_of
from app.collab.returned import MAX_CLAIMS
from app.collab.schema import FILES, RETURNED
from app.collab.structs import STRING, Section, Struct, read_update, text_of
from app.collab.verdicts import Accepted, Overfull
from app.domain.files import MAX_FILE_BYTES, MAX_FILES
from app.ids import FileId

_COUNTED = (FILES, RETURNED)
_LONGEST_UNIT = 3  # UTF-8 bytes of one UTF-16 unit; a pair of them has four
# Bytes of an update that are not text: ids and neighbours of the first struct and a deletion; of each further struct.
_FRAME, _STRUCT = 64, 4
TOO_MANY = f"A canvas may have at most {MAX_FILES:,} files: undo this, or delete one first."


class Bounds:
    """One room's files: `size` gives a text root's bytes now, `paths` which there are; `claims`: how many wait."""

    def __init__(
        self, size: Callable[[str], int], paths: Callable[[], Mapping[FileId, str]], claims: Callable[[], int]
    ) -> None:
        self._size = size
        self._paths = paths
        self._claims = claims
        self._left: dict[str, int] = {}  # text root → bytes that may still come before it has to be measured

    def check(self, accepted: Accepted, index: Index) -> list[tuple[str, str]]:
        """Raise Overfull when an update makes a file too large; return what is too many (root, key).

        `index` is without the update. To refuse a file would refuse all else that its page has: what others made
        meanwhile may have filled the canvas.
        """
        surplus: list[tuple[str, str]] = []
        counted: set[str] = set()
        size = len(accepted.payload)
        for place in accepted.places:
            left = self._left.get(place, 0) - size
            if left >= 0:
                self._left[place] = left
            elif SEPARATOR not in place:
                self._left[place] = self._measure(place, accepted, index)
            elif (root := root_of(place)) in _COUNTED and root not in counted:
                counted.add(root)
                surplus += self._count(accepted, root)
        return surplus

    def _measure(self, place: str, accepted: Accepted, index: Index) -> int:
        """Return how much more may come after this update, whose bytes are counted to within its own framing."""
        units = sum(length for _, length, where in accepted.spans if where == place)
        text = len(accepted.payload) - _FRAME - _STRUCT * len(accepted.spans)
        grows = min(_LONGEST_UNIT * units, max(min(units, len(accepted.payload)), text))
        size = self._size(place) + grows - _taken_out(place, accepted, index)
        if size > MAX_FILE_BYTES and len({where for _, _, where in accepted.spans}) > 1:
            size += min(0, _brought_to(place, accepted) - grows)  # what is for other files does not count here
        if size > MAX_FILE_BYTES:
            size -= _taken_back(place, accepted)
        if grows and size > MAX_FILE_BYTES:
            raise Overfull(self._full(place))
        return MAX_FILE_BYTES - size

    def _full(self, place: str) -> str:
        path = self._paths().get(FileId(place.partition(":")[2]), "it")
        return (
            f"A file may have at most {MAX_FILE_BYTES:,} bytes, and what was added here makes {path} larger: "
            "undo it, or take a part out. Until then nothing more of this page is saved."
        )

    def _count(self, accepted: Accepted, root: str) -> list[tuple[str, str]]:
        named = [where.partition(SEPARATOR)[2] for _, _, where in accepted.spans if root_of(where) == root]
        there = self._paths() if root == FILES else {}
        new = [(root, key) for key in dict.fromkeys(named) if key not in there]
        left = MAX_FILES - len(there) if root == FILES else MAX_CLAIMS - self._claims()
        return new[max(0, left) :]


def _brought_to(place: str, accepted: Accepted) -> int:
    """Return how many bytes of an update are text for one place, counted with what each struct has around it."""
    return sum(min(_LONGEST_UNIT * struct.length, later - struct.at) for _, struct, later in _texts(place, accepted))


def _texts(place: str, accepted: Accepted) -> Iterator[tuple[Section, Struct, int]]:
    """Give an update's structs of text for one place: the section, the struct, and the offset behind it."""
    sections = {section.client: section for section in read_update(accepted.payload, own=True).sections}
    at = dict.fromkeys(sections, 0)
    for client, _, where in accepted.spans:
        section, number = sections[client], at[client]
        at[client] += 1
        struct = section.structs[number]
        if where == place and struct.content == STRING:
            yield section, struct, section.structs[number + 1].at if number + 1 < len(section.structs) else section.end


def _taken_back(place: str, accepted: Accepted) -> int:
    """Return how many bytes of an update's text for one place it deletes itself: a page keeps what it may redo."""
    gone = 0
    for section, struct, _ in _texts(place, accepted):
        units = text_of(accepted.payload, struct).encode("utf-16-le", "surrogatepass")
        for client, start, end in accepted.deletes:
            low, high = max(start, struct.clock), min(end, struct.clock + struct.length)
            if client == section.client and low < high:
                part = units[2 * (low - struct.clock) : 2 * (high - struct.clock)]
                gone += len(part.decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass"))
    return gone


def _taken_out(place: str, accepted: Accepted, index: Index) -> int:
    """Return how many units, and so at least how many bytes, the update deletes from a text."""
    units = 0
    for client, start, end in accepted.deletes:
        track = index.tracks.get(client)
        for low, high, where in track.intervals(start, end) if track else ():
            if where == place and not index.is_deleted(client, low, high):
                units += high - low
    return units

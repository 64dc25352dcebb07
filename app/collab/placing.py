"""Finds the place of every new struct of an update, through origins that may point within the same update.

What must not be here: who may write there. Each client's structs are placed in clock order, and a client whose next
struct needs another's waits for exactly that one: it is looked at again once, when that is placed. So the cost grows
with the number of structs, whatever waits for what.
"""

from heapq import heappop, heappush

from app.collab.index import Index, Track, map_place
from app.collab.lib0 import Malformed
from app.collab.schema import kind_of
from app.collab.structs import ANY, DELETED, STRING, Id, Section, Struct
from app.collab.verdicts import Gap


class Placing:
    """Places the structs of `sections` (new structs only, each starting at the index's next clock)."""

    def __init__(self, index: Index, sections: list[Section]) -> None:
        self._index = index
        self._sections = {section.client: section for section in sections}
        self._placed: dict[int, Track] = {}
        self._ends: dict[int, int] = {}
        for section in sections:
            track = self._placed[section.client] = Track()
            track.next = section.structs[0].clock
            last = section.structs[-1]
            self._ends[section.client] = last.clock + last.length

    def run(self) -> list[tuple[int, int, str]]:
        """Return (client, length, place) in clock order within each client.

        Raises Gap when a neighbour is missing, Malformed when neighbours contradict each other.
        """
        spans: list[tuple[int, int, str]] = []
        cursors = dict.fromkeys(self._sections, 0)
        waiting: dict[int, list[Id]] = {}  # client waited for → heap of (its clock that is needed, who waits)
        ready = list(self._sections)
        while ready:
            client = ready.pop()
            structs = self._sections[client].structs
            track = self._placed[client]
            at = cursors[client]
            while at < len(structs):
                struct = structs[at]
                blocker = self._blocker(client, struct)
                if blocker is not None:
                    owner, clock = blocker
                    heappush(waiting.setdefault(owner, []), (clock, client))
                    break
                place = self._place(struct)
                track.extend(struct.length, place)
                spans.append((client, struct.length, place))
                at += 1
            cursors[client] = at
            heap = waiting.get(client, [])
            while heap and heap[0][0] < track.next:
                ready.append(heappop(heap)[1])
        if any(cursors[client] < len(section.structs) for client, section in self._sections.items()):
            raise Malformed("The structs of an update wait for each other.")
        return spans

    def _blocker(self, client: int, struct: Struct) -> Id | None:
        """Return the neighbour in this update that must be placed first."""
        for neighbour in (struct.origin, struct.right):
            if neighbour is None:
                continue
            owner, clock = neighbour
            if owner == client and clock >= struct.clock:
                raise Malformed("A struct names a neighbour that comes after it.")
            placed = self._placed.get(owner)
            if clock < (placed.next if placed else self._index.next(owner)):
                continue
            if clock >= self._ends.get(owner, 0):
                raise Gap("The update builds on text that the server does not have.")
            return neighbour
        return None

    def _place(self, struct: Struct) -> str:
        if struct.origin is not None:
            place = self._known(struct.origin)
            if struct.right is not None and self._known(struct.right) != place:
                raise Malformed("A struct's neighbours are in different places.")
        elif struct.right is not None:
            place = self._known(struct.right)
        else:
            place = _root_place(struct)
        allowed = (DELETED, STRING) if "\0" not in place else (DELETED, ANY)
        if struct.content not in allowed:
            raise Malformed("A text holds text only, and a map values under keys.")
        return place

    def _known(self, id_: Id) -> str:
        client, clock = id_
        placed = self._placed.get(client)
        place = placed.place(clock) if placed and placed.starts and clock >= placed.starts[0] else None
        place = place or self._index.place(client, clock)
        if place is None:  # `_blocker` has seen that it is known, so this is a fault of ours
            raise AssertionError(f"struct {client}:{clock} is known and has no place")
        return place


def _root_place(struct: Struct) -> str:
    root = struct.root or ""
    if kind_of(root) == "text":
        if struct.key is not None:
            raise Malformed("A text has no keys.")
        return root
    if struct.key is None:
        raise Malformed("A map's value has a key.")
    return map_place(root, struct.key)

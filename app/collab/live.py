"""A canvas's document while its room is loaded: what was accepted is applied once a turn of the loop, before any read.

What must not be here: judging an update (see `validator`), its way to others and to the log (see `taking`).
"""

import logging
from collections.abc import Callable, Iterable

from pycrdt import Doc, Map, Text

from app.collab import document
from app.collab.document import Json, YDoc
from app.collab.index import Index, root_of
from app.collab.structs import read_update
from app.collab.verdicts import Accepted
from app.ids import FileId

logger = logging.getLogger(__name__)


class LiveDocument:
    """The document, where all its structs are, and who listens. `failed` hears once when pycrdt cannot go on."""

    def __init__(self, client: int, payloads: Iterable[bytes], failed: Callable[[str], None]) -> None:
        """Take what is stored, as client `client`. Raises DocumentFault when it cannot be read."""
        stored = list(payloads)
        self.client = client
        self._doc: YDoc = Doc(client_id=client)
        document.apply(self._doc, stored)
        self.weight = sum(map(len, stored))  # bytes, at most too high: what was deleted or merged since still counts
        self._failed = failed
        self._fault: document.DocumentFault | None = None
        self._index: Index | None = None
        self._unapplied: list[Accepted] = []
        self._snapshot: bytes | None = None
        self._listeners: dict[object, Callable[[set[str]], None]] = {}

    @property
    def settled(self) -> YDoc:
        """The document with all that was accepted. Raises DocumentFault."""
        self.settle()
        return self._doc

    @property
    def index(self) -> Index:
        """The places of all structs; made when the first change arrives, since readers need none."""
        if self._index is None:
            self._index = document.index_of(self.settled)
        return self._index

    def take(self, accepted: Accepted) -> None:
        """Record an accepted update; the document has it when next read."""
        self.index.record(accepted.spans, accepted.deletes, accepted.halves)
        self._unapplied.append(accepted)
        self.weight += len(accepted.payload)

    def settle(self) -> None:
        """Apply what was accepted in this turn of the loop. Raises DocumentFault, from then on every time."""
        if self._fault is not None:
            raise self._fault
        accepted, self._unapplied = self._unapplied, []
        if not accepted:
            return
        try:
            document.apply(self._doc, [one.payload for one in accepted])
        except document.DocumentFault as fault:
            self._fault = fault
            self._failed(fault.sentence)
            raise
        self._snapshot = None
        self._tell({root_of(place) for one in accepted for place in one.places})

    def refresh_deletes(self) -> None:
        """Record the deletions that merging made by itself: a map's value that lost against a concurrent one."""
        doc = self.settled
        rest = document.guarded(doc.get_update, document.guarded(doc.get_state))
        self.index.record((), read_update(rest, own=True).deletes)

    def weigh(self) -> int:
        """Return exactly how many bytes the document has, and count on from there."""
        self.weight = len(self.snapshot())
        return self.weight

    def snapshot(self) -> bytes:
        """Return the full state as one v1 update: the revision read."""
        doc = self.settled
        if self._snapshot is None:
            self._snapshot = document.guarded(doc.get_update)
        return self._snapshot

    def state_vector(self) -> bytes:
        """Return what the document has, as a v1 state vector."""
        return document.guarded(self.settled.get_state)

    def update_since(self, state_vector: bytes) -> bytes:
        """Return what a well-formed state vector lacks."""
        if state_vector == b"\0":
            return self.snapshot()
        return document.guarded(self.settled.get_update, state_vector)

    def files(self) -> dict[FileId, str]:
        """Return file id → path, sorted by path."""
        return document.paths(self.settled)

    def size_of(self, root: str) -> int:
        """Return a text root's bytes of UTF-8."""
        return len(str(self.settled.get(root, type=Text)).encode())

    def value(self, root: str, key: str) -> Json:
        """Return what stands under a map root's key, None for nothing."""
        return document.value(self.settled, root, key)

    def count(self, root: str) -> int:
        """Return how many keys a map root has."""
        return len(self.settled.get(root, type=Map))

    def observe(self, listener: Callable[[set[str]], None]) -> Callable[[], None]:
        """Call `listener` with the names of the roots each change touched; the returned function ends it."""
        key = object()
        self._listeners[key] = listener

        def end() -> None:
            self._listeners.pop(key, None)

        return end

    def _tell(self, roots: set[str]) -> None:
        for listener in list(self._listeners.values()):
            try:
                listener(roots)
            except Exception:  # a listener's fault is its own: the change stands, and the others hear of it
                logger.exception("a listener of a canvas's changes failed")

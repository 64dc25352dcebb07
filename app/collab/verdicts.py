"""What the validator says of an update: accepted with what it brings, or why not. `lib0.Malformed` is the fourth no.

What must not be here: how a verdict is reached, or what a session does about it.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.errors import Conflict, Forbidden


class Denied(Forbidden):
    """Well-formed, and the sender may not do this. The sender is told; nothing changes."""


class Overfull(Denied):
    """It makes a file too large: who wrote it can mend that, by taking something out."""


class Foreign(Forbidden):
    """It brings a new struct under a client id that belongs to somebody else."""

    code = "foreign-client"


class Gap(Conflict):
    """It does not start where the document ends: the client is asked for everything that the server lacks."""

    code = "resync"


class Accepted:
    """An update that may reach pycrdt. `payload`: what of it is new, as a v1 update.

    `spans`: (client, length, place) in order; `deletes`: (client, start, end); `fresh`: client ids that nobody owns
    yet; `places`: where it writes; `halves`: see `Index`. Nothing in `spans` and `deletes`: everything was known.
    `rights`: (map root, key) → what the server writes over it, None to take it out.
    """

    __slots__ = ("deletes", "fresh", "halves", "payload", "places", "rights", "spans")

    def __init__(
        self,
        payload: bytes,
        spans: Sequence[tuple[int, int, str]],
        deletes: Sequence[tuple[int, int, int]],
        fresh: Sequence[int],
        places: Iterable[str],
        halves: Iterable[tuple[int, int]] = (),
        rights: Mapping[tuple[str, str], Any] = MappingProxyType({}),
    ) -> None:
        self.payload = payload
        self.spans = spans
        self.deletes = deletes
        self.fresh = fresh
        self.places = places
        self.halves = halves
        self.rights = rights

    @property
    def is_known(self) -> bool:
        """True when the document has all of it already."""
        return not self.spans and not self.deletes

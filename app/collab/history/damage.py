"""Are stored bytes the ones that were written? Asked before pycrdt sees any of them: it trusts its input blindly.

What must not be here: what to do without them.
"""

import zlib
from typing import Protocol

from app.collab.lib0 import Malformed
from app.collab.structs import read_update
from app.errors import PolycanvasError


class Damaged(PolycanvasError):
    """Stored bytes are not what was written."""

    code = "damaged"


class Stored(Protocol):
    """Bytes and their CRC-32; None when none was kept, and then they are read through."""

    @property
    def payload(self) -> bytes: ...
    @property
    def sum(self) -> int | None: ...


def sound(stored: Stored, what: str) -> bytes:
    """Return the payload. Raises Damaged, naming `what`, unless it is whole."""
    if stored.sum is not None:
        if zlib.crc32(stored.payload) != stored.sum:
            raise Damaged(f"{what} was changed on the disk: its sum does not match.")
        return stored.payload
    try:
        update = read_update(stored.payload, own=True)
    except Malformed as error:
        raise Damaged(f"{what} cannot be read: {error.sentence}") from error
    if update.has_gap:
        raise Damaged(f"{what} says itself that parts are missing.")
    return stored.payload

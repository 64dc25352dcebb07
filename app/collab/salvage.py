"""What of a stored canvas can still be used when rows of it were refused: everything that does not build on them.

What must not be here: why a row was refused, and storage.
"""

from collections.abc import Sequence

from app.collab.index import Index
from app.collab.lib0 import Malformed
from app.collab.ports import StoredRoom
from app.collab.validator import Writer, check_in_full
from app.collab.verdicts import Denied, Gap
from app.domain.people import SYSTEM

_ANYBODY = Writer(SYSTEM, None)  # whose a row is was judged when it was written


def usable(stored: StoredRoom) -> tuple[Sequence[bytes], list[str]]:
    """Return the payloads to load, in order, and which sound rows cannot be used without the refused ones.

    What such a row holds is not gone: it stays in the log, and a page that has what is missing brings both back.
    """
    payloads = [stored.snapshot] if stored.snapshot else []
    if not stored.refused:
        return payloads + [update.payload for update in stored.updates], []
    index = Index()
    for payload in payloads:
        _record(payload, index)
    left_out = []
    for update in stored.updates:
        try:
            payloads.append(_record(update.payload, index))
        except (Gap, Malformed, Denied):
            left_out.append(f"update {update.seq}")
    return payloads, left_out


def _record(payload: bytes, index: Index) -> bytes:
    accepted = check_in_full(payload, index, {}, _ANYBODY)
    index.record(accepted.spans, accepted.deletes, accepted.halves)
    return accepted.payload

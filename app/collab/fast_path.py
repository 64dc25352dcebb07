"""The usual update, judged in a few microseconds: one struct of text appended, or one range deleted.

It only ever says yes, and only where `validator.check_in_full` would with the same result; for anything else it
returns None and the general path judges. The tests hold both against each other on random updates.
"""

from collections.abc import Mapping

from app.collab.index import SEPARATOR, Index
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK
from app.collab.offsets import utf16_length
from app.collab.verdicts import Accepted
from app.domain.people import Origin

_LONGEST = 1_024  # bytes: what is typed is shorter, what is pasted has time
_TEXT, _WITH_ORIGIN, _WITH_RIGHT, _WITH_BOTH = 4, 0x84, 0x44, 0xC4


def _var(payload: bytes, at: int) -> tuple[int, int]:
    """Return a number and the offset after it; -1 for what the general path must look at. May raise IndexError."""
    value = payload[at]
    at += 1
    if value < 128:
        return value, at
    value &= 127
    shift = 7
    while True:
        part = payload[at]
        at += 1
        value |= (part & 127) << shift
        if part < 128:
            return (value if part else -1), at
        shift += 7
        if shift > 49:
            return -1, at


def accept_keystroke(
    payload: bytes, index: Index, owners: Mapping[int, Origin], origin: Origin, writes_text: bool
) -> Accepted | None:
    """Accept an update that appends one struct of text, or deletes within one text; None: look closer."""
    if not writes_text or len(payload) > _LONGEST:
        return None
    try:
        if payload[0] == 1 and payload[1] == 1:
            return _accept_text(payload, index, owners, origin)
        if payload[0] == 0 and payload[1] == 1:
            return _accept_delete(payload, index)
    except (IndexError, UnicodeDecodeError):
        return None
    return None


def _accept_text(payload: bytes, index: Index, owners: Mapping[int, Origin], origin: Origin) -> Accepted | None:
    client, at = _var(payload, 2)
    owner = owners.get(client)
    track = index.tracks.get(client)
    if owner is None or track is None or client > MAX_CLIENT:
        return None
    if owner is not origin and (owner.id != origin.id or owner.kind != origin.kind):
        return None
    clock, at = _var(payload, at)
    if clock != track.next:
        return None
    info = payload[at]
    at += 1
    if info in (_WITH_ORIGIN, _WITH_BOTH):
        left, at = _var(payload, at)
        left_clock, at = _var(payload, at)
        place = track.place(left_clock) if left == client else index.place(left, left_clock)
        right, right_clock = left, left_clock
        if info == _WITH_BOTH:
            right, at = _var(payload, at)
            right_clock, at = _var(payload, at)
            if right_clock < 0 or index.place(right, right_clock) != place:
                return None
    elif info == _WITH_RIGHT:
        left_clock = 0
        right, at = _var(payload, at)
        right_clock, at = _var(payload, at)
        if right_clock < 0:
            return None
        place = index.place(right, right_clock)
        left = right
    else:
        return None
    if place is None or left_clock < 0 or SEPARATOR in place:
        return None
    size, at = _var(payload, at)
    if size < 1 or at + size + 1 != len(payload) or payload[-1] != 0:
        return None
    length = len(payload[at:-1].decode())
    if length < size and utf16_length(payload[at:-1].decode()) > length:
        return None  # surrogate pairs, which the index must know of
    if index.halves and (
        (info != _WITH_RIGHT and (left, left_clock + 1) in index.halves)
        or (info != _WITH_ORIGIN and (right, right_clock) in index.halves)
    ):
        return None
    if clock + length > MAX_CLOCK:
        return None
    return Accepted(payload, ((client, length, place),), (), (), (place,))


def _accept_delete(payload: bytes, index: Index) -> Accepted | None:
    client, at = _var(payload, 2)
    count, at = _var(payload, at)
    start, at = _var(payload, at)
    length, at = _var(payload, at)
    end = start + length
    track = index.tracks.get(client)
    if count != 1 or length < 1 or start < 0 or at != len(payload) or track is None or end > track.next:
        return None
    place = track.place(start)
    if place is None or SEPARATOR in place or track.place(end - 1) != place:
        return None
    if len(track.starts) > 1 and next(track.intervals(start, end))[1] < end:
        return None
    if index.halves and ((client, start) in index.halves or (client, end) in index.halves):
        return None
    if index.is_deleted(client, start, end):
        return Accepted(payload, (), (), (), ())
    return Accepted(payload, (), ((client, start, end),), (), (place,))

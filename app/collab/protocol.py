"""The frames of the co-editing socket: y-websocket's four kinds, and our acknowledgement and status.

What must not be here: what a frame does. Payloads of updates are opaque here; `validator` reads them.
"""

import json
from collections.abc import Collection
from enum import IntEnum
from typing import Any

from app.collab import lib0
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK, Malformed, Reader

MAX_FRAME = 1 << 20  # bytes of one message: a file of the largest size pasted whole still fits
MAX_ANSWER = 16 << 20  # bytes of one step 2, which nobody can split: what was written offline, up to a full canvas
# Entries of a state vector: one for each page that ever wrote in the canvas, and each suggestion accepted. Ids have 32
# bits, so an entry takes six bytes or more, and one message would end at some 170,000 whatever stood here: a canvas
# that comes near has had thirty of them a day for ten years. Reading this many takes some 50 ms.
_MAX_STATE_CLIENTS = 100_000
# Client ids in one message: one for each page of a browser in which something was typed since all of it was saved.
MAX_OWN = 1_000


class Kind(IntEnum):
    """What a frame is. Values below 8 have no meaning on the wire; the rest are message numbers."""

    STEP1 = 0
    STEP2 = 1
    UPDATE = 2
    UNKNOWN = 7
    AWARENESS = 11
    AUTH = 12
    QUERY_AWARENESS = 13
    ACK = 100
    STATUS = 101
    OWN = 102


_SYNC_KINDS = (Kind.STEP1, Kind.STEP2, Kind.UPDATE)
_KINDS = {1: Kind.AWARENESS, 2: Kind.AUTH, 3: Kind.QUERY_AWARENESS, 100: Kind.ACK, 101: Kind.STATUS, 102: Kind.OWN}
_PERMISSION_DENIED = 0  # the only reason y-protocols' auth message knows

QUERY_AWARENESS = b"\x03"


def decode(frame: bytes) -> tuple[Kind, bytes]:
    """Return a frame's kind and payload (without its length where it has one); see `bound_of`. Raises Malformed."""
    if frame[:2] == b"\x00\x02" and len(frame) > 3 and frame[2] == len(frame) - 3 < 128:
        return Kind.UPDATE, frame[3:]  # a keystroke
    reader = Reader(frame)
    number = reader.var(MAX_CLOCK)
    if number == 0:
        step = reader.var(MAX_CLOCK)
        if step > 2:
            raise Malformed("A sync message is step 1, step 2 or an update.")
        payload = reader.block(len(frame))
        reader.finish()
        return _SYNC_KINDS[step], payload
    kind = _KINDS.get(number, Kind.UNKNOWN)
    if kind is Kind.AWARENESS:
        payload = reader.block(MAX_FRAME)
        reader.finish()
        return kind, payload
    return kind, frame[reader.at :]


def bound_of(frame: bytes) -> int:
    """Return how many bytes a message that begins like this may have."""
    return MAX_ANSWER if frame[:2] == b"\x00\x01" else MAX_FRAME


def step1(state_vector: bytes) -> bytes:
    """Return the frame that asks for what the state vector lacks."""
    return b"\x00\x00" + lib0.block(state_vector)


def step2(update: bytes) -> bytes:
    """Return the frame that answers step 1."""
    return b"\x00\x01" + lib0.block(update)


def update(payload: bytes) -> bytes:
    """Return the frame that carries one update."""
    return b"\x00\x02" + lib0.block(payload)


def awareness(payload: bytes) -> bytes:
    """Return the frame that carries one awareness update."""
    return b"\x01" + lib0.block(payload)


def denied(reason: str) -> bytes:
    """Return y-protocols' auth message: permission denied, with a reason."""
    return b"\x02\x00" + lib0.text(reason)


def ack(count: int) -> bytes:
    """Return the frame that says: the first `count` step 2 and update messages of this socket are durable."""
    return b"\x64" + lib0.var(count)


def status(value: dict[str, Any]) -> bytes:
    """Return the frame that tells a client about itself: its role, or why nothing can be saved."""
    return b"\x65" + lib0.text(json.dumps(value, ensure_ascii=False))


def own(clients: Collection[int]) -> bytes:
    """Return the frame with which a client names the client ids that it wrote under."""
    return b"\x66" + lib0.var(len(clients)) + b"".join(map(lib0.var, clients))


def read_own(payload: bytes) -> list[int]:
    """Read what `own` wrote after the message number. Raises Malformed."""
    reader = Reader(payload)
    clients = [reader.var(MAX_CLIENT) for _ in range(reader.var(MAX_OWN))]
    reader.finish()
    return clients


def read_ack(payload: bytes) -> int:
    """Read what `ack` wrote after the message number."""
    reader = Reader(payload)
    count = reader.var(MAX_CLIENT)
    reader.finish()
    return count


def read_denied(payload: bytes) -> str:
    """Read the reason of an auth message."""
    reader = Reader(payload)
    if reader.var(MAX_CLOCK) != _PERMISSION_DENIED:
        raise Malformed("The auth message is not a denial.")
    reason = reader.text(MAX_FRAME)
    reader.finish()
    return reason


def read_status(payload: bytes) -> dict[str, Any]:
    """Read what `status` wrote after the message number."""
    reader = Reader(payload)
    text = reader.text(MAX_FRAME)
    reader.finish()
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Malformed("The status message is not JSON.") from error
    if not isinstance(value, dict):
        raise Malformed("The status message is not a JSON object.")
    return value


def check_state_vector(payload: bytes) -> None:
    """Read a state vector through, so that pycrdt sees only well-formed ones. Raises Malformed."""
    reader = Reader(payload)
    count = reader.var(_MAX_STATE_CLIENTS)
    seen: set[int] = set()
    for _ in range(count):
        client = reader.var(MAX_CLIENT)
        reader.var(MAX_CLOCK)
        if client in seen:
            raise Malformed("The state vector names a client twice.")
        seen.add(client)
    reader.finish()

"""The frames as a client needs them, in pycrdt's own codec. What must not be here: sockets, or server code."""

import json
from typing import Any, NamedTuple

from pycrdt import Decoder, Encoder, write_message

SYNC, AWARENESS, AUTH, ACK, STATUS, OWN = 0, 1, 2, 100, 101, 102
STEP1, STEP2, UPDATE = 0, 1, 2


class Frame(NamedTuple):
    """A frame from the server: its number, its sync step (or 0), and its payload."""

    number: int
    step: int
    payload: bytes


def sync(step: int, payload: bytes) -> bytes:
    """Return a sync frame."""
    return bytes((SYNC, step)) + write_message(payload)


def own(client: int) -> bytes:
    """Return the frame that names the client id which was written under."""
    encoder = Encoder()
    encoder.write_var_uint(1)
    encoder.write_var_uint(client)
    return bytes((OWN,)) + encoder.to_bytes()


def awareness(client: int, clock: int, state: dict[str, Any] | None) -> bytes:
    """Return an awareness frame with one client's state; None says that it left."""
    encoder = Encoder()
    encoder.write_var_uint(1)
    encoder.write_var_uint(client)
    encoder.write_var_uint(clock)
    encoder.write_var_string(json.dumps(state))
    return bytes((AWARENESS,)) + write_message(encoder.to_bytes())


def read(frame: bytes) -> Frame:
    """Split a frame. Numbers over 127 do not occur."""
    number = frame[0]
    if number == SYNC:
        return Frame(number, frame[1], Decoder(frame[2:]).read_message() or b"")
    if number == AWARENESS:
        return Frame(number, 0, Decoder(frame[1:]).read_message() or b"")
    return Frame(number, 0, frame[1:])


def read_awareness(payload: bytes) -> dict[int, dict[str, Any] | None]:
    """Return client id → state."""
    decoder = Decoder(payload)
    states: dict[int, dict[str, Any] | None] = {}
    for _ in range(decoder.read_var_uint()):
        client = decoder.read_var_uint()
        decoder.read_var_uint()  # the clock: one server, in order, so the last one stands
        states[client] = json.loads(decoder.read_var_string())
    return states


def read_denied(payload: bytes) -> str:
    """Return the sentence of an auth frame."""
    decoder = Decoder(payload)
    decoder.read_var_uint()
    return decoder.read_var_string()


def read_ack(payload: bytes) -> int:
    """Return how many messages are durable."""
    return Decoder(payload).read_var_uint()


def read_status(payload: bytes) -> dict[str, Any]:
    """Return a status frame's value."""
    value = json.loads(Decoder(payload).read_var_string())
    return value if isinstance(value, dict) else {}

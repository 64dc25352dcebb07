"""The bytes a load generator needs: masked frames out, frames in, and Yjs updates made without a document.

What must not be here: sockets, or measuring.
"""

import json
import re
import secrets
from collections.abc import Iterator

MARK = re.compile(rb"<(\d{7})>")
ROOT = b"file:benchbenchbe"  # a file of a canvas; to the peers it is a name like any other
MARK_SIZE = 9
_MASK = b"\x37\xfa\x21\x3d"
_MASKS = _MASK * 64
_BINARY, _PING, _PONG, _CLOSE = 0x82, 0x89, 0x8A, 0x88


def varuint(number: int) -> bytes:
    """lib0's variable-length number."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def block(content: bytes) -> bytes:
    return varuint(len(content)) + content


def client_frame(payload: bytes, first: int = _BINARY) -> bytes:
    """One masked, final frame, as every browser sends it."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 128 | size))
    else:
        head = bytes((first, 254)) + size.to_bytes(2, "big") if size < 65536 else bytes((first, 255)) + size.to_bytes(8)
    masks = _MASKS[:size] if size <= len(_MASKS) else _MASK * (size // 4 + 1)
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(masks[:size], "big")
    return head + _MASK + masked.to_bytes(size, "big")


def upgrade(host: str, path: str, headers: str) -> bytes:
    """The request that opens a WebSocket."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
    ).encode()


def frames(buffer: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take the whole frames off the front of `buffer`: (first byte, payload) of each."""
    at = 0
    while len(buffer) - at >= 2:
        size, head = buffer[at + 1] & 127, 2
        if size > 125:
            head = 4 if size == 126 else 10
            if len(buffer) - at < head:
                break
            size = int.from_bytes(buffer[at + 2 : at + head], "big")
        if len(buffer) - at < head + size:
            break
        yield buffer[at], bytes(buffer[at + head : at + head + size])
        at += head + size
    del buffer[:at]


class Typist:
    """Makes the updates of one client that appends to what it wrote: the bytes Yjs would send, one struct each."""

    def __init__(self) -> None:
        self.client = secrets.randbits(31) + 1
        self._clock = 0
        self._id = varuint(self.client)

    def update(self, text: bytes) -> bytes:
        """The sync message for `text`, ASCII, typed after what this client typed before."""
        clock = varuint(self._clock)
        place = b"\x84" + self._id + varuint(self._clock - 1) if self._clock else b"\x04\x01" + block(ROOT)
        self._clock += len(text)
        return b"\0\2" + block(b"\x01\x01" + self._id + clock + place + block(text) + b"\0")


class Pointer:
    """Makes the awareness messages of one client whose caret moves."""

    def __init__(self) -> None:
        self.client = secrets.randbits(31) + 1
        self._clock = 0

    def message(self) -> bytes:
        self._clock += 1
        user = {"id": "bench", "name": "Bench", "hue": 200, "color": "#3355ff", "colorLight": "#3355ff33"}
        caret = {
            "type": None,
            "tname": ROOT.decode(),
            "item": {"client": self.client, "clock": self._clock},
            "assoc": 0,
        }
        state = {"user": user, "cursor": {"anchor": caret, "head": caret}}
        entry = varuint(self.client) + varuint(self._clock) + block(json.dumps(state, separators=(",", ":")).encode())
        return b"\x01" + block(b"\x01" + entry)

"""The JSON values inside an update (lib0's “any” form), read with bounded depth and size and without recursion.

What must not be here: the structs around them.
"""

import math
import struct
from typing import Any

from app.collab.lib0 import MAX_CLIENT, Malformed, Reader

MAX_DEPTH = 8  # a comment nests three deep; yrs recurses, so the bound is what keeps its stack
MAX_ITEMS = 5_000  # values within one update's value: a long board element has hundreds
MAX_KEY = 256  # bytes of a key
MAX_TEXT = 1 << 20  # bytes of one string: the frame's bound

_CONSTANTS: dict[int, Any] = {127: None, 126: None, 121: False, 120: True}


def read_value(reader: Reader) -> Any:
    """Read one value. Raises Malformed for what is not JSON: bytes, big integers, infinities."""
    top: list[Any] = []
    # Each entry: the container being filled and how many values it still lacks.
    open_containers: list[tuple[list[Any] | dict[str, Any], int]] = [(top, 1)]
    items = 0
    while open_containers:
        container, missing = open_containers[-1]
        if missing == 0:
            open_containers.pop()
            continue
        open_containers[-1] = (container, missing - 1)
        items += 1
        if items > MAX_ITEMS:
            raise Malformed("A value holds too many parts.")
        key = reader.text(MAX_KEY) if isinstance(container, dict) else ""
        kind = reader.byte()
        value: Any
        if kind == 118 or kind == 117:
            count = reader.var(MAX_ITEMS)
            if len(open_containers) > MAX_DEPTH:
                raise Malformed("A value is nested too deeply.")
            value = {} if kind == 118 else []
            open_containers.append((value, count))
        else:
            value = _read_scalar(reader, kind)
        if isinstance(container, dict):
            container[key] = value
        else:
            container.append(value)
    return top[0]


def _read_scalar(reader: Reader, kind: int) -> Any:
    if kind == 119:
        return reader.text(MAX_TEXT)
    if kind in _CONSTANTS:
        return _CONSTANTS[kind]
    if kind == 125:
        return _read_signed(reader)
    if kind == 124 or kind == 123:
        size = 4 if kind == 124 else 8
        start = reader.at
        reader.skip(size)
        number: float = struct.unpack(">f" if size == 4 else ">d", reader.buffer[start : reader.at])[0]
        if not math.isfinite(number):
            raise Malformed("A number in a value is not finite.")
        return number
    raise Malformed("A value holds something that is not JSON.")


def _read_signed(reader: Reader) -> int:
    first = reader.byte()
    value, shift, more = first & 63, 6, first & 128
    while more:
        if shift > 48:
            raise Malformed("A number in a value is too long.")
        part = reader.byte()
        value |= (part & 127) << shift
        shift += 7
        more = part & 128
    if value > MAX_CLIENT:
        raise Malformed("A number in a value is over its bound.")
    return -value if first & 64 else value

"""The bytes that Yjs speaks: bounded reading and writing of lib0's variable-length numbers and strings.

What must not be here: what the bytes mean. Every read is bounded, so that no input can make it slow or large.
"""

from app.errors import BadInput

MAX_CLIENT = 2**53 - 1  # what JavaScript counts exactly; Yjs draws client ids below 2**32, older ones below 2**53
MAX_CLOCK = 2**31 - 1  # yrs keeps clocks in 32 bits; half of that keeps every sum of two in range
_MAX_VAR_BYTES = 8  # 8 x 7 bits hold any number up to MAX_CLIENT; a longer run of bytes is an attack on the loop


class Malformed(BadInput):
    """Bytes that no conforming client sends. The socket that sent them is closed."""

    code = "malformed"


class Reader:
    """A cursor over bytes. Every method raises Malformed instead of reading past the end or a bound."""

    __slots__ = ("at", "buffer", "end")

    def __init__(self, buffer: bytes, at: int = 0) -> None:
        self.buffer = buffer
        self.at = at
        self.end = len(buffer)

    @property
    def left(self) -> int:
        """Return how many bytes have not been read."""
        return self.end - self.at

    def byte(self) -> int:
        """Read one byte."""
        at = self.at
        if at >= self.end:
            raise Malformed("The message ends too early.")
        self.at = at + 1
        return self.buffer[at]

    def var(self, bound: int) -> int:
        """Read an unsigned number of at most `bound`, in its shortest form."""
        buffer, at = self.buffer, self.at
        if at >= self.end:
            raise Malformed("The message ends too early.")
        value = buffer[at]
        at += 1
        if value > 127:
            value &= 127
            shift = 7
            stop = min(self.end, self.at + _MAX_VAR_BYTES)
            while True:
                if at >= stop:
                    raise Malformed("The message holds a number that is cut off or too long.")
                part = buffer[at]
                at += 1
                value |= (part & 127) << shift
                if part < 128:
                    break
                shift += 7
            if part == 0:
                raise Malformed("The message holds a number that is not in its shortest form.")
        if value > bound:
            raise Malformed("The message holds a number over its bound.")
        self.at = at
        return value

    def skip(self, count: int) -> None:
        """Pass over `count` bytes."""
        if count > self.end - self.at:
            raise Malformed("The message ends too early.")
        self.at += count

    def block(self, bound: int) -> bytes:
        """Read a length of at most `bound` and that many bytes."""
        count = self.var(bound)
        start = self.at
        self.skip(count)
        return self.buffer[start : self.at]

    def text(self, bound: int) -> str:
        """Read a UTF-8 string of at most `bound` bytes."""
        try:
            return self.block(bound).decode()
        except UnicodeDecodeError as error:
            raise Malformed("The message holds text that is not UTF-8.") from error

    def finish(self) -> None:
        """Raise unless everything was read."""
        if self.at != self.end:
            raise Malformed("The message goes on after its end.")


def var(number: int) -> bytes:
    """Return an unsigned number in lib0's variable-length form."""
    if number < 128:
        return bytes((number,))
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def block(content: bytes) -> bytes:
    """Return `content` after its length."""
    return var(len(content)) + content


def text(content: str) -> bytes:
    """Return a string as UTF-8 after its length in bytes."""
    return block(content.encode())

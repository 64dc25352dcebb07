"""Positions in a text: UTF-16 code units, as browsers count, and UTF-8 bytes, as pycrdt counts. The one place."""

from collections.abc import Iterable

from app.errors import BadInput

_LATER = bytes(range(0x80, 0xC0))  # bytes of UTF-8 after a character's first
_FIRST_OF_FOUR = bytes(range(0xF0, 0xF8))  # first bytes of characters that are two units in UTF-16


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units. Surrogates on their own count as one."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_length(text: str) -> int:
    """Return the length of `text` in UTF-8 bytes."""
    return len(text) if text.isascii() else len(text.encode())


def utf16_length_of_utf8(raw: bytes) -> int:
    """Return the length in UTF-16 code units of UTF-8 bytes that end between characters."""
    if raw.isascii():
        return len(raw)
    return len(raw.translate(None, _LATER)) + len(raw) - len(raw.translate(None, _FIRST_OF_FOUR))


def utf16_to_utf8(text: str, offsets: Iterable[int]) -> list[int]:
    """Return the UTF-8 offsets of UTF-16 offsets that rise or stay, going through the text once.

    Raises BadInput outside the text or within a character.
    """
    if text.isascii():
        return [_inside(text, offset) for offset in offsets]
    raw = text.encode("utf-16-le")
    found: list[int] = []
    at = size = 0
    for offset in offsets:
        if not at <= offset <= len(raw) // 2:
            raise BadInput(f"Position {offset} is outside the text or before the last one.")
        try:
            size += len(raw[2 * at : 2 * offset].decode("utf-16-le").encode())
        except UnicodeDecodeError as error:
            raise BadInput(f"Position {offset} is within a character.") from error
        at = offset
        found.append(size)
    return found


def utf8_to_utf16(text: str, offset: int) -> int:
    """Return the UTF-16 offset of a UTF-8 offset. Raises BadInput outside the text or within a character."""
    if text.isascii():
        return _inside(text, offset)
    raw = text.encode()
    if not 0 <= offset <= len(raw):
        raise BadInput(f"Position {offset} is outside the text.")
    try:
        return utf16_length(raw[:offset].decode())
    except UnicodeDecodeError as error:
        raise BadInput(f"Position {offset} is within a character.") from error


def utf16_to_index(text: str, offset: int) -> int:
    """Return the index into a Python string of a UTF-16 offset. Raises BadInput as above."""
    if text.isascii():
        return _inside(text, offset)
    raw = text.encode("utf-16-le")
    if not 0 <= offset * 2 <= len(raw):
        raise BadInput(f"Position {offset} is outside the text.")
    try:
        return len(raw[: offset * 2].decode("utf-16-le"))
    except UnicodeDecodeError as error:
        raise BadInput(f"Position {offset} is within a character.") from error


def index_to_utf16(text: str, index: int) -> int:
    """Return the UTF-16 offset of an index into a Python string."""
    return utf16_length(text[:index])


def _inside(text: str, offset: int) -> int:
    if not 0 <= offset <= len(text):
        raise BadInput(f"Position {offset} is outside the text.")
    return offset

"""lib0's numbers and strings, read with bounds."""

import pytest

from app.collab import lib0
from app.collab.lib0 import MAX_CLIENT, Malformed, Reader


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 16_383, 16_384, 2**31 - 1, 2**32, MAX_CLIENT])
def test_a_number_comes_back(number: int) -> None:
    reader = Reader(lib0.var(number))
    assert reader.var(MAX_CLIENT) == number
    reader.finish()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "empty"),
        (b"\x80", "cut off"),
        (b"\x80\x00", "not the shortest form"),
        (b"\xff" * 8 + b"\x01", "over 8 bytes"),
        (b"\xff" * 300_000, "endless"),
        (lib0.var(2**53), "over the bound"),
    ],
)
def test_s1_4_a_bad_number_is_malformed(raw: bytes, why: str) -> None:
    with pytest.raises(Malformed):
        Reader(raw).var(MAX_CLIENT)


def test_text_is_utf8_and_bounded() -> None:
    assert Reader(lib0.text("é😀")).text(6) == "é😀"
    with pytest.raises(Malformed):
        Reader(lib0.text("é😀")).text(5)
    with pytest.raises(Malformed):
        Reader(b"\x02\xff\xff").text(10)
    with pytest.raises(Malformed):
        Reader(b"\x05ab").text(10)


def test_what_is_left_over_is_malformed() -> None:
    reader = Reader(b"\x01\x02")
    reader.byte()
    with pytest.raises(Malformed):
        reader.finish()
    reader.skip(1)
    with pytest.raises(Malformed):
        reader.byte()

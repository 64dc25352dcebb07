"""UTF-16 units and UTF-8 bytes of the same place."""

import pytest

from app.collab import offsets
from app.errors import BadInput

TEXTS = ["", "plain", "é", "e\u0301x", "😀", "a😀b👩‍👩‍👧c", "日本語", "mixed é😀\n日"]


@pytest.mark.parametrize("text", TEXTS)
def test_every_character_border_converts_both_ways(text: str) -> None:
    for index in range(len(text) + 1):
        utf16 = offsets.index_to_utf16(text, index)
        utf8 = len(text[:index].encode())
        assert offsets.utf16_to_utf8(text, [utf16]) == [utf8]
        assert offsets.utf8_to_utf16(text, utf8) == utf16
        assert offsets.utf16_to_index(text, utf16) == index
    assert offsets.utf16_length(text) == len(text.encode("utf-16-le")) // 2
    assert offsets.utf8_length(text) == len(text.encode())


@pytest.mark.parametrize("text", TEXTS)
def test_places_in_order_are_converted_together(text: str) -> None:
    borders = [index for index in range(len(text) + 1) for _ in range(2)]
    places = [offsets.index_to_utf16(text, index) for index in borders]
    assert offsets.utf16_to_utf8(text, places) == [len(text[:index].encode()) for index in borders]


def test_places_out_of_order_are_bad_input() -> None:
    with pytest.raises(BadInput):
        offsets.utf16_to_utf8("aé", [2, 1])


@pytest.mark.parametrize("offset", [-1, 6])
def test_outside_the_text_is_bad_input(offset: int) -> None:
    for text in ("abcde", "ab😀e"):
        with pytest.raises(BadInput):
            offsets.utf16_to_utf8(text, [offset])
        with pytest.raises(BadInput):
            offsets.utf8_to_utf16(text, offset if offset < 0 else 8)


def test_within_a_character_is_bad_input() -> None:
    with pytest.raises(BadInput):
        offsets.utf16_to_utf8("a😀", [2])
    with pytest.raises(BadInput):
        offsets.utf8_to_utf16("a😀", 3)

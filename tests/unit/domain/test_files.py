"""What may be a file of a canvas."""

import pytest

from app.domain.files import MAX_DEPTH, MAX_FILE_BYTES, MAX_PATH, check_path, check_text
from app.errors import BadInput, TooLarge


@pytest.mark.parametrize(
    "path",
    [
        "app.js",
        "src/app.js",
        ".gitignore",
        "a b/c d.txt",
        "日本/文.md",
        "x" * MAX_PATH,
        "/".join("a" * MAX_DEPTH),
        "..a/b..",
    ],
)
def test_a_path_stays_as_it_is(path: str) -> None:
    assert check_path(path) == path


def test_two_spellings_of_a_letter_are_one_path() -> None:
    assert check_path("cafe\u0301.md") == check_path("caf\u00e9.md")


@pytest.mark.parametrize(
    "path",
    [
        *("", " ", " a", "a ", "/etc/passwd", "..", "../a", "a/../b", "a/./b", ".", "a//b", "a/", "C:\\a", "a\\b"),
        *("a\nb", "a\0b", "a\u202eb", "a\u200bb", "a\ud800", "a\u2028b"),
        *("x" * (MAX_PATH + 1), "/".join("a" * (MAX_DEPTH + 1))),
    ],
)
def test_a_path_that_cannot_be_used_is_refused(path: str) -> None:
    with pytest.raises(BadInput):
        check_path(path)


@pytest.mark.parametrize("text", ["", "a", "日本 👩‍👩‍👧\n", "x" * MAX_FILE_BYTES])
def test_a_text_stays_as_it_is(text: str) -> None:
    assert check_text(text, "a.txt") == text


@pytest.mark.parametrize("text", ["a\r\nb\r\n", "a\rb\r", "a\nb\n"])
def test_lines_end_in_one_way(text: str) -> None:
    assert check_text(text, "a.txt") == "a\nb\n"


def test_a_text_over_the_bound_is_named() -> None:
    with pytest.raises(TooLarge, match=r"big\.txt has 1,000,001 bytes; a file may have at most 1,000,000"):
        check_text("x" * (MAX_FILE_BYTES + 1), "big.txt")
    with pytest.raises(TooLarge):
        check_text("é" * (MAX_FILE_BYTES // 2 + 1), "big.txt")


def test_what_is_not_text_is_named() -> None:
    with pytest.raises(BadInput, match=r"half\.txt is not valid Unicode"):
        check_text("\ud83d", "half.txt")
    with pytest.raises(BadInput, match=r"a\.bin looks like a binary file"):
        check_text("a\0b", "a.bin")

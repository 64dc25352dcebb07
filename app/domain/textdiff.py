"""The smallest sensible edits from one text to another, and applying edits. Pure.

Lines are aligned first, then the words of lines that changed, then the ends of a word that grew or shrank. Offsets
are UTF-16 code units, as in the browser and in Yjs. No edit starts or ends inside a surrogate pair, and none inside
what a person sees as one character (an accent, a flag, a family emoji) unless the text given already does.

What must not be here: documents, anchors, suggestions.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.alignment import Budget, Match, align
from app.errors import BadInput

# Under this share of kept characters a stretch of lines counts as rewritten and is replaced as one: scattered
# brackets and spaces that happen to agree help neither the reader nor a merge.
MIN_KEPT = 0.35
# A "word" longer than this is data (a hash, minified code): only the part that differs is replaced.
LONG_WORD = 48
# Changed stretches longer than this (characters, old or new) are not aligned by words: half a second for a megabyte.
MAX_WORDED = 100_000

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\r\n|[\U0001F1E6-\U0001F1FF]{2}|\w+|[ \t]+|.", re.DOTALL)
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from `start` to `end` (UTF-16 code units of the old text) with `new`."""

    start: int
    end: int
    new: str


def edits_between(old: str, new: str) -> list[Edit]:
    """Return the edits that turn `old` into `new`: in order, apart from each other, none of them without effect.

    Bounded by `alignment.MAX_COMPARISONS`: texts too different for that get fewer and larger edits.
    """
    if old == new:
        return []
    budget = Budget()
    pieces: list[tuple[int, int, str]] = []
    for start, end, text in _replacements(_LINES.findall(old), _LINES.findall(new), budget):
        pieces.extend(_within_lines(old, start, end, text, budget))
    return list(_in_utf16(old, pieces))


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return `text` with `edits` (in order, apart) applied; BadInput when one is outside it or overlaps another."""
    units = text.encode("utf-16-le")
    parts: list[str] = []
    at = 0
    for edit in edits:
        if not at <= edit.start <= edit.end <= len(units) // 2:
            raise BadInput("An edit lies outside the text or overlaps the one before it.")
        parts += [_decode(units[2 * at : 2 * edit.start]), edit.new]
        _decode(units[2 * edit.start : 2 * edit.end])
        at = edit.end
    parts.append(_decode(units[2 * at :]))
    return "".join(parts)


def utf16_length(text: str) -> int:
    """Return how many UTF-16 code units `text` has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _decode(units: bytes) -> str:
    try:
        return units.decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise BadInput("An edit starts or ends in the middle of a character.") from error


def _replacements(a: Sequence[str], b: Sequence[str], budget: Budget) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, new) in characters of the joined `a` for each stretch that is not matched."""
    offset = at_a = at_b = 0
    for match in [*align(a, b, budget), Match(len(a), len(b), 0)]:
        length = sum(len(item) for item in a[at_a : match.left])
        if length or at_b < match.right:
            yield offset, offset + length, "".join(b[at_b : match.right])
        offset += length + sum(len(item) for item in a[match.left : match.left + match.length])
        at_a, at_b = match.left + match.length, match.right + match.length


def _within_lines(old: str, start: int, end: int, new: str, budget: Budget) -> Iterator[tuple[int, int, str]]:
    """Yield smaller replacements for one stretch of changed lines."""
    text = old[start:end]
    if not text or not new:
        yield start, end, new
        return
    if max(len(text), len(new)) > MAX_WORDED or not budget.left:
        pieces = [(0, len(text), new)]
    else:
        pieces = list(_replacements(_words(text), _words(new), budget))
    kept = len(text) - sum(e - s for s, e, _ in pieces)
    if len(pieces) > 1 and kept < MIN_KEPT * max(len(text), len(new)):
        pieces = [_enclosing(text, new, pieces)]
    for s, e, replacement in pieces:
        head, tail = _shared_ends(text[s:e], replacement)
        yield start + s + head, start + e - tail, replacement[head : len(replacement) - tail]


def _enclosing(text: str, new: str, pieces: list[tuple[int, int, str]]) -> tuple[int, int, str]:
    """Return the one replacement from the first of `pieces` to the last."""
    start, end = pieces[0][0], pieces[-1][1]
    return start, end, new[start : len(new) - (len(text) - end)]


def _words(text: str) -> list[str]:
    """Return `text` in words, runs of blanks and single characters as people see them."""
    if text.isascii():
        return _WORDS.findall(text)
    words: list[str] = []
    for match in _WORDS.finditer(text):
        word = match.group()
        if words and _continues(words[-1][-1], word[0]):
            words[-1] += word
        else:
            words.append(word)
    return words


def _continues(before: str, after: str) -> bool:
    """Say whether `after` belongs to the same visible character as `before`."""
    if before in "\r\n" or (after < "\u0300" and before != _JOINER):
        return False
    if before == _JOINER or after == _JOINER:
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    return unicodedata.category(after)[0] == "M"


def _shared_ends(old: str, new: str) -> tuple[int, int]:
    """Return how many characters a replaced word keeps at its start and its end.

    A word that only grew or shrank keeps the rest of itself; one that changed in the middle is replaced whole, as a
    person would say it, unless it is too long for that.
    """
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head + tail < shorter and shorter <= LONG_WORD:
        return 0, 0
    while head and (_splits(old, head) or _splits(new, head)):
        head -= 1
    while tail and (_splits(old, len(old) - tail) or _splits(new, len(new) - tail)):
        tail -= 1
    return head, tail


def _splits(text: str, at: int) -> bool:
    return 0 < at < len(text) and _continues(text[at - 1], text[at])


def _in_utf16(old: str, pieces: Sequence[tuple[int, int, str]]) -> Iterator[Edit]:
    chars = units = 0
    for start, end, new in pieces:
        first = units + utf16_length(old[chars:start])
        units = first + utf16_length(old[start:end])
        chars = end
        if old[start:end] != new:
            yield Edit(first, units, new)

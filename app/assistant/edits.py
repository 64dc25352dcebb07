"""Reads a model's answer: search-and-replace blocks, or a whole file in a fence, into edits of the text it was given.

The answer is foreign: whatever is wrong with it becomes a sentence, and nothing of it is proposed. What must not be
here: prompts (which ask for this form) and anything that writes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.assistant.gateway import ModelFailed
from app.assistant.matching import places
from app.domain.textdiff import Edit, edits_between, utf16_length

MAX_BLOCKS = 200  # a change with more places is a new file
MAX_MIDDLES = 50  # lines in a block that may part it: a page with more headings is better quoted in pieces
_SEARCH = re.compile(r"^<{5,9} ?SEARCH *$")
_MIDDLE = re.compile(r"^={5,9} *$")
_REPLACE = re.compile(r"^>{5,9} ?REPLACE *$")
_FENCE = re.compile(r"^(`{3,}|~{3,})([^`\n]*)$")
_MARKDOWN = frozenset({"md", "markdown", "mdx"})  # what a fence is called whose text has fences of its own


@dataclass(frozen=True, slots=True)
class Block:
    """One place: the lines that are there and the lines that should be, once for each line that may part the two.

    The shortest old part first. Both end with a newline unless empty.
    """

    splits: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, lines: Sequence[str]) -> "Block | None":
        """Return the block with these lines between its marks, None when none of them parts it."""
        middles = [at for at, line in enumerate(lines) if _MIDDLE.match(line.strip())]
        splits = [("".join(lines[:at]), "".join(lines[at + 1 :])) for at in middles[:MAX_MIDDLES]]
        return cls(tuple(splits)) if splits else None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an answer amounts to: edits (UTF-16 offsets into the text), and what the model said around them."""

    edits: tuple[Edit, ...]
    note: str


def read_answer(answer: str, text: str, *, whole_file: bool) -> Changes:
    """Return the changes that `answer` asks of `text`.

    `whole_file`: a single fenced text without blocks replaces everything. Raises ModelFailed with a sentence when the
    answer is empty, has no change in it, is cut midway, or searches for what is not there or not unique.
    """
    if not answer.strip():
        raise ModelFailed("the answer was empty.", "empty")
    blocks, note = _blocks(answer)
    if blocks:
        return Changes(tuple(edits_between(text, _apply(text, blocks))), note)
    fenced = _fenced(answer) if whole_file else None
    if fenced is not None:
        return Changes(tuple(edits_between(text, fenced[0])), fenced[1])
    raise ModelFailed("the answer had no change in it that could be read.", "unusable")


def _blocks(answer: str) -> tuple[list[Block], str]:
    """Return the blocks and the prose around them; raise when a block was opened and not closed."""
    blocks: list[Block] = []
    prose: list[str] = []
    inside: list[str] | None = None
    for line in answer.splitlines(keepends=True):
        bare = line.strip()
        if inside is None:
            if _SEARCH.match(bare):
                inside = []
            elif not _FENCE.match(bare):
                prose.append(line)
        elif _REPLACE.match(bare) and (block := Block.of(inside)) is not None:
            blocks.append(block)
            inside = None
        else:
            inside.append(line)
    if inside is not None:
        raise ModelFailed("the answer broke off in the middle of a change.", "unusable")
    if len(blocks) > MAX_BLOCKS:
        raise ModelFailed(f"the answer changes more than {MAX_BLOCKS} places.", "unusable")
    return blocks, "".join(prose).strip()


def _fenced(answer: str) -> tuple[str, str] | None:
    """Return the text of the longest complete fence and the prose outside it; None when there is none.

    A fence may hold others. One of Markdown that the answer begins and ends with is one, whatever stands in between:
    models write its inner fences with the same marks, and without a language nothing tells those from its end.
    """
    lines = answer.strip().splitlines(keepends=True)
    if _is_one_of_markdown([line.strip() for line in lines]):
        return "".join(lines[1:-1]), ""
    best: tuple[int, int] | None = None
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at].strip())
        if opening is None:
            at += 1
            continue
        end = _end_of(lines, at, opening[1])
        if end is None:
            raise ModelFailed("the answer broke off in the middle of the file.", "unusable")
        if best is None or end - at > best[1] - best[0]:
            best = (at, end)
        at = end + 1
    if best is None:
        return None
    return "".join(lines[best[0] + 1 : best[1]]), "".join(lines[: best[0]] + lines[best[1] + 1 :]).strip()


def _is_one_of_markdown(lines: Sequence[str]) -> bool:
    first = _FENCE.match(lines[0])
    if first is None or first[2].strip().lower() not in _MARKDOWN or len(lines) < 2 or not _closes(lines[-1], first[1]):
        return False
    inner = [line for line in lines[1:-1] if (fence := _FENCE.match(line)) and _closes(fence[1], first[1])]
    opening = sum(not _closes(line, first[1]) for line in inner)  # they name a language
    # Each of those takes a plain one to close it, and the rest go in pairs; else the last line closes an inner one.
    return len(inner) >= 2 * opening and len(inner) % 2 == 0


def _end_of(lines: Sequence[str], start: int, marks: str) -> int | None:
    """Return the line that closes the fence opened with `marks` at `start`; inner ones name a language to open."""
    inside: list[str] = []
    for at in range(start + 1, len(lines)):
        bare = lines[at].strip()
        if _closes(bare, inside[-1] if inside else marks):
            if not inside:
                return at
            inside.pop()
        elif (inner := _FENCE.match(bare)) is not None and inner[2].strip() and _closes(inner[1], marks):
            inside.append(inner[1])
    return None


def _closes(bare: str, marks: str) -> bool:
    return len(bare) >= len(marks) and bare.strip(marks[0]) == ""


def _apply(text: str, blocks: Sequence[Block]) -> str:
    """Return `text` with every block's lines replaced; all are found in the original before any is applied."""
    spans = sorted((_find(text, block) for block in blocks), key=lambda span: span[:2])
    for (_, end, _), (start, _, _) in pairwise(spans):
        if start < end:
            raise ModelFailed("the answer changes the same place twice.", "unusable")
    out, at = [], 0
    for start, end, lines in spans:
        new = lines
        if end == len(text) and not text.endswith("\n") and text:
            new = new.removesuffix("\n")  # the last line had no newline; the model's form always has one
            if start == end and new:
                new = "\n" + new
        out += [text[at:start], new]
        at = end
    return "".join([*out, text[at:]])


def _find(text: str, block: Block) -> tuple[int, int, str]:
    """Return where the block's old lines stand in `text` (character offsets), and what should stand there."""
    # Text may itself have lines of “=”. The longest old part that is there says where the halves meet.
    for old, new in reversed(block.splits):
        if not old.strip():
            start = len(text) if text.strip() and old == "" else 0  # in a file with text it is meant as an addition
            return start, start if text.strip() else len(text), new
        found = places(text, old)
        if len(found) == 1:
            return found[0].start, found[0].end, found[0].indented(new)
        if found and len(block.splits) == 1:
            raise ModelFailed(f"the answer changes “{_short(old)}”, which stands there {len(found)} times.", "garbage")
    shown = _short(block.splits[0][0])
    if len(block.splits) > 1:
        raise ModelFailed(
            f"the answer changes “{shown}” with several lines of “=”, and no part before one stands there just once.",
            "unusable",
        )
    raise ModelFailed(f"the answer changes “{shown}”, which is not in the file.", "unusable")


def _short(old: str) -> str:
    line = old.strip().splitlines()[0].strip()
    return line if utf16_length(line) <= 60 else line[:57] + "…"

"""Code as HTML anywhere outside the editor: escaped, coloured by classes only, bounded.

The classes are Pygments' own; `styles` maps them to the look's colours. What must not be here: inline styles, scripts.
"""

import html
import time
from collections import Counter
from typing import Any

from pygments import format as pygments_format
from pygments.formatters import HtmlFormatter

from app.domain.alignment import Budget, Match, align
from app.rendering.languages import Language, guess_extension, guess_language, language_of, lexer_of

__all__ = [
    "coloured_lines",
    "diff_html",
    "guess_extension",
    "guess_language",
    "highlight",
    "highlight_as",
    "plain_lines",
    "rough_counts",
]

MAX_COLOURED = 40_000  # characters: a thousand lines; more is not read outside the editor, and is shown plain
MAX_SECONDS = 0.25  # some lexers take the square of odd texts (40 s for blank lines); past this the text is shown plain
MAX_LINE = 2_000  # characters of a line: longer ones are generated, and some lexers take their square
MAX_ROWS = 1_000  # rows of a diff that are drawn; the rest is counted
CONTEXT = 3  # unchanged lines around a change


def highlight(text: str, path: str) -> str:
    """Return `text` as HTML spans, for a `pre.pc-code`. The language is that of `path`, or else guessed."""
    return highlight_as(text, language_of(path, text))


def highlight_as(text: str, language: Language) -> str:
    """Return `text` as HTML spans in the colours of `language`; only escaped when it is too long to colour."""
    if len(text) > MAX_COLOURED or any(len(line) > MAX_LINE for line in text.split("\n")):
        return html.escape(text)
    tokens: list[tuple[Any, str]] = []
    end = time.monotonic() + MAX_SECONDS
    for token in lexer_of(language).get_tokens(text):
        tokens.append(token)
        if time.monotonic() > end:
            return html.escape(text)
    coloured: str = pygments_format(tokens, HtmlFormatter(nowrap=True))
    # Pygments ends what it writes with a line end; the text decides whether there is one.
    return coloured if text.endswith("\n") else coloured.removesuffix("\n")


def diff_html(old: str, new: str, path: str) -> str:
    """Return the change from `old` to `new` by lines: a `div.pc-diff` whose rows say + or − as text, too."""
    a, b = old.splitlines(), new.splitlines()
    left, right = _in_step(old, a, path), _in_step(new, b, path)
    rows: list[str] = []
    at_a = at_b = 0
    matches = [*align(a, b, Budget()), Match(len(a), len(b), 0)]
    for number, match in enumerate(matches):
        rows += [_row("del", "−", "removed", line) for line in left[at_a : match.left]]
        rows += [_row("add", "+", "added", line) for line in right[at_b : match.right]]
        at_a, at_b = match.left + match.length, match.right + match.length
        same = right[match.right : at_b]
        head = 0 if number == 0 and match.left == match.right == 0 else CONTEXT
        tail = 0 if at_a == len(a) and at_b == len(b) else CONTEXT
        rows += _unchanged(same, head, tail)
    if len(rows) > MAX_ROWS:
        rows[MAX_ROWS:] = [_gap(f"{len(rows) - MAX_ROWS:,} more lines")]
    return f'<div class="pc-diff pc-code">{"".join(rows)}</div>'


def diff_counts(old: str, new: str) -> tuple[int, int]:
    """Return how many lines `diff_html` shows as added and as removed."""
    a, b = old.splitlines(), new.splitlines()
    same = sum(match.length for match in align(a, b, Budget()))
    return len(b) - same, len(a) - same


def rough_counts(old: str, new: str) -> tuple[int, int]:
    """Return about the same in time that is linear: lines that moved do not count."""
    a, b = Counter(old.splitlines()), Counter(new.splitlines())
    return (b - a).total(), (a - b).total()


def coloured_lines(text: str, path: str) -> list[str]:
    """Return the lines of `text` as HTML spans that are whole in each line; only escaped when it is too long."""
    return _without_last_end(highlight(text, path).split("\n"))


def plain_lines(text: str) -> list[str]:
    """Return the lines of `text`, escaped."""
    return _without_last_end(html.escape(text).split("\n"))


def _without_last_end(lines: list[str]) -> list[str]:
    return lines[:-1] if lines[-1] == "" else lines


def _in_step(text: str, lines: list[str], path: str) -> list[str]:
    coloured = coloured_lines(text, path)
    # Line ends that only Python knows (form feed, U+2028) would put the two out of step.
    return coloured if len(coloured) == len(lines) else [html.escape(line) for line in lines]


def _unchanged(lines: list[str], head: int, tail: int) -> list[str]:
    if len(lines) <= head + tail + 1:
        return [_row("same", " ", "", line) for line in lines]
    shown = [_row("same", " ", "", line) for line in lines[:head]]
    shown.append(_gap(f"{len(lines) - head - tail:,} unchanged lines"))
    return shown + [_row("same", " ", "", line) for line in lines[len(lines) - tail :]]


def _row(kind: str, sign: str, word: str, line: str) -> str:
    spoken = f'<span class="pc-diff-word">{word} </span>' if word else ""
    mark = f'<span class="pc-diff-sign" aria-hidden="true">{sign}</span>'
    return f'<div class="pc-diff-row pc-diff-{kind}">{mark}{spoken}<code>{line}</code></div>'


def _gap(words: str) -> str:
    return f'<div class="pc-diff-gap">⋯ {words}</div>'

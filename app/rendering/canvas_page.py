"""A whole canvas as one page of HTML to read, print or keep: it needs nothing else, and nothing in it runs.

What must not be here: reading the canvas, headers of an answer.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.rendering.code import MAX_COLOURED, coloured_lines, plain_lines
from app.rendering.languages import language_of
from app.rendering.page_style import page_style

MAX_PAGE_COLOURED = 600_000  # characters of all files: a few seconds of colouring; the rest is shown plain

# Kept as a file the page has no header to hold it, so it says itself that nothing may load or run.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote in the canvas. `kind`: person, model or expert; `hue` is their colour everywhere."""

    kind: str
    name: str
    hue: int


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of the canvas: its name, who owns it since when, who wrote in it, and of when the page is."""

    name: str
    owners: Sequence[str]
    created: datetime
    authors: Sequence[Author]
    at: datetime


def canvas_page(about: About, files: Sequence[tuple[str, str]]) -> str:
    """Return the page of `files` (path, text): a table of contents, then each file with numbered, coloured lines."""
    left = MAX_PAGE_COLOURED
    contents: list[str] = []
    sections: list[str] = []
    for number, (path, text) in enumerate(files, 1):
        colour = len(text) <= min(left, MAX_COLOURED)
        left -= len(text) if colour else 0
        lines = coloured_lines(text, path) if colour else plain_lines(text)
        facts = f"{language_of(path, text).name} · {_count(len(lines), 'line')}"
        contents.append(f'<li><a href="#f{number}">{_text(path)}</a> <span>{facts}</span></li>\n')
        sections.append(_section(f"f{number}", path, facts, lines))
    body = "".join(sections) or '<p class="none">There are no files in this canvas.</p>\n'
    index = f'<nav aria-label="Files"><h2>Files</h2><ol>\n{"".join(contents)}</ol></nav>\n' if contents else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{_text(about.name)}</title>\n'
        f"<style>\n{page_style()}</style>\n</head>\n<body>\n{_head(about, len(files))}{index}"
        f"<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _head(about: About, count: int) -> str:
    owners = f" by {_listed(_text(name) for name in about.owners)}" if about.owners else ""
    authors = "".join(
        f'<li><span class="swatch who who-{_text(author.kind)}" style="--hue: {author.hue}" aria-hidden="true"></span>'
        f"{_text(author.name)}{'' if author.kind == 'person' else f' ({_text(author.kind)})'}</li>"
        for author in about.authors
    )
    written = f'<div class="by"><span>Written by</span><ul aria-label="Written by">{authors}</ul></div>\n'
    return (
        f"<header>\n<h1>{_text(about.name)}</h1>\n"
        f"<p>Made{owners} on {_day(about.created)} · {_count(count, 'file')} as of "
        f'<time datetime="{about.at.isoformat(timespec="seconds")}">{_day(about.at)}, {about.at:%H:%M} UTC</time></p>\n'
        f"{written if authors else ''}</header>\n"
    )


def _section(name: str, path: str, facts: str, lines: Sequence[str]) -> str:
    head = f'<h2><a href="#{name}">{_text(path)}</a> <span>{facts}</span></h2>\n'
    if not lines:
        return f'<section id="{name}">\n{head}<p class="none">This file is empty.</p>\n</section>\n'
    # The numbers are drawn by the stylesheet, so that what is copied is the text alone.
    code = "".join(f'<span class="line">{line}\n</span>' for line in lines)
    width = f'style="--digits: {len(str(len(lines)))}"'
    return f'<section id="{name}">\n{head}<pre class="pc-code" tabindex="0" {width}>{code}</pre>\n</section>\n'


def _text(value: str) -> str:
    return html.escape(value)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last

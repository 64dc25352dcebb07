"""Who wrote how much: spans of texts counted per author, and the commit trailers that say so. Pure.

What must not be here: how spans are found (see `app.collab.provenance`), HTTP.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.people import Origin

Json = dict[str, Any]
Author = tuple[str, str]  # kind and id: one person or model, whichever page or run they wrote in
MAX_RUNS = 20  # named in one total or trailer: a reader follows some, not hundreds


@dataclass(frozen=True, slots=True)
class Span:
    """UTF-16 units from `start` to `end` of a file's text were written by `origin`."""

    start: int
    end: int
    origin: Origin


@dataclass(slots=True)
class Total:
    """What one author wrote: UTF-16 units, and the lines that are mostly theirs. `runs`: run → price, None unknown."""

    origin: Origin
    characters: int = 0
    lines: int = 0
    runs: dict[str, float | None] = field(default_factory=dict)

    def to_json(self, of: int) -> Json:
        """Return it as a plain value; `of` is the whole that `share` is a part of, in UTF-16 units."""
        value: Json = {
            "by": {"kind": self.origin.kind, "id": self.origin.id, "name": self.origin.name, "hue": self.origin.hue},
            "characters": self.characters,
            "lines": self.lines,
            "share": round(self.characters / of, 4) if of else 0.0,
        }
        if self.origin.kind in ("model", "expert"):
            value |= {"runs": list(self.runs)[:MAX_RUNS], "cost_usd": cost_of(self)}
        return value


@dataclass(frozen=True, slots=True)
class FileAuthors:
    """One file: its spans in order and without gaps, and its totals, the largest first."""

    id: str
    path: str
    spans: list[Span]
    totals: list[Total]

    @property
    def characters(self) -> int:
        """The length of the text in UTF-16 units."""
        return self.spans[-1].end if self.spans else 0


def author_of(origin: Origin) -> Author:
    """Return whom a total counts an origin under."""
    return origin.kind, origin.id


def count(text: str, spans: Sequence[Span]) -> list[Total]:
    """Return the totals of one text. A line is its largest author's; indentation and blank lines are nobody's."""
    totals: dict[Author, Total] = {}
    for span in spans:
        total = totals.setdefault(author_of(span.origin), Total(span.origin))
        total.characters += span.end - span.start
        if span.origin.run is not None:
            total.runs.setdefault(span.origin.run, span.origin.cost_usd)
    for author in _line_authors((author_of(span.origin), part) for span, part in _parts(text, spans)):
        totals[author].lines += 1
    return _sorted(totals)


def together(files: Iterable[FileAuthors]) -> list[Total]:
    """Return the totals of several files as one."""
    totals: dict[Author, Total] = {}
    for one in files:
        for part in one.totals:
            total = totals.setdefault(author_of(part.origin), Total(part.origin))
            total.characters += part.characters
            total.lines += part.lines
            for run, cost in part.runs.items():
                total.runs.setdefault(run, cost)
    return _sorted(totals)


def cost_of(total: Total) -> float | None:
    """Return what a total's runs cost together in USD; None when one price is not known."""
    prices = list(total.runs.values())
    return None if None in prices else round(sum(price for price in prices if price is not None), 6)


def _sorted(totals: dict[Author, Total]) -> list[Total]:
    return sorted(totals.values(), key=lambda one: (-one.characters, one.origin.kind, one.origin.name))


def _parts(text: str, spans: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    """Give each span with its part of the text."""
    units = None if text.isascii() else text.encode("utf-16-le", "surrogatepass")
    for span in spans:
        if units is None:
            yield span, text[span.start : span.end]
        else:
            yield span, units[2 * span.start : 2 * span.end].decode("utf-16-le", "surrogatepass")


def _line_authors(parts: Iterable[tuple[Author, str]]) -> Iterator[Author]:
    """Give the author of each line that has one: whoever wrote most of it after its indentation."""
    shares: dict[Author, int] = {}
    indenting = True
    for author, part in parts:
        for number, piece in enumerate(part.split("\n")):
            if number > 0:
                if shares:
                    yield max(shares, key=lambda one: shares[one])
                shares, indenting = {}, True
            if indenting:
                piece = piece.lstrip()
                indenting = not piece
            if piece:
                shares[author] = shares.get(author, 0) + len(piece)
    if shares:
        yield max(shares, key=lambda one: shares[one])

"""Commit trailers that say who wrote the text, people and models alike. Pure.

Tokens of our own: `Co-authored-by` wants an e-mail address, and a canvas knows none. What must not be here: adding
them to anything; whoever commits asks for them.
"""

import unicodedata
from collections.abc import Iterable

from app.domain.authorship import FileAuthors, Span
from app.domain.people import Origin

WRITTEN, ASSISTED = "Written-by", "Assisted-by"
_Hand = tuple[str, str, str | None, str | None]  # kind, id, who asked, who accepted


def trailers_of(files: Iterable[FileAuthors]) -> list[str]:
    """Return one line for each person, and one for each model or expert with whoever asked it; the largest share first.

    Shares are of what was written in the canvas: what came with it is nobody's here.
    """
    written: dict[_Hand, list[Span]] = {}
    for one in files:
        for span in one.spans:
            if span.origin.kind != "system":
                written.setdefault(_hand(span.origin), []).append(span)
    lengths = {hand: sum(span.end - span.start for span in spans) for hand, spans in written.items()}
    whole = sum(lengths.values())
    lines = []
    for hand in sorted(written, key=lambda one: (one[0] != "person", -lengths[one])):
        origins = list({span.origin: None for span in written[hand]})
        share = _percent(lengths[hand], whole)
        lines.append(_written(origins[0], share) if hand[0] == "person" else _assisted(origins, share))
    return lines


def _hand(origin: Origin) -> _Hand:
    """Return what one trailer is about: a person however they came, a model by whoever asked it and let it in."""
    if origin.kind == "person":
        return origin.kind, origin.id, None, None
    return origin.kind, origin.id, origin.asked_by, origin.accepted_by


def _written(origin: Origin, share: str) -> str:
    return f"{WRITTEN}: {_plain(origin.name)} ({share})"


def _assisted(origins: list[Origin], share: str) -> str:
    first = origins[0]
    runs = {origin.run: origin.cost_usd for origin in origins if origin.run is not None}
    said = [share]
    if len(runs) == 1:
        said.append(f"run {_plain(next(iter(runs)))}")
    elif runs:
        said.append(f"{len(runs)} runs")
    prices = list(runs.values()) or [first.cost_usd]
    if None not in prices:
        said.append(_price(sum(price for price in prices if price is not None)))
    elif first.kind == "expert":
        said.append("no model")
    else:
        said.append("price unknown")
    if first.accepted_by and first.accepted_by != first.asked_by:
        said.append(f"accepted by {_plain(first.accepted_by)}")
    via = f" via {_plain(first.asked_by)}" if first.asked_by else ""
    return f"{ASSISTED}: {_plain(first.name)}{via} ({', '.join(said)})"


def _percent(part: int, whole: int) -> str:
    return "<1%" if part * 200 < whole else f"{round(100 * part / whole)}%"


def _price(usd: float) -> str:
    """Return a price with as many digits as it takes to see that it is one."""
    return f"${usd:.2f}" if usd == 0 or usd >= 0.01 else f"${usd:.4f}"


def _plain(name: str) -> str:
    """Return a name on one line: a trailer ends with its line, and a name must not begin another."""
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in name)
    return " ".join(shown.split()) or "?"

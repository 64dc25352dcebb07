"""What a suggestion is: hunks of text proposed beside a file, and what may become of each. Pure.

States of a hunk: proposed → accepted → reverted, or proposed → rejected. What must not be here: the document, anchors'
meaning (they are opaque strings), who may decide.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from app.domain.people import Origin, Person
from app.domain.textdiff import Edit
from app.errors import BadInput, Conflict, TooLarge
from app.ids import FileId, SuggestionId

HunkState = Literal["proposed", "accepted", "rejected", "reverted"]
State = Literal["proposed", "accepted", "rejected", "stale", "reverted"]

MAX_HUNKS = 300  # a person reviews dozens; the document's values hold 5,000 parts, and a hunk has up to twelve
MAX_SUGGESTION_BYTES = 512_000  # as JSON: it travels in one frame of 1 MiB, together with the edit when accepted
MAX_TITLE = 80  # characters: one line in Review
MAX_INSTRUCTION = 4_000  # characters kept of what was asked
MAX_NOTE = 4_000  # characters kept of the model's reason
JOINED_LINES = 1  # edits on one line or on neighbouring ones are one thought, so one hunk


@dataclass(frozen=True, slots=True)
class Byline:
    """A name to show beside a decision or a request."""

    id: str
    name: str
    hue: int

    @classmethod
    def of(cls, person: Person) -> "Byline":
        """Return the byline of a person."""
        return cls(person.id, person.name, person.hue)


@dataclass(frozen=True, slots=True)
class Source:
    """The model or expert that made the suggestion."""

    kind: Literal["model", "expert"]
    id: str
    name: str
    hue: int


@dataclass(frozen=True, slots=True)
class Change:
    """`old` from `start` to `end` (UTF-16 units of a base text) becomes `new`."""

    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """One change that is decided as a whole. `start` and `end`: anchors around `old`, or around `new` once accepted.

    `authors`: while it is accepted, a note of who wrote `old`; empty when that is not known.
    """

    id: str
    start: str
    end: str
    old: str
    new: str
    state: HunkState = "proposed"
    decided_by: Byline | None = None
    authors: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a run proposes: edits against `base` (a room's snapshot) of one file. `source` is a model or an expert."""

    run: str
    action: str
    title: str
    instruction: str
    file: FileId
    base: bytes
    edits: Sequence[Edit]
    by: Person
    source: Origin
    cost_usd: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed, anchored edit of one file, as stored beside the text. `at`: ISO 8601 in UTC."""

    id: SuggestionId
    run: str
    action: str
    title: str
    instruction: str
    file: FileId
    path: str
    by: Byline
    source: Source
    cost_usd: float | None
    at: str
    state: State
    hunks: tuple[Hunk, ...]
    note: str

    @property
    def characters(self) -> int:
        """How much text it holds, for bounds on many together."""
        return len(self.instruction) + len(self.note) + sum(len(hunk.old) + len(hunk.new) for hunk in self.hunks)

    def to_json(self) -> dict[str, Any]:
        """Return the plain value that is stored. Raises TooLarge."""
        value = asdict(self)
        value["hunks"] = [asdict(hunk) for hunk in self.hunks]
        size = len(json.dumps(value, ensure_ascii=False).encode())
        if size > MAX_SUGGESTION_BYTES:
            raise TooLarge(
                f"The suggested change has {size:,} bytes; at most {MAX_SUGGESTION_BYTES:,} can be reviewed at once. "
                "Ask for a smaller part of the file."
            )
        return value

    @classmethod
    def from_json(cls, value: Any) -> "Suggestion":
        """Read what `to_json` gave. Raises BadInput."""
        try:
            known = {name: value[name] for name in cls.__slots__}
            hunks = tuple(_hunk(hunk) for hunk in value["hunks"])
            return cls(**{**known, "by": Byline(**value["by"]), "source": Source(**value["source"]), "hunks": hunks})
        except (KeyError, TypeError) as error:
            raise BadInput("A stored suggestion cannot be read; reject it and ask again.") from error

    def choose(self, ids: Sequence[str] | None, goal: Literal["accepted", "rejected"]) -> list[Hunk]:
        """Return the hunks that still have to be decided to reach `goal`: none when that is done already.

        `ids` None means all. Raises BadInput for an unknown hunk and Conflict for one decided the other way.
        """
        asked = self._named(ids)
        open_ones = [hunk for hunk in asked if hunk.state == "proposed"]
        against = [hunk for hunk in asked if hunk.state not in ("proposed", goal)]
        whole = ids is None and (open_ones or any(hunk.state == goal for hunk in asked))
        if against and not whole:
            who = f" by {against[0].decided_by.name}" if against[0].decided_by else ""
            raise Conflict(f"This was already {against[0].state}{who}.")
        return open_ones

    def to_revert(self, ids: Sequence[str] | None) -> list[Hunk]:
        """Return the hunks that still have to be taken out of the text: none when that is done already.

        `ids` None means all that are in it. Raises BadInput for an unknown hunk and Conflict for one that is not there.
        """
        asked = self._named(ids)
        there = [hunk for hunk in asked if hunk.state in ("accepted", "reverted")]
        if not there or (ids is not None and len(there) < len(asked)):
            if ids is None:
                raise Conflict("Nothing of this suggestion is in the text, so there is nothing to revert.")
            raise Conflict("Not all of these hunks are in the text; revert only those that were accepted.")
        return [hunk for hunk in there if hunk.state == "accepted"]

    def _named(self, ids: Sequence[str] | None) -> list[Hunk]:
        """Return the hunks that `ids` names, in the order of the text; None means all. Raises BadInput."""
        if ids is None:
            return list(self.hunks)
        known = {hunk.id for hunk in self.hunks}
        if unknown := [one for one in ids if one not in known]:
            raise BadInput(f"This suggestion has no hunk “{unknown[0][:20]}”; its hunks are listed with it.")
        return [hunk for hunk in self.hunks if hunk.id in ids]

    def decided(self, hunks: Iterable[Hunk], by: Byline) -> "Suggestion":
        """Return the suggestion with these hunks (already in their new state) signed by `by`."""
        changed = {hunk.id: replace(hunk, decided_by=by) for hunk in hunks}
        after = tuple(changed.get(hunk.id, hunk) for hunk in self.hunks)
        return replace(self, hunks=after, state=_overall(after))

    @property
    def is_open(self) -> bool:
        """True while something is left to decide."""
        return any(hunk.state == "proposed" for hunk in self.hunks)


def group_edits(text: str, edits: Sequence[Edit]) -> list[Change]:
    """Return `edits` of `text` joined into changes a person decides on: neighbours together, at most MAX_HUNKS."""
    units = text.encode("utf-16-le")

    def between(start: int, end: int) -> str:
        return units[2 * start : 2 * end].decode("utf-16-le")

    groups = [[edit] for edit in edits]
    joined = JOINED_LINES
    while True:
        groups = _join(groups, between, joined)
        if len(groups) <= MAX_HUNKS:
            break
        joined *= 4
    changes = []
    for group in groups:
        new = group[0].new
        for before, after in pairwise(group):
            new += between(before.end, after.start) + after.new
        start, end = group[0].start, group[-1].end
        changes.append(Change(start, end, between(start, end), new))
    return changes


def make_title(title: str, instruction: str, path: str, changes: Sequence[Change]) -> str:
    """Return one line that says what the suggestion does: as given, or from what was asked, or from its size."""
    for text in (title, instruction):
        line = " ".join(text.split("\n", 1)[0].split())
        if line:
            return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"
    lines = sum(max(change.old.count("\n"), change.new.count("\n"), 1) for change in changes)
    return f"{lines} {'line' if lines == 1 else 'lines'} in {path.rsplit('/', 1)[-1]}"[:MAX_TITLE]


def _join(groups: list[list[Edit]], between: Any, lines: int) -> list[list[Edit]]:
    joined: list[list[Edit]] = []
    for group in groups:
        if joined and between(joined[-1][-1].end, group[0].start).count("\n") <= lines - _ends_line(joined[-1][-1]):
            joined[-1] = joined[-1] + group
        else:
            joined.append(group)
    return joined


def _ends_line(edit: Edit) -> bool:
    """A change of whole lines already counts one step to the next line."""
    return edit.new.endswith("\n")


def _overall(hunks: Sequence[Hunk]) -> State:
    states = {hunk.state for hunk in hunks}
    for state in ("proposed", "accepted", "reverted"):
        if state in states:
            return state
    return "rejected"


def _hunk(value: dict[str, Any]) -> Hunk:
    known = {name: value[name] for name in Hunk.__slots__ if name != "authors"}
    return Hunk(**{**known, "decided_by": _byline(value["decided_by"]), "authors": value.get("authors", "")})


def _byline(value: Any) -> Byline | None:
    return None if value is None else Byline(**value)

"""What a decision does to the document: an accepted suggestion is written into the text, a reverted one taken out.

A revert gives the text back to whoever wrote it: accepting notes with each hunk whose the text was that it replaces.
What must not be here: rooms, who may decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pycrdt import Map, Text

from app.collab.by_author import Brought, Stretch, bring, noted, parts, read_note, with_other_authors
from app.collab.document import YDoc
from app.collab.hunks import Place, in_the_text, located, take_out, write_over
from app.collab.offsets import utf16_length
from app.collab.returned import Whose
from app.collab.schema import FILES, SUGGESTIONS, text_root
from app.collab.sequence import runs
from app.collab.structs import read_update
from app.domain.authorship import Span
from app.domain.people import Origin, Person
from app.domain.suggestions import Byline, Suggestion
from app.domain.textdiff import Edit, edits_between
from app.errors import Conflict, NotFound, TooLarge
from app.ids import SuggestionId


class Stale(Conflict):
    """The text under a hunk changed."""


def load(stored: Any, suggestion: SuggestionId) -> Suggestion:
    """Read one of the stored suggestions. Raises NotFound."""
    value = stored.get(suggestion)
    if value is None:
        raise no_such_suggestion()
    return Suggestion.from_json(value)


def no_such_suggestion() -> NotFound:
    """Return what says that there is none."""
    return NotFound("There is no such suggestion; it may have been cleared.")


def accept_in(doc: YDoc, suggestion: SuggestionId, by: Person, ids: Sequence[str] | None, whose: Whose) -> None:
    """Write hunks (None: all that are open) into the text of `doc`. Raises NotFound, BadInput, Conflict or Stale."""
    before = _read(doc, suggestion)
    chosen = before.choose(ids, "accepted")
    if before.file not in doc.get(FILES, type=Map):
        raise Conflict(f"{before.path} was deleted; restore it before accepting.")
    root = text_root(before.file)
    snapshot = doc.get_update()
    places = located(snapshot, root, str(doc.get(root, type=Text)), chosen)
    gone = [place.hunk for place in places if place.stale]
    if gone:
        part = "The text" if len(before.hunks) == 1 else f"The text under {len(gone)} of {len(chosen)} hunks"
        raise Stale(f"{part} changed after this was suggested. Run it again, or accept the hunks that still fit.")
    text = runs(read_update(snapshot, own=True), root)
    notes = [noted(text, whose, place.start, place.end) for place in places]
    written = write_over(doc, root, [(place, place.hunk.new) for place in places])
    accepted = [replace(hunk, state="accepted", authors=note) for hunk, note in zip(written, notes, strict=True)]
    try:
        _store(doc, before.decided(accepted, Byline.of(by)))
    except TooLarge:  # there is no room for so many authors: a revert is then the work of whoever reverts
        _store(doc, before.decided([replace(hunk, authors="") for hunk in accepted], Byline.of(by)))


class Reverting:
    """One revert of hunks (None: all that are in the text): first what it brings back, then the rest."""

    def __init__(
        self,
        suggestion: SuggestionId,
        by: Person,
        ids: Sequence[str] | None,
        whose: Whose,
        taken: Mapping[int, Origin],
    ) -> None:
        """`whose`, `taken`: whose each character of the document is, and each client id."""
        self._suggestion, self._by, self._ids = suggestion, by, ids
        self._whose, self._taken = whose, taken
        self._writes: list[tuple[Place, str]] = []
        self._edits: list[Edit] = []

    def bring_back(self, doc: YDoc) -> Brought:
        """Return what inserts the text that was replaced, as its authors', before what stands there instead.

        Raises NotFound, and Conflict when what the suggestion wrote is not in `doc` or was changed.
        """
        before = _read(doc, self._suggestion)
        # Once accepted, a hunk's anchors are around what it wrote: seen that way round it is a hunk from new to old.
        accepted = [replace(hunk, old=hunk.new, new=hunk.old) for hunk in before.to_revert(self._ids)]
        root = text_root(before.file)
        state = doc.get_update()
        places = located(state, root, str(doc.get(root, type=Text)), accepted)
        if any(place.stale for place in places):
            raise Conflict(
                "Somebody changed what this suggestion wrote, so it cannot be reverted; edit the text instead."
            )
        self._writes = [(place, place.hunk.new) for place in places]
        text = runs(read_update(state, own=True), root)
        stretches: list[Stretch] = []
        for place, old in self._writes:
            now = read_note(noted(text, self._whose, place.start, place.end), self._whose)
            then = self._authors(place, old)
            edits = with_other_authors(edits_between(place.hunk.old, old), old, now, then)
            self._edits += in_the_text(place, edits)
            for number, part, origin in parts(edits, old, then):
                stretches.append(Stretch(before.file, place.start + edits[number].start, part, origin))
        return bring([state], stretches, self._taken, self._by.name)

    def take_out(self, doc: YDoc) -> None:
        """Take out what the suggestion wrote, where the rest is in by now."""
        before = _read(doc, self._suggestion)
        written = take_out(doc, text_root(before.file), self._writes, self._edits)
        back = [replace(hunk, old=hunk.new, new=hunk.old, state="reverted", authors="") for hunk in written]
        _store(doc, before.decided(back, Byline.of(self._by)))

    def _authors(self, place: Place, old: str) -> list[Span]:
        spans, length = read_note(place.hunk.authors, self._whose), utf16_length(old)
        return spans if spans and spans[-1].end == length else [Span(0, length, Origin.of(self._by))]


def _read(doc: YDoc, suggestion: SuggestionId) -> Suggestion:
    return load(doc.get(SUGGESTIONS, type=Map).to_py() or {}, suggestion)


def _store(doc: YDoc, suggestion: Suggestion) -> None:
    doc.get(SUGGESTIONS, type=Map)[suggestion.id] = suggestion.to_json()

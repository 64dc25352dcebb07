"""Suggestions in a canvas: proposed against the revision that was read, decided against the text as it is now.

Each decision is one update to the room that changes text and suggestion together, so it is durable as a whole or not
at all. What must not be here: who may decide (the caller knows the role), models, HTTP.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

from pycrdt import Doc, Text

from app.collab.deciding import Reverting, Stale, accept_in, load, no_such_suggestion
from app.collab.hunks import Place, anchored, located
from app.collab.room import Room
from app.collab.rooms import Rooms
from app.collab.schema import SUGGESTIONS, text_root
from app.collab.whereabouts import Earlier, Whereabouts, nothing_earlier
from app.domain.files import check_text
from app.domain.people import Origin, Person
from app.domain.suggestions import (
    MAX_INSTRUCTION,
    MAX_NOTE,
    Byline,
    Proposal,
    Source,
    Suggestion,
    group_edits,
    make_title,
)
from app.domain.textdiff import apply_edits, edits_between
from app.errors import BadInput, NotFound, TooLarge, TooMany
from app.ids import CanvasId, SuggestionId, new_id

MAX_OPEN = 60  # proposed in one canvas: more is not reviewed but scrolled past
MAX_DECIDED = 100  # decided ones kept for Review and revert; what they wrote stays in the text and its provenance
MAX_CHARACTERS = 4_000_000  # in all that are kept: every page loads them with the canvas, whose files have 16 MB

Json = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class Suggestions:
    """Every suggestion of every canvas."""

    def __init__(self, rooms: Rooms, *, now: Callable[[], datetime] = _now, earlier: Earlier = nothing_earlier) -> None:
        self._rooms = rooms
        self._where = Whereabouts(earlier)
        self._now = now
        self._turns: WeakValueDictionary[CanvasId, asyncio.Lock] = WeakValueDictionary()

    async def propose(self, canvas: CanvasId, proposal: Proposal) -> SuggestionId:
        """Store a suggestion beside the text, anchored on `proposal.base`.

        Raises BadInput when an edit is outside that text or nothing changes, NotFound when the file is gone, TooLarge
        when it or all that wait hold too much, and TooMany when the canvas has MAX_OPEN undecided ones.
        """
        if proposal.source.kind not in ("model", "expert"):
            raise BadInput("A suggestion comes from a model or an expert; people type.")
        async with self._rooms.use(canvas) as room, self._turn(canvas):
            path = room.files().get(proposal.file)
            if path is None:
                raise NotFound("The file was deleted meanwhile; there is nothing to suggest a change to.")
            base: Doc[Any] = Doc()
            base.apply_update(proposal.base)
            old = str(base.get(text_root(proposal.file), type=Text))
            new = check_text(apply_edits(old, proposal.edits), path)
            changes = group_edits(old, edits_between(old, new))
            if not changes:
                raise BadInput(f"The suggested edit changes nothing in {path}.")
            suggestion = Suggestion(
                id=SuggestionId(new_id()),
                run=proposal.run,
                action=proposal.action,
                title=make_title(proposal.title, proposal.instruction, path, changes),
                instruction=proposal.instruction[:MAX_INSTRUCTION],
                file=proposal.file,
                path=path,
                by=Byline.of(proposal.by),
                source=_source(proposal.source),
                cost_usd=proposal.cost_usd,
                at=self._now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                state="proposed",
                hunks=tuple(anchored(proposal.base, text_root(proposal.file), changes)),
                note=proposal.note[:MAX_NOTE],
            )
            await _make_place(room, suggestion)
            await room.put(SUGGESTIONS, suggestion.id, suggestion.to_json())
            self._where.note(suggestion.id, canvas)
            return suggestion.id

    async def canvas_of(self, suggestion: SuggestionId) -> CanvasId:
        """Return the canvas that a suggestion is or was in, without loading any. Raises NotFound when none is known."""
        known = await self._where.of(suggestion) or self._rooms.canvas_with(SUGGESTIONS, suggestion)
        if known is None:
            raise no_such_suggestion()
        return known

    async def all(self, canvas: CanvasId) -> list[Json]:
        """Return every suggestion, newest first, each hunk with where it stands now (see `Place.to_json`)."""
        async with self._rooms.use(canvas) as room:
            stored = [Suggestion.from_json(value) for value in room.get(SUGGESTIONS).values()]
            for one in stored:
                self._where.note(one.id, canvas)
            return _live(room, sorted(stored, key=lambda one: one.at, reverse=True))

    async def get(self, canvas: CanvasId, suggestion: SuggestionId) -> Json:
        """Return one suggestion as `all` does. Raises NotFound."""
        async with self._rooms.use(canvas) as room:
            return _live(room, [load(room.get(SUGGESTIONS), suggestion)])[0]

    async def accept(
        self, canvas: CanvasId, suggestion: SuggestionId, by: Person, hunks: Sequence[str] | None = None
    ) -> Json:
        """Write hunks (None: all that are open) into the text, in one edit, once; what is accepted already stays.

        Raises NotFound, BadInput for a hunk that is not one of it, and Conflict when one was decided otherwise or its
        text changed: then nothing is written.
        """
        async with self._rooms.use(canvas) as room, self._turn(canvas):
            before = load(room.get(SUGGESTIONS), suggestion)
            if before.choose(hunks, "accepted"):
                try:
                    whose = room.whose()
                    await room.edit(_origin(before, by), lambda doc: accept_in(doc, suggestion, by, hunks, whose))
                except Stale:
                    await room.put(SUGGESTIONS, suggestion, replace(before, state="stale").to_json())
                    raise
            return _live(room, [load(room.get(SUGGESTIONS), suggestion)])[0]

    async def reject(
        self, canvas: CanvasId, suggestion: SuggestionId, by: Person, hunks: Sequence[str] | None = None
    ) -> Json:
        """Decide against hunks (None: all that are open). Raises NotFound, Conflict when one was accepted."""
        async with self._rooms.use(canvas) as room, self._turn(canvas):
            before = load(room.get(SUGGESTIONS), suggestion)
            chosen = [replace(hunk, state="rejected") for hunk in before.choose(hunks, "rejected")]
            if chosen:
                await room.put(SUGGESTIONS, suggestion, before.decided(chosen, Byline.of(by)).to_json())
            return _live(room, [load(room.get(SUGGESTIONS), suggestion)])[0]

    async def revert(
        self, canvas: CanvasId, suggestion: SuggestionId, by: Person, hunks: Sequence[str] | None = None
    ) -> Json:
        """Put back what accepted hunks (None: all of them) replaced, in one edit, as the work of whoever wrote it.

        Raises NotFound, and Conflict when they are not in the text or somebody changed what they wrote.
        """
        async with self._rooms.use(canvas) as room, self._turn(canvas):
            before = load(room.get(SUGGESTIONS), suggestion)
            if before.to_revert(hunks):
                reverting = Reverting(suggestion, by, hunks, room.whose(), room.taking.owners)
                note = f"{before.source.name}'s suggestion reverted"
                await room.edit(Origin.of(by), reverting.take_out, first=reverting.bring_back, note=note)
            return _live(room, [load(room.get(SUGGESTIONS), suggestion)])[0]

    def _turn(self, canvas: CanvasId) -> asyncio.Lock:
        """One decision at a time in a canvas: each sees the state that the one before it left."""
        return self._turns.setdefault(canvas, asyncio.Lock())


def _live(room: Room, suggestions: Sequence[Suggestion]) -> list[Json]:
    """Return the stored values, with where each hunk stands in the text as it is now."""
    files = room.files()
    snapshot = room.snapshot() if suggestions else b""
    values = []
    for suggestion in suggestions:
        value = suggestion.to_json()
        places: list[Place] = []
        if suggestion.file in files:
            value["path"] = files[suggestion.file]
            root = text_root(suggestion.file)
            places = located(snapshot, root, room.read(suggestion.file), suggestion.hunks)
        where = {place.hunk.id: place.to_json() for place in places}
        missing = {"stale": True, "line": None, "lead": "", "tail": ""}
        for hunk in value["hunks"]:
            hunk.update(where.get(hunk["id"], missing))
            hunk["stale"] = hunk["stale"] and hunk["state"] == "proposed"
            del hunk["authors"]  # a note for reverting, in client ids
        values.append(value)
    return values


async def _make_place(room: Room, coming: Suggestion) -> None:
    """Forget the oldest decided suggestions over the bounds. Raises TooMany or TooLarge when open ones fill them."""
    stored = [Suggestion.from_json(value) for value in room.get(SUGGESTIONS).values()]
    if sum(one.is_open for one in stored) >= MAX_OPEN:
        raise TooMany(f"{MAX_OPEN} suggestions wait in this canvas already; accept or reject some first.")
    left = MAX_CHARACTERS - coming.characters - sum(one.characters for one in stored if one.is_open)
    if left < 0:
        raise TooLarge(
            f"With this one the suggestions that wait here would hold more than {MAX_CHARACTERS:,} characters; "
            "accept or reject some first, or ask for a smaller part of the file."
        )
    decided = sorted((one for one in stored if not one.is_open), key=lambda one: one.at, reverse=True)
    for number, one in enumerate(decided):
        left -= one.characters
        if number >= MAX_DECIDED or left < 0:
            await room.put(SUGGESTIONS, one.id, None)


def _source(origin: Origin) -> Source:
    return Source("model" if origin.kind == "model" else "expert", origin.id, origin.name, origin.hue)


def _origin(suggestion: Suggestion, by: Person) -> Origin:
    source = suggestion.source
    return Origin(
        kind=source.kind,
        id=source.id,
        name=source.name,
        hue=source.hue,
        run=suggestion.run,
        suggestion=suggestion.id,
        asked_by=suggestion.by.name,
        accepted_by=by.name,
        cost_usd=suggestion.cost_usd,
    )

"""Holds the live document against what the log would give after a restart; each should say the same.

What must not be here: what follows when they differ (see `journal` and `rooms`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pycrdt import Doc, Map, Text

from app.collab import document
from app.collab.document import DocumentFault, YDoc
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK, Reader
from app.collab.live import LiveDocument
from app.collab.ports import Damaged, StoredRoom
from app.collab.salvage import usable
from app.collab.schema import kind_of

_Content = dict[str, Any]  # root → its text, or its plain values


class Diverged(DocumentFault):
    """The live document is not what is stored. The room ends and is loaded again from the log."""

    code = "diverged"


class Comparison:
    """One room's. `load` reads the log, `pending` gives what is not in it yet, in order."""

    def __init__(
        self,
        live: LiveDocument,
        load: Callable[[], Awaitable[StoredRoom]],
        pending: Callable[[], Iterable[bytes]],
    ) -> None:
        self._live, self._load, self._pending = live, load, pending
        self._known: set[str] = set()

    def expect(self, refused: Iterable[str]) -> None:
        """Hear which rows were refused already when the live document was made."""
        self._known.update(refused)

    def begin(self, seq: int) -> Callable[[], Awaitable[str | None]]:
        """Read the live document in this turn of the loop (some milliseconds for each MB of text); return the rest.

        `seq`: the last update in the log now; what is appended later is not looked at. The rest raises Diverged when
        live and stored differ, and what `load` raises; it returns what is damaged in the log since the live document
        was made of it: then only the live one is whole. The other document is built and compared in a thread.
        """
        doc = self._live.settled
        content = document.guarded(_content, doc)
        state_vector = document.guarded(doc.get_state)
        return partial(self._finish, seq, content, state_vector, list(self._pending()))

    async def _finish(self, seq: int, content: _Content, state_vector: bytes, pending: list[bytes]) -> str | None:
        try:
            stored = await self._load()
        except Damaged:
            return "the snapshot is damaged"
        if set(stored.refused) - self._known:  # the log was damaged after the live document was made of it
            return f"damaged: {', '.join(stored.refused)}"
        stored = replace(stored, updates=[update for update in stored.updates if update.seq <= seq])
        differing = await asyncio.to_thread(lambda: _differences([*usable(stored)[0], *pending], content, state_vector))
        if differing:
            shown = ", ".join(differing[:5]) + (f" and {len(differing) - 5} more" if len(differing) > 5 else "")
            raise Diverged(f"What was shown of this canvas is not what is stored ({shown}); it is loaded again.")
        return None


def _differences(payloads: Sequence[bytes], live: _Content, state_vector: bytes) -> list[str]:
    """Return the roots that differ. Builds the document and lets go of it in this thread, as pycrdt demands."""
    doc: YDoc = Doc()
    document.apply(doc, payloads)
    stored = document.guarded(_content, doc)
    # A root that only one of them has is empty there: looking at it makes it.
    differing = sorted(
        root for root in live.keys() | stored.keys() if (live.get(root) or None) != (stored.get(root) or None)
    )
    if not differing and _clocks(document.guarded(doc.get_state)) != _clocks(state_vector):
        return ["what is deleted"]
    return differing


def _content(doc: YDoc) -> _Content:
    roots = list(doc.keys())
    texts = {root: str(doc.get(root, type=Text)) for root in roots if kind_of(root) == "text"}
    return texts | {root: doc.get(root, type=Map).to_py() or {} for root in roots if root not in texts}


def _clocks(state_vector: bytes) -> dict[int, int]:
    reader = Reader(state_vector)
    return {reader.var(MAX_CLIENT): reader.var(MAX_CLOCK) for _ in range(reader.var(MAX_CLOCK))}

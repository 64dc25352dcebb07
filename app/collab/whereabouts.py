"""Which canvas a suggestion is in, for those who know only the suggestion's id.

Told when one is proposed or read; asked for what an earlier process proposed once. What must not be here: who may see.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable

from app.ids import CanvasId, SuggestionId

MAX_KNOWN = 10_000  # suggestions; 1 MB. The longest unseen is forgotten first and then needs its canvas named

# Suggestions of earlier runs with their canvases, the newest last.
Earlier = Callable[[], Awaitable[Iterable[tuple[SuggestionId, CanvasId]]]]


async def nothing_earlier() -> list[tuple[SuggestionId, CanvasId]]:
    """Know of no earlier suggestion."""
    return []


class Whereabouts:
    """A bounded memory: suggestion → canvas."""

    def __init__(self, earlier: Earlier = nothing_earlier) -> None:
        self._earlier: Earlier | None = earlier
        self._known: OrderedDict[SuggestionId, CanvasId] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def note(self, suggestion: SuggestionId, canvas: CanvasId) -> None:
        """Remember where a suggestion was seen."""
        self._known[suggestion] = canvas
        self._known.move_to_end(suggestion)
        while len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)

    async def of(self, suggestion: SuggestionId) -> CanvasId | None:
        """Return the canvas, None when it is not known."""
        if suggestion not in self._known and self._earlier is not None:
            earlier, self._earlier = self._earlier, None  # once: what comes later is noted
            seen = list(self._known.items())
            for one in (*await earlier(), *seen):
                self.note(*one)
        return self._known.get(suggestion)

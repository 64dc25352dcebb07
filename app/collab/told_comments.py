"""What happened to comments, for the activity feed: said, answered, resolved, opened again, taken away, brought back.

What must not be here: files (see `told`); who may comment (see `schema`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.collab.document import Json
from app.domain.people import Origin

MAX_GONE = 200  # comments taken away that are known again; as many as may be brought back
MAX_TITLE = 80  # characters of a comment that stand in the feed: enough to know it again
_SAID = ("comment-added", "comment-answered")

Change = tuple[Origin, str, str, dict[str, str]]  # who, kind, the file's id, what else is worth reading


class TellsComments:
    """Compares comments as they were when an update came with what is durable. `one` and `every` read them now."""

    def __init__(self, one: Callable[[str], Json], every: Callable[[], Mapping[str, Json]]) -> None:
        self._one = one
        self._every = every
        self._stood: dict[str, Json] = {}
        self._gone: dict[str, None] = {}  # ids told of as taken away, the newest last

    def expect(self, key: str) -> None:
        """Hear that a comment is about to be written; the document is still without that."""
        if key not in self._stood:
            self._stood[key] = self._one(key)

    def changes(self, written: Mapping[str, Origin | None]) -> Iterator[Change]:
        """Give what is worth telling of the comments that were written, a thread's one decision once.

        None as the writer: the server, or over HTTP; not told here.
        """
        if not written:
            return
        now, told = self._every(), set[tuple[str, ...]]()
        for key, origin in written.items():
            before, after = self._stood.pop(key, None), now.get(key)
            kind = self._kind(before, after, now, key)
            value = after if isinstance(after, dict) else before
            if origin is None or kind is None or not isinstance(value, dict):
                continue
            place = (kind, *(str(value.get(part)) for part in ("file", "start", "end")))
            if place in told and kind not in _SAID:
                continue
            told.add(place)
            yield origin, kind, str(value.get("file")), _more(value, kind)

    def _kind(self, before: Json, after: Json, now: Mapping[str, Json], key: str) -> str | None:
        if not isinstance(after, dict):
            if not isinstance(before, dict):
                return None
            self._gone[key] = None
            if len(self._gone) > MAX_GONE:
                del self._gone[next(iter(self._gone))]
            return "comment-removed"
        if not isinstance(before, dict):
            if key in self._gone:  # whoever brings it back did not say it
                del self._gone[key]
                return "comment-restored"
            others = (other for name, other in now.items() if name != key and isinstance(other, dict))
            return "comment-answered" if any(_follows(after, other) for other in others) else "comment-added"
        if before.get("resolved") is not after.get("resolved"):
            return "comment-resolved" if after.get("resolved") else "comment-reopened"
        return None


def _follows(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether a comment stands in the thread of another."""
    return all(one.get(part) == other.get(part) for part in ("file", "start", "end"))


def _more(value: Mapping[str, Any], kind: str) -> dict[str, str]:
    words = " ".join(str(value.get("text", "")).split())
    more = {"title": words if len(words) <= MAX_TITLE else words[: MAX_TITLE - 1].rstrip() + "…"}
    mentions = value.get("mentions")
    if kind in _SAID and isinstance(mentions, list):
        more["mentions"] = ", ".join(str(one.get("name", "")) for one in mentions if isinstance(one, dict))
    return more

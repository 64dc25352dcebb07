"""Who wrote each stretch of a file: from the client ids of its characters and the origins that those belong to.

What must not be here: deciding anything by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.collab.schema import text_root
from app.collab.sequence import runs
from app.collab.structs import read_update
from app.domain.people import SYSTEM, Origin
from app.ids import FileId


@dataclass(frozen=True, slots=True)
class Span:
    """UTF-16 units from `start` to `end` of a file's text were written by `origin`."""

    start: int
    end: int
    origin: Origin

    def to_json(self) -> dict[str, Any]:
        """Return the span as a plain value."""
        return {"start": self.start, "end": self.end, "origin": self.origin.to_json()}


def spans(snapshot: bytes, authors: Mapping[str, Any], file: FileId) -> list[Span]:
    """Return the spans of a file's text: in order, without gaps, neighbours of one origin joined.

    `snapshot` is the room's, `authors` its `authors` map (decimal client id → origin). A client that is not in the map
    is the server's own first writing.
    """
    origins: dict[int, Origin] = {}
    found: list[Span] = []
    offset = 0
    for run in runs(read_update(snapshot, own=True), text_root(file)):
        if run.deleted:
            continue
        if run.client not in origins:
            value = authors.get(str(run.client))
            origins[run.client] = SYSTEM if value is None else Origin.from_json(dict(value))
        origin = origins[run.client]
        end = offset + run.length
        if found and found[-1].origin == origin:
            found[-1] = Span(found[-1].start, end, origin)
        else:
            found.append(Span(offset, end, origin))
        offset = end
    return found

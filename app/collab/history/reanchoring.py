"""Comments on text that a restore brings back: it is new text to the document, so they are put on it again.

Everything here is for a thread. What must not be here: texts; storage; what pages do with what they undo.
"""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from app.collab.offsets import utf16_length
from app.collab.relative import Positions, RelativePosition
from app.collab.schema import text_root
from app.collab.sequence import runs_of
from app.collab.structs import read_update
from app.errors import BadInput

Comments = Mapping[str, Any]
Anchors = tuple[RelativePosition, RelativePosition]
Moves = dict[str, tuple[Comments, Comments]]  # a comment's id → it as it stood, and as it is to stand


def reanchored(comments: Comments, now: bytes, then: bytes, after: bytes, texts: Mapping[str, str]) -> Moves:
    """Return the comments that stand on what is gone `now` and was there `then`, put on the same words `after`.

    `texts`: the files that were restored, whose texts `then` and `after` are the same.
    """
    anchors = dict(anchors_in(comments, texts))
    if not anchors:
        return {}
    files = {comments[key]["file"] for key in anchors}
    is_now, was_then, is_after = (_positions(state, files) for state in (now, then, after))
    found: Moves = {}
    for key, (start, end) in anchors.items():
        comment = comments[key]
        file = comment["file"]
        if was_then[file].length != utf16_length(texts[file]):
            continue  # the past is damaged here: what stood where is not known
        if not (is_now[file].is_loose(start) or is_now[file].is_loose(end)):
            continue
        places = [_place(was_then[file], position) for position in (start, end)]
        if None not in places:
            first, last = (
                is_after[file].at(place or 0, position.assoc).encode()
                for place, position in zip(places, (start, end), strict=True)
            )
            found[key] = comment, {**comment, "start": first, "end": last}
    return found


def anchors_in(comments: Comments, files: Container[str]) -> Iterable[tuple[str, Anchors]]:
    """Give each comment in one of `files` whose places can be read, by its id."""
    for key, comment in comments.items():
        if isinstance(comment, dict) and isinstance(file := comment.get("file"), str) and file in files:
            try:
                yield key, (RelativePosition.decode(comment["start"]), RelativePosition.decode(comment["end"]))
            except (BadInput, KeyError, TypeError):
                continue  # from before the form of comments was checked


def _positions(state: bytes, files: Iterable[str]) -> dict[str, Positions]:
    roots = {file: text_root(file) for file in files}
    runs = runs_of(read_update(state, own=True), roots.values())
    return {file: Positions(root, runs[root]) for file, root in roots.items()}


def _place(positions: Positions, position: RelativePosition) -> int | None:
    """Return where a position is; None where its character is not known or already gone."""
    return None if positions.is_loose(position) else positions.offset(position)

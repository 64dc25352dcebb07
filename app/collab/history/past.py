"""The document as it was: its whole state at a moment, and a state made fit to begin a canvas of its own.

Everything here is for a thread. What must not be here: storage, rooms.
"""

import logging
from collections.abc import Mapping

from pycrdt import Doc, Map, Text

from app.collab import document, schema
from app.collab.document import DocumentFault, YDoc
from app.collab.history.damage import Damaged, sound
from app.collab.history.incoming import bring_comments, unsettled
from app.collab.history.ports import StoredHistory
from app.collab.structs import read_update
from app.domain.people import Origin

logger = logging.getLogger(__name__)


def state_at(stored: StoredHistory, seq: int) -> bytes:
    """Return the state at the end of the piece that ends at `seq`; without what cannot be read. Raises Damaged."""
    doc: YDoc = Doc()
    frame = stored.mark if stored.mark is not None and stored.mark.seq <= seq else stored.base
    try:
        document.guarded(doc.apply_update, sound(frame, f"The keyframe at {frame.seq}"))
    except Damaged as error:
        if frame is stored.base:
            raise
        logger.error("history: %s The base is used instead.", error.sentence)
        frame = stored.base
        document.guarded(doc.apply_update, sound(frame, f"The keyframe at {frame.seq}"))
    for piece in stored.pieces:
        if frame.seq < piece.seq <= seq:
            try:
                # Each in a transaction of its own: many in one take pycrdt twenty times as long.
                document.guarded(doc.apply_update, sound(piece, f"Update {piece.seq}"))
            except (Damaged, DocumentFault) as error:
                logger.error("history: %s", error.sentence)
    return document.guarded(doc.get_update)


def as_beginning(state: bytes, clients: Mapping[int, Origin]) -> tuple[bytes, dict[int, Origin]]:
    """Return a state as another canvas's first one, and whose its client ids are.

    Suggestions stay behind, since they belong to runs of the other canvas, and so does the text of deleted files.
    """
    doc: YDoc = Doc()
    document.guarded(doc.apply_update, state)
    sections = read_update(state, own=True).sections
    roots = {struct.root for section in sections for struct in section.structs}
    importer = unsettled((section.client for section in sections), clients)
    kept = {schema.text_root(file) for file in document.values(doc, schema.FILES)}

    def clear(doc: YDoc) -> None:
        suggestions = doc.get(schema.SUGGESTIONS, type=Map)
        for key in list(suggestions.keys()):
            del suggestions[key]
        for root in sorted(root for root in roots if root and root.startswith(schema.FILE_PREFIX)):
            if root not in kept:
                doc.get(root, type=Text).clear()
        if importer is not None:
            bring_comments(doc, importer)

    document.changes(doc, clear)
    snapshot = document.guarded(doc.get_update)
    used = {section.client for section in read_update(snapshot, own=True).sections}
    return snapshot, {client: origin for client, origin in clients.items() if client in used}

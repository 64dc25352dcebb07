"""Comments that come in with a state made elsewhere: which may stay, and who answers for them.

Everything here is for a thread. What must not be here: reading files; comments that pages write (see `schema`).
"""

from collections.abc import Iterable, Mapping

from pycrdt import Map

from app.collab import document, schema
from app.collab.comment_form import IMPORTED, is_whole
from app.collab.document import YDoc
from app.domain.people import Origin


def bring_comments(doc: YDoc, by: str) -> None:
    """Take out what no page could have written; whoever the rest names, `by` brought it."""
    comments = doc.get(schema.COMMENTS, type=Map)
    for key, comment in document.values(doc, schema.COMMENTS).items():
        if not is_whole(key, comment, schema.FILE_PREFIX):
            del comments[key]
        elif comment.get(IMPORTED) != by:
            comments[key] = {**comment, IMPORTED: by}


def unsettled(used: Iterable[int], clients: Mapping[int, Origin]) -> str | None:
    """Return who brought a state of whose comments nothing was judged yet: it is from before its import was done.

    The server settles what comes in under a client id of its own, which is in every later state. `used`: the client
    ids in the state; `clients`: whose they are.
    """
    names = {origin.imported_by if (origin := clients.get(client)) else None for client in used}
    return names.pop() if len(names) == 1 else None

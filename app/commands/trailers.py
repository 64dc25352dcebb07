"""`polycanvas trailers`: who wrote a canvas, as trailers for a commit message. Reads the store, also beside a server.

Nothing asks for them by itself: it is for whoever wants it in a commit. What must not be here: calling git.
"""

import asyncio
import sys
from pathlib import Path

from app.errors import BadInput, NotFound
from app.ids import CanvasId, is_id
from app.settings import Settings


def trailers(settings: Settings, folder: Path | None, canvas: str | None, files: list[str] | None = None) -> int:
    """Print the trailers of the canvas made from `folder` (None: where this runs), or of the one with the id `canvas`.

    `files`: only what is at these paths. Raises NotFound when there is no such canvas or file.
    """
    from app.persistence.migrate import migrate

    if folder is not None and canvas is not None:
        raise BadInput("Name a folder or a canvas, not both.")
    if canvas is not None and not is_id(canvas):
        raise BadInput(f"“{canvas}” is not a canvas's id; it is the last part of the canvas's address.")
    if not settings.database_url and not (settings.data / "polycanvas.db").exists():
        raise NotFound(f"No canvas was made from {(folder or Path()).resolve()}: there is nothing in {settings.data}.")
    migrate(settings)
    lines = asyncio.run(_read(settings, (folder or Path()).resolve(), canvas, files))
    print("".join(f"{line}\n" for line in lines), end="")
    if not lines:
        print("Nothing was written in this canvas yet, so there are no trailers.", file=sys.stderr)
    return 0


async def _read(settings: Settings, folder: Path, canvas: str | None, files: list[str] | None) -> list[str]:
    from app.adapters import DatabaseNotes
    from app.collab.provenance import authors_in_store
    from app.commands.opening import folder_note
    from app.domain.trailers import trailers_of
    from app.persistence.database import Database

    database = Database(settings)
    try:
        known = canvas or await DatabaseNotes(database).get(folder_note(folder))
        if known is None:
            raise NotFound(f"No canvas was made from {folder}. Open it first: polycanvas {folder}")
        stored = await database.log.load(CanvasId(known))
        return trailers_of(authors_in_store(stored, files))
    finally:
        await database.close()

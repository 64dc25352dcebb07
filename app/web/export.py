"""`GET export`: the text files of a canvas as one zip archive.

What must not be here: other formats, and anything of the history.
"""

import asyncio
import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.permissions import Right
from app.ids import CanvasId
from app.web.identity import Running, Who

router = APIRouter()

# What people wrote leaves as it is: should a browser show it in spite of all, it can do nothing there.
INERT = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
_MODE = 0o644 << 16  # a regular file's permissions, where the archive keeps them


def pack(files: Iterable[tuple[str, str]], at: datetime) -> bytes:
    """Return files (path, text) as a zip archive. Of two with one path the second gets a number behind its name."""
    archive = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, text in files:
            name, number = path, 1
            while name in taken:
                number += 1
                name = f"{path} ({number})"
            taken.add(name)
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _MODE
            packed.writestr(entry, text.encode("utf-8"))
    return archive.getvalue()


def disposition(name: str) -> str:
    """Return the Content-Disposition for an archive called like a canvas."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name).strip("-.") or "canvas"
    return f"attachment; filename=\"{plain}.zip\"; filename*=UTF-8''{quote(name, safe='')}.zip"


@router.get("/canvases/{canvas}/export", summary="Download a canvas's files")
async def export(canvas: CanvasId, who: Who, running: Running) -> Response:
    """Return every file as it is now, in one zip archive."""
    await running.canvases.require(canvas, who, Right.READ)
    found = await running.canvases.get(canvas, who)
    async with running.rooms.use(canvas) as room:
        files = [(path, room.read(file)) for file, path in room.files().items()]
    body = await asyncio.to_thread(pack, files, datetime.now(UTC))
    headers = INERT | {"content-disposition": disposition(found.name)}
    return Response(body, media_type="application/zip", headers=headers)

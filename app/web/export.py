"""`GET export`: the text files of a canvas as one zip archive, or as one page to read.

What must not be here: how the page looks (app/rendering), and anything of the history.
"""

import asyncio
import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.people import Role
from app.domain.permissions import Right
from app.ids import CanvasId
from app.rendering.canvas_page import About, Author, canvas_page
from app.web.identity import Running, Who

router = APIRouter()

# What people wrote leaves as it is: should a browser show it in spite of all, it can do nothing there.
INERT = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
READABLE = INERT | {"content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}
MAX_AUTHORS = 100  # that the page names; a canvas has a few
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


def disposition(name: str, suffix: str = "zip", kind: Literal["attachment", "inline"] = "attachment") -> str:
    """Return the Content-Disposition for a file called like a canvas."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name).strip("-.") or "canvas"
    return f"{kind}; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(name, safe='')}.{suffix}"


def authors_of(origins: Iterable[Any]) -> list[Author]:
    """Return who wrote, each once, people first: from the values of a document's `authors`."""
    found = {(o["kind"], o["id"]): Author(o["kind"], o["name"], o["hue"]) for o in origins if o["kind"] != "system"}
    return sorted(found.values(), key=lambda one: (one.kind != "person", one.name))[:MAX_AUTHORS]


@router.get("/canvases/{canvas}/export", summary="Download a canvas's files")
async def export(canvas: CanvasId, who: Who, running: Running, form: Literal["zip", "html"] = "zip") -> Response:
    """Return every file as it is now: in one zip archive, or as one page to read, print or keep."""
    await running.canvases.require(canvas, who, Right.READ)
    found = await running.canvases.get(canvas, who)
    async with running.rooms.use(canvas) as room:
        files = [(path, room.read(file)) for file, path in room.files().items()]
        authors = authors_of(room.get("authors").values())
    if form == "html":
        owners = [one.person.name for one in await running.canvases.members(canvas, who) if one.role is Role.OWNER]
        created = datetime.fromtimestamp(found.created_at, UTC)
        about = About(found.name, owners, created, authors, datetime.now(UTC))
        page = await asyncio.to_thread(canvas_page, about, files)
        shown = READABLE | {"content-disposition": disposition(found.name, "html", "inline")}
        return Response(page, media_type="text/html; charset=utf-8", headers=shown)
    body = await asyncio.to_thread(pack, files, datetime.now(UTC))
    headers = INERT | {"content-disposition": disposition(found.name)}
    return Response(body, media_type="application/zip", headers=headers)

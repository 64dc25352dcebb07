"""Routes of a canvas's files. Text goes through the room, so open editors see each change at once."""

from typing import Any

from fastapi import APIRouter, Response

from app.collab.room import Room
from app.domain.files import check_path, check_text
from app.domain.people import Origin
from app.domain.permissions import Right
from app.errors import Conflict, NotFound
from app.ids import CanvasId, FileId
from app.web.identity import Running, Who
from app.web.languages import language_of
from app.web.schemas import Path, Text
from app.web.telling import tell

router = APIRouter()


def _find(room: Room, path: str) -> FileId:
    file = room.find(check_path(path))
    if file is None:
        raise NotFound(f"There is no file {path} in this canvas.")
    return file


def _json(room: Room, file: FileId, path: str) -> dict[str, Any]:
    size = len(room.read(file).encode("utf-8"))
    return {"id": file, "path": path, "bytes": size, "language": language_of(path)}


@router.get("/canvases/{canvas}/files", summary="List a canvas's files")
async def listing(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return every file, sorted by path. `bytes` are of UTF-8."""
    await running.canvases.require(canvas, who, Right.READ)
    async with running.rooms.use(canvas) as room:
        return {"files": [_json(room, file, path) for file, path in room.files().items()]}


@router.get("/canvases/{canvas}/files/{path:path}", summary="Read a file")
async def read(canvas: CanvasId, path: str, who: Who, running: Running) -> dict[str, Any]:
    """Return a file with its text as it is now."""
    await running.canvases.require(canvas, who, Right.READ)
    async with running.rooms.use(canvas) as room:
        file = _find(room, path)
        return _json(room, file, check_path(path)) | {"text": room.read(file)}


@router.put("/canvases/{canvas}/files/{path:path}", summary="Write a file")
async def write(canvas: CanvasId, path: str, body: Text, who: Who, running: Running) -> dict[str, Any]:
    """Make the file's text this one by the smallest edit, or create it. On disk when this answers."""
    await running.canvases.require(canvas, who, Right.EDIT)
    clean = check_path(path)
    text = check_text(body.text, clean)
    async with running.rooms.use(canvas) as room:
        is_new = room.find(clean) is None
        file = await room.write(clean, text, Origin.of(who))
        if is_new:
            await tell(running, canvas, who, "file-created", path=clean)
        elif running.activity.is_news(canvas, who.id, file):
            await tell(running, canvas, who, "file-edited", path=clean)
        return _json(room, file, clean)


@router.patch("/canvases/{canvas}/files/{path:path}", summary="Rename a file")
async def rename(canvas: CanvasId, path: str, body: Path, who: Who, running: Running) -> dict[str, Any]:
    """Give a file another path. 409 when another file has it."""
    await running.canvases.require(canvas, who, Right.EDIT)
    target = check_path(body.path)
    async with running.rooms.use(canvas) as room:
        file = _find(room, path)
        if room.find(target) not in {None, file}:
            raise Conflict(f"There is already a file {target}. Choose another path or delete that one first.")
        await room.rename(file, target, Origin.of(who))
        await tell(running, canvas, who, "file-renamed", path=target)
        return _json(room, file, target)


@router.delete("/canvases/{canvas}/files/{path:path}", status_code=204, summary="Delete a file")
async def remove(canvas: CanvasId, path: str, who: Who, running: Running) -> Response:
    """Take a file out of the canvas."""
    await running.canvases.require(canvas, who, Right.EDIT)
    async with running.rooms.use(canvas) as room:
        await room.remove(_find(room, path), Origin.of(who))
        await tell(running, canvas, who, "file-removed", path=check_path(path))
    return Response(status_code=204)

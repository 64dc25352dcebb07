"""Which canvas a start opens: the folder's, made once and found again, or the sample, made once.

What must not be here: reading folders, and what is in the sample.
"""

from collections.abc import Mapping
from pathlib import Path

from app.domain.people import Person
from app.errors import NotFound
from app.ids import CanvasId
from app.services import Services, services

_SAMPLE = "sample-canvas"
HOME = "/"


async def open_canvas(folder: Path | None, files: Mapping[str, str] | None) -> str:
    """Return the path of the page to open; the canvas is made first when it is new."""
    running = services()
    owner = await running.accounts.local_owner()
    if folder is not None:
        known = await running.notes.get(f"folder:{folder}")
        canvas = await _still_there(running, known, owner)
        if canvas is None:
            canvas = (await running.canvases.create(owner, folder.name or "Canvas", files)).id
            await running.notes.put(f"folder:{folder}", canvas)
        return f"/c/{canvas}"
    known = await running.notes.get(_SAMPLE)
    if known is not None:
        canvas = await _still_there(running, known, owner)
        return f"/c/{canvas}" if canvas is not None and len(await running.canvases.of(owner)) == 1 else HOME
    from app.canvases.sample import create_sample

    canvas = await create_sample(running.canvases, running.suggestions, running.comments, running.rooms, owner)
    await running.notes.put(_SAMPLE, canvas)
    return f"/c/{canvas}"


async def _still_there(running: Services, known: str | None, owner: Person) -> CanvasId | None:
    if known is None:
        return None
    try:
        return (await running.canvases.get(CanvasId(known), owner)).id
    except NotFound:
        return None


async def set_up_link() -> str | None:
    """Return the one-time link for the owner's account; None on loopback, or once there is an account."""
    running = services()
    if running.settings.on_loopback:
        return None
    code = await running.accounts.new_set_up_code()
    return f"{running.settings.url}/set-up?code={code}" if code is not None else None

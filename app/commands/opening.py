"""Which canvas a start opens: the folder's, made once and found again, or the sample, made once.

What must not be here: reading folders, and what is in the sample.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.canvases.catalog import MAX_NAME
from app.domain.people import Person
from app.errors import NotFound
from app.ids import CanvasId
from app.services import Services, services

_SAMPLE = "sample-canvas"
HOME = "/"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a start opens: the page's path, and the canvas when it is one; `is_new` when this start made it."""

    path: str
    canvas: CanvasId | None = None
    is_new: bool = False


async def open_canvas(folder: Path | None, files: Mapping[str, str] | None) -> Opened:
    """Return what to open; the canvas is made first when it is new."""
    running = services()
    owner = await running.accounts.local_owner()
    if folder is not None:
        known = await running.notes.get(folder_note(folder))
        canvas = await _still_there(running, known, owner)
        if canvas is not None:
            return page_of(canvas)
        canvas = (await running.canvases.create(owner, name_of(folder), files)).id
        await running.notes.put(folder_note(folder), canvas)
        return page_of(canvas, is_new=True)
    known = await running.notes.get(_SAMPLE)
    if known is not None:
        canvas = await _still_there(running, known, owner)
        alone = canvas is not None and len(await running.canvases.of(owner)) == 1
        return page_of(canvas) if canvas is not None and alone else Opened(HOME)
    from app.canvases.sample import create_sample

    canvas = await create_sample(running.canvases, running.suggestions, running.comments, running.rooms, owner)
    await running.notes.put(_SAMPLE, canvas)
    return page_of(canvas, is_new=True)


def folder_note(folder: Path) -> str:
    """Return the key under which the canvas made from `folder` (absolute) is remembered."""
    return f"folder:{folder}"


def page_of(canvas: CanvasId, *, is_new: bool = False) -> Opened:
    """Return the page of a canvas."""
    return Opened(f"/c/{canvas}", canvas, is_new)


def name_of(folder: Path) -> str:
    """Return a canvas's name for a folder: its own as far as that is a name that a canvas may have."""
    shown = "".join(letter for letter in folder.name if letter.isprintable()).strip()
    return shown[:MAX_NAME].strip() or "Canvas"


async def _still_there(running: Services, known: str | None, owner: Person) -> CanvasId | None:
    if known is None:
        return None
    try:
        return (await running.canvases.get(CanvasId(known), owner)).id
    except NotFound:
        return None


async def set_up_link(address: str) -> str | None:
    """Return the one-time link for the owner's account at `address`; None on loopback, or once there is an account."""
    running = services()
    if running.settings.on_loopback:
        return None
    code = await running.accounts.new_set_up_code()
    return f"{address}/set-up?code={code}" if code is not None else None

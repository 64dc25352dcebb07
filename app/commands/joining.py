"""A start on data that another process serves: what it was to open is opened there instead.

The canvas is made through the running server, which alone may write text; which folder it came from is noted in the
database, as a start of its own would. What must not be here: a server of our own.
"""

import asyncio
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from app.commands.lock import AlreadyRuns
from app.commands.telling import tell_of_folder
from app.errors import PolycanvasError, SettingsError
from app.settings import Settings

if TYPE_CHECKING:
    from app.canvases.folder import FolderReading
    from app.commands.opening import Opened

SOON = 3.0  # seconds: a server that is up answers a question about itself within them
STARTING = 300.0  # seconds: it listens before it builds its page, so its first answer may take as long as that
MAKING = 120.0  # seconds for a canvas of the largest size to be on disk


def join(
    settings: Settings, there: AlreadyRuns, folder: Path | None, reading: "FolderReading | None", *, open_browser: bool
) -> int:
    """Open `folder` (absolute; None for no particular canvas) in the server that runs, and say where.

    Raises SettingsError with what to do when that server does not answer, or asks people to sign in.
    """
    if not there.address.startswith(("http://", "https://")):
        raise SettingsError("Another polycanvas is at work on this data and not serving yet; try again in a moment.")
    path = "/"
    if folder is not None and reading is not None:
        opened = asyncio.run(_hand_over(settings, there.address, folder, reading))
        tell_of_folder(folder, reading, opened, there.address)
        path = opened.path
    print(f"Polycanvas already runs on this data, at {there.address}{path}", flush=True)
    if open_browser:
        webbrowser.open(f"{there.address}{path}")
    return 0


async def _hand_over(settings: Settings, address: str, folder: Path, reading: "FolderReading") -> "Opened":
    # No proxy from the environment: a project's text goes to the server that was named, and nowhere else.
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", trust_env=False, timeout=SOON) as client:
        try:
            await _check_owner(client, address, folder)
            return await _open(settings, client, folder, reading)
        except httpx.HTTPError as error:
            raise SettingsError(
                f"Polycanvas runs on this data, but does not answer at {address}. "
                f"Stop it, and start it with the folder: polycanvas {folder}"
            ) from error


async def _check_owner(client: httpx.AsyncClient, address: str, folder: Path) -> None:
    """Wait until the server is up; raise SettingsError unless it takes who sits at this machine for its owner."""
    try:
        answer = await client.get("/me")
    except httpx.ReadTimeout:
        print(f"Waiting for {address}, which is still starting…", flush=True)
        answer = await client.get("/me", timeout=STARTING)
    if answer.status_code != 200:
        raise SettingsError(
            f"Polycanvas runs on this data at {address}, where people sign in, so a folder cannot be opened there "
            f"from here. Stop it, and start it with the folder: polycanvas {folder}"
        )


async def _open(settings: Settings, client: httpx.AsyncClient, folder: Path, reading: "FolderReading") -> "Opened":
    from app.adapters import DatabaseNotes
    from app.commands.opening import folder_note, name_of, page_of
    from app.ids import CanvasId
    from app.persistence.database import Database

    database = Database(settings)
    try:
        notes = DatabaseNotes(database)
        known = await notes.get(folder_note(folder))
        if known is not None and (await client.get(f"/canvases/{known}")).status_code == 200:
            return page_of(CanvasId(known))
        body = {"name": name_of(folder), "files": reading.files}
        answer = await client.post("/canvases", json=body, timeout=MAKING)
        if answer.status_code != 201:
            raise PolycanvasError(_detail(answer))
        canvas = CanvasId(answer.json()["id"])
        await notes.put(folder_note(folder), canvas)
        return page_of(canvas, is_new=True)
    finally:
        await database.close()


def _detail(answer: httpx.Response) -> str:
    """Return the sentence of the server's refusal."""
    try:
        problem: Any = answer.json()
    except ValueError:
        problem = None
    detail = problem.get("detail") if isinstance(problem, dict) else None
    return detail if isinstance(detail, str) else f"The running server refused the folder (HTTP {answer.status_code})."

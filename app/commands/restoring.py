"""A restore under a running server: the file waits in the data folder, the server stops, restores, starts again.

Whoever may write to the data folder may restore; no request over the network can. A server that is killed in between
finds the file at its next start. What must not be here: what a restore does (`app.persistence.backup`).
"""

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.errors import PolycanvasError, SettingsError
from app.settings import Settings

LOOK_SECONDS = 1.0  # between two looks of the server at its data folder: one question to the kernel
AGAIN_SECONDS = 0.2  # between two looks of the command at what the server did
PATIENCE_SECONDS = 600.0  # for the server to stop, back up what it has, and restore

_WAITING = "restore-waiting.zip"
_OUTCOME = "restore-outcome.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a restore ended, in a sentence."""

    done: bool
    sentence: str


def is_waiting(settings: Settings) -> bool:
    """Say whether a backup waits to be restored."""
    return (settings.data / _WAITING).is_file()


async def when_waiting(settings: Settings, then: Callable[[], None]) -> None:
    """Call `then` once a backup waits."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if is_waiting(settings):
            break
    print("A backup is to be restored: stopping for it, and starting again.", flush=True)
    then()


def restore_waiting(settings: Settings) -> None:
    """Restore the backup that waits, if one does, and note how that went. The lock must be held."""
    if not is_waiting(settings):
        return
    from app.persistence.backup import restore

    file = settings.data / _WAITING
    try:
        outcome = Outcome(True, told(restore(settings, file)))
    except PolycanvasError as error:
        outcome = Outcome(False, error.sentence)
    print(outcome.sentence, flush=True)
    note = settings.data / f"{_OUTCOME}.new"
    note.write_text(json.dumps({"done": outcome.done, "sentence": outcome.sentence}), encoding="utf-8")
    os.replace(note, settings.data / _OUTCOME)
    file.unlink()


def hand_over(settings: Settings, file: Path) -> Outcome:
    """Give a backup to the server that runs on these data, and return how that went. Raises SettingsError."""
    if is_waiting(settings):
        raise SettingsError("Another backup is being restored; wait until it is done.")
    (settings.data / _OUTCOME).unlink(missing_ok=True)
    copy = settings.data / f"{_WAITING}.new"
    try:
        shutil.copyfile(file, copy)
    except OSError as error:
        copy.unlink(missing_ok=True)
        raise SettingsError(f"The backup cannot be copied to {settings.data} ({error.strerror}).") from error
    os.replace(copy, settings.data / _WAITING)
    until = time.monotonic() + PATIENCE_SECONDS
    while is_waiting(settings):
        if time.monotonic() > until:
            raise SettingsError(
                "The running server did not take the backup. Stop it, and start it again: it restores first."
            )
        time.sleep(AGAIN_SECONDS)
    answer = json.loads((settings.data / _OUTCOME).read_text(encoding="utf-8"))
    (settings.data / _OUTCOME).unlink()
    return Outcome(answer["done"], answer["sentence"])


def start_again(here: Path) -> None:
    """Become a new process of the same command, which was started in the folder `here`. Does not return."""
    os.chdir(here)
    sys.stdout.flush()
    arguments = sys.orig_argv[1:]
    os.execv(sys.executable, [sys.executable, *arguments, *(() if "--no-open" in arguments else ("--no-open",))])


def told(restored: object) -> str:
    """Return the sentence for a restore that was done."""
    from app.persistence.backup import Restored

    assert isinstance(restored, Restored)
    backup = restored.backup
    kept = f" What stood here before is kept in {restored.kept}." if restored.kept is not None else ""
    count = "1 canvas" if backup.canvases == 1 else f"{backup.canvases} canvases"
    return f"Restored {count} from the backup of {backup.made_at}.{kept}"

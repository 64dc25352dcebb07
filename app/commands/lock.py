"""One installation, one process: a lock beside the database, held for as long as it serves.

Rooms live in memory, so two processes on one database would each hold half of the truth. The kernel lets go of the
lock when its process ends, however it ends: there is nothing to clean up after a crash. What must not be here: what
runs under the lock.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from app.commands.file_lock import take
from app.errors import SettingsError
from app.settings import Settings

_SQLITE = "sqlite:///"
_MAX_ADDRESS = 300  # bytes of the lock file that are read: one address


class AlreadyRuns(SettingsError):
    """Another process holds the lock. `address` is where it serves; empty while it does not."""

    def __init__(self, address: str) -> None:
        where = f", at {address}" if address else ""
        super().__init__(
            f"Polycanvas already runs on this data{where}. Open it there, or start another on other data: --data DIR"
        )
        self.address = address


def lock_path(settings: Settings) -> Path:
    """Return the file that is locked: beside the database when it is a file, else in the data folder."""
    if settings.database.startswith(_SQLITE):
        database = Path(settings.database.removeprefix(_SQLITE).partition("?")[0])
        return database.with_name(database.name + ".lock")
    return settings.data / "polycanvas.lock"


@contextlib.contextmanager
def held(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Hold the lock within the block; what is yielded takes the address to name to whoever comes second.

    Makes the data folder. Raises AlreadyRuns when another process holds the lock, SettingsError when
    the folder cannot be written.
    """
    from app.persistence.migrate import make_folder

    make_folder(settings)
    path = lock_path(settings)
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written ({error.strerror}). Change its owner, or name other data: --data DIR"
        ) from error
    try:
        if not take(file):
            raise AlreadyRuns(os.read(file, _MAX_ADDRESS).decode("utf-8", "replace").strip())
        os.ftruncate(file, 0)

        def say(address: str) -> None:
            os.lseek(file, 0, os.SEEK_SET)
            os.write(file, f"{address}\n".encode())

        yield say
    finally:
        os.close(file)

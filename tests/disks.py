"""Disks that fill up and are freed again, for tests and harnesses.

`tmpfs`: a small file system of its own, really full; mounting it takes root. `quota`: the kernel lets the server's
files grow no further, which any user may ask for and which fails the same writes. What must not be here: pytest.
"""

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

SIZE = 24 << 20  # bytes: the empty database, some thousand edits, and what is filled up
_PIECE = 1 << 16
_PAGE = 4096  # bytes


class Disk(Protocol):
    """Where a server's data is. `folder` is empty at first."""

    folder: Path

    def fill(self, pid: int) -> None:
        """Leave no room for another byte of the server `pid`."""

    def free(self, pid: int) -> None:
        """Make room again."""


class Tmpfs:
    """A file system of SIZE bytes in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, pid: int) -> None:
        with self._filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            piece = b"\0" * _PIECE
            while piece:
                if file.write(piece) < len(piece):
                    piece = piece[: len(piece) // 2]

    def free(self, pid: int) -> None:
        self._filler.unlink()


class Quota:
    """A bound on the size of every file that the server writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, pid: int) -> None:
        # Below any file of a database: otherwise there is room within the log that was written before.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_PAGE, resource.RLIM_INFINITY))

    def free(self, pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextlib.contextmanager
def tmpfs(folder: Path) -> Iterator[Disk]:
    """Mount one at `folder`. Raises PermissionError where that is not permitted."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "polycanvas-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        raise PermissionError(
            "A file system cannot be mounted here; that takes root. The same under a quota needs none."
        )
    try:
        yield Tmpfs(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def quota(folder: Path) -> Iterator[Disk]:
    """Bound the files of a server whose data is in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    yield Quota(folder)


KINDS = {"tmpfs": tmpfs, "quota": quota}

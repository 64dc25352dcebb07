"""Locks on files, kept by the kernel, which lets go of them when their process ends, however it ends.

What must not be here: what is locked, and why.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_AT = 1 << 20  # the byte that Windows locks: beyond what is written in the file, which must stay readable
_AGAIN_SECONDS = 0.2  # between two tries: what is waited for takes many of them


@contextlib.contextmanager
def turn(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock on `path` within the block. `waiting` is called once when somebody else has it. Raises OSError."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not take(file):
            waiting()
            while not take(file):
                time.sleep(_AGAIN_SECONDS)
        yield
    finally:
        os.close(file)


if sys.platform == "win32":
    import msvcrt

    def take(file: int) -> bool:
        """Lock without waiting; False when somebody else has it."""
        os.lseek(file, _AT, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def take(file: int) -> bool:
        """Lock without waiting; False when somebody else has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

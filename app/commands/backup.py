"""`polycanvas backup FILE` and `polycanvas restore FILE`, beside a running server or without one."""

import sys
from pathlib import Path

from app.commands.lock import AlreadyRuns, held
from app.errors import BadInput
from app.settings import Settings


def backup(settings: Settings, file: Path) -> int:
    """Write everything that is saved now into `file`, while people go on working."""
    from app.persistence.backup import write_backup

    file = file.expanduser().resolve()
    print(f"Backing up to {file} …", file=sys.stderr, flush=True)
    made = write_backup(settings, file)
    size = file.stat().st_size
    count = "1 canvas" if made.canvases == 1 else f"{made.canvases} canvases"
    shown = f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1_000:.1f} kB"
    print(f"Backed up {count} into {file} ({shown}). Keep it private: it opens this installation to whoever has it.")
    return 0


def restore(settings: Settings, file: Path) -> int:
    """Put a backup in the place of what there is. Raises BadInput when the file, or the server, refuses it."""
    from app.commands.restoring import hand_over, told
    from app.persistence.backup import read_backup
    from app.persistence.backup import restore as put_back

    file = file.expanduser().resolve()
    found = read_backup(file)
    print(f"Restoring the backup of {found.made_at} …", file=sys.stderr, flush=True)
    try:
        with held(settings):
            print(told(put_back(settings, file)))
    except AlreadyRuns:
        outcome = hand_over(settings, file)
        if not outcome.done:
            raise BadInput(outcome.sentence) from None
        print(outcome.sentence)
    return 0

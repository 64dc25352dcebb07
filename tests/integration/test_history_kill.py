"""A process is killed while it writes, compacts and puts its history in order: nothing of the past is gone or wrong."""

import asyncio
import random
import signal
import subprocess
import sys
from pathlib import Path

from app.collab.history.developing import developed, is_damaged
from app.collab.history.past import state_at
from app.collab.rooms import Rooms
from app.domain.people import SYSTEM
from app.ids import CanvasId
from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.settings import Settings

WRITER = Path(__file__).with_name("history_writer.py")
ONE = CanvasId("aaaaaaaaaaaa")
ROUNDS = 6


async def test_s10_1_nothing_of_the_past_is_lost_to_kill_9(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    migrate(settings)
    database = Database(settings)
    rooms = Rooms(database.log)
    await rooms.create(ONE, {"a.txt": ""}, SYSTEM)
    async with rooms.use(ONE) as room:
        file = room.find("a.txt")
    await rooms.close()
    await database.close()
    assert file is not None
    chance = random.Random(20261121)
    acknowledged = 0
    for _ in range(ROUNDS):
        acknowledged = await asyncio.to_thread(_kill_after, chance.randrange(5, 60), tmp_path, file, acknowledged)
        database = Database(settings)
        stored = await database.history.load(ONE)
        assert not is_damaged(stored)
        assert stored.head >= acknowledged
        film = developed(ONE, stored)
        for index, moment in enumerate(film.moments):
            assert film.text_at(file, index) == "".join(f"{line}\n" for line in range(1, moment.seq + 1))
        ends = [stored.base.seq, *(piece.seq for piece in stored.pieces)]
        assert [piece.first for piece in stored.pieces] == [seq + 1 for seq in ends[:-1]]  # no gap, nothing twice
        assert state_at(stored, stored.head)
        await database.close()
    assert stored.base.seq > 0  # the bounds were met: folding, too, was under way


def _kill_after(lines: int, data: Path, file: str, acknowledged: int) -> int:
    """Let a process write until it has acknowledged `lines` more, kill it there, and return the last seq it told."""
    command = [sys.executable, str(WRITER), str(data), ONE, file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for count, line in enumerate(process.stdout, 1):
            if line.endswith("\n"):
                acknowledged = int(line)
            if count == lines:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return acknowledged

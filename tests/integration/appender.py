"""A process that appends to an update log as fast as it can and prints every seq once it was told that it is durable.

Run by the durability test, which kills it: `python appender.py DATA CANVAS…`, one writer for each canvas.
"""

import asyncio
import os
import sys
from pathlib import Path

from app.collab.ports import NewUpdate
from app.domain.people import Origin
from app.ids import CanvasId
from app.persistence.database import Database
from app.settings import Settings


async def append(database: Database, canvas: CanvasId) -> None:
    while True:
        # The payload names its own process and canvas, so that a row in the wrong place would be seen.
        seq = await database.log.append(
            canvas, [NewUpdate(f"{os.getpid()} {canvas}".encode(), "p", {os.getpid(): Origin("person", "p", "Ana", 1)})]
        )
        os.write(1, f"{canvas} {seq}\n".encode())  # unbuffered: what was acknowledged is out before the next append


async def main() -> None:
    database = Database(Settings(data=Path(sys.argv[1])))
    async with asyncio.TaskGroup() as group:
        for canvas in sys.argv[2:]:
            group.create_task(append(database, CanvasId(canvas)))


if __name__ == "__main__":
    asyncio.run(main())

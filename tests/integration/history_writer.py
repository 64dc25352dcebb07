"""A process that writes to a canvas, compacts it and puts its history in order, again and again, as fast as it can.

Run by the kill test: `python history_writer.py DATA CANVAS FILE`. Prints each seq once its update is durable. What it
writes under seq n is the line n, so that whoever plays the history knows what must be there.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from pycrdt import Doc, Text

from app.collab.history.keeper import Keeper
from app.collab.ports import NewUpdate
from app.domain.history import Bounds
from app.domain.people import Origin
from app.ids import CanvasId
from app.persistence.database import Database
from app.settings import Settings

STEP = 20.0  # seconds of the clock between updates: each is a moment of its own


async def main(folder: Path, canvas: CanvasId, file: str) -> None:
    database = Database(Settings(data=folder))
    seq = await database.log.head(canvas)
    clock = {"now": 1_000_000.0 + STEP * seq}
    database.log._clock = lambda: clock["now"]
    keeper = Keeper(database.history, Bounds(size=2_000), lambda: clock["now"])
    stored = await database.log.load(canvas)
    doc: Doc[Any] = Doc(client_id=os.getpid())
    for payload in [stored.snapshot or b"\0\0", *(update.payload for update in stored.updates)]:
        doc.apply_update(payload)
    text = doc.get(f"file:{file}", type=Text)
    ana = Origin("person", "ana", "Ana", 1)
    while True:
        before = doc.get_state()
        text.insert(len(text), f"{seq + 1}\n")
        new = NewUpdate(doc.get_update(before), ana.id, {os.getpid(): ana})
        seq = await database.log.append(canvas, [new])
        os.write(1, f"{seq}\n".encode())  # unbuffered: what was acknowledged is out before the next append
        clock["now"] += STEP
        if seq % 7 == 0:
            await database.log.compact(canvas, seq, doc.get_update())
            await keeper.tidy(canvas)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), CanvasId(sys.argv[2]), sys.argv[3]))

"""`python -m benchmarks.typing.others URL CANVAS`: the others, in a process of their own, until standard input ends.

Each is a whole client with its own document and a caret that moves, typing `RATE` characters a second. Says "ready"
once all have typed, and at the end how many characters a second they typed or took back together.
"""

import asyncio
import os
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from app.client import CanvasClient, connect
from benchmarks.typing.document import OTHERS, line_of

RATE = 5.0  # characters a second of one person, as in benchmarks.relay
LETTERS = "abcdefghijklmnopqrstuvwxyz ,;"
TURN = 60  # characters; then they are deleted, as people do, and the line does not grow out of the window


@dataclass
class Count:
    edits: int = 0


async def _type(client: CanvasClient, number: int, first: asyncio.Barrier, count: Count) -> None:
    file = client.find("main.js")
    marker, written = line_of(number), 0
    await asyncio.sleep(number / OTHERS / RATE)  # not all in the same millisecond
    while True:
        text = client.text("main.js")
        start = text.index(marker) + len(marker)
        end = text.index("\n", start)
        if end - start < TURN:
            client.insert("main.js", end, LETTERS[written % len(LETTERS)])
            written += 1
        else:
            client.delete("main.js", start, end)
        count.edits += 1
        item = {"client": client.doc.client_id, "clock": written - 1}
        place = {"type": None, "tname": f"file:{file}", "item": item, "assoc": -1}
        client.show({"file": file, "cursor": {"anchor": place, "head": place}})
        if written == 1:
            await first.wait()
        await asyncio.sleep(1 / RATE)


async def main(url: str, canvas: str) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect(url, canvas)) for _ in range(OTHERS)]
        first, count = asyncio.Barrier(OTHERS + 1), Count()
        async with asyncio.TaskGroup() as tasks:
            typing = [tasks.create_task(_type(client, number, first, count)) for number, client in enumerate(clients)]
            await first.wait()
            print("ready", flush=True)
            begun, before = time.monotonic(), count.edits
            await asyncio.to_thread(sys.stdin.read)
            print((count.edits - before) / (time.monotonic() - begun), flush=True)
            for task in typing:
                task.cancel()


if __name__ == "__main__":
    # They sit at machines of their own: on this one they give way to the page that is measured, also where that has a
    # scheduling class which knows no niceness.
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    os.nice(10)
    asyncio.run(main(sys.argv[1], sys.argv[2]))

"""`python -m benchmarks.history [TRACE]`: how fast the history of a document with 259,778 edits opens and plays.

TRACE is an editing trace in the JSON of github.com/josephg/editing-traces (`automerge-paper.json.gz`); without one it
is looked for under $POLYCANVAS_TRACE, and failing that as many edits are made up. They are logged as a room logs them,
five edits a second of the clock, compacted every 1,000 and put in order by the keeper. Then the server opens, and its
API is asked. Prints a table, writes nothing.
"""

import argparse
import asyncio
import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from pycrdt import Doc, Text

from app.bootstrap import running
from app.collab.history.keeper import Keeper
from app.collab.ports import NewUpdate
from app.domain.people import Origin
from app.ids import CanvasId
from app.persistence.database import Database
from app.persistence.migrate import migrate
from app.settings import Settings
from app.web.routes import make_edge

EDITS = 259_778
EDITS_A_SECOND = 5
EDITS_A_MOMENT = 50  # appended at one time of the clock, so that a moment is ten seconds of typing
COMPACT_EVERY = 1_000
STALL_EVERY = 0.001  # seconds between two looks at the loop

Edit = tuple[int, int, str]


def read_trace(path: Path) -> Iterator[Edit]:
    """Give (at, deleted, inserted) of a trace, ASCII throughout."""
    for transaction in json.loads(gzip.decompress(path.read_bytes()))["txns"]:
        yield from transaction["patches"]


def make_up() -> Iterator[Edit]:
    """Give as many edits of somebody who types, mostly on, sometimes elsewhere, and takes some of it back."""
    chance = random.Random(1)
    length = at = 0
    for _ in range(EDITS):
        if chance.random() < 0.01:
            at = chance.randint(0, length)
        if at and chance.random() < 0.25:
            at -= 1
            length -= 1
            yield at, 1, ""
        else:
            yield at, 0, chance.choice("etaoin shrdlu\n")
            at += 1
            length += 1


class Clock:
    """The clock of somebody who types for hours, ending now."""

    def __init__(self, edits: int) -> None:
        self.now = time.time() - edits / EDITS_A_SECOND

    def __call__(self) -> float:
        return self.now


async def write(
    settings: Settings, canvas: CanvasId, file: str, edits: Iterator[Edit], origin: Origin
) -> dict[str, Any]:
    """Log the edits, compacting and keeping order as the server does; return what that cost."""
    database = Database(settings)
    clock = Clock(EDITS)
    database.log._clock = clock
    keeper = Keeper(database.history, clock=clock)
    doc: Doc[Any] = Doc(client_id=77)
    doc.apply_update((await database.log.load(canvas)).snapshot or b"\0\0")
    text: Text = doc.get(f"file:{file}", type=Text)
    batch: list[NewUpdate] = []
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    tidied: list[float] = []
    stalls: list[float] = []
    count = seq = 0
    begun = time.perf_counter()
    for at, deleted, inserted in edits:
        with doc.transaction():
            if deleted:
                del text[at : at + deleted]
            if inserted:
                text.insert(at, inserted)
        count += 1
        batch.append(NewUpdate(updates.pop(), origin.id, {77: origin} if count == 1 else {}))
        if len(batch) == EDITS_A_MOMENT:
            seq = await database.log.append(canvas, batch)
            batch = []
            clock.now += EDITS_A_MOMENT / EDITS_A_SECOND
        if count % COMPACT_EVERY == 0:
            await database.log.compact(canvas, seq, doc.get_update())
            watch = asyncio.create_task(watch_loop(stalls))
            before = time.perf_counter()
            await keeper.tidy(canvas)
            tidied.append(time.perf_counter() - before)
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
    if batch:
        await database.log.append(canvas, batch)
    stored = await database.history.load(canvas)
    await database.close()
    return {
        "edits": count,
        "seconds": time.perf_counter() - begun,
        "tidied": tidied,
        "stalls": stalls,
        "moments": stored.count,
        "bytes": stored.size,
        "text": str(text),
    }


async def watch_loop(stalls: list[float]) -> None:
    """Note by how much the loop was late, until cancelled."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(STALL_EVERY)
        stalls.append(time.perf_counter() - before - STALL_EVERY)


async def timed(client: httpx.AsyncClient, method: str, path: str, **more: Any) -> tuple[str, httpx.Response]:
    """Return how long a request took, by the clock and by the processor of this process, and its answer."""
    clock, cpu = time.perf_counter(), time.process_time()
    answer = await client.request(method, path, **more)
    answer.raise_for_status()
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    return f"{clock * 1e3:.0f} ms (CPU {cpu * 1e3:.0f})", answer


async def measure(settings: Settings, canvas: CanvasId, file: str, wanted: str) -> list[tuple[str, str]]:
    """Ask a server that has just started, then ask again."""
    async with running(settings):
        transport = httpx.ASGITransport(make_edge(_nothing, settings))
        base = f"/api/v1/canvases/{canvas}/history"
        async with httpx.AsyncClient(transport=transport, base_url=settings.url) as client:
            await client.get("/api/v1/health")
            first, timeline = await timed(client, "GET", base)
            again, _ = await timed(client, "GET", base)
            moments = timeline.json()["moments"]
            rows = [
                ("moments listed", f"{len(moments):,}"),
                ("GET timeline, first", f"{first}; {size_of_answer(timeline)}"),
                ("GET timeline, again", again),
            ]
            told, answer = await timed(client, "GET", f"{base}/files/{file}/steps")
            rows.append(("GET steps", f"{told}; {size_of_answer(answer)}"))
            steps = answer.json()
            before = time.process_time()
            now = steps["text"]
            for _, splices in steps["steps"]:
                for at, removed, inserted in splices:
                    now = now[:at] + inserted + now[at + len(removed) :]
            rows.append(
                ("the steps played to the end", f"CPU {(time.process_time() - before) * 1e3:.0f} ms, in Python")
            )
            if now != wanted:
                raise SystemExit("The steps do not play to the text that was written.")
            middle, last = moments[len(moments) // 2]["seq"], moments[-2]["seq"]
            rows.append(("GET diff from the middle", (await timed(client, "GET", f"{base}/diff?from={middle}"))[0]))
            rows.append(("GET diff of the last moment", (await timed(client, "GET", f"{base}/diff?from={last}"))[0]))
            await client.get(f"/api/v1/canvases/{canvas}/files")  # the room is open when somebody restores
            told, _ = await timed(client, "POST", f"{base}/restore", json={"seq": middle})
            rows.append(("POST restore to the middle", told))
            rows.append(("GET timeline after that", (await timed(client, "GET", base))[0]))
            return rows


def size_of_answer(answer: httpx.Response) -> str:
    """Return how much went over the wire."""
    return f"{int(answer.headers['content-length']) / 1_000:.0f} kB"


def size_of(folder: Path) -> int:
    """Return the bytes of the files in a folder."""
    return sum(one.stat().st_size for one in folder.iterdir())


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """Stand where the page stands."""


async def main() -> None:
    """Write, then measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history")
    parser.add_argument("trace", nargs="?", default=os.environ.get("POLYCANVAS_TRACE"))
    trace = parser.parse_args().trace
    if trace is None:
        print("No trace was named, so as many edits are made up.")
    edits = read_trace(Path(trace)) if trace is not None else make_up()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        migrate(settings)
        async with running(settings) as services:
            owner = await services.accounts.local_owner()
            canvas = (await services.canvases.create(owner, "Long", {"paper.txt": ""})).id
            async with services.rooms.use(canvas) as room:
                file = room.find("paper.txt")
        assert file is not None
        wrote = await asyncio.create_task(write(settings, canvas, file, edits, Origin.of(owner)))
        tidied, stalls = sorted(wrote["tidied"]), sorted(wrote["stalls"])
        rows = [
            ("edits", f"{wrote['edits']:,}, written and kept in order in {wrote['seconds']:.0f} s"),
            ("moments kept", f"{wrote['moments']:,}, {wrote['bytes'] / 1e6:.1f} MB"),
            ("database", f"{size_of(Path(folder)) / 1e6:.1f} MB"),
            ("putting in order, median / most", f"{tidied[len(tidied) // 2] * 1e3:.0f} / {tidied[-1] * 1e3:.0f} ms"),
            (
                "the loop late meanwhile, p99 / most",
                f"{stalls[len(stalls) * 99 // 100] * 1e3:.1f} / {stalls[-1] * 1e3:.0f} ms",
            ),
            *await measure(settings, canvas, file, wrote["text"]),
        ]
    for name, figure in rows:
        print(f"{name:36} {figure}")


if __name__ == "__main__":
    asyncio.run(main())

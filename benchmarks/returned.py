"""`python -m benchmarks.returned`: what it costs the server to find out whose the text is that an undo brought back.

A file of 5,000 lines in 40,000 pieces; somebody else deletes a line, a hundred lines, a third of it, and undoes.
"""

import asyncio
import random
import statistics
import time
import zlib
from typing import Any

from pycrdt import Doc, Text, UndoManager

from app.collab.history.ports import Keyframe, StoredHistory
from app.collab.history.returning import Case
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK, Reader
from app.collab.returned import Range
from app.domain.people import Origin

LINES, INSERTED = 5_000, 20_000  # each insertion cuts a piece in two and is one itself
ROOT = "file:abcdefghjkmn"
SIZES = (40, 4_000, 70_000)
OWNERS = {1: Origin("person", "bo", "Bo", 200), 2: Origin("person", "ana", "Ana", 10)}
TICK = 0.001


def cut_up() -> bytes:
    """Return a document with a little written into every line."""
    chance = random.Random(1)
    doc: Doc[Any] = Doc(client_id=1)
    text = doc.get(ROOT, type=Text)
    text.insert(0, "const value = compute(another, value);\n" * LINES)
    with doc.transaction():
        for place in sorted((chance.randrange(len(text)) for _ in range(INSERTED)), reverse=True):
            text.insert(place, "x")
    return doc.get_update()


def written(doc: Doc[Any]) -> int:
    """Return how much the undoing page has written."""
    reader = Reader(doc.get_state())
    return {reader.var(MAX_CLIENT): reader.var(MAX_CLOCK) for _ in range(reader.var(10))}.get(2, 0)


def judged(snapshot: bytes, claim: Range, stored: StoredHistory) -> int:
    """Judge one claim; return how many ranges came of it."""
    case = Case(snapshot, [claim], [ROOT], OWNERS, {})
    case.letters.look_through(stored)
    verdict = case.verdict()
    assert not verdict.unproven
    return len(verdict.ranges)


async def measure(state: bytes, size: int) -> None:
    """Delete and undo `size` units, and judge it in a thread while the loop ticks."""
    doc: Doc[Any] = Doc(client_id=2)
    doc.apply_update(state)
    text = doc.get(ROOT, type=Text)
    undo = UndoManager(scopes=[text], capture_timeout_millis=0)
    del text[50_000 : 50_000 + size]
    undo.undo()
    live: Doc[Any] = Doc()  # which keeps nothing that is deleted, as the server's does
    live.apply_update(doc.get_update())
    base = Keyframe(0, 0.0, state, zlib.crc32(state), None)
    stored = StoredHistory(base, None, [], 0, OWNERS, {}, [])
    start = time.perf_counter()
    work = asyncio.create_task(asyncio.to_thread(judged, live.get_update(), Range(2, 0, written(doc)), stored))
    late: list[float] = []
    while not work.done():
        before = time.perf_counter()
        await asyncio.sleep(TICK)
        late.append(time.perf_counter() - before - TICK)
    took = time.perf_counter() - start
    late.sort()
    median, p99 = 1e3 * statistics.median(late), 1e3 * late[int(0.99 * len(late))]
    print(
        f"{size:,} units: {took:.2f} s, {work.result()} ranges; the loop late by {median:.1f} ms at the median, "
        f"{p99:.1f} at p99"
    )


def main() -> None:
    """Print a line for each size."""
    state = cut_up()
    for size in SIZES:
        asyncio.run(measure(state, size))


if __name__ == "__main__":
    main()

"""`python -m benchmarks.kill [--rounds 20] [--database postgresql]`: kill -9 the server under 20 writers; what is left?

Each round starts the real command on the same data, lets 20 clients write to a new canvas, each edit as soon as the
one before is acknowledged, and kills the server's process group with SIGKILL at a moment drawn from the seed; every
second round on PostgreSQL ends with the database cut off too, as by a crash. Then the server starts again. Before any
client is back, every acknowledged edit must be in what it serves, once, each writer's in the order of writing. Then
the clients return with what they still had, and all of them and the server must come to one text that has every edit
ever made.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from app.client import CanvasClient, connect
from app.errors import PolycanvasError
from benchmarks.relay.peers import free_port, node_environment, running
from benchmarks.relay.rounds import percentile
from tests.postgres_server import MISSING, find_binaries, postgres_server

ROOT = Path(__file__).parent.parent
WRITERS = 20
WRITING = (0.3, 1.2)  # seconds of writing before the kill, once everybody has joined
ANSWER_TIMEOUT = 60.0  # seconds: a start on a busy machine
FILE = "a.txt"


@dataclass
class Writer:
    """One client that writes numbered tokens. `made`: how many; `acknowledged`: how many of them the server kept."""

    name: int
    client: CanvasClient
    made: int = 0
    acknowledged: int = 0
    seconds: list[float] = field(default_factory=list)

    def token(self, number: int) -> str:
        return f"<{self.name}.{number}>"

    def shows(self, text: str) -> bool:
        return self.client.text(FILE) == text

    async def write(self) -> None:
        """Write until cancelled."""
        while True:
            start = time.perf_counter()
            self.client.append(FILE, self.token(self.made))
            self.made += 1
            await self.client.saved(ANSWER_TIMEOUT)
            self.acknowledged = self.made
            self.seconds.append(time.perf_counter() - start)


def faults(text: str, writers: list[Writer], upto: Callable[[Writer], int]) -> Iterator[str]:
    """Say what is wrong with a text that must have each writer's first `upto` tokens, once and in order."""
    found: dict[int, list[int]] = {writer.name: [] for writer in writers}
    for name, number in re.findall(r"<(\d+)\.(\d+)>", text):
        found[int(name)].append(int(number))
    if sum(len(writer.token(number)) for writer in writers for number in found[writer.name]) != len(text):
        yield f"there is something else in the text: {text[:80]!r}…"
    for writer in writers:
        numbers = found[writer.name]
        if numbers != sorted(set(numbers)):
            yield f"writer {writer.name}'s edits came twice or out of order: {numbers}"
        if gone := set(range(upto(writer))) - set(numbers):
            yield f"{len(gone)} edits are missing, such as {writer.token(min(gone))}"


async def write_and_kill(url: str, http: httpx.AsyncClient, seconds: float, kill: Callable[[], None]) -> "Written":
    """Let everybody write to a new canvas for so long, kill the server, and leave."""
    made = await http.post(f"{url}/api/v1/canvases", json={"name": "kill", "files": {FILE: ""}})
    made.raise_for_status()
    canvas = str(made.json()["id"])
    writers = [Writer(name, connect(url, canvas, http=http)) for name in range(WRITERS)]
    await asyncio.gather(*(writer.client.__aenter__() for writer in writers))
    writing = [asyncio.create_task(writer.write()) for writer in writers]
    await asyncio.sleep(seconds)
    kill()
    for task in writing:
        task.cancel()
    await asyncio.gather(*writing, return_exceptions=True)
    await asyncio.gather(*(writer.client.close() for writer in writers))
    return Written(canvas, writers)


@dataclass
class Written:
    """What one round left behind."""

    canvas: str
    writers: list[Writer]

    async def check(self, url: str, http: httpx.AsyncClient) -> list[str]:
        """Return what is wrong after the restart."""
        wrong = list(faults(await self._text(url, http), self.writers, lambda writer: writer.acknowledged))
        await asyncio.gather(*(writer.client.__aenter__() for writer in self.writers))
        await asyncio.gather(*(writer.client.saved(ANSWER_TIMEOUT) for writer in self.writers))
        whole = await self._text(url, http)
        for writer in self.writers:
            try:
                await writer.client.until(partial(writer.shows, whole), ANSWER_TIMEOUT)
            except TimeoutError:
                wrong.append(f"writer {writer.name} and the server have not come to one text")
        await asyncio.gather(*(writer.client.close() for writer in self.writers))
        return [*wrong, *faults(whole, self.writers, lambda writer: writer.made)]

    async def _text(self, url: str, http: httpx.AsyncClient) -> str:
        answer = await http.get(f"{url}/api/v1/canvases/{self.canvas}/files/{FILE}", timeout=ANSWER_TIMEOUT)
        answer.raise_for_status()
        return str(answer.json()["text"])


@contextlib.contextmanager
def database(kind: str) -> Iterator[tuple[dict[str, str], Callable[[], None]]]:
    """Give the server's environment for a database, and what makes that crash."""
    if kind == "sqlite":
        yield {}, lambda: None  # it is in the server's own process, and dies with it
        return
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit(MISSING)
    with postgres_server(binaries) as server:
        yield {"POLYCANVAS_DATABASE_URL": server.new_database()}, server.restart


async def rounds(count: int, kind: str, chance: random.Random) -> int:
    """Run so many rounds, print what they showed, and return how many faults there were."""
    wrong, seconds, unacknowledged = 0, list[float](), 0
    before: Written | None = None
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, database(kind) as (env, crash):
        command = [sys.executable, "-m", "app", "--port", str(port), "--data", scratch, "--no-open"]
        async with httpx.AsyncClient(timeout=ANSWER_TIMEOUT) as http:
            for number in itertools.count():
                with running(command, port, ROOT, {**node_environment(), **env}) as process:
                    if before is not None:
                        for fault in await before.check(url, http):
                            wrong += 1
                            print(f"round {number}: {fault}", flush=True)
                    if number == count:
                        break
                    kill = partial(os.killpg, process.pid, signal.SIGKILL)
                    before = await write_and_kill(url, http, chance.uniform(*WRITING), kill)
                    seconds += [second for writer in before.writers for second in writer.seconds]
                    unacknowledged += sum(writer.made - writer.acknowledged for writer in before.writers)
                    if number % 2:
                        crash()
    seconds.sort()
    p50, p95, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95, 0.99))
    print(f"{count} rounds of kill -9 under {WRITERS} writers on {kind}: {wrong or 'no'} faults;")
    print(
        f"{len(seconds):,} edits acknowledged (p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms), {unacknowledged:,} not"
    )
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    if asyncio.run(rounds(chosen.rounds, chosen.database, random.Random(chosen.seed))):
        raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except PolycanvasError as error:
        raise SystemExit(error.sentence) from error

"""`python -m benchmarks.kill [--rounds 20]`: kill -9 the server under writers; is every acknowledged edit there after?

Each round starts the real command on the same data folder, lets 20 clients write to a new canvas, each edit as soon as
the one before is acknowledged, kills the server's process group with SIGKILL at a moment drawn from the seed, throws
the clients away with all they know, starts the server again, and looks for every acknowledged edit in what it serves.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import httpx

from app.client import connect
from app.errors import PolycanvasError
from benchmarks.relay.peers import free_port, node_environment, running
from benchmarks.relay.rounds import percentile

ROOT = Path(__file__).parent.parent
WRITERS = 20
WRITING = (0.3, 1.2)  # seconds of writing before the kill, once everybody has joined
ANSWER_TIMEOUT = 60.0  # seconds: a start on a busy machine


class Tally:
    """What was acknowledged, by canvas, and how long each acknowledgement took."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, set[str]] = {}
        self.seconds: list[float] = []

    async def write(self, url: str, http: httpx.AsyncClient, canvas: str, name: int, joined: asyncio.Semaphore) -> None:
        """Be one writer until cancelled."""
        async with connect(url, canvas, http=http) as client:
            joined.release()
            number = 0
            while True:
                token = f"<{name}.{number}>"
                start = time.perf_counter()
                client.append("a.txt", token)
                await client.saved(ANSWER_TIMEOUT)
                self.acknowledged[canvas].add(token)
                self.seconds.append(time.perf_counter() - start)
                number += 1


async def write_until(url: str, tally: Tally, seconds: float, kill: "asyncio.Event") -> str:
    """Let everybody write to a new canvas for so long, then set `kill`; return the canvas."""
    async with httpx.AsyncClient(timeout=ANSWER_TIMEOUT) as http:
        made = await http.post(f"{url}/api/v1/canvases", json={"name": "kill", "files": {"a.txt": ""}})
        made.raise_for_status()
        canvas = str(made.json()["id"])
        tally.acknowledged[canvas] = set()
        joined = asyncio.Semaphore(0)
        writers = [asyncio.create_task(tally.write(url, http, canvas, name, joined)) for name in range(WRITERS)]
        for _ in writers:
            await asyncio.wait_for(joined.acquire(), ANSWER_TIMEOUT)
        await asyncio.sleep(seconds)
        kill.set()
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        return canvas


async def round_of(url: str, tally: Tally, seconds: float, pid: int) -> str:
    """One round of writing that ends with the server dead; return its canvas."""
    kill = asyncio.Event()
    writing = asyncio.create_task(write_until(url, tally, seconds, kill))
    waiting = asyncio.create_task(kill.wait())
    await asyncio.wait({writing, waiting}, return_when=asyncio.FIRST_COMPLETED)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    waiting.cancel()
    return await writing


def missing(url: str, canvas: str, acknowledged: set[str]) -> set[str]:
    """Return the acknowledged edits that the server does not have."""
    answer = httpx.get(f"{url}/api/v1/canvases/{canvas}/files/a.txt", timeout=ANSWER_TIMEOUT)
    answer.raise_for_status()
    text = answer.json()["text"]
    return {token for token in acknowledged if token not in text}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    chosen = parser.parse_args()
    chance, tally, lost = random.Random(chosen.seed), Tally(), 0
    print(f"seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "app", "--port", str(port), "--data", scratch, "--no-open"]
        before: str | None = None
        for number in range(chosen.rounds + 1):
            with running(command, port, ROOT, node_environment()) as process:
                if before is not None:
                    gone = missing(url, before, tally.acknowledged[before])
                    lost += len(gone)
                    if gone:
                        print(f"round {number}: {len(gone)} acknowledged edits are missing, such as {min(gone)}")
                if number < chosen.rounds:
                    before = asyncio.run(round_of(url, tally, chance.uniform(*WRITING), process.pid))
        seconds = sorted(tally.seconds)
        print(
            f"{chosen.rounds} rounds of kill -9 under {WRITERS} writers: {len(seconds):,} edits acknowledged, "
            f"{lost} of them lost; acknowledgement p50 {percentile(seconds, 0.5) * 1000:.0f} ms, "
            f"p95 {percentile(seconds, 0.95) * 1000:.0f} ms"
        )
    if lost:
        raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except PolycanvasError as error:
        raise SystemExit(error.sentence) from error

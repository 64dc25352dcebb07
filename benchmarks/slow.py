"""`python -m benchmarks.slow [--delay 2]`: every wait for the disk takes two seconds; what do people at work notice?

The real command on SQLite, with strace holding each fsync and fdatasync of it for so long. Twenty writers type five
edits a second each, whatever is acknowledged, and one reader watches. Printed: how late the reader sees an edit, how
soon anything was acknowledged, the server's memory before and at its most, and whether all was saved in the end.
"""

import argparse
import asyncio
import contextlib
import shutil
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import httpx

from app.client import CanvasClient, connect
from app.errors import PolycanvasError
from benchmarks.kill import ANSWER_TIMEOUT, FILE, ROOT, WRITERS, Writer, faults
from benchmarks.relay.peers import family, free_port, node_environment, running
from benchmarks.relay.rounds import percentile

PACE = 0.2  # seconds between one writer's edits
TYPING = 10.0  # seconds
QUICK = 60  # waits for the disk that a thread has before the disk gets slow: for the start, and for everybody to come


class Watch:
    """One reader, and when each token was written and seen."""

    def __init__(self, reader: CanvasClient) -> None:
        self.reader = reader
        self.written: dict[str, float] = {}
        self.delays: list[float] = []
        self.early: list[float] = []  # seconds from an edit to its acknowledgement

    async def look(self) -> None:
        unseen: dict[str, float] = {}
        known = 0
        while True:
            text = self.reader.text(FILE)
            now = time.perf_counter()
            if len(self.written) > known:
                unseen |= dict(list(self.written.items())[known:])
                known = len(self.written)
            for token in [token for token in unseen if token in text]:
                self.delays.append(now - unseen.pop(token))
            await asyncio.sleep(0.005)

    async def type(self, writer: Writer) -> None:
        until = time.perf_counter() + TYPING
        while (start := time.perf_counter()) < until:
            token = writer.token(writer.made)
            self.written[token] = start
            writer.client.append(FILE, token)
            writer.made += 1
            await asyncio.sleep(PACE)

    async def acknowledgement(self, writer: Writer) -> None:
        """Note how long it takes until all that the writer has written by now is saved, again and again."""
        client = writer.client
        while True:
            await client.until(partial(_is_past, client, "_sent", client._sent), ANSWER_TIMEOUT)
            start, sent = time.perf_counter(), client._sent
            await client.until(partial(_is_past, client, "_acked", sent - 1), ANSWER_TIMEOUT)
            self.early.append(time.perf_counter() - start)


def _is_past(client: CanvasClient, what: str, number: int) -> bool:
    return bool(getattr(client, what) > number)


def resident(pid: int) -> float:
    """Return the megabytes that a process has in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


async def measure(delay: float, scratch: str) -> int:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    held = "fsync,fdatasync"
    inject = ["-e", f"trace={held}", "-e", f"inject={held}:delay_exit={int(delay * 1e6)}:when={QUICK}+"]
    # From its start on, since only then strace stops the server at these calls and at no others.
    strace = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", *inject]
    command = [*strace, sys.executable, "-m", "app", "--port", str(port), "--data", scratch, "--no-open"]
    with running(command, port, ROOT, node_environment()) as process:
        async with httpx.AsyncClient(timeout=ANSWER_TIMEOUT) as http:
            made = await http.post(f"{url}/api/v1/canvases", json={"name": "slow", "files": {FILE: ""}})
            made.raise_for_status()
            canvas = made.json()["id"]
            writers = [Writer(name, connect(url, canvas, http=http)) for name in range(WRITERS)]
            reader = connect(url, canvas, http=http)
            await asyncio.gather(*(one.__aenter__() for one in (reader, *(writer.client for writer in writers))))
            taken = 0.0
            while taken < delay / 2:  # everybody in turn, until the disk is slow
                for writer in writers:
                    start = time.perf_counter()
                    writer.client.append(FILE, writer.token(writer.made))
                    writer.made += 1
                    await writer.client.saved(ANSWER_TIMEOUT)
                    taken = max(taken, time.perf_counter() - start)
            pid = family(process.pid)[1]
            before = most = resident(pid)
            watch = Watch(reader)
            looking = [asyncio.create_task(watch.look())]
            looking += [asyncio.create_task(watch.acknowledgement(writer)) for writer in writers]
            typing = asyncio.gather(*(watch.type(writer) for writer in writers))
            while not typing.done():
                most = max(most, resident(pid))
                await asyncio.sleep(0.2)
            for task in looking[1:]:
                task.cancel()
            start = time.perf_counter()
            await asyncio.gather(*(writer.client.saved(ANSWER_TIMEOUT) for writer in writers))
            after = time.perf_counter() - start
            await asyncio.sleep(0.1)
            looking[0].cancel()
            await asyncio.gather(*looking, return_exceptions=True)
            text = (await http.get(f"{url}/api/v1/canvases/{canvas}/files/{FILE}")).json()["text"]
            wrong = list(faults(text, writers, lambda writer: writer.made))
            await asyncio.gather(*(one.close() for one in (reader, *(writer.client for writer in writers))))
    for fault in wrong:
        print(fault)
    delays, acks = sorted(watch.delays), sorted(watch.early)
    p50, p95 = (percentile(delays, share) * 1000 for share in (0.5, 0.95))
    print(
        f"each wait for the disk {delay:g} s, {WRITERS} writers, {len(text):,} characters: {len(wrong) or 'no'} faults;"
    )
    print(f"others saw an edit after p50 {p50:.0f}, p95 {p95:.0f} ms;")
    print(f"acknowledged after {acks[0]:.2f} s at the soonest, p50 {percentile(acks, 0.5):.2f} s;")
    print(f"memory {before:.0f} MB, at most {most:.0f} MB; all saved {after:.2f} s after the last edit")
    return len(wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=2.0)
    chosen = parser.parse_args()
    if shutil.which("strace") is None:
        raise SystemExit("strace is missing. On Debian or Ubuntu: apt-get install strace")
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        if asyncio.run(measure(chosen.delay, scratch)):
            raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except PolycanvasError as error:
        raise SystemExit(error.sentence) from error

"""`python -m benchmarks.disk [--kind quota]`: the disk fills up under 20 writers, and is freed; what did anybody lose?

The real command runs on a small file system of its own (`tmpfs`, needs root) or under the kernel's bound on file
sizes (`quota`). In each round everybody writes, the disk is filled, the server must say that it is read-only and
acknowledge nothing more, must go on serving what is stored, and must save everything by itself once there is room.
At the end the server is killed, and what it serves after a restart must have every edit, once and in order.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import httpx

from app.client import CanvasClient, connect
from app.errors import PolycanvasError
from benchmarks.kill import ANSWER_TIMEOUT, FILE, ROOT, WRITERS, Writer, faults
from benchmarks.relay.peers import free_port, node_environment, running
from tests.disks import KINDS, Disk

WRITING = 1.0  # seconds before the disk is full
FULL = 3.0  # seconds of it, in which the store is tried several times


def _is_read_only(client: CanvasClient) -> bool:
    return client.read_only is not None


def _is_writable(client: CanvasClient) -> bool:
    return client.read_only is None


async def rounds(count: int, disk: Disk) -> int:
    """Run so many rounds on one server; print what they showed, and return how many faults there were."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "app", "--port", str(port), "--data", str(disk.folder), "--no-open"]
    wrong: list[str] = []
    noticed, healed = list[float](), list[float]()
    async with httpx.AsyncClient(timeout=ANSWER_TIMEOUT) as http:
        with running(command, port, ROOT, node_environment()) as process:
            made = await http.post(f"{url}/api/v1/canvases", json={"name": "disk", "files": {FILE: ""}})
            made.raise_for_status()
            text = f"{url}/api/v1/canvases/{made.json()['id']}/files/{FILE}"
            writers = [Writer(name, connect(url, made.json()["id"], http=http)) for name in range(WRITERS)]
            await asyncio.gather(*(writer.client.__aenter__() for writer in writers))
            for _ in range(count):
                writing = [asyncio.create_task(writer.write()) for writer in writers]
                await asyncio.sleep(WRITING)
                disk.fill(process.pid)
                start = time.perf_counter()
                for writer in writers:
                    await writer.client.until(partial(_is_read_only, writer.client), ANSWER_TIMEOUT)
                noticed.append(time.perf_counter() - start)
                refused = await http.put(text, json={"text": "gone"})
                if refused.status_code != 503 or "cannot write" not in refused.json()["detail"]:
                    wrong.append(f"a write over HTTP was answered with {refused.status_code}: {refused.text[:200]}")
                wrong += faults((await http.get(text)).json()["text"], writers, lambda writer: writer.acknowledged)
                acknowledged = [
                    writer.acknowledged for writer in writers
                ]  # by now each writer has heard what was kept before
                await asyncio.sleep(FULL)
                if acknowledged != [writer.acknowledged for writer in writers]:
                    wrong.append("edits were acknowledged while the disk was full")
                for task in writing:
                    task.cancel()
                await asyncio.gather(*writing, return_exceptions=True)
                disk.free(process.pid)
                start = time.perf_counter()
                await asyncio.gather(*(writer.client.saved(ANSWER_TIMEOUT) for writer in writers))
                healed.append(time.perf_counter() - start)
                for writer in writers:
                    writer.acknowledged = writer.made
                    await writer.client.until(partial(_is_writable, writer.client), ANSWER_TIMEOUT)
            await asyncio.gather(*(writer.client.close() for writer in writers))
            os.killpg(process.pid, signal.SIGKILL)
        with running(command, port, ROOT, node_environment()):
            wrong += faults((await http.get(text)).json()["text"], writers, lambda writer: writer.made)
    for fault in wrong:
        print(fault)
    edits = sum(writer.made for writer in writers)
    print(f"{count} times a full disk under {WRITERS} writers: {edits:,} edits, {len(wrong) or 'no'} faults;")
    print(f"read-only after {max(noticed):.2f} s at most, everything saved {max(healed):.2f} s after there was room")
    return len(wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kind", choices=sorted(KINDS), default="tmpfs" if os.geteuid() == 0 else "quota")
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        try:
            disk = stack.enter_context(KINDS[chosen.kind](Path(scratch) / "data"))
        except PermissionError as error:
            raise SystemExit(f"{error} Try --kind quota.") from error
        if asyncio.run(rounds(chosen.rounds, disk)):
            raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except PolycanvasError as error:
        raise SystemExit(error.sentence) from error

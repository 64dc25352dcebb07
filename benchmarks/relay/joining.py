"""Joining a room whose document has a long history: how long until it is here, and how many bytes that takes."""

import shutil
import statistics
import subprocess
import time
from pathlib import Path

from benchmarks.relay.peers import Peer, node_environment
from benchmarks.relay.rounds import cpu_seconds
from benchmarks.relay.swarm import Swarm
from benchmarks.relay.wire import ROOT, block

HERE = Path(__file__).parent
HEAD = "| server | until all is here, median / worst ms | kB on the wire | server's CPU ms a join |\n|---|---|---|---|"
JOINS = 10
PATIENCE = 30.0  # seconds for the document to have arrived and been stored


def document_of(trace: Path, folder: Path) -> bytes:
    """Type an editing trace with Yjs, edit by edit, and return the document as one update. `folder` has Yjs."""
    if not trace.is_file():
        raise SystemExit(f"There is no {trace}: get automerge-paper.json.gz of the collection editing-traces, or skip.")
    script = folder / "trace.mjs"
    shutil.copy(HERE / script.name, script)
    out = folder / "trace.update"
    command = ["node", script.name, str(trace.resolve()), str(out), ROOT.decode()]
    told = subprocess.run(command, cwd=folder, env=node_environment(), check=True, capture_output=True, text=True)
    update = out.read_bytes()
    print(f"{int(told.stdout):,} edits are one update of {len(update) / 1000:.0f} kB\n")
    return update


def join_and_leave(peer: Peer) -> tuple[float, int]:
    """Seconds from connecting to the last byte of the document, and the bytes received."""
    path = peer.path(0)  # the product's ticket is asked for here, before the clock starts
    swarm = Swarm()
    try:
        start = time.time()
        client = swarm.join(peer.door(0), path)
        return client.synced_at - start, client.received
    finally:
        swarm.close()


def joining(peer: Peer, update: bytes) -> str:
    """Put the document into a room, keep one client there, and join again and again."""
    peer.run = "join"
    swarm = Swarm()
    try:
        swarm.join(peer.door(0), peer.path(0)).send_update(b"\0\2" + block(update))
        deadline = time.monotonic() + PATIENCE
        while join_and_leave(peer)[1] < len(update) * 0.9:
            if time.monotonic() > deadline:
                return f"| {peer.name} | did not take the document | | |"
            swarm.run(0.2)
        swarm.run_until(lambda: False, 1.0)
        cpu = cpu_seconds(peer.pids)
        joins = [join_and_leave(peer) for _ in range(JOINS)]
        spent = (cpu_seconds(peer.pids) - cpu) / JOINS
        times = sorted(1000 * seconds for seconds, _ in joins)
        size = statistics.median(size for _, size in joins) / 1000
        return f"| {peer.name} | {statistics.median(times):.1f} / {times[-1]:.1f} | {size:.0f} | {1000 * spent:.1f} |"
    finally:
        swarm.close()

"""`python -m benchmarks.relay [--clients 2,20,100] [--servers …] [--seconds 8] [--peers FOLDER]`"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from benchmarks.relay.load import run_round
from benchmarks.relay.peers import install, names, started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", default="2,20,100")
    parser.add_argument("--servers", default=",".join(names()))
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--peers", type=Path, help="a folder where the peers are installed, or are to be")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.peers or Path(scratch)
        if not (folder / "venv").exists():
            install(folder)
        print("| server | clients | p50 ms | p95 ms | p99 ms | CPU µs a delivery | memory MB | delivered |")
        print("|---|---|---|---|---|---|---|---|")
        for count in (int(part) for part in chosen.clients.split(",")):
            for name in chosen.servers.split(","):
                with started(name, folder.resolve()) as peer:
                    paths = peer.paths(count)
                    row = asyncio.run(
                        run_round(
                            "127.0.0.1",
                            peer.port,
                            paths,
                            peer.pids,
                            prefix=peer.prefix,
                            hello=peer.hello,
                            headers=peer.headers,
                            seconds=chosen.seconds,
                        )
                    )
                print(
                    f"| {name} | {row.clients} | {row.p50:.2f} | {row.p95:.2f} | {row.p99:.2f} | {row.cpu_us:.1f} "
                    f"| {row.memory_mb:.0f} | {row.deliveries}/{row.expected} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()

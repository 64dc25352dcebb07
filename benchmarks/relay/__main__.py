"""`python -m benchmarks.relay`: the co-editing socket against its peers, one after another, in one run.

Plain: delays and server CPU with `--clients 2,20,100` in one room, `--writers` of them typing 5 edits a second.
`--saturation`: 100 clients, 20 writers, more and more edits a second until p95 passes 200 ms.
`--join TRACE`: joining a room with a long history, an editing trace such as automerge-paper.json.gz.
`--rooms 500x2`: so many rooms of so many clients, one typist each. `--awareness`: 20 moving carets beside the typists.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.relay import joining
from benchmarks.relay.peers import Peer, install, names, started
from benchmarks.relay.rounds import Beside, Figures, Round

TYPING = 5.0  # edits a second of one person
SLOW_TYPING = 1.0  # where there are hundreds of typists
TOO_LATE = 200.0  # ms: a reader notices
RAMP = [250 * 2 ** (step / 2) for step in range(18)]  # edits a second, up to 90,000
TRACKED = 200  # timed edits a second while ramping: what is timed must not become what is measured
POINTERS, POINTER_RATE = 20, 20.0

_DELAYS = (
    "| server | clients | p50 ms | p95 ms | p99 ms | CPU µs a delivery | memory MB: empty, open, after "
    "| ack p50 / p95 ms | delivered | load of server, of generator; server without a core |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)
_LIMITS = (
    "| server | most edits/s with p95 ≤ 200 ms | p95 ms there | CPU µs a delivery | load of server, of generator |\n"
    "|---|---|---|---|---|"
)


def row(name: str, one: Figures) -> str:
    """One line of the delays table."""
    ack = f"{one.ack_p50:.2f} / {one.ack_p95:.2f}" if one.ack_p95 == one.ack_p95 else "none"
    return (
        f"| {name} | {one.clients} | {one.p50:.2f} | {one.p95:.2f} | {one.p99:.2f} | {one.cpu_us:.1f} "
        f"| {', '.join(f'{size:.0f}' for size in one.memory_mb)} | {ack} | {one.deliveries}/{one.expected} "
        f"| {one.server_load:.0%}, {one.own_load:.0%}; {one.waited:.0%} |"
    )


def in_one_room(peer: Peer, clients: int, writers: int, seconds: float, pointers: int = 0) -> Figures:
    """One room: `writers` of `clients` type; the last `pointers` move their carets."""
    peer.run = f"{clients}-{pointers}"
    round_ = Round(peer.pids)
    round_.join(peer, 0, clients)
    typists = round_.typists(writers)
    beside = Beside(round_.rooms[0][-pointers:], POINTER_RATE) if pointers else None
    try:
        return round_.type_for(typists, seconds, TYPING * len(typists), beside=beside)
    finally:
        round_.swarm.close()


def in_many_rooms(peer: Peer, rooms: int, clients: int, seconds: float) -> Figures:
    """Many rooms, one typist in each."""
    peer.run = "many"
    round_ = Round(peer.pids)
    for room in range(rooms):
        round_.join(peer, room, clients)
    typists = round_.typists(1)
    try:
        return round_.type_for(typists, seconds, SLOW_TYPING * len(typists))
    finally:
        round_.swarm.close()


def saturation(peer: Peer, clients: int, writers: int, seconds: float) -> list[Figures]:
    """Raise the rate until p95 passes `TOO_LATE` or marks are missing; return every step, the last one too much."""
    peer.run = "ramp"
    round_ = Round(peer.pids)
    round_.join(peer, 0, clients)
    typists = round_.typists(writers)
    steps: list[Figures] = []
    try:
        for rate in RAMP:
            steps.append(round_.type_for(typists, seconds, rate, track=max(1, round(rate / TRACKED))))
            one = steps[-1]
            if one.p95 > TOO_LATE or one.deliveries < one.expected or one.rate < 0.9 * rate:
                break
    finally:
        round_.swarm.close()
    return steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", default="2,20,100")
    parser.add_argument("--writers", type=int, default=10)
    parser.add_argument("--servers", default=",".join(names()))
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=1, help="how often to go through all servers")
    parser.add_argument("--peers", type=Path, help="a folder where the peers are installed, or are to be")
    parser.add_argument("--saturation", action="store_true")
    parser.add_argument("--rooms", help="for example 500x2")
    parser.add_argument("--awareness", action="store_true")
    parser.add_argument("--join", type=Path, metavar="TRACE")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (chosen.peers or Path(scratch)).resolve()
        if not (folder / "venv").exists():
            install(folder)
        if chosen.join:
            update = joining.document_of(chosen.join, folder)
            measures: list[Callable[[Peer], str]] = [lambda peer: joining.joining(peer, update)]
        else:
            measures = _measures(chosen)
        print(joining.HEAD if chosen.join else _LIMITS if chosen.saturation else _DELAYS)
        for measure in measures:
            for _ in range(chosen.rounds):
                for name in chosen.servers.split(","):
                    with started(name, folder, "benchmarks.relay.unthrottled" if chosen.saturation else "app") as peer:
                        print(_line(measure, peer), flush=True)


def _line(measure: Callable[[Peer], str], peer: Peer) -> str:
    """A line of the table; a peer that does not let everybody in says so in its line, and the others go on."""
    try:
        return measure(peer)
    except ConnectionError as error:
        if peer.name == names()[0]:
            raise
        return f"| {peer.name} | {error} |"


def _measures(chosen: argparse.Namespace) -> list[Callable[[Peer], str]]:
    """What was asked for: each takes a fresh server and gives a line."""
    seconds, writers = chosen.seconds, chosen.writers

    def alone(clients: int) -> Callable[[Peer], str]:
        return lambda peer: row(peer.name, in_one_room(peer, clients, writers, seconds))

    if chosen.saturation:
        return [lambda peer: _limit(peer.name, saturation(peer, 100, 20, seconds))]
    if chosen.rooms:
        rooms, each = (int(part) for part in chosen.rooms.split("x"))
        return [lambda peer: row(peer.name, in_many_rooms(peer, rooms, each, seconds))]
    if chosen.awareness:
        return [lambda peer: row(peer.name, in_one_room(peer, 50, writers, seconds, POINTERS))]
    return [alone(int(clients)) for clients in chosen.clients.split(",")]


def _limit(name: str, steps: list[Figures]) -> str:
    good = [one for one in steps if one.p95 <= TOO_LATE and one.deliveries >= one.expected]
    if not good:
        return f"| {name} | fewer than {steps[0].rate:.0f} | {steps[0].p95:.0f} | {steps[0].cpu_us:.1f} | |"
    best = max(good, key=lambda one: one.rate)
    return (
        f"| {name} | {best.rate:.0f} | {best.p95:.1f} | {best.cpu_us:.2f} "
        f"| {best.server_load:.0%}, {best.own_load:.0%} |"
    )


if __name__ == "__main__":
    main()

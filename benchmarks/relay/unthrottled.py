"""The product with no rate limit for a socket, to find out what it carries: `python -m benchmarks.relay.unthrottled`.

A page may send 30 updates a second; twenty of them cannot ask for more than 600. Everything else is as it ships.
"""

from dataclasses import replace
from functools import partial
from importlib import import_module

from app import cli
from app.collab.limits import Limits
from app.collab.rooms import Rooms

BOUNDLESS = replace(Limits(), updates_per_second=1e9, burst=1_000_000_000, document=1 << 30)


def main() -> None:
    # The command has no setting for it, on purpose; bootstrap looks its parts up by name when it starts.
    vars(import_module("app.bootstrap"))["Rooms"] = partial(Rooms, limits=BOUNDLESS)
    cli.main()


if __name__ == "__main__":
    main()

"""`polycanvas build`, and building before serving when the sources changed."""

import time

from app.commands import frontend


def build(*, anyway: bool = True) -> int:
    """Build the page; `anyway`: also when it is current."""
    started = time.monotonic()
    print("Building the page…", flush=True)
    frontend.build(lambda stage: print(f"  {stage}", flush=True), anyway=anyway)
    print(f"Built in {time.monotonic() - started:.0f} s.")
    return 0


def build_when_needed() -> None:
    """Build the page unless there is one of exactly these sources, also when somebody else makes it meanwhile."""
    if frontend.is_current():
        return
    print("The page has to be built first; this takes half a minute, the first time longer.", flush=True)
    build(anyway=False)

"""When Python looks through all objects for cycles that nobody needs: at a quiet moment, not while people type.

With five hundred rooms open that takes a tenth of a second, in which nobody's edit goes anywhere, and Python does it
by itself whenever the number of objects has grown by a quarter. What was made lately it goes on looking through by
itself, which takes little. What must not be here: what else is done at quiet moments.
"""

import asyncio
import gc
import time
from dataclasses import dataclass, field

CHECK_EVERY = 5.0  # seconds
QUIET = 0.05  # of a core, for so long: nobody types
SOONEST = 60.0  # seconds between two sweeps: what gathers in a minute is little
LATEST = 600.0  # seconds: where it is never quiet, a tenth of a second in ten minutes is what it costs
NEVER = 1_000_000  # sweeps of younger objects before Python makes a full one by itself


@dataclass
class Sweeps:
    """Says when to sweep. Times in seconds: `now` of a monotonic clock, `spent` on a core by this process so far."""

    now: float
    spent: float
    _swept: float = field(init=False)

    def __post_init__(self) -> None:
        self._swept = self.now

    def is_due(self, now: float, spent: float) -> bool:
        """Ask every `CHECK_EVERY`; True says that a sweep follows now."""
        is_quiet = spent - self.spent <= QUIET * (now - self.now)
        since = now - self._swept
        self.now, self.spent = now, spent
        if since >= LATEST or (since >= SOONEST and is_quiet):
            self._swept = now
            return True
        return False


def only_when_asked() -> None:
    """Let Python make no full sweep by itself from now on."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)


def settle() -> None:
    """Sweep once and leave out what is there now, which stays: no sweep needs to look at it again."""
    gc.collect()
    gc.freeze()


async def keep_sweeping() -> None:
    """Sweep at quiet moments until cancelled."""
    sweeps = Sweeps(time.monotonic(), time.process_time())
    while True:
        await asyncio.sleep(CHECK_EVERY)
        if sweeps.is_due(time.monotonic(), time.process_time()):
            gc.collect()

"""How often one browser tab may send events: token buckets in memory, bounded.

What must not be here: who is asking.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

PER_SECOND = 20.0  # a person clicks and drags at most this fast; live text does not come this way
BURST = 80.0  # opening a page fires the load events of every panel at once
MAX_KEYS = 20_000  # tabs remembered; beyond it the longest quiet is forgotten first, with a full bucket


class Rates:
    """One bucket a key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """Take one event out of the key's bucket; False when it is empty."""
        now = self._clock()
        left, at = self._left.pop(key, (BURST, now))
        left = min(BURST, left + (now - at) * PER_SECOND)
        enough = left >= 1.0
        self._left[key] = (left - 1.0 if enough else left, now)
        while len(self._left) > MAX_KEYS:
            self._left.popitem(last=False)
        return enough

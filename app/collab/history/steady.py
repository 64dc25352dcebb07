"""A time of day by which the old may be put away: a clock that is set ahead makes nothing old.

What must not be here: the times that are shown, which are the server's clock as it is.
"""

import time
from collections.abc import Callable


class Steady:
    """Seconds since 1970, at most as many more than at the beginning as have gone by since; less when set back."""

    def __init__(self, clock: Callable[[], float] = time.time, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._elapsed = clock, elapsed
        self._first, self._begun = clock(), elapsed()

    def __call__(self) -> float:
        """Return what time it is."""
        return min(self._clock(), self._first + self._elapsed() - self._begun)

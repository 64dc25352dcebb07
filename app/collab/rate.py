"""A rate with a burst allowance. Pure: the time is given."""


class Bucket:
    """`rate` units a second are allowed, and `burst` of them at once."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, now

    def take(self, units: float, now: float) -> float:
        """Use `units`; return for how many seconds to wait before the next, 0.0 while within the allowance."""
        left = self._left + (now - self._at) * self._rate
        self._at = now
        self._left = left = min(left, self._burst) - units
        return 0.0 if left >= 0 else -left / self._rate

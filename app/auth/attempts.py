"""How often somebody may guess: counted per account and per address, in memory, bounded.

What must not be here: what is guessed at.
"""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from app.errors import TooMany

WINDOW_SECONDS = 15 * 60.0
PER_ACCOUNT_AND_ADDRESS = 8  # a person who mistypes gets there in minutes, a guesser gets 768 guesses a day
PER_ADDRESS = 40  # a class behind one address may all sign in at nine
PER_ACCOUNT = 100  # all addresses together; high, or anybody could lock anybody out
MAX_KEYS = 20_000  # keys remembered; beyond it the longest untouched is forgotten first


class Attempts:
    """A sliding window of attempts for each key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[tuple[str, ...], deque[float]] = OrderedDict()

    def count(self, account: str, address: str) -> None:
        """Count one attempt before it is tried, so that parallel guesses count too; TooMany says how long to wait."""
        now = self._clock()
        keys = self._keys(account, address)
        wait = max(self._wait(key, bound, now) for key, bound in keys)
        if wait > 0:
            seconds = math.ceil(wait)
            raise TooMany(f"Too many attempts to sign in. Try again in {seconds} seconds.")
        for key, _ in keys:
            self._seen.setdefault(key, deque()).append(now)
            self._seen.move_to_end(key)
        while len(self._seen) > MAX_KEYS:
            self._seen.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """Take back the attempt that turned out right, and this account's wrong ones from this address."""
        self._seen.pop(("both", account, address), None)
        for key in (("address", address), ("account", account)):
            if times := self._seen.get(key):
                times.pop()

    def _wait(self, key: tuple[str, ...], bound: int, now: float) -> float:
        times = self._seen.get(key)
        if times is None:
            return 0.0
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        return times[-bound] + WINDOW_SECONDS - now if len(times) >= bound else 0.0

    @staticmethod
    def _keys(account: str, address: str) -> Sequence[tuple[tuple[str, ...], int]]:
        return (
            (("both", account, address), PER_ACCOUNT_AND_ADDRESS),
            (("address", address), PER_ADDRESS),
            (("account", account), PER_ACCOUNT),
        )

"""How fast each model and expert really is here, learned run by run. Pure.

What must not be here: clocks, and what is usual before anything was learned (deployment.py, experts/expert.py).
"""

from collections.abc import Iterable

NEWEST = 0.3  # of the mean is the newest run: a server that got busy shows within a few runs, one hiccup does not
SLOWEST = 50.0  # times the usual: beyond it a laptop slept in the middle of a run
FASTEST = 0.02


class Pace:
    """An exponentially weighted mean, per id, of the seconds a run took against those that are usual for its action.

    One figure serves every action of a model: explaining tells something about how long fixing takes.
    """

    def __init__(self) -> None:
        self._means: dict[str, float] = {}

    def took(self, source: str, seconds: float, usual: float) -> None:
        """Learn from one run; `usual` seconds were to be expected of it."""
        share = min(max(seconds / usual, FASTEST), SLOWEST)
        mean = self._means.get(source)
        # The first run is better evidence than what is usual for its kind, so it counts whole.
        self._means[source] = share if mean is None else mean + NEWEST * (share - mean)

    def learn(self, runs: Iterable[tuple[str, float, float]]) -> None:
        """Learn from many runs, oldest first: (source, seconds, usual)."""
        for source, seconds, usual in runs:
            self.took(source, seconds, usual)

    def of(self, source: str) -> float:
        """Return by how much what is usual is to be multiplied: 1 while nothing is known."""
        return self._means.get(source, 1.0)

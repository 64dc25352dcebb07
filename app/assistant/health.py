"""Which deployments to leave alone for a while, after they failed. No I/O; the clock is given."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.assistant.gateway import FailureKind, ModelFailed

FIRST_SECONDS = 20.0  # doubled with each failure in a row: long enough for a restart, short enough to be noticed
MAX_SECONDS = 600.0
REFUSED_SECONDS = 300.0  # a wrong key or name stays wrong until somebody changes it
# An answer of no use says something about the model, not about its server: it is ready for the next request.
_ANSWERED: frozenset[FailureKind] = frozenset({"empty", "too-long", "declined", "unusable"})


@dataclass(frozen=True, slots=True)
class _Trouble:
    until: float
    failures: int
    sentence: str


class Health:
    """Remembers failures per deployment id."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._troubles: dict[str, _Trouble] = {}

    def failed(self, deployment: str, failure: ModelFailed) -> None:
        """Take note of a failure, and cool the deployment down if its server is to blame."""
        if failure.kind in _ANSWERED:
            return
        before = self._troubles.get(deployment)
        failures = before.failures + 1 if before else 1
        wait = REFUSED_SECONDS if failure.kind == "refused" else min(FIRST_SECONDS * 2 ** (failures - 1), MAX_SECONDS)
        self._troubles[deployment] = _Trouble(self._clock() + wait, failures, failure.sentence)

    def worked(self, deployment: str) -> None:
        """Take note that it answered: everything before is forgotten."""
        self._troubles.pop(deployment, None)

    def trouble(self, deployment: str) -> str | None:
        """Return the sentence why it is left alone now, or None."""
        trouble = self._troubles.get(deployment)
        if trouble is None or trouble.until <= self._clock():
            return None
        wait = max(1, round(trouble.until - self._clock()))
        return f"{trouble.sentence} It is left alone for {wait} s more."

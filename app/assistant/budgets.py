"""Keeps a canvas within its budget while runs go at once: reserve before a call, settle after it.

What must not be here: what a budget is (the Policies port) and where spending is kept (the Ledger port).
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from app.assistant.ports import Ledger, Rules
from app.domain.routing import Policy
from app.ids import CanvasId, RunId


class Budgets:
    """What is left of each canvas's budget, less what going runs may still cost."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._reserved: dict[CanvasId, dict[RunId, float]] = defaultdict(dict)
        self._deciding = asyncio.Lock()

    @asynccontextmanager
    async def policy(self, canvas: CanvasId, rules: Rules, besides: RunId | None = None) -> AsyncIterator[Policy]:
        """Yield the policy with what is left to spend; nobody else decides until the block ends.

        `besides`: a run whose own reservation does not count, when it is about to reserve anew.
        """
        async with self._deciding:
            if rules.budget_usd is None:
                yield rules.policy
                return
            spent = await self._ledger.spent(canvas, month_start(self._clock()))
            held = sum(usd for run, usd in self._reserved.get(canvas, {}).items() if run != besides)
            yield replace(rules.policy, budget_usd=rules.budget_usd - spent - held)

    def reserve(self, canvas: CanvasId, run: RunId, usd: float | None) -> None:
        """Hold `usd` for a run (None: it states no price, so nothing can be held)."""
        self._reserved[canvas][run] = usd or 0.0

    def settle(self, canvas: CanvasId, run: RunId) -> None:
        """Let go of what was held; the run's cost must be in the ledger by now."""
        held = self._reserved.get(canvas, {})
        held.pop(run, None)
        if not held:
            self._reserved.pop(canvas, None)


def month_start(now: float) -> float:
    """Return when the calendar month of `now` began, both in seconds since 1970 and UTC."""
    at = datetime.fromtimestamp(now, UTC)
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()

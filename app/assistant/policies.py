"""A canvas's rules as people read and set them: who may see its text, what a month and what a run may cost unasked.

What must not be here: enforcing them (domain/routing.py removes candidates, budgets.py reserves), who may set them.
"""

import math
import time
from collections.abc import Callable
from typing import Any, Literal, get_args

from app.assistant.budgets import month_start
from app.assistant.ports import Ledger, Policies, Rules
from app.domain.people import Person
from app.domain.routing import Policy, Privacy
from app.errors import BadInput
from app.ids import CanvasId

MAX_BUDGET = 100_000.0  # USD a month: above it a figure is a typing error, which is worth refusing in a budget
MAX_CONFIRM = 1_000.0  # USD a run: no run comes near it, so above it nobody would ever be asked
PRIVACIES: tuple[Privacy, ...] = get_args(Privacy)


class CanvasPolicies:
    """Reads and sets the rules of canvases."""

    def __init__(self, policies: Policies, ledger: Ledger, clock: Callable[[], float] = time.time) -> None:
        self._policies = policies
        self._ledger = ledger
        self._clock = clock

    async def get(self, canvas: CanvasId) -> dict[str, Any]:
        """Return `{"privacy", "budget_usd", "confirm_above_usd", "spent_usd"}`, amounts in USD.

        Budget and spending are of this calendar month (UTC); above `confirm_above_usd` a run waits for a yes.
        """
        rules = await self._policies.rules(canvas)
        spent = await self._ledger.spent(canvas, month_start(self._clock()))
        return {
            "privacy": rules.policy.privacy,
            "budget_usd": rules.budget_usd,
            "confirm_above_usd": rules.policy.confirm_above_usd,
            "spent_usd": round(spent, 6),
        }

    async def put(
        self,
        canvas: CanvasId,
        privacy: str,
        budget_usd: float | None,
        by: Person,
        *,
        confirm_above_usd: float | Literal["as it is"] | None = "as it is",
    ) -> dict[str, Any]:
        """Set the rules of a canvas, for the runs that start from now on; return what `get` does. Raises BadInput."""
        known = next((one for one in PRIVACIES if one == privacy), None)
        if known is None:
            raise BadInput(f"Privacy is one of {', '.join(PRIVACIES)}, not “{privacy[:20]}”.")
        if budget_usd is not None and not (math.isfinite(budget_usd) and 0 <= budget_usd <= MAX_BUDGET):
            raise BadInput(f"A budget is between $0 and ${MAX_BUDGET:,.0f} a month; leave it out for none.")
        if confirm_above_usd == "as it is":
            confirm_above_usd = (await self._policies.rules(canvas)).policy.confirm_above_usd
        elif confirm_above_usd is not None and not (
            math.isfinite(confirm_above_usd) and 0 <= confirm_above_usd <= MAX_CONFIRM
        ):
            raise BadInput(f"Ask above a price between $0 and ${MAX_CONFIRM:,.0f} a run, or leave it out to never ask.")
        budget = None if budget_usd is None else round(budget_usd, 2)
        policy = Policy(privacy=known, confirm_above_usd=confirm_above_usd)
        await self._policies.put(canvas, Rules(policy, budget), by)
        return await self.get(canvas)

"""The canvases' rules for the assistant in the database. Queries only: the rules are in app/domain/routing.py."""

import time
from collections.abc import Callable
from typing import cast

from sqlalchemy import select

from app.assistant.ports import Rules
from app.domain.audit import AuditEntry, Privileged
from app.domain.people import Person
from app.domain.routing import Policy, Privacy
from app.ids import CanvasId
from app.persistence.database import Database
from app.persistence.tables import policies
from app.persistence.upsert import upsert


class SqlPolicies:
    """See app.assistant.ports.Policies; each call is a unit of work of its own."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def rules(self, canvas: CanvasId) -> Rules:
        """See Policies."""
        columns = (policies.c.privacy, policies.c.budget_usd, policies.c.confirm_above_usd)
        query = select(*columns).where(policies.c.canvas == canvas)
        async with self._database.reading() as unit:
            row = (await unit.connection.execute(query)).one_or_none()
        if row is None:
            return Rules()
        policy = Policy(privacy=cast(Privacy, row.privacy), confirm_above_usd=row.confirm_above_usd)
        return Rules(policy, row.budget_usd)

    async def put(self, canvas: CanvasId, rules: Rules, by: Person) -> None:
        """See Policies. Conflict when the canvas is gone."""
        privacy, budget = rules.policy.privacy, rules.budget_usd
        asks = rules.policy.confirm_above_usd
        values = {"canvas": canvas, "privacy": privacy, "budget_usd": budget, "confirm_above_usd": asks}
        money = "no budget" if budget is None else f"{budget} USD a month"
        subject = f"{privacy}, {money}, {'never asks' if asks is None else f'asks above {asks} USD'}"
        async with self._database.begin() as unit:
            await unit.connection.execute(upsert(unit.connection, policies, values))
            await unit.audit.add(AuditEntry(self._clock(), by.id, Privileged.POLICY_CHANGED, canvas, subject))

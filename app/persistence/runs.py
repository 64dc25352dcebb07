"""The runs in the database: the assistant's ledger. Queries only; what a run is stands in app/assistant/run.py."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, cast, func, select, update

from app.assistant.ports import Took, Verdicts
from app.assistant.run import GOING, Run
from app.domain.actions import Action
from app.errors import NotFound
from app.ids import CanvasId, RunId, SuggestionId
from app.persistence.database import Database
from app.persistence.tables import runs

JUDGED = 2_000  # newest ended runs whose verdicts count: older ones say little about models that change monthly

TIMED = 300  # newest ended runs whose duration counts: the mean has forgotten older ones


class SqlLedger:
    """See app.assistant.ports.Ledger; each call is a unit of work of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, run: Run) -> None:
        """See Ledger. Conflict when its canvas is gone."""
        async with self._database.begin() as unit:
            await unit.connection.execute(runs.insert().values(**_row(run)))

    async def save(self, run: Run) -> None:
        """See Ledger; a run whose canvas was deleted meanwhile is gone with it, which is no error."""
        async with self._database.begin() as unit:
            await unit.connection.execute(update(runs).where(runs.c.id == run.id).values(**_row(run)))

    async def get(self, run: RunId) -> Run:
        """See Ledger."""
        async with self._database.reading() as unit:
            body = (await unit.connection.execute(select(runs.c.body).where(runs.c.id == run))).scalar_one_or_none()
        if body is None:
            raise NotFound("There is no such run; it may have gone with its canvas.")
        return Run.from_json(json.loads(body))

    async def of_canvas(self, canvas: CanvasId, limit: int) -> list[Run]:
        """See Ledger."""
        query = select(runs.c.body).where(runs.c.canvas == canvas)
        query = query.order_by(runs.c.started_at.desc(), runs.c.id).limit(limit)
        async with self._database.reading() as unit:
            return [Run.from_json(json.loads(body)) for body in (await unit.connection.execute(query)).scalars()]

    async def going(self) -> list[Run]:
        """See Ledger."""
        query = select(runs.c.body).where(runs.c.state.in_(sorted(GOING)))
        async with self._database.reading() as unit:
            return [Run.from_json(json.loads(body)) for body in (await unit.connection.execute(query)).scalars()]

    async def spent(self, canvas: CanvasId, since: float) -> float:
        """See Ledger."""
        query = select(func.sum(runs.c.cost_usd)).where(runs.c.canvas == canvas, runs.c.started_at >= since)
        async with self._database.reading() as unit:
            return float((await unit.connection.execute(query)).scalar_one() or 0.0)

    async def suggestions(self) -> list[tuple[SuggestionId, CanvasId]]:
        """Return what the newest JUDGED runs that ended well suggested, and in which canvas, the newest last."""
        kept = func.json_extract(runs.c.body, "$.suggestion")
        if self._database.kind == "postgresql":
            kept = cast(runs.c.body, JSON)["suggestion"].as_string()
        query = select(kept, runs.c.canvas).where(runs.c.state == "done")
        query = query.order_by(runs.c.started_at.desc()).limit(JUDGED)
        async with self._database.reading() as unit:
            newest = [(SuggestionId(one), canvas) for one, canvas in await unit.connection.execute(query) if one]
        return newest[::-1]

    async def verdicts(self) -> Sequence[Verdicts]:
        """See Ledger: of the newest JUDGED runs."""
        query = select(runs.c.body).where(runs.c.state == "done").order_by(runs.c.started_at.desc()).limit(JUDGED)
        counts: Counter[tuple[str, str, str]] = Counter()
        async with self._database.reading() as unit:
            for body in (await unit.connection.execute(query)).scalars():
                run = Run.from_json(json.loads(body))
                if run.verdict is not None and run.source is not None:
                    counts[run.source, run.action, run.verdict] += 1
        known = sorted({(source, action) for source, action, _ in counts})
        return [
            Verdicts(source, Action(action), counts[source, action, "accepted"], counts[source, action, "rejected"])
            for source, action in known
        ]

    async def durations(self) -> Sequence[Took]:
        """See Ledger: of the newest TIMED runs."""
        query = select(runs.c.body).where(runs.c.state == "done").order_by(runs.c.started_at.desc()).limit(TIMED)
        async with self._database.reading() as unit:
            newest = [Run.from_json(json.loads(body)) for body in (await unit.connection.execute(query)).scalars()]
        return [
            Took(run.source, Action(run.action), run.seconds)
            for run in reversed(newest)
            if run.source is not None and run.seconds is not None
        ]


def _row(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "canvas": run.canvas,
        "person": run.by.id,
        "action": run.action,
        "state": run.state,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "cost_usd": run.cost_usd,
        "tokens_in": run.tokens_in,
        "tokens_out": run.tokens_out,
        "body": json.dumps(run.to_json(), ensure_ascii=False),
    }

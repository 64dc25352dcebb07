"""Carries a run out: the experts and models of its route in turn, until one does its part; then proposes.

What must not be here: how runs are started, watched, stopped and stored (runs.py); how one model is asked (attempt.py).
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.assistant.attempt import Limits, Meter, ask
from app.assistant.budgets import Budgets
from app.assistant.experts import Outcome, Work
from app.assistant.gateway import Gateway, ModelFailed
from app.assistant.health import Health
from app.assistant.job import Job
from app.assistant.naming import named
from app.assistant.ports import GuessExtension, Policies, Texts
from app.assistant.selection import Selection
from app.domain.actions import NEEDS, Action
from app.domain.people import Origin
from app.domain.routing import NEXT_EFFORT, Candidate, Effort, Route, taken_over
from app.domain.suggestions import MAX_TITLE, Proposal
from app.domain.textdiff import apply_edits
from app.errors import Unavailable
from app.ids import FileId, SuggestionId

STARTING = "starting the model gateway…"  # shown where a run that waits for a model shows that it works


class Execution:
    """What every run needs to be carried out."""

    def __init__(
        self,
        texts: Texts,
        gateway: Gateway,
        selection: Selection,
        health: Health,
        budgets: Budgets,
        policies: Policies,
        limits: Limits,
        extension: GuessExtension,
    ) -> None:
        self._texts = texts
        self._gateway = gateway
        self._selection = selection
        self._health = health
        self._budgets = budgets
        self._policies = policies
        self._limits = limits
        self._extension = extension

    async def run(self, job: Job, meter: Meter) -> None:
        """Carry `job` out and leave its result in it, adding what it used to `meter`. Raises PolycanvasError."""
        job.change(state="running")
        outcome = await self._attempts(job, meter)
        # From here on it cannot be stopped: a suggestion is either proposed and named in the run, or not there.
        job.finishing = True
        suggestion = await self._propose(job, outcome, meter) if outcome.edits else None
        job.change(suggestion=suggestion, answer=outcome.answer, note=outcome.note)

    async def _attempts(self, job: Job, meter: Meter) -> Outcome:
        """Return the outcome of the first candidate that does its part; raise the last one's failure."""
        work = Work(job.action, job.reading.path, job.reading.text, job.request.range, job.run.instruction)
        chosen = job.route.chosen
        assert chosen is not None
        if chosen.kind == "expert":
            async with self._timed(job, chosen):
                return await self._selection.expert(chosen.id).run(work)
        await self._prepare(job)  # what takes seconds once is not how long a model takes
        effort: Effort = job.route.effort
        steps = (chosen, *job.route.fallbacks)
        for number, candidate in enumerate(steps):
            job.begin_attempt()
            deployment = await self._selection.deployment(candidate.id)
            try:
                if deployment is None:
                    raise ModelFailed(f"{candidate.name} is no longer there.", "unreachable")
                async with self._timed(job, candidate):
                    outcome = await ask(self._gateway, deployment, work, effort, meter, job.say, self._limits)
            except ModelFailed as failure:
                self._health.failed(candidate.id, failure)
                if number + 1 == len(steps) or not await self._can_go_on(job, steps[number + 1], meter):
                    raise self._last_word(job, failure) from failure
                if failure.kind in {"unusable", "empty"}:  # it answered, and badly: the task is harder than it looked
                    effort = NEXT_EFFORT[effort]
                self._fall_back(job, candidate, failure, effort)
            else:
                self._health.worked(candidate.id)
                return outcome
        raise AssertionError("a route has at least one step")

    async def _prepare(self, job: Job) -> None:
        if not self._gateway.ready:
            job.change(note=STARTING)
            await self._gateway.prepare()
            job.change(note="")

    @asynccontextmanager
    async def _timed(self, job: Job, candidate: Candidate) -> AsyncIterator[None]:
        """Learn how long the block takes, unless it fails."""
        began = time.monotonic()
        yield
        seconds = time.monotonic() - began
        job.change(seconds=round(seconds, 3))
        await self._selection.took(candidate.id, job.action, seconds)

    def _fall_back(self, job: Job, failed: Candidate, failure: ModelFailed, effort: Effort) -> None:
        job.route = taken_over(job.route, job.action, failure.sentence, effort)
        job.change(
            route=job.route.to_json(),
            fell_back_from=(*job.run.fell_back_from, failed.name),
            fallback_reasons=(*job.run.fallback_reasons, failure.sentence),
        )

    async def _can_go_on(self, job: Job, to: Candidate, meter: Meter) -> bool:
        """Reserve for the next attempt, with what was used so far; False when the budget does not allow it."""
        rules = await self._policies.rules(job.run.canvas)
        async with self._budgets.policy(job.run.canvas, rules, besides=job.run.id) as policy:
            usd = most_usd(to, job.route, job.action)
            used = meter.cost_usd or 0.0
            if policy.budget_usd is not None and (usd is None or used + usd > policy.budget_usd):
                return False
            self._budgets.reserve(job.run.canvas, job.run.id, None if usd is None else used + usd)
        return True

    def _last_word(self, job: Job, failure: ModelFailed) -> Unavailable:
        before = f" Before it: {' '.join(job.run.fallback_reasons)}" if job.run.fallback_reasons else ""
        return Unavailable(f"{failure.sentence}{before} Nothing was changed; try again or choose another model.")

    async def _propose(self, job: Job, outcome: Outcome, meter: Meter) -> SuggestionId:
        file, base = await self._place(job, outcome)
        run, chosen = job.run, job.run.route["chosen"]
        wish = " ".join(run.instruction.split())
        title = f"{NEEDS[job.action].label} {run.file}" + (f": {wish}" if wish else "")
        proposal = Proposal(
            run=run.id,
            action=run.action,
            title=title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…",
            instruction=run.instruction,
            file=file,
            base=base,
            edits=outcome.edits,
            by=run.by,
            source=Origin(kind=chosen["kind"], id=chosen["id"], name=chosen["name"], hue=chosen["hue"]),
            cost_usd=meter.cost_usd,
            note=outcome.note,
        )
        return await self._texts.propose(run.canvas, proposal)

    async def _place(self, job: Job, outcome: Outcome) -> tuple[FileId, bytes]:
        """Return the file that the edits are for and its revision; one that was generated is made now, empty."""
        reading = job.reading
        if reading.file is None:
            text = apply_edits(reading.text, outcome.edits)
            reading = await self._texts.create(job.run.canvas, named(reading.path, text, self._extension))
            job.change(file=reading.path)
        assert reading.file is not None
        return reading.file, reading.base


def most_usd(candidate: Candidate, route: Route, action: Action) -> float | None:
    """Return the most that one call may cost in USD."""
    if candidate.kind == "expert":
        return 0.0
    tokens_in = route.estimate.tokens_in
    return candidate.usd(tokens_in, NEEDS[action].tokens_max)

"""The run service: what the upper floors ask of the assistant. Route, reserve, run, fall back, propose, settle.

What must not be here: HTTP, SQL, who may ask (the upper floors check roles), and anything that knows a provider.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self

from app.assistant.attempt import Limits, Meter
from app.assistant.background import Background
from app.assistant.budgets import Budgets
from app.assistant.catalog import Catalog
from app.assistant.execution import Execution, most_usd
from app.assistant.experts import Expert, all_experts
from app.assistant.gateway import Gateway
from app.assistant.health import Health
from app.assistant.job import Job
from app.assistant.ports import GuessExtension, Ledger, Policies, Publish, Texts
from app.assistant.reading import Read, read
from app.assistant.run import Run, RunEvent, RunRequest
from app.assistant.selection import Selection
from app.assistant.warming import warm
from app.domain.actions import parse
from app.domain.people import Person
from app.domain.routing import Policy, Route, price_question
from app.errors import NeedsYes, NotFound, PolycanvasError, TooMany
from app.ids import CanvasId, RunId, new_id

log = logging.getLogger(__name__)

MAX_AT_ONCE = 8  # attempts at a time in this process: each holds a file, a prompt and an answer, or a child process
MAX_PER_CANVAS = 12  # runs queued or running in one canvas: a team's worth of clicks, not a loop's
MAX_GOING = 200  # in this process
LISTED = 100  # newest runs of a canvas that a list shows
SHUT_DOWN = "The server was stopped while this ran. Start it again; nothing was changed."
INTERRUPTED = "The server ended while this ran. Start it again; nothing was changed."


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may go on at once; tests make it small."""

    at_once: int = MAX_AT_ONCE
    per_canvas: int = MAX_PER_CANVAS
    going: int = MAX_GOING
    attempt: Limits = field(default_factory=Limits)


def _unheard(canvas: CanvasId, runs: list[dict[str, Any]]) -> None:
    """Publish to nobody."""


class Runs:
    """Routes, starts, watches and stops runs. An async context: leaving it stops what still goes."""

    def __init__(
        self,
        texts: Texts,
        ledger: Ledger,
        catalog: Catalog,
        gateway: Gateway,
        policies: Policies,
        extension: GuessExtension,
        *,
        publish: Publish = _unheard,
        anybody: Callable[[], bool] = lambda: False,
        experts: tuple[Expert, ...] | None = None,
        clock: Callable[[], float] = time.time,
        health: Health | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._texts = texts
        self._ledger = ledger
        self._catalog = catalog
        self._gateway = gateway
        self._policies = policies
        self._publish = publish
        self._anybody = anybody  # in a canvas now: for them the gateway is got ready before they ask
        self._now = clock
        self._health = health or Health()
        self._bounds = bounds or Bounds()
        self._budgets = Budgets(ledger, clock)
        self._selection = Selection(catalog, all_experts() if experts is None else experts, ledger, self._health)
        self._jobs: dict[RunId, Job] = {}
        self._execution = Execution(
            texts, gateway, self._selection, self._health, self._budgets, policies, self._bounds.attempt, extension
        )
        self._slots = asyncio.Semaphore(self._bounds.at_once)
        self._tasks = asyncio.TaskGroup()
        self._background = Background(self._tasks)
        self._preparing = False

    async def __aenter__(self) -> Self:
        """Mark what a stop interrupted as failed, and start to look for local model servers."""
        for run in await self._ledger.going():
            await self._ledger.save(run.but(state="failed", error=INTERRUPTED, ended_at=self._clock()))
        await self._tasks.__aenter__()
        self._background.add(self._catalog.watch)
        self._background.add(partial(warm, self._catalog, self._gateway, self._anybody))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything that goes and wait until its cost is counted."""
        self._background.cancel()
        for job in self._jobs.values():
            job.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def route(self, request: RunRequest) -> Route:
        """Return the route that a run would take, without starting it: the receipt.

        `chosen` is None when nothing can take it; `removed` says why for each. Raises BadInput, NotFound.
        """
        found = await read(self._texts, request)
        rules = await self._policies.rules(request.canvas)
        async with self._budgets.policy(request.canvas, rules) as policy:
            return await self._route(request, found, policy)

    async def start(self, request: RunRequest) -> Run:
        """Start a run and return it at once with its route.

        Raises BadInput, NotFound, TooMany, Unavailable with what is missing when nothing can take it, and NeedsYes
        when the canvas's rules want a yes to its price that the request does not bring.
        """
        self._check_room(request.canvas)
        found = await read(self._texts, request)
        rules = await self._policies.rules(request.canvas)
        run_id = RunId(new_id())
        async with self._budgets.policy(request.canvas, rules) as policy:
            route = await self._route(request, found, policy)
            if route.chosen is None:
                raise self._selection.refusal(found.action, found.reading.path, route, policy, owner=request.owner)
            if route.needs_yes and not request.confirmed:
                raise NeedsYes(price_question(route, policy))
            self._check_room(request.canvas)  # again: others may have started while this one was read and routed
            run = Run(
                id=run_id,
                canvas=request.canvas,
                action=found.action.value,
                file=found.reading.path,
                range=request.range,
                instruction=found.instruction,
                by=request.by,
                route=route.to_json(),
                started_at=self._clock(),
            )
            job = Job(run, request, found.action, found.reading, route, lambda: self._tell(request.canvas))
            self._jobs[run.id] = job
            self._budgets.reserve(request.canvas, run.id, most_usd(route.chosen, route, found.action))
        try:
            await self._ledger.add(run)
        except BaseException:
            self._forget(job)
            raise
        job.task = self._tasks.create_task(self._carry_out(job), name=f"run {run.id}")
        self._tell(request.canvas)
        return run

    async def get(self, run: RunId) -> Run:
        """Return a run as it stands. Raises NotFound."""
        job = self._jobs.get(run)
        return job.run if job is not None else await self._ledger.get(run)

    async def of_canvas(self, canvas: CanvasId) -> list[Run]:
        """Return the newest runs of a canvas, newest first."""
        stored = await self._ledger.of_canvas(canvas, LISTED)
        return [self._jobs[run.id].run if run.id in self._jobs else run for run in stored]

    async def stop(self, run: RunId, by: Person) -> Run:
        """Stop a run and return it ended; one that has ended stays as it is. Raises NotFound."""
        job = self._jobs.get(run)
        if job is None or job.task is None:
            return await self.get(run)
        if job.stopped_by is None:
            job.stopped_by = by.name
            job.cancel()
        await job.ended.wait()
        return job.run

    async def events(self, run: RunId) -> AsyncIterator[RunEvent]:
        """Yield the run as it stands, then text and changes until it has ended. Raises NotFound."""
        job = self._jobs.get(run)
        if job is None:
            yield RunEvent("run", run=await self._ledger.get(run))
            return
        async for event in job.events():
            yield event

    async def decided(self, run: RunId, *, accepted: bool) -> None:
        """Take note that a suggestion of the run was accepted or rejected: evidence for the router. Once per run.

        A run that is not known any more (or never was: the sample's) tells nothing.
        """
        try:
            stored = await self.get(run)
        except NotFound:
            return
        if stored.verdict is not None or stored.source is None:
            return
        await self._ledger.save(stored.but(verdict="accepted" if accepted else "rejected"))
        await self._selection.decided(stored.source, parse(stored.action), accepted=accepted)

    async def models(self) -> list[dict[str, Any]]:
        """Return every known model as the JSON of `GET models`."""
        return await self._selection.models()

    async def _route(self, request: RunRequest, found: Read, policy: Policy) -> Route:
        route = await self._selection.route(
            found.action, found.reading.path, found.reading.text, request.instruction, request.model, policy
        )
        if route.chosen is not None and route.chosen.kind == "model" and not self._preparing:
            self._preparing = True  # a model is likely to be called soon: get what takes seconds over with
            self._background.add(self._gateway.prepare)
        return route

    async def _carry_out(self, job: Job) -> None:
        """Run to the end and leave the run in an ended state, whatever happens."""
        meter = Meter()
        try:
            job.begin()
            async with self._slots:
                await self._execution.run(job, meter)
            state, error = "done", None
        except asyncio.CancelledError:
            stopped = job.stopped_by is not None
            state, error = ("stopped", None) if stopped else ("failed", SHUT_DOWN)
        except PolycanvasError as failure:
            state, error = "failed", failure.sentence
        except Exception:
            log.exception("run %s failed in a way nobody foresaw", job.run.id)
            state, error = (
                "failed",
                "Something in the assistant broke; the server's log says what. Nothing was changed.",
            )
        await self._settle(job, meter, state=state, error=error, ended_at=self._clock())

    async def _settle(self, job: Job, meter: Meter, **ending: Any) -> None:
        """Store the ended run with its cost, then let go of its reservation and of the run."""
        ended = job.run.but(
            cost_usd=meter.cost_usd,
            tokens_in=meter.tokens_in,
            tokens_out=meter.tokens_out,
            redacted=meter.redacted,
            **ending,
        )
        saving = asyncio.create_task(self._ledger.save(ended))
        while not saving.done():
            try:
                await asyncio.wait({saving})
            except asyncio.CancelledError:
                continue  # stopped twice, or at the very end: what it cost is stored all the same
        failure = saving.exception()
        if failure is not None:
            log.error("run %s ended and could not be stored: %s", ended.id, failure)
        job.run = ended
        self._forget(job)
        job.end()
        self._tell(ended.canvas)

    def _forget(self, job: Job) -> None:
        self._jobs.pop(job.run.id, None)
        self._budgets.settle(job.run.canvas, job.run.id)

    def _clock(self) -> float:
        return round(self._now(), 3)  # milliseconds, as times are written in JSON

    def _check_room(self, canvas: CanvasId) -> None:
        here = sum(job.run.canvas == canvas for job in self._jobs.values())
        if here >= self._bounds.per_canvas:
            raise TooMany(f"{here} runs are going in this canvas; wait for one to end or stop one.")
        if len(self._jobs) >= self._bounds.going:
            raise TooMany("The server is busy with other runs; try again in a moment.")

    def _tell(self, canvas: CanvasId) -> None:
        self._publish(canvas, [job.run.view() for job in self._jobs.values() if job.run.canvas == canvas])

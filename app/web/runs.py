"""Routes of the assistant: the receipt, runs, what they stream, and the models."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from app.assistant.run import Range, Run, RunRequest
from app.domain.files import check_path
from app.domain.people import Person, Role
from app.domain.permissions import Right
from app.ids import CanvasId, RunId
from app.rendering.markdown import markdown_html
from app.services import Services
from app.web.identity import Running, Who
from app.web.schemas import NewRun

router = APIRouter()

QUIET_SECONDS = 15.0  # a line that says nothing, before proxies think the connection is dead


async def _request(canvas: CanvasId, body: NewRun, who: Person, running: Services) -> RunRequest:
    role = await running.canvases.require(canvas, who, Right.RUN)
    part = Range(body.range.start, body.range.end) if body.range is not None else None
    return RunRequest(
        canvas=canvas,
        action=body.action,
        file=check_path(body.file),
        by=who,
        range=part,
        instruction=body.instruction or "",
        model=body.model,
        confirmed=body.confirmed,
        owner=role is Role.OWNER,
    )


def _shown(run: Run) -> dict[str, Any]:
    """Return a run with its answer as HTML too: highlighted, without anything that loads or leads elsewhere."""
    return run.to_json() | {"answer_html": markdown_html(run.answer) if run.answer else None}


async def _allowed(run: RunId, who: Person, right: Right, running: Services) -> Run:
    found = await running.runs.get(run)
    await running.canvases.require(found.canvas, who, right)
    return found


@router.post("/canvases/{canvas}/route", summary="The receipt of a run, without running it")
async def route(canvas: CanvasId, body: NewRun, who: Who, running: Running) -> dict[str, Any]:
    """Return the route that a run with this body would take now."""
    return (await running.runs.route(await _request(canvas, body, who, running))).to_json()


@router.post("/canvases/{canvas}/runs", status_code=201, summary="Start a run")
async def start(canvas: CanvasId, body: NewRun, who: Who, running: Running) -> dict[str, Any]:
    """Start a run and answer at once with its route."""
    return _shown(await running.runs.start(await _request(canvas, body, who, running)))


@router.get("/canvases/{canvas}/runs", summary="The newest runs of a canvas")
async def of_canvas(canvas: CanvasId, who: Who, running: Running) -> dict[str, Any]:
    """Return runs, newest first."""
    await running.canvases.require(canvas, who, Right.READ)
    return {"runs": [run.to_json() for run in await running.runs.of_canvas(canvas)]}


@router.get("/runs/{run}", summary="Look at a run")
async def get(run: RunId, who: Who, running: Running) -> dict[str, Any]:
    """Return a run as it stands."""
    return _shown(await _allowed(run, who, Right.READ, running))


@router.post("/runs/{run}/stop", summary="Stop a run")
async def stop(run: RunId, who: Who, running: Running) -> dict[str, Any]:
    """Stop a run; what it has cost is counted."""
    await _allowed(run, who, Right.RUN, running)
    return _shown(await running.runs.stop(run, who))


@router.get("/runs/{run}/events", summary="Follow a run", response_class=StreamingResponse)
async def events(run: RunId, who: Who, running: Running) -> StreamingResponse:
    """Stream server-sent events: `{"text": …}` as the model writes, `{"run": …}` at each change, until it ends."""
    await _allowed(run, who, Right.READ, running)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_stream(running, run), media_type="text/event-stream", headers=headers)


async def _stream(running: Services, run: RunId) -> AsyncIterator[str]:
    source = running.runs.events(run).__aiter__()
    coming: asyncio.Future[Any] = asyncio.ensure_future(anext(source))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=QUIET_SECONDS)
            if not done:
                yield ": still here\n\n"
                continue
            try:
                event = coming.result()
            except StopAsyncIteration:
                return
            value = event.to_json() if event.run is None else {"run": _shown(event.run)}
            yield f"data: {json.dumps(value, ensure_ascii=False)}\n\n"
            coming = asyncio.ensure_future(anext(source))
    finally:
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await coming


@router.get("/models", summary="The models this server knows")
async def models(who: Who, running: Running) -> dict[str, Any]:
    """Return every model with whether it answers, and if not, why."""
    return {"models": await running.runs.models()}

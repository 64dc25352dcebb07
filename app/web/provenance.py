"""Routes of provenance: who wrote how much of a canvas, span by span if wanted, and as commit trailers.

What must not be here: finding it out.
"""

import asyncio
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.domain.authorship import FileAuthors, together
from app.domain.files import MAX_FILES, check_path
from app.domain.people import Origin
from app.domain.permissions import Right
from app.domain.trailers import trailers_of
from app.errors import TooLarge
from app.ids import CanvasId
from app.web.export import INERT
from app.web.identity import Running, Who

router = APIRouter()

MAX_SPANS = 500_000  # in one answer: some ten megabytes of JSON, which a page or a script still takes in one piece

Files = Annotated[
    list[str] | None,
    Query(max_length=MAX_FILES, description="Only these paths; repeat it for several. Without it: every file."),
]


@router.get("/canvases/{canvas}/provenance", summary="Who wrote how much of a canvas")
async def provenance(
    canvas: CanvasId, who: Who, running: Running, detail: Literal["spans"] | None = None, file: Files = None
) -> Response:
    """Return the totals of each file and of all together; with `detail=spans`, who wrote each stretch of each text."""
    found = await _read(canvas, who, running, file)
    body = await asyncio.to_thread(_body, canvas, found, with_spans=detail == "spans")
    return Response(body, media_type="application/json", headers=INERT)


@router.get("/canvases/{canvas}/provenance/trailers", summary="Who wrote a canvas, as commit trailers")
async def trailers(canvas: CanvasId, who: Who, running: Running, file: Files = None) -> Response:
    """Return a line for each person and each model, fit to be the last paragraph of a commit message."""
    lines = trailers_of(await _read(canvas, who, running, file))
    return Response("".join(f"{line}\n" for line in lines), media_type="text/plain; charset=utf-8", headers=INERT)


async def _read(canvas: CanvasId, who: Who, running: Running, file: list[str] | None) -> list[FileAuthors]:
    await running.canvases.require(canvas, who, Right.READ)
    return await running.provenance.of(canvas, None if file is None else [check_path(one) for one in file])


def _body(canvas: CanvasId, files: list[FileAuthors], *, with_spans: bool) -> bytes:
    if with_spans and sum(len(one.spans) for one in files) > MAX_SPANS:
        raise TooLarge(f"There are more than {MAX_SPANS:,} spans; ask for fewer files at once: &file=PATH")
    whole = sum(one.characters for one in files)
    origins: dict[Origin, int] = {}
    shown: list[dict[str, Any]] = []
    for one in files:
        totals = [total.to_json(one.characters) for total in one.totals]
        value: dict[str, Any] = {"id": one.id, "path": one.path, "characters": one.characters, "totals": totals}
        if with_spans:
            value["spans"] = [
                (span.start, span.end, origins.setdefault(span.origin, len(origins))) for span in one.spans
            ]
        shown.append(value)
    totals = [total.to_json(whole) for total in together(files)]
    answer: dict[str, Any] = {"canvas": canvas, "characters": whole, "totals": totals, "files": shown}
    if with_spans:
        answer["origins"] = [origin.to_json() for origin in origins]
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")

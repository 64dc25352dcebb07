"""Every error as `application/problem+json` with a sentence that says what to do: the HTTP edge of the error tree.

What must not be here: deciding what is an error.
"""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.errors import BadInput, PolycanvasError

log = logging.getLogger("polycanvas.web")

MEDIA_TYPE = "application/problem+json"
MAX_SHOWN = 5  # faults of one request that are named: a person mends a few at a time

_SENTENCES = {
    400: "The request's body cannot be read; send JSON in UTF-8.",
    404: "There is nothing at this address; docs/API.md lists what there is.",
    405: "This address does not take that method; docs/API.md lists what it takes.",
}


class Problem(JSONResponse):
    """One problem. `code` is the last part of its `type`, the word a program can test for."""

    media_type = MEDIA_TYPE

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        title = HTTPStatus(status).phrase
        body = {"type": f"urn:polycanvas:problem:{code}", "title": title, "status": status, "detail": detail}
        super().__init__(body, status_code=status, headers={"cache-control": "no-store", **(headers or {})})


def problem_of(error: PolycanvasError) -> Problem:
    """Return the answer for an expected error."""
    headers = {401: {"www-authenticate": "Bearer"}, 429: {"retry-after": "1"}}.get(error.status)
    return Problem(error.status, error.code, error.sentence, headers)


def not_json(what: str, at: int) -> BadInput:
    """Return the error for a body that is no JSON: `what` the parser says, at which character."""
    return BadInput(f"The request's body is not valid JSON ({what}, at character {at}); send JSON in UTF-8.")


def not_utf8() -> BadInput:
    """Return the error for a body that is no text in UTF-8."""
    return BadInput("The request's body is not text in UTF-8; send JSON in UTF-8.")


def _fault(error: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"] if part not in {"body", "query", "path"})
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


async def _expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, PolycanvasError)
    return problem_of(error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if error.errors()[0]["type"] == "json_invalid":
        return problem_of(not_json(error.errors()[0]["ctx"]["error"], error.errors()[0]["loc"][-1]))
    faults = [_fault(one) for one in error.errors()[:MAX_SHOWN]]
    return Problem(400, "bad-input", "The request cannot be used. " + "; ".join(faults) + ".")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, UnicodeDecodeError):
        return problem_of(not_utf8())
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    detail = _SENTENCES.get(error.status_code, str(error.detail))
    return Problem(error.status_code, code, detail, dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected error in %s %s", request.method, request.url.path, exc_info=error)
    return Problem(500, "internal", "Something went wrong on the server; nothing was lost. Its log says what.")


def install(api: FastAPI) -> None:
    """Make `api` answer every error as a problem."""
    api.add_exception_handler(PolycanvasError, _expected)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _unexpected)

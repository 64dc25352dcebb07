"""Plain routes that begin and end sessions: sign in, sign out, set up, join. Never State handlers.

Each takes JSON and answers JSON, or takes a form and answers with a redirect, so that the pages work before their
scripts do. What must not be here: how passwords or codes are checked.
"""

import json
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.auth.sessions import SignedIn
from app.errors import BadInput, NotSignedIn, PolycanvasError
from app.guard.asking import asker_of, clear_cookie, session_in, set_cookie
from app.ids import CanvasId
from app.web.identity import Running, address_of
from app.web.problems import not_json, not_utf8, problem_of
from app.web.schemas import Join, NewPassword, SetUp, SignIn
from app.web.stamps import person_json
from app.web.telling import tell

router = APIRouter()

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_FIELDS = 10
MAX_TYPED = 200  # characters of a name that an address brings back: more than any name has, less than a line of a log
ACCOUNT = "/account"  # the page with the forms for one's password and, for the owner, for accounts

B = TypeVar("B", bound=BaseModel)


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith(_FORMS)


async def _body(request: Request, model: type[B]) -> B:
    """Return the request's body as `model`. Raises BadInput."""
    if _is_form(request):
        async with request.form(max_files=0, max_fields=MAX_FIELDS) as form:
            fields: Any = {k: v for k, v in form.items() if not isinstance(v, UploadFile) and k in model.model_fields}
    else:
        try:
            fields = json.loads(await request.body() or b"{}")
        except UnicodeDecodeError as error:
            raise not_utf8() from error
        except json.JSONDecodeError as error:
            raise not_json(error.msg, error.pos) from error
    # For the page that asks again: what was typed and is no secret.
    request.state.typed = str(fields.get("name", "")) if isinstance(fields, dict) else ""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{'.'.join(str(p) for p in first['loc'])}: {first['msg']}.") from error


def _answer(request: Request, running: Running, signed_in: SignedIn | None, body: dict[str, Any], go: str) -> Response:
    response: Response = RedirectResponse(go, status_code=303) if _is_form(request) else JSONResponse(body)
    if signed_in is not None:
        response.headers.append("set-cookie", set_cookie(running.settings, signed_in.token))
    return response


def _refused(request: Request, error: PolycanvasError, page: str) -> Response:
    """Answer a form with its page again, the sentence to show and the name that was typed, never a password; anything
    else with a problem."""
    if not _is_form(request):
        return problem_of(error)
    said = {"problem": error.sentence}
    typed: str = getattr(request.state, "typed", "")
    if 0 < len(typed) <= MAX_TYPED:
        said["name"] = typed
    return RedirectResponse(f"{page}{'&' if '?' in page else '?'}{urlencode(said, quote_via=quote)}", status_code=303)


@router.post("/sign-in")
async def sign_in(request: Request, running: Running) -> Response:
    """Begin a session with a name and a password."""
    try:
        body = await _body(request, SignIn)
        old = session_in(request.headers.get("cookie"), running.settings)
        done = await running.accounts.sign_in(body.name, body.password, address_of(request), session=old)
    except PolycanvasError as error:
        return _refused(request, error, "/sign-in")
    return _answer(request, running, done, {"person": person_json(done.person)}, "/")


@router.post("/sign-out")
async def sign_out(request: Request, running: Running) -> Response:
    """End the session on the server and in the browser. Always works."""
    token = session_in(request.headers.get("cookie"), running.settings)
    if token is not None:
        await running.sessions.end(token)
    response = _answer(request, running, None, {}, "/sign-in")
    response.headers.append("set-cookie", clear_cookie(running.settings))
    return response


@router.post("/password")
async def password(request: Request, running: Running) -> Response:
    """Change one's own password; every session ends, and this browser gets a new one."""
    try:
        body = await _body(request, NewPassword)
        asker = await asker_of(running, request.headers.get("cookie"))
        if asker is None:
            raise NotSignedIn("Sign in to change your password.")
        done = await running.accounts.change_password(asker.person, body.old, body.new, address_of(request))
    except PolycanvasError as error:
        return _refused(request, error, ACCOUNT)
    return _answer(request, running, done, {"person": person_json(done.person)}, f"{ACCOUNT}?done=password")


@router.post("/people")
async def add_person(request: Request, running: Running) -> Response:
    """Give somebody an account, as `POST people` of the API does; for the owner's page."""
    try:
        body = await _body(request, SignIn)
        asker = await asker_of(running, request.headers.get("cookie"))
        if asker is None:
            raise NotSignedIn("Sign in to add an account.")
        person = await running.accounts.add_member(asker.person, body.name, body.password)
    except PolycanvasError as error:
        return _refused(request, error, f"{ACCOUNT}?at=people")
    return _answer(request, running, None, {"person": person_json(person)}, f"{ACCOUNT}?done=person")


@router.post("/set-up")
async def set_up(request: Request, running: Running) -> Response:
    """Give the owner a name and a password, once, with the code of the first start."""
    page = "/set-up"
    try:
        body = await _body(request, SetUp)
        page = f"/set-up?code={quote(body.code)}"
        old = session_in(request.headers.get("cookie"), running.settings)
        done = await running.accounts.set_up(body.code, body.name, body.password, session=old)
    except PolycanvasError as error:
        return _refused(request, error, page)
    return _answer(request, running, done, {"person": person_json(done.person)}, "/")


@router.post("/join")
async def join(request: Request, running: Running) -> Response:
    """Come in by an invite link: as oneself when signed in, else as a guest with a name."""
    page = "/sign-in"
    try:
        body = await _body(request, Join)
        page = f"/join/{quote(body.code, safe='')}"
        cookie = request.headers.get("cookie")
        asker = await asker_of(running, cookie)
        # A name means a guest, also from somebody who is known: the owner shows a friend how it looks for others.
        as_guest = asker is None or body.name is not None
        joined = await running.invites.accept(
            body.code,
            name=body.name,
            person=None if as_guest or asker is None else asker.person,
            session=session_in(cookie, running.settings),
        )
        await tell(running, joined.canvas, joined.person, "member-joined", role=joined.role.value)
    except PolycanvasError as error:
        return _refused(request, error, page)
    answer = {"person": person_json(joined.person), "role": joined.role.value, "canvas": joined.canvas}
    return _answer(request, running, joined.session, answer | {"url": _page_of(joined.canvas)}, _page_of(joined.canvas))


def _page_of(canvas: CanvasId) -> str:
    return f"/c/{canvas}"

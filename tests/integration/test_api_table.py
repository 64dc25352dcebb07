"""Every route of the API against every role: who gets an answer, who a refusal, who may not know that there is one.

A route that is not in the table fails here, and so does one that docs/API.md does not list.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from app.domain.people import Role
from app.web.auth import router as auth_router
from app.web.routes import make_api
from tests.server import Edge, edge

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("owner", "editor", "commenter", "viewer", "stranger", "nobody")

# Answers by who asks, in the order of ROLES. 404 to a stranger: they may not know that the canvas exists.
EVERYBODY = (200, 200, 200, 200, 200, 200)
SIGNED_IN = (200, 200, 200, 200, 200, 401)
MEMBERS = (200, 200, 200, 200, 404, 401)
EDITORS = (200, 200, 403, 403, 404, 401)
OWNERS = (200, 403, 403, 403, 404, 401)


@dataclass(frozen=True, slots=True)
class Case:
    """One route. `answers` may name another success than 200 in `done`; `body` is sent as JSON."""

    method: str
    path: str
    answers: tuple[int, ...]
    done: int = 200
    body: dict[str, Any] | None = None


FILE = "/canvases/{canvas}/files/{path}"
RUN = {"action": "format", "file": "a.json"}
EMPTY = {"grid": {"root": {}}, "panels": {}}
TABLE = (
    Case("GET", "/health", EVERYBODY),
    Case("GET", "/me", SIGNED_IN),
    Case("PATCH", "/me", SIGNED_IN, 200, {"name": "Somebody else"}),
    Case("POST", "/people", (200, 403, 403, 403, 403, 401), 201, {"name": "Newcomer", "password": "long enough one"}),
    Case("GET", "/models", SIGNED_IN),
    Case("GET", "/canvases", SIGNED_IN),
    # Guests may not make canvases: of the six, only the owner has an account.
    Case("POST", "/canvases", (200, 403, 403, 403, 403, 401), 201, {"name": "New"}),
    Case("GET", "/canvases/{canvas}", MEMBERS),
    Case("PATCH", "/canvases/{canvas}", OWNERS, 200, {"name": "Other"}),
    Case("DELETE", "/canvases/{canvas}", OWNERS, 204),
    Case("GET", "/canvases/{canvas}/activity", MEMBERS),
    Case("GET", "/canvases/{canvas}/export", MEMBERS),
    Case("GET", "/canvases/{canvas}/archive", MEMBERS),
    # The body is no archive: whoever may import hears that, the others are refused before it is read.
    Case("POST", "/canvases/import", (400, 403, 403, 403, 403, 401)),
    Case("GET", "/canvases/{canvas}/provenance?detail=spans", MEMBERS),
    Case("GET", "/canvases/{canvas}/provenance/trailers", MEMBERS),
    Case("GET", "/canvases/{canvas}/history", MEMBERS),
    Case("GET", "/canvases/{canvas}/history/files/{file}/steps", MEMBERS),
    Case("GET", "/canvases/{canvas}/history/diff?from=0", MEMBERS),
    Case("POST", "/canvases/{canvas}/history/versions", EDITORS, 201, {"name": "First"}),
    Case("PATCH", "/canvases/{canvas}/history/versions/{version}", EDITORS, 200, {"name": "Other"}),
    Case("DELETE", "/canvases/{canvas}/history/versions/{version}", EDITORS, 204),
    Case("POST", "/canvases/{canvas}/history/restore", EDITORS, 200, {"seq": 0}),
    # As with new canvases: guests may not make any, so of the six only the owner may.
    Case("POST", "/canvases/{canvas}/history/fork", (200, 403, 403, 403, 404, 401), 201, {"seq": 0}),
    Case("GET", "/canvases/{canvas}/files", MEMBERS),
    Case("GET", FILE, MEMBERS),
    Case("PUT", FILE, EDITORS, 200, {"text": "{}"}),
    Case("PATCH", FILE, EDITORS, 200, {"path": "b.json"}),
    Case("DELETE", FILE, EDITORS, 204),
    Case("GET", "/canvases/{canvas}/members", MEMBERS),
    Case("PATCH", "/canvases/{canvas}/members/{person}", OWNERS, 204, {"role": "viewer"}),
    # Everybody may take themselves out; {person} is somebody else.
    Case("DELETE", "/canvases/{canvas}/members/{person}", OWNERS, 204),
    Case("POST", "/canvases/{canvas}/invites", EDITORS, 201, {"role": "viewer"}),
    Case("GET", "/canvases/{canvas}/invites", EDITORS),
    Case("DELETE", "/canvases/{canvas}/invites/{invite}", OWNERS, 204),
    Case("POST", "/canvases/{canvas}/tickets", MEMBERS, 201),
    Case("GET", "/canvases/{canvas}/layout?device=wide", MEMBERS),
    Case("PUT", "/canvases/{canvas}/layout?device=wide", MEMBERS, 204, {"layout": EMPTY}),
    Case("DELETE", "/canvases/{canvas}/layout?device=wide", MEMBERS, 204),
    Case("GET", "/canvases/{canvas}/seen", MEMBERS),
    Case("POST", "/canvases/{canvas}/seen", MEMBERS, 204, {"comments": ["cccccccccccc"]}),
    Case("GET", "/canvases/{canvas}/policy", MEMBERS),
    Case("PUT", "/canvases/{canvas}/policy", OWNERS, 200, {"privacy": "local", "budget_usd": 5}),
    Case("POST", "/canvases/{canvas}/route", EDITORS, 200, RUN),
    Case("POST", "/canvases/{canvas}/runs", EDITORS, 201, RUN),
    Case("GET", "/canvases/{canvas}/runs", MEMBERS),
    Case("GET", "/runs/{run}", MEMBERS),
    Case("POST", "/runs/{run}/stop", EDITORS),
    Case("GET", "/runs/{run}/events", MEMBERS),
    Case("GET", "/canvases/{canvas}/suggestions", MEMBERS),
    Case("GET", "/suggestions/{suggestion}", MEMBERS),
    Case("POST", "/suggestions/{suggestion}/accept", EDITORS),
    Case("POST", "/suggestions/{suggestion}/reject", EDITORS),
    # Reverting what is not accepted is a conflict, for whoever may decide.
    Case("POST", "/suggestions/{suggestion}/revert", (409, 409, 403, 403, 404, 401)),
)


def _key(method: str, path: str) -> tuple[str, str]:
    return method, path.partition("?")[0]


def _routes() -> set[tuple[str, str]]:
    paths = make_api().openapi()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_every_route_is_in_the_table() -> None:
    assert {_key(case.method, case.path) for case in TABLE} == _routes()


def test_every_route_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "API.md").read_text(encoding="utf-8")
    for method, path in sorted(_routes()):
        assert f"`{method} {path.removeprefix('/')}`" in text, f"docs/API.md does not list {method} {path}"
    for route in auth_router.routes:
        if isinstance(route, APIRoute):
            assert f"`POST /auth{route.path}`" in text, f"docs/API.md does not list POST /auth{route.path}"


@dataclass(frozen=True, slots=True)
class World:
    """An installation with somebody of every role, and one of each thing a path can name."""

    edge: Edge
    sessions: dict[str, str | None]
    names: dict[str, str]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    # A public address: nobody is the owner just by being there.
    async with edge(tmp_path, public="http://canvas.test") as here:
        code = await here.services.accounts.new_set_up_code()
        assert code is not None
        signed_in = await here.services.accounts.set_up(code, "Olga", "a long enough password")
        canvas = await here.canvas({"a.json": '{"a":1}\n'})
        sessions: dict[str, str | None] = {"owner": signed_in.token, "nobody": None}
        for role in (Role.EDITOR, Role.COMMENTER, Role.VIEWER):
            _, sessions[role.value] = await here.guest(canvas, role, role.value)
        _, sessions["stranger"] = await here.guest(await here.canvas(name="Elsewhere"), Role.EDITOR, "Stranger")
        other, _ = await here.guest(canvas, Role.COMMENTER, "Other")
        invite, _ = await here.services.invites.create(canvas, signed_in.person, Role.VIEWER)
        async with here.client(signed_in.token) as client:
            started = (await client.post(f"/api/v1/canvases/{canvas}/runs", json=RUN)).json()
            async with client.stream("GET", f"/api/v1/runs/{started['id']}/events") as stream:
                async for _ in stream.aiter_lines():
                    pass
            ended = (await client.get(f"/api/v1/runs/{started['id']}")).json()
        assert ended["state"] == "done", ended
        version = await here.services.history.name(canvas, signed_in.person, "Version", None)
        async with here.services.rooms.use(canvas) as room:
            file = room.find("a.json")
        assert file is not None
        names = {"canvas": canvas, "path": "a.json", "person": other.id, "invite": invite.id}
        names |= {"file": file, "version": version.id}
        yield World(here, sessions, {**names, "run": started["id"], "suggestion": ended["suggestion"]})


def _id(case: Case) -> str:
    return f"{case.method} {case.path}"


@pytest.mark.parametrize("case", TABLE, ids=_id)
async def test_each_role_gets_its_answer(case: Case, world: World) -> None:
    # From the least to the most, so that what succeeds does not take the thing away from the next.
    for role, expected in reversed(list(zip(ROLES, case.answers, strict=True))):
        path = case.path.format(**world.names)
        async with world.edge.client(world.sessions[role]) as client:
            answer = await client.request(case.method, f"/api/v1{path}", json=case.body)
        wanted = case.done if expected == 200 else expected
        assert answer.status_code == wanted or (expected == 200 and answer.status_code == 404 and _used_up(case)), (
            f"{role}: {answer.status_code} {answer.text}"
        )
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"].endswith((".", "!"))


def _used_up(case: Case) -> bool:
    """Say whether an earlier success of this very case took away what the path names."""
    return case.method in {"DELETE", "PATCH"} and case.path.endswith(("{path}", "{version}"))

"""A canvas's rules through the real edge: who may set them, what they keep away, and what parallel runs may spend."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.people import Role
from app.ids import CanvasId
from tests.scripted_models import Handler, ScriptedModels, answer, status
from tests.server import Edge, edge

FIX = "<<<<<<< SEARCH\nif (a == 2) {}\n=======\nif (a === 2) {}\n>>>>>>> REPLACE\n"
FILES = {"app.js": "if (a == 2) {}\n"}
ASK = {"action": "fix", "file": "app.js"}
# What one fix may cost at most: 6,000 tokens out and under 600 in, at these prices (USD per million).
MODELS = """
[[model]]
name = "closed"
model = "openai/closed"
address = "{address}"
price_in = 10
price_out = 10

[[model]]
name = "open"
model = "openai/open"
address = "{address}"
open = true
price_in = 20
price_out = 20

[[model]]
name = "home"
model = "openai/home"
address = "{address}"
local = true
price_in = 100
price_out = 100
"""
DEAREST_FIX = 0.07  # of "closed"


@dataclass(frozen=True, slots=True)
class Here:
    """One canvas of an installation with three priced models, and its owner's client."""

    edge: Edge
    canvas: CanvasId
    owner: httpx.AsyncClient
    server: ScriptedModels

    async def set(self, privacy: str, budget: float | None) -> httpx.Response:
        body = {"privacy": privacy, "budget_usd": budget}
        return await self.owner.put(f"/api/v1/canvases/{self.canvas}/policy", json=body)

    async def ask_above(self, usd: float | None) -> httpx.Response:
        body = {"privacy": "any", "budget_usd": None, "confirm_above_usd": usd}
        return await self.owner.put(f"/api/v1/canvases/{self.canvas}/policy", json=body)

    async def policy(self) -> dict[str, Any]:
        answered: dict[str, Any] = (await self.owner.get(f"/api/v1/canvases/{self.canvas}/policy")).json()
        return answered

    async def route(self) -> dict[str, Any]:
        answered: dict[str, Any] = (await self.owner.post(f"/api/v1/canvases/{self.canvas}/route", json=ASK)).json()
        return answered

    async def start(self, **more: Any) -> httpx.Response:
        return await self.owner.post(f"/api/v1/canvases/{self.canvas}/runs", json=ASK | more)

    async def ended(self, run: str) -> dict[str, Any]:
        async with self.owner.stream("GET", f"/api/v1/runs/{run}/events") as stream:
            async for _ in stream.aiter_lines():
                pass
        value: dict[str, Any] = (await self.owner.get(f"/api/v1/runs/{run}")).json()
        return value


@asynccontextmanager
async def world(folder: Path, handler: Handler) -> AsyncIterator[Here]:
    async with ScriptedModels(dict.fromkeys(("closed", "open", "home"), handler)).running() as server:
        models = folder / "models.toml"
        models.write_text(MODELS.format(address=server.address), encoding="utf-8")
        async with edge(folder, models_file=models) as here, here.client() as owner:
            yield Here(here, await here.canvas(FILES), owner, server)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    async with world(tmp_path, answer(FIX, tokens_in=500, tokens_out=500)) as made:
        yield made


def _why(route: dict[str, Any]) -> dict[str, str]:
    return {removed["name"]: removed["why"] for removed in route["removed"]}


async def test_a_canvas_begins_without_rules_and_keeps_what_is_set(here: Here) -> None:
    assert await here.policy() == {"privacy": "any", "budget_usd": None, "confirm_above_usd": 0.25, "spent_usd": 0}
    after = await here.set("open", 5)
    expected = {"privacy": "open", "budget_usd": 5, "confirm_above_usd": 0.25, "spent_usd": 0}
    assert after.json() == await here.policy() == expected
    assert (await here.ask_above(None)).json()["confirm_above_usd"] is None
    assert (await here.set("open", 5)).json()["confirm_above_usd"] is None  # left out: as it was
    assert (await here.set("any", None)).json()["budget_usd"] is None


async def test_privacy_removes_models_and_says_why(here: Here) -> None:
    assert (await here.route())["chosen"]["name"] == "closed"
    await here.set("open", None)
    route = await here.route()
    assert route["chosen"]["name"] == "open"
    assert _why(route) == {"closed": "This canvas lets text go to open models only."}
    await here.set("local", None)
    route = await here.route()
    assert route["chosen"]["name"] == "home"
    assert set(_why(route)) == {"closed", "open"}
    asked_by_name = await here.owner.post(f"/api/v1/canvases/{here.canvas}/runs", json={**ASK, "model": "closed"})
    assert asked_by_name.status_code == 503
    assert "lets text go to local models only" in asked_by_name.json()["detail"]
    assert "ask an owner to change the rules in Settings" in asked_by_name.json()["detail"]
    assert here.server.calls == []


async def test_what_a_month_may_cost_is_held_against_the_most_a_run_can(here: Here) -> None:
    await here.set("any", DEAREST_FIX)
    route = await here.route()
    assert route["chosen"]["name"] == "closed"
    assert "of the budget is left" in _why(route)["home"]
    run = await here.ended((await here.start()).json()["id"])
    assert (run["state"], run["error"]) == ("done", None)
    assert run["cost_usd"] == pytest.approx(0.01)
    assert (await here.policy())["spent_usd"] == pytest.approx(0.01)
    refused = await here.start()
    assert refused.status_code == 503
    assert "$0.06 of the budget is left" in refused.json()["detail"]


async def test_a_run_above_the_price_waits_for_a_yes(here: Here) -> None:
    await here.ask_above(0.005)  # what "closed" is expected to cost is about twice that
    route = await here.route()
    assert (route["chosen"]["name"], route["needs_yes"]) == ("closed", True)
    refused = await here.start()
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":needs-yes")
    assert "closed would cost about $0.01" in refused.json()["detail"]
    assert here.server.calls == []
    assert (await here.owner.get(f"/api/v1/canvases/{here.canvas}/runs")).json() == {"runs": []}
    run = await here.ended((await here.start(model=route["chosen"]["id"], confirmed=True)).json()["id"])
    assert (run["state"], run["route"]["chosen"]["name"]) == ("done", "closed")
    await here.ask_above(1.0)
    assert (await here.route())["needs_yes"] is False
    assert (await here.start()).status_code == 201
    await here.ask_above(None)
    assert (await here.start(model="home")).status_code == 201  # the dearest of them


async def test_a_dearer_model_does_not_take_over_unasked(here: Here) -> None:
    await here.ask_above(0.015)  # between "closed" and the others
    route = await here.route()
    assert (route["chosen"]["name"], route["needs_yes"], route["fallbacks"]) == ("closed", False, [])
    here.server.handlers["closed"] = status(500)
    run = await here.ended((await here.start()).json()["id"])
    assert run["state"] == "failed"
    assert {call.body["model"] for call in here.server.calls} == {"closed"}


@pytest.mark.parametrize("usd", [-0.01, 1e6])
async def test_a_price_to_ask_above_that_cannot_be_is_a_sentence(here: Here, usd: float) -> None:
    refused = await here.ask_above(usd)
    assert refused.status_code == 400
    assert "Ask above a price between" in refused.json()["detail"]
    assert (await here.policy())["confirm_above_usd"] == 0.25


async def test_parallel_runs_at_the_edge_of_the_budget_overshoot_by_at_most_one(tmp_path: Path) -> None:
    most = answer(FIX, tokens_in=600, tokens_out=6_000)
    async with world(tmp_path, most) as here:
        await here.set("any", 2.5 * DEAREST_FIX)
        started = [
            one.json()["id"] for one in await asyncio.gather(*(here.start() for _ in range(12))) if one.is_success
        ]
        assert 0 < len(started) <= 3
        runs = [await here.ended(one) for one in started]
        assert {run["state"] for run in runs} == {"done"}
        assert 0 < (await here.policy())["spent_usd"] <= 2.5 * DEAREST_FIX + DEAREST_FIX


@pytest.mark.parametrize("body", [("secret", None), ("any", -1), ("any", 1e9), ("any", float("inf"))], ids=str)
async def test_what_cannot_be_a_rule_is_a_sentence(here: Here, body: tuple[str, float | None]) -> None:
    if body[1] == float("inf"):
        content = '{"privacy": "any", "budget_usd": Infinity}'
        refused = await here.owner.put(
            f"/api/v1/canvases/{here.canvas}/policy", content=content, headers={"content-type": "application/json"}
        )
    else:
        refused = await here.set(*body)
    assert refused.status_code == 400
    assert refused.json()["detail"].endswith(".")
    assert (await here.policy())["privacy"] == "any"


async def test_an_editor_reads_the_rules_and_a_change_is_written_down(tmp_path: Path) -> None:
    async with edge(tmp_path, public="http://canvas.test") as here:
        canvas = await here.canvas(FILES)
        _, session = await here.guest(canvas, Role.EDITOR)
        async with here.client(session) as editor:
            path = f"/api/v1/canvases/{canvas}/policy"
            assert (await editor.get(path)).status_code == 200
            assert (await editor.put(path, json={"privacy": "any", "budget_usd": None})).status_code == 403
        await here.services.policies.put(canvas, "local", 1.0, await here.owner())
        assert (await here.services.policies.get(canvas))["privacy"] == "local"

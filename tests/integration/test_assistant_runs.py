"""The run service with real litellm over real HTTP to a scripted server: routes, faults, fallback, stop, budget."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.assistant.attempt import Limits
from app.assistant.catalog import Catalog
from app.assistant.deployment import Deployment
from app.assistant.execution import STARTING
from app.assistant.litellm_gateway import LitellmGateway
from app.assistant.ports import Rules
from app.assistant.run import Range, Run, RunEvent, RunRequest
from app.assistant.runs import INTERRUPTED, SHUT_DOWN, Bounds, Runs
from app.domain.routing import Policy
from app.errors import BadInput, NotFound, TooMany, Unavailable
from app.ids import RunId
from tests.scripted_models import Call, Handler, ScriptedModels, answer, garbage, midway, silent, status
from tests.unit.assistant.doubles import ANA, CANVAS, FixedRules, MemoryLedger, MemoryTexts

pytestmark = pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning")

TEXT = "const a = 1;\nif (a == 2) {\n  run();\n}\n"
FIX = "Strict is safer.\n\n<<<<<<< SEARCH\nif (a == 2) {\n=======\nif (a === 2) {\n>>>>>>> REPLACE\n"
GATEWAY = LitellmGateway()
# Seconds. Not what anything may take: what never comes is a failure all the same, and the first run loads litellm.
PATIENCE = 120.0
# Short only where a model's silence is what is tried: elsewhere a slow machine must not look like a silent model.
PATIENT, SHORT = Limits(PATIENCE, PATIENCE), Limits(chunk_seconds=4.0, total_seconds=PATIENCE)


@asynccontextmanager
async def running(
    handlers: dict[str, Handler],
    texts: MemoryTexts | None = None,
    rules: Rules | None = None,
    gateway: LitellmGateway = GATEWAY,
    limits: Limits = PATIENT,
) -> AsyncIterator["Here"]:
    """The service over a scripted server; the handlers' order is the router's order (by price)."""
    async with ScriptedModels(dict(handlers)).running() as server:
        named = [
            Deployment(
                name, name, "test", f"openai/{name}", address=server.address, price_in=1.0 + n, price_out=2.0 + n
            )
            for n, name in enumerate(handlers)
        ]
        here = Here(server, texts or MemoryTexts(app_js=TEXT), MemoryLedger())
        bounds = Bounds(per_canvas=4, attempt=limits)
        here.runs = Runs(
            here.texts,
            here.ledger,
            Catalog(named, [], {}),
            gateway,
            FixedRules(rules),
            lambda text: "html" if text.startswith("<") else "txt",
            publish=lambda _, views: here.published.append(views),
            bounds=bounds,
        )
        async with here.runs:
            yield here


class Here:
    """One test's world."""

    runs: Runs

    def __init__(self, server: ScriptedModels, texts: MemoryTexts, ledger: MemoryLedger) -> None:
        self.server, self.texts, self.ledger = server, texts, ledger
        self.published: list[list[dict[str, Any]]] = []

    async def ended(self, request: RunRequest) -> Run:
        """Start a run and return it when it has ended."""
        run = await self.runs.start(request)
        async with asyncio.timeout(PATIENCE):
            events = [event async for event in self.runs.events(run.id)]
        assert events[-1].run is not None
        assert not events[-1].run.going
        return await self.runs.get(run.id)


def ask(action: str = "fix", **more: Any) -> RunRequest:
    return RunRequest(CANVAS, action, "app.js", ANA, **more)


async def test_a_fix_lands_as_a_proposal_with_cost_and_receipt() -> None:
    async with running({"coder": answer(FIX, tokens_in=1000, tokens_out=500)}) as here:
        run = await here.ended(ask(range=Range(13, 27)))
        assert (run.state, run.error, run.suggestion) == ("done", None, "suggestion01")
        assert run.note == "Strict is safer."
        assert run.cost_usd == pytest.approx((1000 * 1 + 500 * 2) / 1e6)
        assert (run.tokens_in, run.tokens_out) == (1000, 500)
        assert here.texts.after() == TEXT.replace("==", "===")
        proposal = here.texts.proposals[0]
        assert (proposal.source.kind, proposal.source.name, proposal.base) == ("model", "coder", b"revision")
        assert proposal.cost_usd == run.cost_usd
        assert run.route["chosen"]["name"] == "coder"
        assert run.route["reasons"]
        assert [view["state"] for views in here.published for view in views][:2] == ["queued", "running"]
        assert here.published[-1] == []
        assert await here.ledger.get(run.id) == run


async def test_a_run_that_waits_for_the_gateway_says_so() -> None:
    gateway = LitellmGateway()
    async with running({"coder": answer(FIX)}, gateway=gateway) as here:
        assert not gateway.ready
        run = await here.ended(ask())
        assert gateway.ready
        notes = [view["note"] for views in here.published for view in views]
        assert notes.index(STARTING) < notes.index("", notes.index(STARTING))
        assert run.note == "Strict is safer."
        here.published.clear()
        await here.ended(ask())
        assert all(view["note"] != STARTING for views in here.published for view in views)


async def test_explain_streams_its_text_and_answers() -> None:
    async def handle(call: Call) -> None:
        await call.say("It compares ")
        await step.wait()
        await call.say("`a`.")
        await call.finish()

    step = asyncio.Event()
    async with running({"coder": handle}) as here:
        run = await here.runs.start(ask("explain"))
        text = ""
        last: RunEvent | None = None
        async with asyncio.timeout(PATIENCE):
            async for event in here.runs.events(run.id):
                text += event.text
                if "compares" in text:
                    step.set()  # the rest is sent only after the first part was seen: it really streams
                last = event
        assert text == "It compares `a`."
        assert last is not None
        assert last.run is not None
        assert last.run.answer == "It compares `a`."
        assert not here.texts.proposals


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (status(500), "failed"),
        (status(429), "too many requests"),
        (silent, "did not answer within"),
        (garbage, "not an answer"),
        (midway("<<<<<<< SEARCH\nif"), "broke off midway"),
        (answer(""), "empty"),
        (answer("I would rather chat.\n\nAt length.\n"), "no change in it"),
        (answer(FIX.replace("a == 2", "b == 7")), "is not in the file"),
        (answer(FIX.removesuffix(">>>>>>> REPLACE\n")), "middle of a change"),
    ],
    ids=["500", "429", "silent", "garbage", "midway", "empty", "chat", "elsewhere", "cut"],
)
async def test_a_bad_model_proposes_nothing_and_the_next_takes_over(handler: Handler, said: str) -> None:
    limits = SHORT if handler is silent else PATIENT
    async with running({"bad": handler, "good": answer(FIX)}, limits=limits) as here:
        run = await here.ended(ask())
        assert run.state == "done", run.error
        assert run.fell_back_from == ("bad",)
        assert said in run.fallback_reasons[0]
        assert "good took over" in run.route["reasons"][0]
        assert run.route["chosen"]["name"] == "good"
        assert here.texts.proposals[0].source.name == "good"
        assert len(here.texts.proposals) == 1


async def test_a_bad_model_alone_fails_with_its_sentence_and_is_left_alone_for_a_while() -> None:
    async with running({"bad": status(500)}) as here:
        run = await here.ended(ask())
        assert run.state == "failed"
        assert run.error == "The server of bad failed. Nothing was changed; try again or choose another model."
        assert run.cost_usd == 0.0
        with pytest.raises(Unavailable, match="left alone for"):
            await here.runs.start(ask())
        (listed,) = await here.runs.models()
        assert not listed["healthy"]


async def test_stop_closes_upstream_and_counts_the_spend() -> None:
    async def talk(call: Call) -> None:
        await call.say("Let me think about this at length. ")
        await call.closed.wait()

    async with running({"coder": talk}) as here:
        run = await here.runs.start(ask())
        async with asyncio.timeout(PATIENCE):
            async for event in here.runs.events(run.id):
                if event.kind == "text":
                    break
            stopped = await here.runs.stop(run.id, ANA)  # the model would talk on until it is let go of
            await here.server.calls[0].closed.wait()
        assert stopped.state == "stopped"
        assert stopped.cost_usd
        assert stopped.tokens_out > 5
        assert (await here.ledger.get(run.id)).cost_usd == stopped.cost_usd
        assert await here.runs.stop(run.id, ANA) == stopped
        assert not here.texts.proposals


async def test_stop_right_after_start_ends_it() -> None:
    async with running({"coder": silent}) as here:
        run = await here.runs.start(ask())
        async with asyncio.timeout(PATIENCE):
            assert (await here.runs.stop(run.id, ANA)).state == "stopped"
        assert here.server.calls == []


async def test_leaving_ends_what_goes_with_a_sentence() -> None:
    async with running({"coder": silent}) as here:
        run = await here.runs.start(ask())
        await here.server.call()
    assert (await here.ledger.get(run.id)).error == SHUT_DOWN


async def test_what_an_earlier_process_left_going_is_marked_failed() -> None:
    async with running({"coder": silent}) as here:
        run = await here.runs.start(ask())
        left = (await here.ledger.get(run.id)).but(state="running")
    ledger = MemoryLedger()
    await ledger.add(left)
    async with Runs(here.texts, ledger, Catalog([], [], {}), GATEWAY, FixedRules(), str) as again:
        assert (await again.get(run.id)).error == INTERRUPTED


async def test_without_a_model_experts_work_and_the_rest_says_what_is_missing() -> None:
    texts = MemoryTexts(app_py="x = {  'a':1 }\n", app_js=TEXT)
    async with running({}, texts) as here:
        done = await here.ended(RunRequest(CANVAS, "format", "app.py", ANA))
        assert (done.state, done.cost_usd) == ("done", 0.0)
        assert texts.after() == 'x = {"a": 1}\n'
        assert texts.proposals[0].source.kind == "expert"
        sum_ = await here.ended(ask("calculate", instruction="1/3 + 1/6"))
        assert sum_.answer == "`1/3 + 1/6` = **0.5**"
        for action, kind in (("explain", "a language model"), ("fix", "a model that writes code")):
            with pytest.raises(Unavailable, match=kind) as refused:
                await here.runs.start(ask(action))
            assert "Settings → Models" in refused.value.sentence
            with pytest.raises(Unavailable, match=kind) as refused:
                await here.runs.start(ask(action, owner=False))
            assert refused.value.sentence.endswith("ask an owner of this canvas to set one up.")
        receipt = await here.runs.route(ask())
        assert receipt.chosen is None


async def test_a_file_that_is_not_there_is_made_when_its_text_is() -> None:
    page = "````\n<h1>Hello</h1>\n````\n"
    async with running({"coder": answer(page)}) as here:
        wish = RunRequest(CANVAS, "generate", "pages/hello", ANA, instruction="a greeting")
        run = await here.ended(wish)
        assert (run.state, run.error, run.file) == ("done", None, "pages/hello.html")
        assert here.texts.files["pages/hello.html"] == ""
        assert here.texts.after() == "<h1>Hello</h1>\n"
        assert (await here.ended(wish)).file == "pages/hello-2.html"


@pytest.mark.parametrize("handler", [status(500), answer("")], ids=["500", "empty"])
async def test_a_file_that_nothing_was_written_for_is_not_made(handler: Handler) -> None:
    async with running({"coder": handler}) as here:
        run = await here.ended(RunRequest(CANVAS, "generate", "new.html", ANA, instruction="a page"))
        assert run.state == "failed"
        assert set(here.texts.files) == {"app.js"}
        with pytest.raises(BadInput):
            await here.runs.start(RunRequest(CANVAS, "generate", "../new.html", ANA, instruction="a page"))


async def test_the_estimate_learns_how_long_a_model_takes() -> None:
    async with running({"coder": answer(FIX)}) as here:
        before = (await here.runs.route(ask())).estimate.seconds
        run = await here.ended(ask())
        assert run.seconds is not None
        after = (await here.runs.route(ask())).estimate.seconds
        assert after < before / 2
        assert after == pytest.approx(run.seconds, abs=0.3)
        # Another process learns the same from what was stored.
        texts, ledger = here.texts, here.ledger
        catalog = Catalog([Deployment("coder", "coder", "test", "openai/coder")], [], {})
        async with Runs(texts, ledger, catalog, GATEWAY, FixedRules(), str) as again:
            assert (await again.route(ask())).estimate.seconds == pytest.approx(after, abs=0.1)


async def test_an_unreadable_file_fails_with_its_line() -> None:
    async with running({}, MemoryTexts(app_py="x = (\n")) as here:
        run = await here.ended(RunRequest(CANVAS, "format", "app.py", ANA))
        assert run.state == "failed"
        assert "line" in (run.error or "")


@pytest.mark.parametrize(
    ("bad", "kind", "said"),
    [
        (ask("fixx"), BadInput, "fix"),
        (ask("edit"), BadInput, "instruction"),
        (ask(range=Range(0, 999)), BadInput, "outside"),
        (ask(model="nobody"), BadInput, "known are: coder"),
        (RunRequest(CANVAS, "fix", "gone.js", ANA), NotFound, "gone.js"),
        (RunRequest(CANVAS, "format", "app.js", ANA, model="nobody"), BadInput, "known are"),
    ],
)
async def test_a_bad_request_is_a_sentence(bad: RunRequest, kind: type[Exception], said: str) -> None:
    async with running({"coder": answer(FIX)}) as here:
        with pytest.raises(kind, match=said):
            await here.runs.start(bad)
        assert here.ledger.runs == {}


async def test_secrets_stay_here_and_the_change_still_fits() -> None:
    secret = "sk-proj-" + "a1B2" * 8
    text = f'const key = "{secret}";\n'
    fix = '<<<<<<< SEARCH\nconst key = "REDACTED-1";\n=======\nconst apiKey = "REDACTED-1";\n>>>>>>> REPLACE\n'
    async with running({"coder": answer(fix)}, MemoryTexts(app_js=text)) as here:
        run = await here.ended(ask("edit", instruction=f"rename it; my key is {secret}"))
        assert run.state == "done", run.error
        assert run.redacted == 1
        assert secret not in here.server.calls[0].prompt
        assert here.texts.after() == f'const apiKey = "{secret}";\n'


async def test_fifty_at_the_edge_of_a_budget_do_not_overrun_it() -> None:
    # One call costs at most about $0.0125 (6,000 tokens out at $2 per million); four fit.
    rules = Rules(budget_usd=0.055)
    async with running({"coder": answer(FIX, tokens_in=500, tokens_out=6000)}, rules=rules) as here:
        here.runs._bounds = Bounds(per_canvas=100)
        results = await asyncio.gather(*(here.runs.start(ask()) for _ in range(50)), return_exceptions=True)
        started = [r for r in results if isinstance(r, Run)]
        assert 1 <= len(started) <= 4
        assert all(isinstance(r, Unavailable) and "budget" in r.sentence for r in results if not isinstance(r, Run))
        for run in started:
            async with asyncio.timeout(PATIENCE):
                async for _ in here.runs.events(run.id):
                    pass
        assert await here.ledger.spent(CANVAS, 0) <= 0.055


async def test_too_many_in_one_canvas_is_refused() -> None:
    async with running({"coder": silent}) as here:
        runs = [await here.runs.start(ask()) for _ in range(4)]
        with pytest.raises(TooMany, match="4 runs"):
            await here.runs.start(ask())
        await here.runs.stop(runs[0].id, ANA)
        await here.runs.start(ask())


async def test_verdicts_move_the_route() -> None:
    async with running({"first": answer(FIX), "second": answer(FIX)}, rules=Rules(Policy(value_usd=100))) as here:
        for _ in range(8):
            run = await here.ended(ask(model="first"))
            await here.runs.decided(run.id, accepted=False)
            await here.runs.decided(run.id, accepted=False)  # a second hunk of the same run counts once
        route = await here.runs.route(ask())
        assert route.chosen is not None
        assert route.chosen.name == "second"
        assert "likelier to succeed than first" in route.reasons[0]
        assert route.fallbacks[0].belief.rejected == 8


async def test_an_unknown_run_is_not_found() -> None:
    async with running({}) as here:
        with pytest.raises(NotFound):
            await here.runs.get(RunId("nothing23456"))

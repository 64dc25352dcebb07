"""The litellm gateway against a real OpenAI-compatible server over real HTTP: streaming, faults, closing."""

import asyncio

import pytest

from app.assistant.deployment import Deployment
from app.assistant.gateway import Chunk, Message, ModelFailed, counted
from app.assistant.litellm_gateway import LitellmGateway
from tests.scripted_models import Call, ScriptedModels, answer, garbage, midway, silent, status

# litellm reads a deprecated attribute of pydantic when a stream ends; nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning")

# Seconds. Not what anything may take: what never comes is a failure all the same.
PATIENCE = 120.0
MESSAGES = [Message("system", "You fix code."), Message("user", "Fix it.")]


def deployment(server: ScriptedModels, model: str = "coder", **more: object) -> Deployment:
    fields: dict[str, object] = {"price_in": 1.0, "price_out": 2.0, **more}
    return Deployment(model, model, "test", f"openai/{model}", address=server.address, **fields)  # type: ignore[arg-type]


async def read(gateway: LitellmGateway, to: Deployment, patience: float = PATIENCE) -> list[Chunk]:
    return [c async for c in gateway.stream(to, MESSAGES, max_tokens=50, timeout=patience, effort="low")]


@pytest.fixture(scope="module")
def gateway() -> LitellmGateway:
    return LitellmGateway()


async def test_streams_text_then_usage_and_cost(gateway: LitellmGateway) -> None:
    async with ScriptedModels({"coder": answer("Hello, 👋 world", tokens_in=300, tokens_out=40)}).running() as server:
        chunks = await read(gateway, deployment(server))
        assert "".join(c.text for c in chunks) == "Hello, 👋 world"
        usage = chunks[-1].usage
        assert usage is not None
        assert (usage.tokens_in, usage.tokens_out, usage.exact) == (300, 40, True)
        assert usage.cost_usd == pytest.approx((300 * 1.0 + 40 * 2.0) / 1e6)
        assert any(c.finish == "stop" for c in chunks)
        assert server.calls[0].body["max_tokens"] == 50


async def test_unpriced_model_costs_none_and_sends_no_key_of_ours(
    gateway: LitellmGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-somebody-elses")
    async with ScriptedModels({"coder": answer("x")}).running() as server:
        chunks = await read(gateway, deployment(server, price_in=None, price_out=None))
        assert chunks[-1].usage is not None
        assert chunks[-1].usage.cost_usd is None
        assert "somebody" not in server.calls[0].headers["authorization"]


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (status(500), "unreachable"),
        (status(429), "rate"),
        (status(401), "refused"),
        (status(404), "refused"),
        (garbage, "garbage"),
        (midway("half of"), "broken-off"),
        (silent, "time-out"),
    ],
    ids=["500", "429", "401", "404", "garbage", "midway", "silent"],
)
async def test_a_fault_is_a_sentence_and_not_tried_again(gateway: LitellmGateway, handler: object, kind: str) -> None:
    await gateway.load()
    async with ScriptedModels({"coder": handler}).running() as server:  # type: ignore[dict-item]
        with pytest.raises(ModelFailed) as failed:
            # Short only where the time is what runs out: a slow machine must not look like a silent model.
            await read(gateway, deployment(server), patience=1.0 if handler is silent else PATIENCE)
        assert failed.value.kind == kind, failed.value.__cause__
        assert failed.value.sentence.endswith(".")
        assert "coder" in failed.value.sentence
        assert len(server.calls) == 1, "a fallback would wait for retries hidden underneath"


async def test_nobody_listening_is_unreachable(gateway: LitellmGateway) -> None:
    async with ScriptedModels().running() as server:
        gone = deployment(server)
    with pytest.raises(ModelFailed) as failed:
        await read(gateway, gone)
    assert failed.value.kind == "unreachable"


async def test_cancelling_closes_upstream_and_the_spend_can_be_counted(gateway: LitellmGateway) -> None:
    """The model never ends by itself and is waited for an hour: only letting go of it closes the connection."""
    await gateway.load()

    async def talk(call: Call) -> None:
        await call.say("some text ")
        await call.closed.wait()

    async with ScriptedModels({"coder": talk}).running() as server:
        got: list[str] = []
        first = asyncio.Event()

        async def reader() -> None:
            async for chunk in gateway.stream(deployment(server), MESSAGES, max_tokens=9, timeout=3_600, effort="low"):
                got.append(chunk.text)
                first.set()

        task = asyncio.create_task(reader())
        async with asyncio.timeout(PATIENCE):
            await first.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.calls[0].closed.wait()
        usage = counted(deployment(server), MESSAGES, "".join(got))
        assert usage.cost_usd
        assert not usage.exact

"""When the gateway is got ready before anybody asks: somebody is there, and a model that could answer."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from app.assistant.catalog import Catalog
from app.assistant.deployment import Deployment
from app.assistant.gateway import Chunk, Message
from app.assistant.warming import warm
from app.domain.routing import Effort

LOCAL = Deployment("m", "m", "test", "openai/m", address="http://192.0.2.1/v1", local=True)
WITHOUT_KEY = Deployment("k", "k", "test", "openai/k", key_name="SOME_KEY")


class Cold:
    """A gateway that notes that it was prepared."""

    def __init__(self) -> None:
        self.ready = False

    async def prepare(self) -> None:
        self.ready = True

    async def stream(
        self,
        deployment: Deployment,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        timeout: float,  # noqa: ASYNC109 - as the port has it
        effort: Effort,
    ) -> AsyncGenerator[Chunk]:
        raise AssertionError
        yield


class Visitors:
    """Says whether anybody is there, and lets a test wait until it was asked a number of times."""

    def __init__(self, *, there: bool) -> None:
        self.there = there
        self._asked = 0
        self._often = asyncio.Event()

    def __call__(self) -> bool:
        self._asked += 1
        if self._asked >= 3:
            self._often.set()
        return self.there

    async def asked(self) -> None:
        """Return when it was asked three times (again)."""
        self._asked = 0
        self._often.clear()
        await self._often.wait()


async def _looks(visitors: Visitors, gateway: Cold, *named: Deployment) -> "asyncio.Task[None]":
    task = asyncio.create_task(warm(Catalog(named, [], {}), gateway, visitors, look=0.001, settle=0.0))
    async with asyncio.timeout(20):
        await visitors.asked()
    return task


async def test_it_waits_for_somebody_to_come() -> None:
    visitors, gateway = Visitors(there=False), Cold()
    task = await _looks(visitors, gateway, WITHOUT_KEY, LOCAL)
    assert not gateway.ready
    visitors.there = True
    async with asyncio.timeout(20):
        await task
    assert gateway.ready


async def test_without_a_usable_model_nothing_is_done() -> None:
    visitors, gateway = Visitors(there=True), Cold()
    task = await _looks(visitors, gateway, WITHOUT_KEY)
    assert not gateway.ready
    task.cancel()
    await asyncio.wait({task})

"""Gets the way to models ready before somebody asks for it: their first request would wait seconds for it otherwise.

What must not be here: what getting ready is (the gateway).
"""

import asyncio
from collections.abc import Callable

from app.assistant.catalog import Catalog
from app.assistant.gateway import Gateway

LOOK_SECONDS = 1.0  # between two looks: a person reads a page for longer before asking for anything
SETTLE_SECONDS = 2.0  # after somebody came: their page loads first, on a machine with few cores


async def warm(
    catalog: Catalog,
    gateway: Gateway,
    anybody: Callable[[], bool],
    *,
    look: float = LOOK_SECONDS,
    settle: float = SETTLE_SECONDS,
) -> None:
    """Prepare the gateway, once there is `anybody` in a canvas and a model that could answer; without one, never."""
    while not (anybody() and await _any_usable(catalog)):  # noqa: ASYNC110 - of a server found, no event tells
        await asyncio.sleep(look)
    await asyncio.sleep(settle)
    await gateway.prepare()


async def _any_usable(catalog: Catalog) -> bool:
    return any(deployment.missing is None for deployment in await catalog.deployments())

"""Work that goes on beside the runs and must not end them: looking for servers, getting the gateway ready.

What must not be here: what that work is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Background:
    """Tasks in a group of somebody else's, whose faults are logged and whose end is not waited for."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._group = tasks
        self._going: set[asyncio.Task[None]] = set()

    def add(self, work: Callable[[], Awaitable[object]]) -> None:
        """Start `work`."""

        async def carefully() -> None:
            try:
                await work()
            except Exception:
                log.exception("the assistant's %s failed", getattr(work, "__name__", "background work"))

        task = self._group.create_task(carefully())
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    def cancel(self) -> None:
        """Stop all of it."""
        for task in self._going:
            task.cancel()

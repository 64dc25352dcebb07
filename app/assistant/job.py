"""A run while it goes: its state now, the text so far, and whoever watches.

What must not be here: what a run does (runs.py).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from app.assistant.ports import Reading
from app.assistant.run import Run, RunEvent, RunRequest
from app.domain.actions import Action
from app.domain.routing import Route


class Job:
    """One going run. `change` is the only way its state moves, so that every watcher and the room hear of it."""

    def __init__(
        self, run: Run, request: RunRequest, action: Action, reading: Reading, route: Route, heard: Callable[[], None]
    ) -> None:
        self.run = run
        self.request = request
        self.action = action
        self.reading = reading
        self.route = route
        self.task: asyncio.Task[None] | None = None
        self.stopped_by: str | None = None
        self.finishing = False
        self._begun = False
        self._cancelled = False
        self.ended = asyncio.Event()
        self._heard = heard
        self._parts: list[str] = []
        self._attempt = 0
        self._moved = asyncio.Event()

    def begin(self) -> None:
        """Called first by the run's task. A task cancelled before it began could never clean up."""
        self._begun = True
        if self._cancelled:
            raise asyncio.CancelledError

    def cancel(self) -> None:
        """Stop the run's task where it is, unless its result is being stored already."""
        if self.finishing or self._cancelled:
            return
        self._cancelled = True
        if self._begun and self.task is not None:
            self.task.cancel()

    def change(self, **fields: Any) -> None:
        """Change the run and tell everybody."""
        self.run = self.run.but(**fields)
        self._tell()
        self._heard()

    def say(self, text: str) -> None:
        """Add a piece of what the model writes."""
        self._parts.append(text)
        self._tell()

    def begin_attempt(self) -> None:
        """Forget the text of the attempt before."""
        self._parts = []
        self._attempt += 1

    def end(self) -> None:
        """Say that nothing more comes."""
        self.ended.set()
        self._tell()

    async def events(self) -> AsyncIterator[RunEvent]:
        """Yield the run, then each change and the text as it grows; after a change of model the text starts anew.

        A slow watcher gets longer pieces instead of a longer queue.
        """
        run, attempt, read = None, self._attempt, 0
        while True:
            moved = self._moved
            if run is not self.run:
                run = self.run
                yield RunEvent("run", run=run)
            if attempt != self._attempt:
                attempt, read = self._attempt, 0
            text = "".join(self._parts[read:])
            read += len(self._parts) - read
            if text:
                yield RunEvent("text", text=text)
            if self.ended.is_set() and run is self.run and read == len(self._parts):
                return
            await moved.wait()

    def _tell(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

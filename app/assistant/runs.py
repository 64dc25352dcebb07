"""The run service: what the upper floors ask of the assistant.

What must not be here: HTTP, SQL, and anything that knows a provider.
"""

from collections.abc import AsyncIterator
from typing import Any

from app.assistant.run import Run, RunEvent, RunRequest
from app.domain.people import Person
from app.domain.routing import Route
from app.ids import CanvasId, RunId


class Runs:
    """Routes, starts, watches and stops runs."""

    async def route(self, request: RunRequest) -> Route:
        """Return the route a run would take, without starting it: the receipt."""
        raise NotImplementedError

    async def start(self, request: RunRequest) -> Run:
        """Start a run and return it at once with its route."""
        raise NotImplementedError

    async def get(self, run: RunId) -> Run:
        """Return a run as it stands. Raises NotFound."""
        raise NotImplementedError

    async def of_canvas(self, canvas: CanvasId) -> list[Run]:
        """Return the newest runs of a canvas, newest first."""
        raise NotImplementedError

    async def stop(self, run: RunId, by: Person) -> Run:
        """Stop a run; the upstream connection is closed and what it cost is counted."""
        raise NotImplementedError

    def events(self, run: RunId) -> AsyncIterator[RunEvent]:
        """Yield the run as it stands, then text and changes until it has ended. Raises NotFound."""
        raise NotImplementedError

    async def decided(self, run: RunId, *, accepted: bool) -> None:
        """Take note that a suggestion of the run was accepted or rejected: evidence for the router."""
        raise NotImplementedError

    async def models(self) -> list[dict[str, Any]]:
        """Return every known model as the JSON of `GET models`."""
        raise NotImplementedError

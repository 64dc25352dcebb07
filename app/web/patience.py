"""uvicorn's HTTP protocol with an end to waiting: a client that does not say what it wants is let go.

Without it a few thousand connections that each send half a request (“slowloris”) hold every file descriptor for good.
What must not be here: anything about requests that have arrived.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 20.0  # from the connection, or the last answer, to the end of a request's head: a slow phone needs two
BODY_SECONDS = 30.0  # without a byte of a body that is not complete yet


class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """One connection. Looked at now and then, so that a request costs nothing."""

    head_seconds = HEAD_SECONDS
    body_seconds = BODY_SECONDS

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._waited_for: object = None
        self._heard = False
        self._look: asyncio.TimerHandle = self.loop.call_later(self.head_seconds, self._look_again)

    def data_received(self, data: bytes) -> None:
        self._heard = True
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        super().connection_lost(exc)

    def _look_again(self) -> None:
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return  # gone, or a WebSocket by now, whose pings look after it
        cycle = self.cycle
        waits_for_head = cycle is None or cycle.response_complete
        waits_for_body = not waits_for_head and cycle.more_body and not self._heard
        # The first look comes as late after the connection; later ones must see the same wait twice.
        if (waits_for_head or waits_for_body) and self._waited_for is cycle:
            self.transport.close()
            return
        self._waited_for = cycle if waits_for_head or waits_for_body else self
        self._heard = False
        self._look = self.loop.call_later(self.body_seconds if waits_for_body else self.head_seconds, self._look_again)

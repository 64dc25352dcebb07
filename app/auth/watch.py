"""Ends the live sockets of whoever's session or API token has ended: signed out, expired, revoked, password changed.

It looks in the store, so it does not matter which process ended it (`polycanvas token --revoke` is another one). What
must not be here: roles in canvases (the rooms are told of those at once).
"""

import asyncio
import logging
import time
from collections.abc import Collection
from typing import Protocol

from app.auth.ports import AuthStore, Clock
from app.errors import PolycanvasError

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # what has ended holds no socket after two, with a slow store in between


class LiveSockets(Protocol):
    """The open sockets, by the digest of the session or API token that each ticket was asked for with."""

    def credentials(self) -> set[str]: ...
    def end_credentials(self, ended: Collection[str]) -> None: ...


class Watch:
    """Looks now and then; one indexed question for all open sockets, none while there are none."""

    def __init__(self, store: AuthStore, live: LiveSockets, clock: Clock = time.time) -> None:
        self._store = store
        self._live = live
        self._clock = clock

    async def look(self) -> None:
        """End the sockets whose credential is not valid any more. Unavailable when the store does not answer."""
        shown = self._live.credentials()
        if not shown:
            return
        async with self._store.reading() as unit:
            valid = await unit.sessions.valid(shown, self._clock()) | await unit.tokens.valid(shown)
        if ended := shown - valid:
            self._live.end_credentials(ended)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except PolycanvasError as error:
                log.warning("sessions that ended cannot be looked for: %s", error.sentence)

"""Sends what happened in one turn of the loop to everybody: encoded once, merged only while the room is behind.

What must not be here: storage, or judging. While one update arrives a turn, it leaves in that turn. When several
did, the room is behind, and the next turn waits as long as sending took for each more, up to `relay_wait`.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

from app.collab import protocol
from app.collab.document import DocumentFault, merge
from app.collab.outbox import Outbox
from app.collab.presence import encode_entries

logger = logging.getLogger(__name__)


class Reader(Protocol):
    """Who gets what is relayed: a session."""

    outbox: Outbox


class Relay:
    """One room's readers and what they are about to get. `settle` runs before anything leaves."""

    def __init__(self, settle: Callable[[], None], most_wait: float) -> None:
        self._settle = settle
        self._most_wait = most_wait
        self.readers: dict[Reader, None] = {}
        self._updates: list[bytes] = []
        self._update_sender: object = None  # who sent all of them; None when several did
        self._awareness: dict[int, bytes] = {}
        self._awareness_sender: object = None
        self._is_due = False
        self._not_before = 0.0

    def update(self, payload: bytes, sender: object) -> None:
        """Relay an accepted update to everybody but its sender."""
        self._update_sender = sender if not self._updates or self._update_sender is sender else None
        self._updates.append(payload)
        self._schedule()

    def awareness(self, entries: dict[int, bytes], sender: object) -> None:
        """Relay awareness entries; of one client only the newest leaves."""
        if entries:
            self._awareness_sender = sender if not self._awareness or self._awareness_sender is sender else None
            self._awareness.update(entries)
            self._schedule()

    def flush(self) -> None:
        """Send now what has gathered."""
        self._is_due = False
        updates, awareness = self._updates, self._awareness
        self._updates, self._awareness = [], {}
        try:
            self._settle()
        except DocumentFault:
            logger.exception("nothing is relayed: the room ends and is loaded again")
            return
        started = time.perf_counter()
        if updates:
            payload = merge(updates)
            frame = protocol.update(payload)
            for reader in self.readers:
                if reader is not self._update_sender:
                    reader.outbox.send_update(frame, payload)
        if awareness:
            frame = protocol.awareness(encode_entries(awareness))
            for reader in self.readers:
                if reader is not self._awareness_sender:
                    reader.outbox.send_awareness(frame, awareness)
        ended = time.perf_counter()
        self._not_before = ended + min((ended - started) * max(len(updates) - 1, 0), self._most_wait)

    def _schedule(self) -> None:
        if self._is_due:
            return
        self._is_due = True
        loop = asyncio.get_running_loop()
        wait = self._not_before - time.perf_counter()
        if wait > 0:
            loop.call_later(wait, self.flush)
        else:
            loop.call_soon(self.flush)

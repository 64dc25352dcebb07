"""Sends what happened in one turn of the loop to everybody: encoded once, merged only while the room is behind.

What must not be here: storage, or judging. While one update arrives a turn, it leaves in that turn. When several
did, the room is behind, and the next turn waits as long as sending took for each more, up to `relay_wait`. Who keeps
up is written to without a step between, since for a large room little else costs anything; see `Lane`.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from app.collab import protocol
from app.collab.document import DocumentFault, merge
from app.collab.outbox import Outbox
from app.collab.ports import Lane
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
        self._lanes: dict[object, Lane] = {}  # of readers who keep up
        self._writes: tuple[Callable[[bytes], object], ...] | None = None  # theirs, for one loop over nothing else
        self._others: dict[Reader, None] = {}
        self._updates: list[bytes] = []
        self._update_sender: object = None  # who sent all of them; None when several did
        self._awareness: dict[int, bytes] = {}
        self._awareness_sender: object = None
        self._is_due = False
        self._not_before = 0.0

    def join(self, reader: Reader) -> None:
        """Relay to a reader from now on."""
        self._others[reader] = None

    def leave(self, reader: Reader) -> None:
        """Relay nothing more to a reader."""
        if self._lanes.pop(reader, None) is not None:
            self._writes = None
        self._others.pop(reader, None)

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
            self._send(protocol.update(payload), self._update_sender, lambda to, frame: to.send_update(frame, payload))
        if awareness:
            frame = protocol.awareness(encode_entries(awareness))
            self._send(frame, self._awareness_sender, lambda to, frame: to.send_awareness(frame, awareness))
        ended = time.perf_counter()
        self._not_before = ended + min((ended - started) * max(len(updates) - 1, 0), self._most_wait)

    def _send(self, frame: bytes, sender: object, send: Callable[[Outbox, bytes], None]) -> None:
        """Give one message to every reader but its sender: by their lanes, or by `send`."""
        if self._lanes:
            if self._writes is None:
                self._writes = tuple(lane.write for lane in self._lanes.values())
            own = self._lanes.get(sender)
            skip = own.write if own is not None else None
            on_the_wire = next(iter(self._lanes.values())).frame(frame)
            for write in self._writes:  # whoever falls behind in the middle of it leaves `_lanes`, not this tuple
                if write is not skip:
                    write(on_the_wire)
        for reader in list(self._others):
            if reader is not sender:
                send(reader.outbox, frame)
                self._open_lane(reader)

    def _open_lane(self, reader: Reader) -> None:
        lane = reader.outbox.lane(partial(self._lane_ended, reader))
        if lane is not None:
            del self._others[reader]
            self._lanes[reader] = lane
            self._writes = None

    def _lane_ended(self, reader: Reader) -> None:
        if self._lanes.pop(reader, None) is not None:
            self._writes = None
            self._others[reader] = None

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

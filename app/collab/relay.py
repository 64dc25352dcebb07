"""Sends what happened in one turn of the loop to everybody: encoded once, merged only while the room is behind.

What must not be here: storage, or judging. While one update arrives a turn, it leaves in that turn. When several
did, the room is behind, and the next turn waits as long as sending took for each more, up to `relay_wait`. Carets
leave at once after a pause and with every update, otherwise every `awareness_every`: no screen shows more, and an edit
does not wait behind them. Who keeps up is written to without a step between, since for a large room little else costs
anything; see `Lane`.
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


_Message = tuple[bytes, object, Callable[[Outbox], None]]  # it, who sent it, how to give it to who has no lane


class Relay:
    """One room's readers and what they are about to get. `settle` runs before anything leaves."""

    def __init__(self, settle: Callable[[], None], most_wait: float, awareness_every: float) -> None:
        self._settle = settle
        self._most_wait = most_wait
        self._awareness_every = awareness_every
        self._lanes: dict[object, Lane] = {}  # of readers who keep up
        self._writes: tuple[Callable[[bytes], object], ...] | None = None  # theirs, for one loop over nothing else
        self._others: dict[Reader, None] = {}
        self._updates: list[bytes] = []
        self._update_sender: object = None  # who sent all of them; None when several did
        self._awareness: dict[int, bytes] = {}
        self._awareness_sender: object = None
        self._due: asyncio.Handle | None = None  # the next flush
        self._due_for_updates = False
        self._not_before = 0.0
        self._awareness_not_before = 0.0

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
        if not self._due_for_updates:  # carets that wait for their time go along
            self._due_for_updates = True
            self._schedule(self._not_before)

    def awareness(self, entries: dict[int, bytes], sender: object) -> None:
        """Relay awareness entries; of one client only the newest leaves."""
        if entries:
            self._awareness_sender = sender if not self._awareness or self._awareness_sender is sender else None
            self._awareness.update(entries)
            if self._due is None:
                self._schedule(self._awareness_not_before)

    def flush(self) -> None:
        """Send now what has gathered."""
        if self._due is not None:
            self._due.cancel()
        self._due, self._due_for_updates = None, False
        updates, awareness = self._updates, self._awareness
        self._updates, self._awareness = [], {}
        try:
            self._settle()
        except DocumentFault:
            logger.exception("nothing is relayed: the room ends and is loaded again")
            return
        started = time.perf_counter()
        messages: list[_Message] = []
        if updates:
            payload = merge(updates)
            frame = protocol.update(payload)
            messages.append((frame, self._update_sender, lambda to: to.send_update(frame, payload)))
        if awareness:
            carets = protocol.awareness(encode_entries(awareness))
            messages.append((carets, self._awareness_sender, lambda to: to.send_awareness(carets, awareness)))
            self._awareness_not_before = started + self._awareness_every
        self._send(messages)
        ended = time.perf_counter()
        self._not_before = ended + min((ended - started) * max(len(updates) - 1, 0), self._most_wait)

    def _send(self, messages: list[_Message]) -> None:
        """Give every reader the messages of all senders but itself: one write each."""
        others = list(self._others)
        if self._lanes:
            if self._writes is None:
                self._writes = tuple(lane.write for lane in self._lanes.values())
            frame = next(iter(self._lanes.values())).frame
            framed = [(frame(message), sender) for message, sender, _ in messages]
            everything = b"".join(one for one, _ in framed)
            own: dict[object, bytes] = {}  # what the senders get, by their lane's write
            for sender in {sender for _, sender in framed}:
                if (lane := self._lanes.get(sender)) is not None:
                    own[lane.write] = b"".join(one for one, its_sender in framed if its_sender is not sender)
            for write in self._writes:  # whoever falls behind in the middle of it leaves `_lanes`, not this tuple
                if write not in own:
                    write(everything)
                elif own[write]:
                    write(own[write])
        for reader in others:
            for _, sender, send in messages:
                if reader is not sender:
                    send(reader.outbox)
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

    def _schedule(self, not_before: float) -> None:
        if self._due is not None:
            self._due.cancel()
        loop = asyncio.get_running_loop()
        wait = not_before - time.perf_counter()
        self._due = loop.call_later(wait, self.flush) if wait > 0 else loop.call_soon(self.flush)

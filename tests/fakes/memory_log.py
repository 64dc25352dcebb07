"""An update log in memory that keeps the port's promises, and can be told to fail or to wait."""

import asyncio
from collections.abc import Mapping, Sequence

from app.collab.ports import LoggedUpdate, NewUpdate, StoredRoom
from app.domain.people import Origin
from app.errors import Conflict, NotFound, Unavailable
from app.ids import CanvasId


class MemoryLog:
    """What was appended, by canvas. `failing`: appends raise. While `gate` is clear appends wait, `reading` loads."""

    def __init__(self) -> None:
        self.rooms: dict[CanvasId, StoredRoom] = {}
        self.failing = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.reading = asyncio.Event()
        self.reading.set()
        self.appends = 0
        self.compactions = 0
        self.loads = 0

    async def create(self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin]) -> None:
        if canvas in self.rooms:
            raise Conflict("This canvas has a document already.")
        self.rooms[canvas] = StoredRoom(snapshot, 0, [], dict(clients))

    async def load(self, canvas: CanvasId) -> StoredRoom:
        self.loads += 1
        await self.reading.wait()
        await asyncio.sleep(0)
        room = self._room(canvas)
        return StoredRoom(room.snapshot, room.snapshot_seq, list(room.updates), dict(room.clients))

    async def append(self, canvas: CanvasId, updates: Sequence[NewUpdate]) -> int:
        await self.gate.wait()
        await asyncio.sleep(0)
        if self.failing:
            raise Unavailable("The disk is full.")
        room = self._room(canvas)
        self.appends += 1
        for update in updates:
            seq = room.updates[-1].seq + 1 if room.updates else room.snapshot_seq + 1
            room.updates.append(LoggedUpdate(seq, 0.0, update.author, update.payload))
            for client, origin in update.clients.items():
                room.clients.setdefault(client, origin)
        return room.updates[-1].seq if room.updates else room.snapshot_seq

    async def compact(self, canvas: CanvasId, seq: int, snapshot: bytes) -> None:
        if self.failing:
            raise Unavailable("The disk is full.")
        room = self._room(canvas)
        self.compactions += 1
        later = [update for update in room.updates if update.seq > seq]
        self.rooms[canvas] = StoredRoom(snapshot, seq, later, room.clients)

    def _room(self, canvas: CanvasId) -> StoredRoom:
        try:
            return self.rooms[canvas]
        except KeyError:
            raise NotFound("There is no such canvas.") from None

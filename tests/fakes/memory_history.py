"""A history in memory that keeps the port's promises, with its update log."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.collab.history.ports import Keyframe, Past, Piece, StoredHistory, Version
from app.collab.ports import NewUpdate
from app.domain.people import Origin
from app.errors import Conflict, NotFound, TooMany
from app.ids import CanvasId
from tests.fakes.memory_log import MemoryLog


class MemoryHistory(MemoryLog):
    """A memory log that keeps canvases' pasts too. `now`: what its clock says."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._frames: dict[CanvasId, list[Keyframe]] = {}
        self._pieces: dict[CanvasId, list[Piece]] = {}
        self._versions: dict[CanvasId, list[Version]] = {}
        self._orders: dict[CanvasId, int] = {}

    async def create(self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin]) -> None:
        await super().create(canvas, snapshot, clients)
        self._frames[canvas] = [Keyframe(0, self.now, snapshot, None, None)]
        self._pieces[canvas] = []

    async def append(self, canvas: CanvasId, updates: Sequence[NewUpdate]) -> int:
        last = await super().append(canvas, updates)
        for seq, new in enumerate(updates, last - len(updates) + 1):
            author = (new.author,)
            self._pieces[canvas].append(Piece(seq, seq, self.now, self.now, author, new.note, new.payload, None, None))
        return last

    async def head(self, canvas: CanvasId) -> tuple[int, int]:
        self._check(canvas)
        pieces = self._pieces[canvas]
        return pieces[-1].seq if pieces else self._frames[canvas][-1].seq, self._orders.get(canvas, 0)

    async def load(self, canvas: CanvasId, *, tail: bool = False) -> StoredHistory:
        self._check(canvas)
        frames, pieces = self._frames[canvas], self._pieces[canvas]
        room = self.rooms[canvas]
        whole = [piece for piece in pieces if piece.seq <= frames[-1].seq]
        return StoredHistory(
            base=frames[-1] if tail else frames[0],
            mark=frames[-1] if len(frames) > 1 and not tail else None,
            pieces=[piece for piece in pieces if not tail or piece.seq > frames[-1].seq],
            covered=room.snapshot_seq,
            clients=dict(room.clients),
            people={},
            versions=await self.versions(canvas),
            count=len(whole),
            size=sum(len(piece.payload) for piece in whole),
        )

    async def snapshot(self, canvas: CanvasId) -> Keyframe:
        self._check(canvas)
        room = self.rooms[canvas]
        return Keyframe(room.snapshot_seq, 0.0, room.snapshot or b"", None, None)

    async def adopt(
        self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin], note: str | None, at: float
    ) -> None:
        await self.create(canvas, snapshot, clients)
        self._frames[canvas] = [Keyframe(0, at, snapshot, None, note)]

    async def take_in(self, canvas: CanvasId, past: Past) -> None:
        await self.create(canvas, past.snapshot, past.clients)
        self.rooms[canvas] = replace(self.rooms[canvas], snapshot_seq=past.head)
        self._frames[canvas], self._pieces[canvas] = [past.base], list(past.pieces)
        self._versions[canvas] = list(past.versions)

    async def versions(self, canvas: CanvasId) -> list[Version]:
        return sorted(self._versions.get(canvas, []), key=lambda version: (version.seq, version.at))

    async def add_version(self, canvas: CanvasId, version: Version, most: int) -> None:
        self._check(canvas)
        named = self._versions.setdefault(canvas, [])
        if len(named) >= most:
            raise TooMany("There are enough versions.")
        ends = {self._frames[canvas][0].seq, *(piece.seq for piece in self._pieces[canvas])}
        if version.seq not in ends:
            raise Conflict("Nothing ends there.")
        named.append(version)

    async def rename_version(self, canvas: CanvasId, version: str, name: str) -> Version:
        renamed = replace(await self.remove_version(canvas, version), name=name)
        self._versions[canvas].append(renamed)
        return renamed

    async def remove_version(self, canvas: CanvasId, version: str) -> Version:
        for found in self._versions.get(canvas, []):
            if found.id == version:
                self._versions[canvas].remove(found)
                return found
        raise NotFound("There is no such version.")

    async def replace(
        self, canvas: CanvasId, old: Sequence[Piece], new: Sequence[Piece], keyframe: Keyframe | None
    ) -> bool:
        self._check(canvas)
        pieces = self._pieces[canvas]
        first, last = old[0].first, old[-1].seq
        here = [piece for piece in pieces if piece.seq >= first and piece.first <= last]
        if last > self.rooms[canvas].snapshot_seq:
            return False
        if [(piece.first, piece.seq) for piece in here] != [(piece.first, piece.seq) for piece in old]:
            return False
        begins = new[0].first - 1 if new else last
        kept = {begins, *(piece.seq for piece in new)}
        if any(first - 1 <= one.seq <= last and one.seq not in kept for one in self._versions.get(canvas, [])):
            return False
        rest = [piece for piece in pieces if piece not in here]
        self._pieces[canvas] = sorted([*rest, *new], key=lambda piece: piece.seq)
        if keyframe is not None:
            frames = self._frames[canvas]
            base = [] if keyframe.seq == begins else frames[:1]
            after = [frame for frame in frames if frame.seq > keyframe.seq]
            self._frames[canvas] = [*base, keyframe, *after]
        self._orders[canvas] = self._orders.get(canvas, 0) + 1
        return True

    def _check(self, canvas: CanvasId) -> None:
        if canvas not in self.rooms:
            raise NotFound("There is no such canvas.")

"""The history of canvases on SQLite or PostgreSQL, beside the update log and through its writer.

What must not be here: SQL (`history_rows`), Yjs.
"""

from collections.abc import Mapping, Sequence

from app.collab.history.ports import Keyframe, Past, Piece, StoredHistory, Version
from app.domain.people import Origin
from app.ids import CanvasId
from app.persistence import history_rows
from app.persistence.update_log import SqlUpdateLog


class SqlHistory:
    """What `app.collab.history` keeps. Each method is one transaction."""

    def __init__(self, log: SqlUpdateLog) -> None:
        self._log = log
        self._orders: dict[CanvasId, int] = {}

    async def head(self, canvas: CanvasId) -> tuple[int, int]:
        """Return the seq of the last update, and how often what is kept was put in order. Raises NotFound."""
        return await self._log.head(canvas), self._orders.get(canvas, 0)

    async def load(self, canvas: CanvasId, *, tail: bool = False) -> StoredHistory:
        """Return what is kept; of the pieces only those after the last keyframe for `tail`. Raises NotFound."""
        return await self._log.read(lambda connection: history_rows.load_history(connection, canvas, tail=tail))

    async def snapshot(self, canvas: CanvasId) -> Keyframe:
        """Return the log's own snapshot. Raises NotFound."""
        return await self._log.read(lambda connection: history_rows.read_snapshot(connection, canvas))

    async def adopt(
        self, canvas: CanvasId, snapshot: bytes, clients: Mapping[int, Origin], note: str | None, at: float
    ) -> None:
        """Store a new canvas's first state. Raises Conflict when it has one."""
        await self._log.run(lambda connection: history_rows.adopt_rows(connection, canvas, snapshot, clients, note, at))

    async def take_in(self, canvas: CanvasId, past: Past) -> None:
        """Store a canvas with its past. Raises Conflict when it has one."""
        await self._log.run(lambda connection: history_rows.take_in_rows(connection, canvas, past))
        if self._log.compacted is not None:
            self._log.compacted(canvas)  # what its moments did is worked out before somebody opens it

    async def versions(self, canvas: CanvasId) -> list[Version]:
        """Return the named moments, oldest first."""
        return await self._log.read(lambda connection: history_rows.read_versions(connection, canvas))

    async def add_version(self, canvas: CanvasId, version: Version, most: int) -> None:
        """Name a moment. Raises NotFound, Conflict or TooMany."""
        await self._log.run(lambda connection: history_rows.add_version(connection, canvas, version, most))

    async def rename_version(self, canvas: CanvasId, version: str, name: str) -> Version:
        """Give a version another name. Raises NotFound."""
        return await self._log.run(lambda connection: history_rows.rename_version(connection, canvas, version, name))

    async def remove_version(self, canvas: CanvasId, version: str) -> Version:
        """Forget a version. Raises NotFound."""
        return await self._log.run(lambda connection: history_rows.remove_version(connection, canvas, version))

    async def replace(
        self, canvas: CanvasId, old: Sequence[Piece], new: Sequence[Piece], keyframe: Keyframe | None
    ) -> bool:
        """Put `new` in place of `old`, and a keyframe; False when that does not fit what is kept any more."""
        done = await self._log.run(
            lambda connection: history_rows.replace_pieces(connection, canvas, old, new, keyframe)
        )
        if done:
            self._orders[canvas] = self._orders.get(canvas, 0) + 1
        return done

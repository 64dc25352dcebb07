"""One live canvas on the server."""

from collections.abc import Callable
from typing import Any

from pycrdt import Doc

from app.domain.people import Origin
from app.ids import FileId

Json = Any


class Room:
    """The live server side of one canvas."""

    def files(self) -> dict[FileId, str]:
        """Return file id → path, sorted by path."""
        raise NotImplementedError

    def find(self, path: str) -> FileId | None:
        """Return the file with exactly this path."""
        raise NotImplementedError

    def read(self, file: FileId) -> str:
        """Return a file's text. Raises NotFound."""
        raise NotImplementedError

    def snapshot(self) -> bytes:
        """Return the full state as one v1 update: the revision read."""
        raise NotImplementedError

    async def write(self, path: str, text: str, origin: Origin) -> FileId:
        """Make the file's text `text` by the smallest diff; create the file if absent; return once durable."""
        raise NotImplementedError

    async def rename(self, file: FileId, path: str, origin: Origin) -> None:
        """Give a file another path."""
        raise NotImplementedError

    async def remove(self, file: FileId, origin: Origin) -> None:
        """Take a file out of the canvas; its text stays for undo."""
        raise NotImplementedError

    async def edit(self, origin: Origin, change: Callable[[Doc[Any]], None]) -> int:
        """Run `change` on a scratch doc with a fresh client id bound to `origin`; return that id once durable."""
        raise NotImplementedError

    async def put(self, root: str, key: str, value: Json) -> None:
        """Set a key of a server-only map (suggestions, authors); None deletes it. Durable on return."""
        raise NotImplementedError

    def get(self, root: str) -> dict[str, Json]:
        """Return a root map as plain JSON."""
        raise NotImplementedError

    def publish_runs(self, runs: list[dict[str, Json]]) -> None:
        """Show the running runs in the room's own awareness state."""
        raise NotImplementedError

    def observe(self, listener: Callable[[set[str]], None]) -> Callable[[], None]:
        """Call `listener` with the names of the roots each change touched; the returned function ends it."""
        raise NotImplementedError

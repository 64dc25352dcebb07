"""An Edits that remembers what it is told."""

from collections.abc import Mapping

from app.domain.people import Origin
from app.ids import CanvasId, FileId


class Heard:
    """An Edits that wants everything."""

    def __init__(self) -> None:
        self.all: list[tuple[str, ...]] = []

    def wants(self, canvas: CanvasId, person: str, file: FileId) -> bool:
        return True

    def tell(self, canvas: CanvasId, origin: Origin, kind: str, path: str, more: Mapping[str, str]) -> None:
        self.all.append((origin.name, kind, path, *more.values()))

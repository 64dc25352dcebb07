"""Entries of a canvas's activity feed, for what people do over HTTP.

What must not be here: what the feed looks like, and typing (the document itself says who wrote what).
"""

from app.domain.people import Person
from app.ids import CanvasId
from app.services import Services


async def tell(running: Services, canvas: CanvasId, who: Person, kind: str, **detail: str) -> None:
    """Add an entry: `who` did `kind` (a word such as `file-created`) to what `detail` names."""
    by = {"id": who.id, "name": who.name, "hue": who.hue}
    await running.activity.record(canvas, by, kind, detail)

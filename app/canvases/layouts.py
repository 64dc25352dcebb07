"""Where a person's arrangement of a canvas is kept, one for each device class.

What must not be here: what an arrangement may contain (`app.domain.layout`).
"""

import json
import time
from typing import Any

from app.canvases.ports import CanvasStore, Clock
from app.domain.layout import Device, check_layout
from app.domain.people import Person
from app.ids import CanvasId


class Layouts:
    """Saves, restores and resets arrangements. Whoever asks must already be known to be in the canvas."""

    def __init__(self, store: CanvasStore, clock: Clock = time.time) -> None:
        self._store = store
        self._clock = clock

    async def get(self, canvas: CanvasId, person: Person, device: Device) -> dict[str, Any] | None:
        """Return the saved arrangement, or None when there is none and the preset applies."""
        async with self._store.reading() as unit:
            text = await unit.layouts.get(person.id, canvas, device)
        return None if text is None else json.loads(text)

    async def put(self, canvas: CanvasId, person: Person, device: Device, layout: object) -> None:
        """Save an arrangement (plain JSON as dockview gives it); BadInput or TooLarge when it cannot be one."""
        text = check_layout(layout)
        async with self._store.begin() as unit:
            await unit.layouts.put(person.id, canvas, device, text, self._clock())

    async def reset(self, canvas: CanvasId, person: Person, device: Device) -> None:
        """Forget the saved arrangement; the preset applies again."""
        async with self._store.begin() as unit:
            await unit.layouts.remove(person.id, canvas, device)

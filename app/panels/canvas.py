"""The State of one open canvas: which it is, who looks at it, in which arrangement.

What must not be here: text, presence, saving: those flow between the browser and the room.
"""

# Reflex copies a State's defaults for each State: a list there is not shared.
# ruff: noqa: RUF012

import json
from typing import TypedDict

import reflex as rx

from app.domain.layout import Device
from app.errors import Forbidden, NotFound, NotSignedIn, PolycanvasError
from app.guard import allowed, identity_of
from app.ids import CanvasId, is_id
from app.services import services


class Me(TypedDict):
    """The person who looks, as the components take them."""

    id: str
    name: str
    hue: int
    kind: str


class CanvasState(rx.State):
    """`phase` is loading, open, outside (taken out of it), missing or failed. `asked`: what the address names."""

    asked: str = ""
    canvas: rx.Field[str] = rx.field("")
    name: str = ""
    role: str = "viewer"
    me: Me = {"id": "", "name": "", "hue": 0, "kind": "guest"}
    layout: str = ""
    phase: str = "loading"
    problem: str = ""

    @rx.event
    @allowed()
    async def open(self) -> None:
        """Open the canvas that the address names, as the person who asks."""
        asked = str(self.router.url.path).rstrip("/").rpartition("/")[2]
        self.asked = asked if is_id(asked) else ""
        try:
            await self._open(asked)
        except Forbidden as error:
            self.phase, self.problem = "outside", error.sentence
        except (NotFound, NotSignedIn) as error:
            self.phase, self.problem = "missing", error.sentence
        except PolycanvasError as error:
            self.phase, self.problem = "failed", error.sentence

    async def _open(self, asked: str) -> None:
        person, running = identity_of(self), services()
        self.me = {"id": person.id, "name": person.name, "hue": person.hue, "kind": person.kind}
        found = await running.canvases.get(CanvasId(asked), person)
        layout = await running.layouts.get(found.id, person, Device.WIDE)
        self.canvas, self.name, self.role = found.id, found.name, found.role.value
        # A narrow screen shows one panel at a time and has nothing to restore.
        self.layout = json.dumps(layout) if layout is not None else ""
        self.phase, self.problem = "open", ""

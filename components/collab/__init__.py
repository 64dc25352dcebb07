"""The canvas around everything, for Reflex pages. What must not be here: anything of `app`."""

from typing import Any

import reflex as rx


class CanvasRoot(rx.NoSSRComponent):
    """Opens a canvas for everything inside it. `person` is `{id, name, hue, kind}`."""

    library = "$/polycanvas/index"
    tag = "CanvasRoot"

    canvas_id: rx.Var[str]
    person: rx.Var[dict[str, Any]]
    role: rx.Var[str]


canvas_root = CanvasRoot.create

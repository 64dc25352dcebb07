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


class KeptWords(rx.NoSSRComponent):
    """What this browser alone has of a canvas that it cannot open: to take away. Nothing where there is nothing."""

    library = "$/polycanvas/index"
    tag = "KeptWords"

    canvas_id: rx.Var[str]
    person_id: rx.Var[str]


canvas_root = CanvasRoot.create
kept_words = KeptWords.create

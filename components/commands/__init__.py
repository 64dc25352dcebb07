"""The command palette, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class Palette(rx.NoSSRComponent):
    """Find or do anything; opens by shortcut or from the find box. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "Palette"


palette = Palette.create

"""Who wrote how much of a canvas, for Reflex pages. The view in the editor is the editor's.

What must not be here: anything of `app`.
"""

import reflex as rx


class WhoWrote(rx.NoSSRComponent):
    """The canvas's authors and a bar for each file. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "WhoWrote"


who_wrote = WhoWrote.create

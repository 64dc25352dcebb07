"""The history of a canvas, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class History(rx.NoSSRComponent):
    """The timeline, the moments and the text as it was. Inside a CanvasRoot and a dock panel named `history`."""

    library = "$/polycanvas/index"
    tag = "History"


history = History.create

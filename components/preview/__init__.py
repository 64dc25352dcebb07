"""The live preview and its console, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class Preview(rx.NoSSRComponent):
    """The canvas's project, running in its frame. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "Preview"


class Console(rx.NoSSRComponent):
    """What the preview prints. Inside a CanvasRoot."""

    library = "$/polycanvas/index"
    tag = "Console"


preview = Preview.create
console = Console.create

"""The dock and its panels, for Reflex pages. What must not be here: anything of `app`."""

import reflex as rx


class DockPanel(rx.NoSSRComponent):
    """A panel with a title; `badge` is a short count beside it (0 shows none). Inside the dock."""

    library = "$/polycanvas/index"
    tag = "DockPanel"

    panel_id: rx.Var[str]
    title: rx.Var[str]
    badge: rx.Var[int]


dock_panel = DockPanel.create

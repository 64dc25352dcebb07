"""Settings: how it looks here, which models there are, and what this canvas allows them.

What must not be here: settings of the installation (they are the environment's), setting a rule (the API does).
"""

import reflex as rx

from app.panels.canvas import CanvasState
from components.assistant import model_list, policy_form
from components.shell import dialog, theme_toggle


def _part(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h3(title), *content, class_name="pc-stack-sm")


def settings_dialog() -> rx.Component:
    """The dialog behind the rail's last button."""
    me = rx.el.div(
        rx.el.i(class_name="pc-swatch who who-person", style={"--hue": CanvasState.me["hue"]}, aria_hidden="true"),
        rx.el.span(CanvasState.me["name"]),
        rx.el.span(CanvasState.role, class_name="pc-pill"),
        class_name="pc-row-gap",
    )
    content = rx.el.div(
        _part("You here", me),
        _part("Theme", theme_toggle()),
        _part("What models may do in this canvas", policy_form()),
        _part("Models", model_list()),
        class_name="pc-stack",
    )
    return dialog(content, name="settings", title="Settings")

"""Settings: how it looks here, which models there are, and what this canvas allows them.

What must not be here: settings of the installation (they are the environment's), setting a rule (the API does).
"""

import reflex as rx

from components.assistant import model_list, policy_form
from components.people import mute_presence
from components.shell import dialog, theme_toggle, your_name


def _part(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h3(title), *content, class_name="pc-stack-sm")


def settings_dialog() -> rx.Component:
    """The dialog behind the rail's last button."""
    content = rx.el.div(
        _part(
            "Your name, as others see it",
            your_name(),
            rx.el.a("Password, sessions and accounts", href="/account", class_name="pc-link"),
        ),
        _part("Theme", theme_toggle()),
        _part("Others' presence", mute_presence()),
        _part("What models may do in this canvas", policy_form()),
        _part("Models", model_list()),
        class_name="pc-stack",
    )
    return dialog(content, name="settings", title="Settings")

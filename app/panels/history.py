"""History: the past of the canvas. The browser plays it from the HTTP interface, so there is no State."""

import reflex as rx

from components.history import history as timeline


def history() -> rx.Component:
    """The panel."""
    return timeline()

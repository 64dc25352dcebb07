"""What stands around every page instead of Reflex's own: the words for a fault and for a server that does not answer.

What must not be here: anything of one page.
"""

from collections.abc import Callable, Mapping

import reflex as rx
from reflex_components_core.core.banner import has_too_many_connection_errors  # type: ignore[import-untyped]

from components.shell import fault


def _lost_words() -> rx.Component:
    """Return the line that says so. On a canvas the top bar says it, with what is kept; there this one hides."""
    words = rx.el.p(
        "The server does not answer; trying again. What you see may be old.", class_name="pc-lost", role="status"
    )
    return rx.cond(has_too_many_connection_errors, words)


def _lost(stateful: bool) -> rx.Component | None:
    # As a component of its own: only inside the app's providers is there a connection to ask about.
    return rx.fragment(rx.memo(_lost_words)()) if stateful else None


def _fault(stateful: bool) -> rx.Component:
    return fault()


# The places and names are Reflex's; what is named here replaces its own.
AROUND: Mapping[tuple[int, str], Callable[[bool], rx.Component | None]] = {
    (55, "ErrorBoundary"): _fault,
    (5, "Overlay"): _lost,
}

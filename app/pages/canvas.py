"""The main screen of one canvas: the bar, the rail, the dock with its panels.

What must not be here: what a panel shows (app/panels), how the dock arranges (components/dock).
"""

import reflex as rx

from app.pages.parts import card, go, mark, notice, quiet_page
from app.panels.activity import ActivityState, activity
from app.panels.canvas import CanvasState
from app.panels.files import files
from app.panels.history import history
from app.panels.people import PeopleState, people, share_dialog
from app.panels.review import ReviewState, review
from app.panels.settings import settings_dialog
from components.assistant import budget_meter, receipt_bar, suggestions_watch
from components.collab import canvas_root, kept_words
from components.commands import palette
from components.dock import dock_panel
from components.people import follow_frame
from components.preview import console, preview
from components.shell import (
    arranged,
    avatars,
    canvas_name,
    dialog_button,
    find_box,
    hints,
    rail,
    run_chips,
    save_state,
    toasts,
)

ON_OPEN = [CanvasState.open, PeopleState.refresh]


def _bar() -> rx.Component:
    home = rx.el.a(mark(), href="/", aria_label="All canvases", title="All canvases", class_name="pc-wordmark")
    share = rx.cond(
        PeopleState.may_invite, dialog_button(name="share", label="Share", class_name="pc-button pc-button-go")
    )
    return rx.el.header(
        rx.el.div(home, canvas_name(name=CanvasState.name), save_state()),
        rx.el.div(find_box()),
        rx.el.div(run_chips(), budget_meter(), avatars(), share, class_name="pc-topbar-end"),
        class_name="pc-topbar",
    )


def _dock() -> rx.Component:
    panels = (
        dock_panel(files(), panel_id="files", title="Files"),
        dock_panel(preview(), panel_id="preview", title="Preview"),
        dock_panel(console(), panel_id="console", title="Console"),
        dock_panel(review(), panel_id="review", title="Review", badge=ReviewState.waiting),
        dock_panel(activity(), panel_id="activity", title="Activity"),
        dock_panel(history(), panel_id="history", title="History"),
        dock_panel(people(), panel_id="people", title="People"),
    )
    ids = [panel.panel_id for panel in panels]
    return arranged(*panels, panel_ids=ids, canvas_id=CanvasState.canvas, layout=CanvasState.layout)


def _open() -> rx.Component:
    changed = [ReviewState.refresh, ActivityState.refresh]
    return canvas_root(
        rx.el.div(
            _bar(),
            rail(),
            rx.el.main(_dock(), receipt_bar(), follow_frame(), class_name="pc-work"),
            hints(),
            class_name="pc-app",
        ),
        palette(),
        share_dialog(),
        settings_dialog(),
        suggestions_watch(on_change=changed),
        canvas_id=CanvasState.canvas,
        person=CanvasState.me,
        role=CanvasState.role,
    )


def canvas() -> rx.Component:
    """The page, in each of its phases."""
    # Deleted or taken away, what was typed and not saved is in this browser still.
    kept = kept_words(canvas_id=CanvasState.asked, person_id=CanvasState.me["id"])
    home = go("All canvases", "/")
    missing = quiet_page(card("No such canvas", rx.el.p(CanvasState.problem), kept, rx.el.div(home)))
    outside = quiet_page(card("No longer your canvas", rx.el.p(CanvasState.problem), kept, rx.el.div(home)))
    failed = quiet_page(notice("It does not open just now", CanvasState.problem, go("Try again", "")))
    phases = rx.match(
        CanvasState.phase,
        ("outside", outside),
        ("missing", missing),
        ("failed", failed),
        _open(),  # also while it is loading: what is open stays when the server comes back and asks who this is
    )
    return rx.fragment(phases, toasts())

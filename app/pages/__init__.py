"""One file per page with its State. `add_pages` registers them all."""

import reflex as rx

from app.pages.account import AccountState, account
from app.pages.around import AROUND
from app.pages.canvas import ON_OPEN, canvas
from app.pages.canvases import CanvasesState, canvases, not_found
from app.pages.entering import EntryState, join, set_up, sign_in
from app.pages.head import STYLESHEETS, head


def add_pages(app: rx.App) -> None:
    """Add every page to the app, and what all of them have in their head and around them."""
    app.app_wraps = dict(AROUND)
    app.stylesheets = [*STYLESHEETS]
    app.head_components = [*app.head_components, *head()]
    app.add_page(canvases, route="/", title="Polycanvas", on_load=CanvasesState.load)
    app.add_page(canvas, route="/c/[canvas_id]", title="Polycanvas", on_load=ON_OPEN)
    app.add_page(account, route="/account", title="Account · Polycanvas", on_load=AccountState.load)
    app.add_page(sign_in, route="/sign-in", title="Sign in · Polycanvas", on_load=EntryState.read)
    app.add_page(set_up, route="/set-up", title="Set up · Polycanvas", on_load=EntryState.read)
    app.add_page(join, route="/join/[code]", title="Join · Polycanvas", on_load=EntryState.look)
    app.add_page(not_found, route="404", title="Not found · Polycanvas")

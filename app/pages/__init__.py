"""One file per page with its State. `add_pages` registers them all."""

import reflex as rx


def add_pages(app: rx.App) -> None:
    """Add every page to the app."""
    app.add_page(lambda: rx.el.main(rx.el.h1("Polycanvas")), route="/", title="Polycanvas")

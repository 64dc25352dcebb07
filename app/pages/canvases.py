"""The front page: the canvases one is in, as a quiet list.

What must not be here: what is inside a canvas.
"""

# Reflex copies a State's defaults for each State: a list there is not shared.
# ruff: noqa: RUF012

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from app.canvases.sample import create_sample
from app.guard import allowed, identity_of
from app.pages.parts import go, notice, plain_form, quiet_page
from app.panels.told import told
from app.services import services
from components.shell import canvas_list, import_button, toasts

MAX_HUES = 6  # people drawn in a row


@dataclass
class CanvasRow:
    """A line of the list. `changed` is seconds since 1970."""

    id: str
    name: str
    role: str
    changed: float
    hues: list[int] = field(default_factory=list)


class CanvasesState(rx.State):
    """The list, and the name being typed for a new canvas."""

    rows: list[CanvasRow] = []
    me: str = ""
    guest: bool = False
    signed_in: bool = False
    ready: bool = False
    making: bool = False
    problem: str = ""

    @rx.event
    @allowed()
    @told
    async def load(self) -> None:
        """Read the list."""
        person = identity_of(self)
        found = await services().canvases.overview(person, MAX_HUES)
        self.rows = [
            CanvasRow(one.canvas.id, one.canvas.name, one.canvas.role.value, one.changed_at, list(one.hues))
            for one in found
        ]
        self.me, self.guest, self.ready = person.name, person.kind == "guest", True
        self.making = False
        self.signed_in = not services().settings.on_loopback

    @rx.event
    @allowed()
    async def make(self) -> None:
        """Show the field for a name."""
        self.making, self.problem = True, ""

    @rx.event
    @allowed()
    async def leave(self) -> None:
        """Hide the field for a name."""
        self.making, self.problem = False, ""

    @rx.event
    @allowed()
    @told
    async def create(self, form: dict[str, str]) -> object:
        """Make a canvas and go there."""
        canvas = await services().canvases.create(identity_of(self), form.get("name", "").strip() or "Untitled")
        return rx.redirect(f"/c/{canvas.id}")

    @rx.event
    @allowed()
    @told
    async def sample(self) -> object:
        """Make the sample canvas and go there."""
        running = services()
        canvas = await create_sample(
            running.canvases, running.suggestions, running.comments, running.rooms, identity_of(self)
        )
        return rx.redirect(f"/c/{canvas}")


def _new() -> rx.Component:
    return rx.el.form(
        rx.el.input(
            name="name",
            placeholder="Name of the canvas",
            aria_label="Name of the canvas",
            class_name="pc-input",
            auto_focus=True,
            max_length=80,
        ),
        rx.el.button("Create", type="submit", class_name="pc-button pc-button-go"),
        rx.el.button("Cancel", type="button", class_name="pc-button", on_click=CanvasesState.leave),
        on_submit=CanvasesState.create,
        class_name="pc-new",
    )


def _empty() -> rx.Component:
    S: Any = CanvasesState
    guest = rx.el.p("You are in no canvas. Open an invite link to join one.", class_name="pc-empty")
    member = rx.el.div(
        rx.el.p("No canvas yet. Make one, or look around in the sample: a small menu that already runs."),
        rx.el.p("To bring a folder, start the server with it: ", rx.el.code("polycanvas my-project/")),
        rx.el.button("Open the sample", class_name="pc-button pc-button-go", on_click=S.sample),
        class_name="pc-empty pc-stack-sm",
    )
    return rx.cond(S.guest, guest, member)


def canvases() -> rx.Component:
    """The front page."""
    S: Any = CanvasesState
    # One filled button: with nothing in the list it is the sample's.
    new = rx.cond(S.rows.length() > 0, "pc-button pc-button-go", "pc-button")
    head = rx.el.header(
        rx.el.h1("Canvases"),
        rx.cond(
            ~S.guest & ~S.making,
            rx.el.div(
                import_button(),
                rx.el.button("New canvas", class_name=new, on_click=S.make),
                class_name="pc-row-gap",
            ),
        ),
    )
    sheet = rx.el.section(
        rx.cond(S.making, _new()),
        rx.cond(S.problem != "", rx.el.p(S.problem, class_name="pc-empty pc-bad", role="alert")),
        rx.cond(S.rows.length() > 0, canvas_list(rows=S.rows, on_change=S.load), _empty()),
        class_name="pc-paper",
        aria_label="Canvases",
    )
    sign_out = plain_form(
        "/auth/sign-out",
        rx.el.a(S.me, href="/account", aria_label=f"Account of {S.me}", title="Account", class_name="pc-link"),
        rx.cond(S.signed_in, rx.el.button("Sign out", type="submit", class_name="pc-button pc-button-sm")),
        class_name="pc-row-gap",
    )
    main = rx.el.main(rx.cond(S.ready, rx.fragment(head, sheet)), class_name="pc-column")
    return rx.fragment(quiet_page(main, end=sign_out), toasts())


def not_found() -> rx.Component:
    """An address that leads nowhere."""
    return quiet_page(
        notice("Nothing is here", "The address may be mistyped, or what was here was deleted.", go("All canvases", "/"))
    )

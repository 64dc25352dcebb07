"""The ways in: sign in, set up, join. Plain forms that post to `/auth/…`, so that they work before any script does.

What must not be here: checking passwords or codes.
"""

import reflex as rx

from app.auth.names import MAX_NAME
from app.errors import PolycanvasError
from app.guard import allowed, maybe_identity_of
from app.pages.address import last_part, query
from app.pages.parts import card, field, go, notice, plain_form, problem, quiet_page
from app.services import services


class EntryState(rx.State):
    """What the address says, and who one already is."""

    problem: rx.Field[str] = rx.field("")
    code: str = ""
    typed: str = ""
    role: str = ""
    known_as: str = ""
    usable: bool = True

    @rx.event
    @allowed(anonymous=True)
    async def read(self) -> None:
        """Read the query of sign-in and set-up."""
        self.problem, self.code, self.typed = query(self, "problem"), query(self, "code"), query(self, "name")

    @rx.event
    @allowed(anonymous=True)
    async def look(self) -> None:
        """Look at the invite whose code is in the address."""
        person = maybe_identity_of(self)
        self.problem, self.code, self.typed = query(self, "problem"), last_part(self), query(self, "name")
        self.known_as = person.name if person is not None else ""
        try:
            self.role = (await services().invites.look(self.code)).role.value
            self.usable = True
        except PolycanvasError as error:
            self.problem, self.usable = error.sentence, False


_ROLES = {
    "editor": "You will type here with the others.",
    "commenter": "You will read and comment here.",
    "viewer": "You will look on here.",
}


def _name(label: str, **props: object) -> rx.Component:
    """Return the field of the name, with what was typed there when it was refused."""
    return field(label, "name", default_value=EntryState.typed, required=True, auto_focus=True, **props)


def sign_in() -> rx.Component:
    """Name and password."""
    form = plain_form(
        "/auth/sign-in",
        _name("Name", auto_complete="username"),
        field("Password", "password", type="password", auto_complete="current-password", required=True),
        problem(EntryState.problem),
        rx.el.button("Sign in", type="submit", class_name="pc-button pc-button-go"),
    )
    return quiet_page(card("Sign in", form))


def set_up() -> rx.Component:
    """The owner's name and password, with the code of the first start."""
    form = plain_form(
        "/auth/set-up",
        rx.el.input(type="hidden", name="code", value=EntryState.code, read_only=True),
        _name("Your name", auto_complete="username", max_length=MAX_NAME),
        field("Password", "password", type="password", auto_complete="new-password", required=True),
        problem(EntryState.problem),
        rx.el.button("Set up", type="submit", class_name="pc-button pc-button-go"),
    )
    words = rx.el.p("You will own this server. The link that brought you here works once.")
    without = notice(
        "Set up Polycanvas",
        "Open the set-up link that the server printed when it started. Start it again to get a new one.",
        go("Sign in instead", "/sign-in"),
    )
    return quiet_page(rx.cond(EntryState.code != "", card("Set up Polycanvas", words, form), without))


def join() -> rx.Component:
    """A name, and one is in."""
    # The page stands before it knows the code of its own address: sent then, the form would name no invite.
    is_early = EntryState.code == ""
    code = rx.el.input(type="hidden", name="code", value=EntryState.code, read_only=True)
    as_oneself = plain_form(
        "/auth/join",
        code,
        rx.el.button("Continue as ", EntryState.known_as, type="submit", class_name="pc-link", disabled=is_early),
    )
    as_guest = plain_form(
        "/auth/join",
        code,
        _name("Your name", auto_complete="name", max_length=MAX_NAME),
        problem(EntryState.problem),
        rx.el.button("Join", type="submit", class_name="pc-button pc-button-go", disabled=is_early),
    )
    words = rx.match(EntryState.role, *_ROLES.items(), "You are invited.")
    usable = card(
        "Join the canvas",
        rx.el.p(words),
        as_guest,
        # On the owner's own machine everybody is known as the owner: whoever follows a link is more often a guest.
        # Whether one is known comes after the page: its room is there before, so that nothing moves under a hand.
        rx.el.div(rx.cond(EntryState.known_as != "", as_oneself), class_name="pc-oneself"),
    )
    gone = notice("This link does not work", EntryState.problem, go("All canvases", "/"))
    return quiet_page(rx.cond(EntryState.usable, usable, gone))

"""One's account: password, where one is signed in, API tokens; and for the owner of the server everybody's accounts.

Passwords travel by plain forms to `/auth/…`, never by a State. What must not be here: checking them.
"""

# Reflex copies a State's defaults for each State: a list there is not shared.
# ruff: noqa: RUF012

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.auth.names import MAX_NAME
from app.auth.sessions import id_of
from app.guard import allowed, identity_of, session_of
from app.pages.address import query
from app.pages.parts import field, plain_form, problem, quiet_page
from app.panels.told import told
from app.services import services
from components.shell import toasts, when

_DONE = {
    "password": "Your password is changed. Every other browser has to sign in again.",
    "person": "The account is there. Tell them the name and the password; they change it on this page.",
}


@dataclass
class AccessRow:
    """A signed-in browser or an API token. `at`: since when, seconds since 1970; `here`: this very browser."""

    id: str
    label: str
    at: float
    here: bool = False


@dataclass
class AccountRow:
    """Somebody with an account."""

    id: str
    name: str
    hue: int
    owner: bool
    at: float


class AccountState(rx.State):
    """What the page shows. Nothing secret: ids and names only."""

    me: str = ""
    login: str = ""
    guest: bool = False
    signed_in: bool = False
    owner: bool = False
    ready: bool = False
    sessions: list[AccessRow] = []
    tokens: list[AccessRow] = []
    people: list[AccountRow] = []
    done: str = ""
    problem: str = ""
    refused: str = ""
    refused_person: str = ""
    typed_person: str = ""

    @rx.event
    @allowed()
    @told
    async def load(self) -> None:
        """Read everything, and what the address says of the form that was sent."""
        said = query(self, "problem")
        is_person = query(self, "at") == "people"
        self.refused, self.refused_person = ("", said) if is_person else (said, "")
        self.typed_person = query(self, "name") if is_person else ""
        self.done = _DONE.get(query(self, "done"), "")
        person, running = identity_of(self), services()
        self.me, self.guest = person.name, person.kind == "guest"
        self.login = await running.accounts.login_of(person) or ""
        self.owner = await running.accounts.owns_server(person)
        found = await running.accounts.all(person) if self.owner else []
        self.people = [
            AccountRow(one.person.id, one.person.name, one.person.hue, one.owner, one.created_at) for one in found
        ]
        await self._read()
        self.ready = True

    @rx.event
    @allowed()
    @told
    async def end(self, session: str) -> None:
        """Sign a browser out."""
        await services().sessions.end_one(identity_of(self), session)
        await self._read()

    @rx.event
    @allowed()
    @told
    async def revoke(self, token: str) -> None:
        """End an API token."""
        await services().tokens.revoke(identity_of(self), token)
        await self._read()

    async def _read(self) -> None:
        person, token = identity_of(self), session_of(self)
        here = id_of(token) if token is not None else ""
        self.signed_in = token is not None
        self.sessions = [
            AccessRow(one.id, "This browser" if one.id == here else "A browser", one.created_at, one.id == here)
            for one in await services().sessions.of(person.id)
        ]
        self.tokens = [AccessRow(one.id, one.label, one.created_at) for one in await services().tokens.of(person.id)]


def _part(title: str, *content: rx.Component, name: str) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, id=name), *content, class_name="pc-paper pc-account-part", aria_labelledby=name
    )


def _password() -> rx.Component:
    S: Any = AccountState
    form = plain_form(
        "/auth/password",
        # So that a password keeper knows whose it is.
        rx.el.input(type="text", name="name", value=S.login, auto_complete="username", read_only=True, hidden=True),
        field("The password you have", "old", type="password", auto_complete="current-password", required=True),
        field("The new one", "new", type="password", auto_complete="new-password", required=True),
        problem(S.refused),
        rx.el.button("Change the password", type="submit", class_name="pc-button"),
    )
    keyboard = rx.el.p(
        "You have no password: on the machine where the server runs you are its owner without signing in. "
        "Served to a network, its first start prints a link for choosing one."
    )
    guest = rx.el.p("You came by an invite link, as a guest. The owner of this server can give you an account.")
    return _part("Password", rx.cond(S.login != "", form, rx.cond(S.guest, guest, keyboard)), name="password")


def _line(row: Any, began: str, act: str, on_act: Any) -> rx.Component:
    button = rx.el.button(
        act, type="button", class_name="pc-button pc-button-sm", aria_label=f"{act}: {row.label}", on_click=on_act
    )
    since = rx.el.span(f"{began} ", when(at=row.at), class_name="pc-faint")
    return rx.el.li(rx.el.b(row.label, class_name="pc-cut"), since, rx.cond(~row.here, button))


def _access() -> rx.Component:
    S: Any = AccountState
    sessions = rx.cond(
        S.sessions.length() > 0,
        rx.el.ul(
            rx.foreach(S.sessions, lambda row: _line(row, "signed in", "Sign out", S.end(row.id))),
            aria_label="Signed-in browsers",
        ),
        rx.el.p("No browser is signed in as you."),
    )
    tokens = rx.cond(
        S.tokens.length() > 0,
        rx.el.ul(
            rx.foreach(S.tokens, lambda row: _line(row, "made", "Revoke", S.revoke(row.id))), aria_label="API tokens"
        ),
        rx.el.p(
            "No program acts as you. The owner makes a token with ", rx.el.code("polycanvas token"), " on the server."
        ),
    )
    return rx.fragment(
        _part("Where you are signed in", sessions, name="sessions"),
        rx.cond(~S.guest, _part("API tokens", tokens, name="tokens")),
    )


def _people() -> rx.Component:
    S: Any = AccountState
    listed = rx.el.ul(
        rx.foreach(
            S.people,
            lambda row: rx.el.li(
                rx.el.i(class_name="pc-swatch who who-person", style={"--hue": row.hue}, aria_hidden="true"),
                rx.el.b(row.name, class_name="pc-cut"),
                rx.el.span(rx.cond(row.owner, "owner, ", ""), "added ", when(at=row.at), class_name="pc-faint"),
            ),
        ),
        aria_label="Accounts",
    )
    form = plain_form(
        "/auth/people",
        field(
            "Their name", "name", default_value=S.typed_person, auto_complete="off", required=True, max_length=MAX_NAME
        ),
        field("A first password", "password", type="password", auto_complete="new-password", required=True),
        problem(S.refused_person),
        rx.el.button("Add an account", type="submit", class_name="pc-button"),
    )
    words = rx.el.p("Whoever has an account can make canvases and be invited to yours.")
    return _part("People on this server", words, listed, form, name="people")


def account() -> rx.Component:
    """The page."""
    S: Any = AccountState
    sign_out = plain_form(
        "/auth/sign-out",
        rx.el.span(S.me, class_name="pc-soft"),
        rx.cond(S.signed_in, rx.el.button("Sign out", type="submit", class_name="pc-button pc-button-sm")),
        class_name="pc-row-gap",
    )
    head = rx.el.header(rx.el.h1("Account"), rx.el.a("All canvases", href="/", class_name="pc-button"))
    content = rx.fragment(
        head,
        rx.cond(S.done != "", rx.el.p(S.done, class_name="pc-account-done", role="status")),
        rx.cond(S.problem != "", rx.el.p(S.problem, class_name="pc-account-done pc-bad", role="alert")),
        _password(),
        _access(),
        rx.cond(S.owner, _people()),
    )
    main = rx.el.main(rx.cond(S.ready, content), class_name="pc-column")
    return rx.fragment(quiet_page(main, end=sign_out), toasts())

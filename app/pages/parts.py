"""What several pages draw: the mark, the bar of a quiet page, a card in the middle.

What must not be here: States, anything of one page only.
"""

from typing import Any

import reflex as rx


class PlainForm(rx.el.Div):  # type: ignore[misc]
    """A form that the browser itself posts. Reflex's own form always keeps the browser from it."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]


def plain_form(action: str, *content: rx.Component, **props: Any) -> rx.Component:
    """Return a form that posts `content` to `action`."""
    return PlainForm.create(*content, action=action, method="post", **props)


def mark() -> rx.Component:
    """Return the logo mark. Decoration: the name stands beside it or in the link's label."""
    return rx.el.svg(
        rx.el.svg.rect(x="2", y="2", width="12", height="12", rx="3", fill="oklch(.72 .15 60)"),
        rx.el.svg.rect(
            x="10", y="10", width="12", height="12", rx="3", fill="oklch(.58 .16 290)", class_name="pc-logo-over"
        ),
        rx.el.svg.circle(cx="18", cy="6", r="3.4", fill="oklch(.7 .13 165)"),
        view_box="0 0 24 24",
        class_name="pc-logo",
        aria_hidden="true",
    )


def wordmark() -> rx.Component:
    """Return the mark with the name, as a link home."""
    return rx.el.a(mark(), "Polycanvas", href="/", class_name="pc-wordmark")


def quiet_page(*content: rx.Component, end: rx.Component | None = None) -> rx.Component:
    """Return a page with the bar and `content`; `end` stands at the bar's right."""
    bar = rx.el.header(wordmark(), *([end] if end is not None else []), class_name="pc-page-bar")
    return rx.el.div(bar, *content, class_name="pc-page")


def card(title: str | rx.Var[str], *content: rx.Component) -> rx.Component:
    """Return a card in the middle of a page."""
    return rx.el.main(
        rx.el.section(rx.el.h1(title), *content, class_name="pc-entry"),
        class_name="pc-middle",
    )


def notice(title: str, sentence: str | rx.Var[str], *actions: rx.Component) -> rx.Component:
    """Return a card that says what is the matter and what to do."""
    return card(title, rx.el.p(sentence), rx.el.div(*actions, class_name="pc-row-gap"))


def go(label: str, href: str | rx.Var[str]) -> rx.Component:
    """Return the one filled button of a card, as a link."""
    return rx.el.a(label, href=href, class_name="pc-button pc-button-go")


def field(label: str, name: str, **props: object) -> rx.Component:
    """Return a labelled field of a plain form."""
    return rx.el.label(label, rx.el.input(name=name, **props), class_name="pc-field")


def problem(sentence: rx.Var[str]) -> rx.Component:
    """Return the sentence of what went wrong, read out when it appears."""
    return rx.el.p(sentence, class_name="pc-entry-problem", role="alert", hidden=sentence == "")

"""Review: every suggestion of the canvas, with its change, open to a decision.

Reading goes through this State; deciding goes over HTTP from the buttons, the one way that also tells the router and
the activity feed. What must not be here: document text beyond the change that is shown.
"""

# Reflex copies a State's defaults for each State: a list there is not shared.
# ruff: noqa: RUF012

import re
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from app.domain.actions import NEEDS
from app.domain.permissions import Right, allows
from app.guard import allowed, identity_of
from app.ids import CanvasId
from app.panels.canvas import CanvasState
from app.panels.told import told
from app.rendering.code import diff_html
from app.services import services
from components.assistant import decide_button, open_file_button
from components.editor import comment_list

MAX_OPEN = 5  # rows whose change is drawn at once
MAX_TITLE = 120  # characters of a reason that stand as a title: more than a row shows
MAX_ROWS = 100  # suggestions shown; what is older and decided is in Activity


@dataclass
class HunkRow:
    """One place that changes. `html` is the change as escaped, coloured lines; "" while the row is closed."""

    id: str
    state: str
    where: str
    line: int
    decided: str
    html: str = ""


@dataclass
class ReviewRow:
    """One suggestion. `state` is what the row says; `undecided` counts hunks that can still be decided; `accept` says
    how many of them can be accepted, where not all can."""

    id: str
    action: str
    title: str
    who: str
    kind: str
    hue: int
    file: str
    where: str
    line: int
    cost: str
    at: str
    state: str
    undecided: int
    accepted: int
    accept: str = "Accept"
    instruction: str = ""
    note: str = ""
    hunks: list[HunkRow] = field(default_factory=list)


class ReviewState(rx.State):
    """The rows, and which of them are open."""

    rows: list[ReviewRow] = []
    opened: list[str] = []
    waiting: int = 0
    may_decide: bool = False
    problem: str = ""

    @rx.event
    @allowed()
    @told
    async def refresh(self, count: int = 0) -> None:
        """Read the suggestions anew; how many the browser sees does not matter."""
        await self._read()

    @rx.event
    @allowed()
    @told
    async def toggle(self, suggestion: str) -> None:
        """Open or close a row."""
        others = [one for one in self.opened if one != suggestion]
        self.opened = others if suggestion in self.opened else [*others, suggestion][-MAX_OPEN:]
        await self._read()

    async def _read(self) -> None:
        canvas = CanvasId(await self.get_var_value(CanvasState.canvas))
        role = await services().canvases.require(canvas, identity_of(self), Right.READ)
        self.may_decide = allows(role, Right.DECIDE)
        found = (await services().suggestions.all(canvas))[:MAX_ROWS]
        rows = [review_row(one, is_open=one["id"] in self.opened) for one in found]
        self.rows = sorted(rows, key=lambda row: row.undecided == 0)
        self.waiting = sum(1 for row in rows if row.undecided)


def review_row(value: dict[str, Any], *, is_open: bool) -> ReviewRow:
    """Return the row of a suggestion's JSON; the change is only drawn for an open one."""
    hunks = [_hunk_row(one, value["path"], is_open=is_open) for one in value["hunks"]]
    line = next((hunk.line for hunk in hunks if hunk.line), 0)
    undecided = [hunk for hunk in hunks if hunk.state == "proposed"]
    stale = [hunk for hunk in hunks if hunk.state == "stale"]
    return ReviewRow(
        id=value["id"],
        action=action_label(value["action"]),
        title=row_title(value),
        who=_who(value["by"], value["source"]),
        kind=value["source"]["kind"],
        hue=value["source"]["hue"],
        file=value["file"],
        where=f"{value['path']}:{line}" if line else value["path"],
        line=line,
        cost=_dollars(value.get("cost_usd")),
        at=value["at"],
        state="stale" if stale and not undecided else str(value["state"]),
        undecided=len(undecided) + len(stale),
        accepted=sum(1 for hunk in hunks if hunk.state == "accepted"),
        accept=f"Accept {len(undecided)} of {len(undecided) + len(stale)}" if stale else "Accept",
        instruction=value.get("instruction", ""),
        note=value.get("note", ""),
        hunks=hunks if is_open else [],
    )


def _hunk_row(hunk: dict[str, Any], path: str, *, is_open: bool) -> HunkRow:
    line = hunk.get("line") or 0
    lead, tail = hunk.get("lead") or "", hunk.get("tail") or ""
    by = hunk.get("decided_by")
    html = diff_html(lead + hunk["old"] + tail, lead + hunk["new"] + tail, path) if is_open else ""
    state = "stale" if hunk.get("stale") else hunk["state"]
    where = f"{path}:{line}" if line else path
    return HunkRow(hunk["id"], state, where, line, f"{state} by {by['name']}" if by else "", html)


def action_label(action: str) -> str:
    """Return what a person reads for an action's word; a word of a later version is shown as it is."""
    known = {str(one): needs.label for one, needs in NEEDS.items()}
    return known.get(action, action.capitalize())


def row_title(value: dict[str, Any]) -> str:
    """Return what the row says after the action's word: what was asked for, else why, else the file."""
    title = str(value["title"])
    rest = title.removeprefix(action_label(value["action"])).lstrip(" :")
    why = first_sentence(str(value.get("note") or ""))
    only_place = rest in ("", value["path"])
    return why if why and only_place else rest or title


def first_sentence(text: str) -> str:
    """Return the first sentence of a note, without its full stop; of a long one only as much as a line shows."""
    line = text.strip().partition("\n")[0]
    sentence = re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0].rstrip(".").replace("`", "")
    return sentence if len(sentence) <= MAX_TITLE else sentence[: MAX_TITLE - 1] + "…"


def _who(by: dict[str, Any], source: dict[str, Any]) -> str:
    """Return who asked whom; the sample's guide asks itself, which is said once."""
    return str(source["name"]) if by["id"] == source["id"] else f"{by['name']} · {source['name']}"


def _dollars(usd: float | None) -> str:
    if usd is None:
        return "price unknown"
    return "$0" if usd == 0 else f"${usd:.2f}" if usd >= 0.01 else "<$0.01"


def _acts(row: Any) -> rx.Component:
    decide = rx.fragment(
        decide_button(suggestion=row.id, decision="accept", hunk="", label=row.accept),
        decide_button(suggestion=row.id, decision="reject", hunk="", label="Reject"),
    )
    revert = rx.cond(row.accepted > 0, decide_button(suggestion=row.id, decision="revert", hunk="", label="Revert"))
    stale = rx.fragment(
        rx.el.span("stale", class_name="pc-warn", title="The text under it changed: ask again, or reject it."),
        decide_button(suggestion=row.id, decision="reject", hunk="", label="Discard"),
        revert,
    )
    decided = rx.fragment(rx.el.span(row.state, class_name="pc-faint"), revert)
    said = rx.el.span(row.state, class_name="pc-faint")
    may = rx.cond(row.undecided > 0, rx.cond(row.state == "stale", stale, decide), decided)
    acts = rx.cond(ReviewState.may_decide, may, said)
    return rx.el.span(acts, class_name="pc-acts", on_click=rx.stop_propagation)


def _hunk(row: Any, hunk: Any) -> rx.Component:
    acts = rx.cond(
        (hunk.state == "proposed") & ReviewState.may_decide,
        rx.fragment(
            decide_button(suggestion=row.id, decision="accept", hunk=hunk.id, label="Accept"),
            decide_button(suggestion=row.id, decision="reject", hunk=hunk.id, label="Reject"),
        ),
        rx.cond(
            hunk.state == "stale",
            rx.el.span("The text under it changed.", class_name="pc-warn"),
            rx.el.span(hunk.decided),
        ),
    )
    place = open_file_button(file=row.file, line=hunk.line, label=hunk.where, suggestion=row.id, hunk=hunk.id)
    head = rx.el.header(rx.el.span(place, class_name="pc-cut"), acts)
    return rx.el.div(head, rx.html(hunk.html), class_name="pc-hunk", data_state=hunk.state)


def _more(row: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(row.instruction != "", rx.el.p("“", row.instruction, "”")),
        rx.cond(row.note != "", rx.el.p(row.note, class_name="pc-faint")),
        rx.foreach(row.hunks, lambda hunk: _hunk(row, hunk)),
        class_name="pc-review-more",
    )


def _row(row: Any) -> rx.Component:
    swatch = rx.el.i(class_name=f"pc-swatch who who-{row.kind}", style={"--hue": row.hue}, aria_hidden="true")
    S: Any = ReviewState
    is_open = S.opened.contains(row.id)
    title = rx.el.button(
        rx.el.span(rx.el.b(row.action), " ", row.title, class_name="pc-cut"),
        rx.el.span("›", class_name="pc-turn", aria_hidden="true"),
        type="button",
        class_name="pc-review-title",
        aria_expanded=is_open,
        title=row.title,
    )
    line = rx.el.div(
        swatch,
        title,
        rx.el.span(row.who, class_name="pc-review-who pc-cut", title=row.cost),
        rx.el.span(
            open_file_button(file=row.file, line=row.line, label=row.where, suggestion=row.id, hunk=""),
            class_name="pc-review-where pc-cut",
            on_click=rx.stop_propagation,
        ),
        _acts(row),
        class_name="pc-review-row pc-review-opens",
        # The whole line opens the change; the button in it is for the keyboard, and its press arrives here too.
        on_click=S.toggle(row.id),
    )
    return rx.el.li(
        line,
        rx.cond(is_open, _more(row)),
        class_name="pc-review-item",
        data_open=is_open,
        data_suggestion=row.id,
        data_decided=row.undecided == 0,
    )


def review() -> rx.Component:
    """The panel."""
    S: Any = ReviewState
    empty = rx.el.p(
        "Nothing waits. Select some code and choose Fix, or press Ctrl K and say what should change; "
        "what comes back waits here until somebody accepts it.",
        class_name="pc-empty",
    )
    return rx.el.section(
        rx.cond(S.problem != "", rx.el.p(S.problem, class_name="pc-empty pc-bad", role="alert")),
        rx.cond(S.rows.length() > 0, rx.el.ul(rx.foreach(S.rows, _row), class_name="pc-review"), empty),
        comment_list(),
        class_name="pc-panel",
        aria_label="Review",
        tab_index=0,
    )

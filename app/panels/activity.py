"""Activity: what happened in the canvas and who did it, newest first.

What must not be here: writing entries.
"""

# Reflex copies a State's defaults for each State: a list there is not shared.
# ruff: noqa: RUF012

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from app.assistant.run import Run
from app.canvases.ports import ActivityEntry
from app.domain.permissions import Right
from app.guard import allowed, identity_of
from app.ids import CanvasId
from app.panels.canvas import CanvasState
from app.panels.review import action_label
from app.panels.told import told
from app.rendering.code import highlight
from app.services import services
from components.files import file_link
from components.people import activity_watch
from components.shell import when

MAX_ENTRIES = 100  # lines: further back is history, not activity
MAX_SNIPPET = 300  # characters of an instruction that are shown


@dataclass
class ActivityRow:
    """One line. `kind` is person, model or expert (the swatch); `at` seconds since 1970; `what` goes on with
    `path`, a file, and that with `rest`, where there are such; `code` escaped HTML."""

    hue: int
    kind: str
    who: str
    did: str
    what: str
    at: float
    path: str = ""
    rest: str = ""
    code: str = ""


class ActivityState(rx.State):
    """The lines."""

    rows: list[ActivityRow] = []
    problem: str = ""

    @rx.event
    @allowed()
    @told
    async def refresh(self, count: int = 0) -> None:
        """Read what happened anew; how many suggestions the browser sees does not matter."""
        await self._read()

    @rx.event
    @allowed()
    @told
    async def refresh_feed(self) -> None:
        """Read what happened anew: the page heard that there is news."""
        await self._read()

    async def _read(self) -> None:
        canvas = CanvasId(await self.get_var_value(CanvasState.canvas))
        await services().canvases.require(canvas, identity_of(self), Right.READ)
        entries = [entry_row(one) for one in await services().activity.recent(canvas, MAX_ENTRIES)]
        runs = [run_row(one) for one in await services().runs.of_canvas(canvas)]
        self.rows = sorted([*entries, *runs], key=lambda row: row.at, reverse=True)[:MAX_ENTRIES]


# Kind of entry → what is said of who did it. The thing it was done to comes after.
_DID = {
    "suggestion-accepted": "accepted",
    "suggestion-rejected": "rejected",
    "suggestion-reverted": "reverted",
    "comment-added": "commented",
    "comment-answered": "answered",
    "comment-resolved": "resolved",
    "comment-reopened": "opened again",
    "comment-removed": "deleted the comment",
    "comment-restored": "brought back the comment",
    "file-created": "made",
    "file-edited": "edited",
    "file-renamed": "renamed",
    "file-removed": "deleted",
    "file-deleted": "deleted",
    "member-joined": "joined",
    "member-removed": "removed",
    "role-changed": "changed the role of",
    "canvas-created": "made this canvas",
    "canvas-renamed": "renamed this canvas to",
    "policy-changed": "changed the rules for models",
    "version-named": "named a version",
    "version-deleted": "deleted the name of the version",
    "restore-undone": "took",
    "forked": "forked this canvas as",
}


def entry_row(entry: ActivityEntry) -> ActivityRow:
    """Return the line of an entry; a kind that is not known is shown by its own words."""
    who, hue = str(entry.by.get("name", "")), int(entry.by.get("hue", 265))
    did = _DID.get(entry.kind, entry.kind.replace("-", " "))
    if entry.kind in ("comment-added", "comment-answered") and entry.detail.get("mentions"):
        did = f"mentioned {entry.detail['mentions']}:"
    what, path, rest = _object(entry)
    return ActivityRow(hue, "person", who, did, what, entry.at, path, rest)


def _object(entry: ActivityEntry) -> tuple[str, str, str]:
    """Return what it was done to: words, the file in them, and what follows the file."""
    detail = {part: str(value) for part, value in entry.detail.items() if value}
    title, path = detail.get("title", ""), detail.get("path", "")
    words = title or ("" if path else detail.get("name", ""))
    if entry.kind == "restored":
        to = f" to {detail['to']}" if "to" in detail else ""
        return ("", path, to) if path else (f"the whole canvas{to}", "", "")
    if entry.kind == "restore-undone":
        return ("the restore of ", path, " back") if path else ("the restore back", "", "")
    if entry.kind.startswith("version-") or entry.kind == "forked":
        return f"“{words}”", "", ""
    if entry.kind == "role-changed" and "role" in detail:
        return f"{words} to {detail['role']}", "", ""
    if entry.kind.startswith("comment-") and title:
        return f"“{title}” in ", path, ""
    if path and title.endswith(f" {path}"):
        return title.removesuffix(path), path, ""
    return (f"{title} in ", path, "") if title and path and path not in title else (words, "" if title else path, "")


def run_row(run: Run) -> ActivityRow:
    """Return the line of a run: who asked whom for what, and how it ended."""
    value: dict[str, Any] = run.to_json()
    chosen = value["route"].get("chosen") or {"name": "nobody", "kind": "model", "hue": 265}
    ended = {"done": "", "failed": ", which failed", "stopped": ", stopped"}.get(run.state, ", which is going on")
    what, did = f"{action_label(run.action)} in ", f"asked {chosen['name']} for"
    code = highlight(run.instruction[:MAX_SNIPPET], run.file) if run.action == "calculate" else ""
    at = datetime.fromisoformat(value["started_at"]).timestamp()
    return ActivityRow(chosen["hue"], chosen["kind"], run.by.name, did, what, at, run.file, ended, code)


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.i(class_name=f"pc-swatch who who-{row.kind}", style={"--hue": row.hue}, aria_hidden="true"),
        rx.el.span(
            rx.el.span(rx.el.b(row.who), f" {row.did} ", class_name="pc-cut pc-activity-did"),
            rx.cond(row.what != "", rx.el.span(row.what, class_name="pc-cut", title=row.what)),
            rx.cond(row.path != "", file_link(path=row.path)),
            rx.cond(row.rest != "", rx.el.span(row.rest, class_name="pc-cut")),
            rx.cond(row.code != "", rx.html(row.code, class_name="pc-code pc-cut")),
            class_name="pc-activity-words",
        ),
        when(at=row.at),
    )


def activity() -> rx.Component:
    """The panel."""
    S: Any = ActivityState
    empty = rx.el.p(
        "Nothing happened yet. Who joins, types, comments, asks a model or decides is listed here.",
        class_name="pc-empty",
    )
    return rx.el.section(
        activity_watch(on_change=S.refresh_feed),
        rx.cond(S.problem != "", rx.el.p(S.problem, class_name="pc-empty pc-bad", role="alert")),
        rx.cond(S.rows.length() > 0, rx.el.ul(rx.foreach(S.rows, _row), class_name="pc-activity"), empty),
        class_name="pc-panel",
        aria_label="Activity",
        tab_index=0,
    )

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
from components.files import file_words
from components.people import activity_watch
from components.shell import when

MAX_ENTRIES = 100  # lines: further back is history, not activity
MAX_SNIPPET = 300  # characters of an instruction that are shown


@dataclass
class ActivityRow:
    """One line. `kind` is person, model or expert (the swatch); `at` seconds since 1970; `path` the file that `what`
    names, if any; `code` escaped HTML."""

    hue: int
    kind: str
    who: str
    did: str
    what: str
    at: float
    path: str = ""
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
    detail = entry.detail
    title, path = detail.get("title"), detail.get("path")
    placed = title and path and path not in title
    what = f"{title} in {path}" if placed else str(title or path or detail.get("name") or "")
    did = _DID.get(entry.kind, entry.kind.replace("-", " "))
    if entry.kind in ("comment-added", "comment-answered") and detail.get("mentions"):
        did = f"mentioned {detail['mentions']}:"
    if entry.kind.startswith("comment-") and title:
        what = f"“{title}” in {path}"
    if entry.kind.startswith("version-") or entry.kind == "forked":
        what = f"“{what}”"
    if entry.kind == "restored":
        what = f"{path or 'the whole canvas'}{' to ' + str(detail['to']) if detail.get('to') else ''}"
    if entry.kind == "restore-undone":
        what = f"the restore{f' of {path}' if path else ''} back"
    if entry.kind == "role-changed" and detail.get("role"):
        what = f"{what} to {detail['role']}"
    who, hue = str(entry.by.get("name", "")), int(entry.by.get("hue", 265))
    return ActivityRow(hue, "person", who, did, what, entry.at, str(path or ""))


def run_row(run: Run) -> ActivityRow:
    """Return the line of a run: who asked whom for what, and how it ended."""
    value: dict[str, Any] = run.to_json()
    chosen = value["route"].get("chosen") or {"name": "nobody", "kind": "model", "hue": 265}
    ended = {"done": "", "failed": ", which failed", "stopped": ", stopped"}.get(run.state, ", which is going on")
    what = f"{action_label(run.action)} in {run.file}{ended}"
    code = highlight(run.instruction[:MAX_SNIPPET], run.file) if run.action == "calculate" else ""
    at = datetime.fromisoformat(value["started_at"]).timestamp()
    return ActivityRow(
        chosen["hue"], chosen["kind"], run.by.name, f"asked {chosen['name']} for", what, at, run.file, code
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.i(class_name=f"pc-swatch who who-{row.kind}", style={"--hue": row.hue}, aria_hidden="true"),
        rx.el.span(
            rx.el.b(row.who),
            f" {row.did} ",
            file_words(text=row.what, path=row.path),
            rx.cond(row.code != "", rx.html(row.code, class_name="pc-code")),
            class_name="pc-cut",
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

"""What the panels make of suggestions, runs and names: rows, without a server."""

from typing import Any

import pytest

from app.assistant.run import Run
from app.canvases.ports import ActivityEntry
from app.domain.people import Person, Role
from app.errors import BadInput, NotFound
from app.ids import CanvasId, PersonId, RunId
from app.panels.activity import ActivityRow, entry_row, run_row
from app.panels.people import letters, read_role
from app.panels.review import review_row
from app.panels.told import told


def hunk(state: str = "proposed", **more: Any) -> dict[str, Any]:
    known = {"id": "h1", "old": "1", "new": "2", "lead": "x = ", "tail": "", "line": 3, "stale": False}
    return {**known, "state": state, "decided_by": None, **more}


def suggestion(*hunks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "s",
        "action": "lint",
        "title": "Fix lint of app.py",
        "by": {"id": "p", "name": "Ana", "hue": 60},
        "source": {"kind": "expert", "id": "ruff", "name": "ruff", "hue": 150},
        "file": "f",
        "path": "app.py",
        "cost_usd": 0.0,
        "at": "2026-11-21T12:04:00Z",
        "state": "proposed",
        "hunks": list(hunks),
        **more,
    }


def test_a_row_names_the_action_once() -> None:
    row = review_row(suggestion(hunk()), is_open=False)
    assert (row.action, row.title, row.where) == ("Fix lint", "of app.py", "app.py:3")
    assert (row.undecided, row.cost, row.hunks) == (1, "$0", [])


@pytest.mark.parametrize(
    ("title", "note", "said"),
    [
        ("Fix app.py", "The sum starts at one. It should not.", "The sum starts at one"),
        ("Fix app.py", "`total` is never reset", "total is never reset"),
        ("Fix app.py", "", "app.py"),
        ("Fix app.py: round the prices", "Rounded them.", "app.py: round the prices"),
        ("Show every price", "Because.", "Show every price"),
        ("Fix app.py", "x" * 500, "x" * 119 + "…"),
    ],
)
def test_a_row_says_what_was_asked_for_or_why(title: str, note: str, said: str) -> None:
    assert review_row(suggestion(action="fix", title=title, note=note), is_open=False).title == said


def test_an_open_row_draws_whole_lines_escaped() -> None:
    row = review_row(suggestion(hunk(old="<b>", new="</b>")), is_open=True)
    assert "&lt;" in row.hunks[0].html
    assert "<b>" not in row.hunks[0].html
    assert "x" in row.hunks[0].html


def test_a_row_is_stale_when_nothing_else_waits() -> None:
    assert review_row(suggestion(hunk(stale=True)), is_open=False).state == "stale"
    partly = review_row(suggestion(hunk(stale=True), hunk()), is_open=False)
    assert (partly.state, partly.accept) == ("proposed", "Accept 1 of 2")


def test_a_decided_row_says_by_whom() -> None:
    value = suggestion(hunk("accepted", decided_by={"id": "b", "name": "Bo", "hue": 1}), state="accepted")
    row = review_row(value, is_open=True)
    assert (row.undecided, row.accepted, row.hunks[0].decided) == (0, 1, "accepted by Bo")


def test_an_unknown_action_of_a_later_version_is_shown() -> None:
    assert review_row(suggestion(action="refactor", title="Total"), is_open=False).action == "Refactor"


def _line(row: ActivityRow) -> str:
    return f"{row.did} {row.what}{row.path}{row.rest}"


@pytest.mark.parametrize(
    ("kind", "detail", "parts"),
    [
        (
            "restored",
            {"path": "app.js", "to": "“before app.js rewrite”"},
            ("", "app.js", " to “before app.js rewrite”"),
        ),
        ("restored", {"to": "“Beta”"}, ("the whole canvas to “Beta”", "", "")),
        ("restore-undone", {"path": "b"}, ("the restore of ", "b", " back")),
        ("suggestion-accepted", {"title": "Fix main.js", "path": "n.js"}, ("Fix main.js", "", "")),
        ("suggestion-accepted", {"title": "Format a.js", "path": "a.js"}, ("Format ", "a.js", "")),
        ("suggestion-accepted", {"title": "Format a.js again", "path": "a.js"}, ("Format a.js again", "", "")),
        ("file-edited", {"path": "a.js"}, ("", "a.js", "")),
        ("member-joined", {}, ("", "", "")),
    ],
)
def test_a_line_knows_where_in_it_the_file_stands(
    kind: str, detail: dict[str, str], parts: tuple[str, str, str]
) -> None:
    row = entry_row(ActivityEntry(1, 5.0, {"name": "Ana"}, kind, detail))
    assert (row.what, row.path, row.rest) == parts


def test_an_entry_says_who_did_what_to_what() -> None:
    detail = {"title": "Fix NaN", "path": "app.js"}
    row = entry_row(ActivityEntry(1, 5.0, {"id": "p", "name": "Ana", "hue": 60}, "suggestion-accepted", detail))
    assert (row.who, _line(row), row.hue, row.path) == ("Ana", "accepted Fix NaN in app.js", 60, "app.js")
    for kind, did in (("file-created", "made"), ("file-edited", "edited"), ("file-removed", "deleted")):
        assert entry_row(ActivityEntry(1, 5.0, {}, kind, {"path": "app.js"})).did == did
    assert entry_row(ActivityEntry(1, 5.0, {}, "board-cleared", {})).did == "board cleared"


@pytest.mark.parametrize(
    ("kind", "detail", "line"),
    [
        ("comment-added", {}, "commented “Why?” in app.js"),
        ("comment-added", {"mentions": "Bo, Cy"}, "mentioned Bo, Cy: “Why?” in app.js"),
        ("comment-answered", {"mentions": "Bo"}, "mentioned Bo: “Why?” in app.js"),
        ("comment-answered", {}, "answered “Why?” in app.js"),
        ("comment-resolved", {}, "resolved “Why?” in app.js"),
        ("comment-reopened", {}, "opened again “Why?” in app.js"),
        ("comment-removed", {}, "deleted the comment “Why?” in app.js"),
        ("comment-restored", {}, "brought back the comment “Why?” in app.js"),
    ],
)
def test_an_entry_of_a_comment_shows_its_first_words_and_whom_it_calls(
    kind: str, detail: dict[str, str], line: str
) -> None:
    row = entry_row(ActivityEntry(1, 5.0, {"name": "Ana"}, kind, {"title": "Why?", "path": "app.js", **detail}))
    assert _line(row) == line


def test_an_entry_of_a_role_says_which() -> None:
    row = entry_row(ActivityEntry(1, 5.0, {"name": "Ana"}, "role-changed", {"name": "Bo", "role": "viewer"}))
    assert (_line(row), row.path) == ("changed the role of Bo to viewer", "")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("version-named", "named a version “Beta”"),
        ("version-deleted", "deleted the name of the version “Beta”"),
        ("forked", "forked this canvas as “Beta”"),
    ],
)
def test_an_entry_of_the_history_is_a_sentence(kind: str, line: str) -> None:
    row = entry_row(ActivityEntry(1, 5.0, {"name": "Ana"}, kind, {"name": "Beta"}))
    assert _line(row) == line


def test_a_restore_taken_back_says_so() -> None:
    for detail, line in (({}, "took the restore back"), ({"path": "a.js"}, "took the restore of a.js back")):
        row = entry_row(ActivityEntry(1, 5.0, {"name": "Ana"}, "restore-undone", detail))
        assert _line(row) == line


def test_a_run_without_anybody_to_do_it_is_still_a_line() -> None:
    run = Run(
        id=RunId("r"),
        canvas=CanvasId("c"),
        action="explain",
        file="app.js",
        range=None,
        instruction="",
        by=Person(PersonId("p"), "Ana", 60),
        route={"chosen": None},
        started_at=1000.0,
        state="failed",
    )
    row = run_row(run)
    assert (row.who, _line(row)) == ("Ana", "asked nobody for Explain in app.js, which failed")
    assert row.path == "app.js"
    assert row.at == pytest.approx(1000.0)


@pytest.mark.parametrize(("name", "two"), [("Ana", "AN"), ("Bo Berg", "BB"), ("  Cy de la Cruz ", "CC"), ("", "?")])
def test_letters_of_a_face(name: str, two: str) -> None:
    assert letters(name) == two


def test_a_role_that_is_not_there_is_refused() -> None:
    assert read_role("viewer") is Role.VIEWER
    with pytest.raises(BadInput):
        read_role("emperor")


class Telling:
    problem = "old"

    @told
    async def fails(self) -> None:
        raise NotFound("There is no such canvas.")

    @told
    async def works(self, value: int) -> int:
        return value


async def test_a_known_error_becomes_the_sentence_and_success_clears_it() -> None:
    state = Telling()
    await state.fails()
    assert state.problem == "There is no such canvas."
    assert await state.works(3) == 3
    assert state.problem == ""

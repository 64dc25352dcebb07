"""Suggestions as values: grouping edits into hunks, titles, states, and the plain form with its bounds."""

import pytest

from app.domain import suggestions
from app.domain.suggestions import Byline, Hunk, Source, Suggestion, group_edits, make_title
from app.domain.textdiff import Edit, edits_between
from app.errors import BadInput, Conflict, TooLarge
from app.ids import FileId, SuggestionId

BO = Byline("bo", "Bo", 230)


def made(*hunks: Hunk) -> Suggestion:
    source = Source("model", "qwen", "qwen-coder", 290)
    ids = SuggestionId("abcdefghjkmn"), FileId("abcdefghjkmp")
    return Suggestion(
        ids[0], "r", "fix", "t", "i", ids[1], "a.js", BO, source, None, "2026-11-21T12:00:00Z", "proposed", hunks, ""
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b\n", "A B\n", [("a b", "A B")]),
        ("a\nb\n", "A\nB\n", [("a\nb", "A\nB")]),
        ("a\n\n\nb\n", "A\n\n\nB\n", [("a", "A"), ("b", "B")]),
        ("a\nb\nc\n", "x\na\nb\nc\ny\n", [("", "x\n"), ("", "y\n")]),
        ("😀 a\n\n\n\n👍 b\n", "😀 c\n\n\n\n👍 d\n", [("a", "c"), ("b", "d")]),
    ],
)
def test_neighbouring_edits_are_one_hunk(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [(change.old, change.new) for change in group_edits(old, edits_between(old, new))] == expected


def test_hunks_are_bounded_by_joining_wider() -> None:
    text = "a\n\n\n\n" * (suggestions.MAX_HUNKS * 3)
    edits = [Edit(5 * n, 5 * n + 1, "b") for n in range(suggestions.MAX_HUNKS * 3)]
    changes = group_edits(text, edits)
    assert 1 <= len(changes) <= suggestions.MAX_HUNKS
    assert "".join(change.new for change in changes).count("b") == len(edits)


def test_title_is_given_or_asked_for_or_counted() -> None:
    changes = group_edits("a\nb\n", edits_between("a\nb\n", "A\nB\n"))
    assert make_title("Round\nit", "x", "a.js", changes) == "Round"
    assert make_title("", "  round   the price ", "a.js", changes) == "round the price"
    assert make_title("", "", "src/a.js", changes) == "1 line in a.js"
    assert len(make_title("x" * 500, "", "a.js", changes)) == suggestions.MAX_TITLE


def test_plain_form_reads_back() -> None:
    one = made(Hunk("h1", "s", "e", "a", "b"), Hunk("h2", "s", "e", "c", "d", "accepted", BO))
    assert Suggestion.from_json(one.to_json()) == one


@pytest.mark.parametrize(
    "value", [None, {}, {"id": 1}, {**made().to_json(), "hunks": [{}]}, {**made().to_json(), "by": 1}]
)
def test_plain_form_that_is_something_else_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        Suggestion.from_json(value)


def test_too_large_a_change_is_refused() -> None:
    with pytest.raises(TooLarge, match="smaller part"):
        made(Hunk("h1", "s", "e", "", "x" * suggestions.MAX_SUGGESTION_BYTES)).to_json()


@pytest.mark.parametrize(
    ("states", "overall"),
    [
        (("proposed", "accepted"), "proposed"),
        (("accepted", "rejected"), "accepted"),
        (("rejected", "rejected"), "rejected"),
        (("reverted", "rejected"), "reverted"),
    ],
)
def test_state_follows_the_hunks(states: tuple[suggestions.HunkState, ...], overall: str) -> None:
    hunks = [Hunk(f"h{n}", "s", "e", "a", "b", state) for n, state in enumerate(states)]
    assert made(*hunks).decided(hunks, BO).state == overall


def test_choosing_hunks() -> None:
    one = made(Hunk("h1", "s", "e", "a", "b"), Hunk("h2", "s", "e", "c", "d", "rejected", BO))
    assert [hunk.id for hunk in one.choose(None, "accepted")] == ["h1"]
    assert one.choose(["h2"], "rejected") == []
    with pytest.raises(Conflict, match="already rejected by Bo"):
        one.choose(["h1", "h2"], "accepted")
    with pytest.raises(BadInput, match="no hunk “h9”"):
        one.choose(["h9"], "accepted")


def test_choosing_hunks_to_revert() -> None:
    one = made(
        *(Hunk(f"h{n}", "s", "e", "a", "b", state) for n, state in enumerate(("accepted", "reverted", "rejected")))
    )
    assert [hunk.id for hunk in one.to_revert(None)] == ["h0"]
    assert [hunk.id for hunk in one.to_revert(["h1", "h0"])] == ["h0"]
    assert one.to_revert(["h1"]) == []
    with pytest.raises(Conflict, match="only those that were accepted"):
        one.to_revert(["h0", "h2"])
    with pytest.raises(BadInput, match="no hunk “h9”"):
        one.to_revert(["h0", "h9"])

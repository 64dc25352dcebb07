"""The diff: applying it gives the new text, it is as small as a person would make it, and it is bounded."""

import random
from itertools import pairwise

import pytest

from app.domain import alignment
from app.domain.textdiff import Edit, apply_edits, edits_between, utf16_length
from app.errors import BadInput

SOURCE = "".join(f"const value{n} = compute({n}, 'label {n}'); // 👋 {n}\n" for n in range(400))
ATOMS = ["a", "b", " ", "\n", "\r\n", "word", "{", "}", "é", "e\u0301", "👩\u200d👩\u200d👧", "🇩🇪", "👍🏽", "𝒳", "हि"]


def pieces(old: str, new: str) -> list[tuple[str, str]]:
    """The diff as (removed, added) texts."""
    units = old.encode("utf-16-le")
    return [(units[2 * e.start : 2 * e.end].decode("utf-16-le"), e.new) for e in edits_between(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("same", "same", []),
        ("", "x", [("", "x")]),
        ("x", "", [("x", "")]),
        ("a b", "a b\n", [("", "\n")]),
        ("Hello brave world", "Hello bold world", [("brave", "bold")]),
        ("the colour red", "the color red", [("u", "")]),
        ("getUser()", "getUsers()", [("", "s")]),
        ("f(a)\nf(c)\n", "f(a)\nf(b)\nf(c)\n", [("", "f(b)\n")]),
        ("f(a)\nf(b)\nf(c)\n", "f(a)\nf(c)\n", [("f(b)\n", "")]),
        ("x = y / 100\n", "x = (y / 100).toFixed(2)\n", [("", "("), ("", ").toFixed(2)")]),
        ("a\r\nb", "a\nb", [("\r", "")]),
        ("a👩\u200d👩\u200d👧b", "a👩\u200d👩\u200d👦b", [("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👦")]),
        ("🇩🇪🇫🇷", "🇩🇪🇪🇸", [("🇫🇷", "🇪🇸")]),
        ("cafe", "cafe\u0301", [("e", "e\u0301")]),
        ("ok 👍", "ok 👍🏽", [("👍", "👍🏽")]),
    ],
)
def test_edit_is_what_a_person_would_have_typed(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert pieces(old, new) == expected
    assert apply_edits(old, edits_between(old, new)) == new


def test_one_changed_word_in_a_large_file_is_one_tiny_edit() -> None:
    new = SOURCE.replace("compute(200,", "derive(200,")
    assert pieces(SOURCE, new) == [("compute", "derive")]


def test_changes_far_apart_stay_apart() -> None:
    new = SOURCE.replace("value7 ", "seven ").replace("// 👋 300\n", "// 👋🏽 300\n")
    assert pieces(SOURCE, new) == [("value7", "seven"), ("👋", "👋🏽")]


def test_rewritten_line_is_one_edit() -> None:
    old = "  let total = 0;\n  for (let i = 0; i < order.length; i++) total += order[i].cents;\n  return total;\n"
    new = "  const total = order.reduce((sum, dish) => sum + dish.cents, 0);\n  return total;\n"
    assert len(edits_between(old, new)) == 1


@pytest.mark.parametrize("seed", range(150))
def test_applying_the_diff_gives_the_new_text(seed: int) -> None:
    rng = random.Random(seed)
    old = "".join(rng.choices(ATOMS, k=rng.randrange(60)))
    new = "".join(rng.choices(ATOMS, k=rng.randrange(60))) if rng.random() < 0.3 else changed(old, rng)
    edits = edits_between(old, new)
    assert apply_edits(old, edits) == new, (seed, old, new)
    assert all(before.end <= after.start for before, after in pairwise(edits))
    assert all(edit.start < edit.end or edit.new for edit in edits)


def changed(text: str, rng: random.Random) -> str:
    for _ in range(rng.randrange(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randrange(5))
        text = text[:start] + "".join(rng.choices(ATOMS, k=rng.randrange(4))) + text[end:]
    return text


def test_huge_different_texts_stay_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(5)
    old = "".join(rng.choices("ab{}();= \n", k=200_000))
    new = "".join(rng.choices("ab{}();= \n", k=200_000))
    budgets: list[alignment.Budget] = []
    spend = alignment.Budget.spend
    spent = 0

    def counting(self: alignment.Budget, comparisons: int) -> bool:
        nonlocal spent
        budgets.append(self)
        spent += min(comparisons, self.left)
        return spend(self, comparisons)

    monkeypatch.setattr(alignment.Budget, "spend", counting)
    assert apply_edits(old, edits_between(old, new)) == new
    assert len(set(map(id, budgets))) == 1
    assert spent <= alignment.MAX_COMPARISONS


def test_a_spent_budget_still_gives_a_correct_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment.Budget, "spend", lambda self, comparisons: False)
    new = SOURCE.replace("value7 ", "seven ").replace("value9 ", "nine ")
    assert apply_edits(SOURCE, edits_between(SOURCE, new)) == new


@pytest.mark.parametrize(
    "edits", [[Edit(0, 9, "")], [Edit(2, 1, "")], [Edit(-1, 0, "")], [Edit(1, 3, ""), Edit(2, 3, "")]]
)
def test_edits_outside_the_text_or_overlapping_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(BadInput, match="outside the text or overlaps"):
        apply_edits("abc", edits)


def test_edit_inside_a_surrogate_pair_is_refused() -> None:
    assert utf16_length("a😀") == 3
    with pytest.raises(BadInput, match="middle of a character"):
        apply_edits("a😀", [Edit(2, 3, "")])


def test_alignment_matches_are_common_and_rising() -> None:
    rng = random.Random(3)
    for _ in range(200):
        a, b = rng.choices(range(6), k=rng.randrange(30)), rng.choices(range(6), k=rng.randrange(30))
        left = right = 0
        for match in alignment.align(a, b, alignment.Budget()):
            assert match.left >= left
            assert match.right >= right
            left, right = match.left + match.length, match.right + match.length
            assert a[match.left : left] == b[match.right : right]

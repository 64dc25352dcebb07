"""Mirrors app/assistant/edits.py: what a model's answer may look like, and what nothing is made of."""

import pytest

from app.assistant.edits import MAX_BLOCKS, read_answer
from app.assistant.gateway import ModelFailed
from app.domain.textdiff import apply_edits

TEXT = "def f(a):\n    return a+1\n\n\ndef g(b):\n\treturn b  \n"


def block(old: str, new: str) -> str:
    return f"<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n"


def after(answer: str, text: str = TEXT, *, whole: bool = False) -> str:
    return apply_edits(text, read_answer(answer, text, whole_file=whole).edits)


def test_blocks_are_applied_and_the_prose_is_the_note() -> None:
    answer = "Why.\n\n" + block("    return a+1\n", "    return a + 1\n") + block("def g(b):\n", "def h(b):\n")
    assert after(answer) == TEXT.replace("a+1", "a + 1").replace("def g", "def h")
    assert read_answer(answer, TEXT, whole_file=False).note == "Why."


def test_fences_around_blocks_are_no_part_of_anything() -> None:
    answer = "```python\n" + block("def f(a):\n", "def f(x):\n") + "```\n"
    assert after(answer) == TEXT.replace("f(a)", "f(x)")
    assert read_answer(answer, TEXT, whole_file=False).note == ""


@pytest.mark.parametrize("searched", ["  return a+1\n", "\treturn a+1\n", "    return a+1   \n"])
def test_spaces_around_a_line_may_differ_where_the_place_is_unique(searched: str) -> None:
    indent = searched[: -len(searched.lstrip())]
    assert after(block(searched, f"{indent}return 2\n")) == TEXT.replace("return a+1", "return 2")


def test_spaces_within_a_line_make_another_line() -> None:
    for searched in ('s = "ab"\n', 's="a b"\n', "s = 'a b'\n"):
        with pytest.raises(ModelFailed, match="not in the file"):
            after(block(searched, 's = "c"\n'), 's = "a b"\ny\n')


@pytest.mark.parametrize(
    ("text", "old", "new", "wanted"),
    [
        (
            "def f():\n\tx = 1\n",
            "def f():\n    x = 1\n",
            "def f():\n    if y:\n        x = 2\n",
            "def f():\n\tif y:\n\t\tx = 2\n",
        ),
        (
            "f() {\n    a;\n}\n",
            "f() {\n\ta;\n}\n",
            "f() {\n\tif (b) {\n\t\ta;\n\t}\n}\n",
            "f() {\n    if (b) {\n        a;\n    }\n}\n",
        ),
        (
            "class A:\n  def f(self):\n      x = 1\n",
            "    def f(self):\n        x = 1\n",
            "    # one\n    def f(self):\n        x = 2\n\n        y = 3\n",
            "class A:\n  # one\n  def f(self):\n      x = 2\n\n      y = 3\n",
        ),
        (
            "    if a:\n        b()\n",
            "b()\n",
            "c()\nif d:\n    b()\n",
            "    if a:\n        c()\n        if d:\n            b()\n",
        ),
        ("    a\n        b\n", "    b\n", "b\n", "    a\n    b\n"),
    ],
)
def test_the_replacement_is_shifted_as_the_lines_found(text: str, old: str, new: str, wanted: str) -> None:
    assert after(block(old, new), text) == wanted


def test_lines_that_are_indented_unlike_each_other_are_another_place() -> None:
    with pytest.raises(ModelFailed, match="not in the file"):
        after(block("if a:\n    b()\n    c()\n", "d()\n"), "if a:\n    b()\nc()\n")


HEADING = "Title\n=======\nold\n"


@pytest.mark.parametrize(
    ("text", "old", "new", "wanted"),
    [
        (HEADING, HEADING, "Title\n=======\nnew\n", "Title\n=======\nnew\n"),
        ("Title\nold\n", "Title\nold\n", HEADING, HEADING),
        (HEADING, "Title\n=======\n", "Name\n=====\n", "Name\n=====\nold\n"),
        (HEADING, "old\n", "A\n=====\nB\n=======\n", "Title\n=======\nA\n=====\nB\n=======\n"),
        ("", "", HEADING, HEADING),
    ],
)
def test_text_with_lines_of_equals_signs(text: str, old: str, new: str, wanted: str) -> None:
    assert after(block(old, new), text) == wanted


@pytest.mark.parametrize("text", ["nothing of it\n", "A\nA\n"])
def test_several_middles_and_no_old_part_that_is_there_once_are_refused(text: str) -> None:
    with pytest.raises(ModelFailed, match="several lines of “=”"):
        after(block("A\n=======\nB\n", "C\n"), text)


def test_an_exact_place_wins_over_a_similar_one() -> None:
    text = "a = 1\na  =  1\n"
    assert after(block("a = 1\n", "a = 2\n"), text) == "a = 2\na  =  1\n"


def test_windows_line_ends_and_a_last_line_without_one() -> None:
    assert after(block("b\n", "c\n"), "a\r\nb") == "a\r\nc"
    assert after(block("a\n", "x\n"), "a\r\nb\r\n").endswith("b\r\n")


def test_offsets_are_utf_16() -> None:
    text = "# 👩‍👩‍👧 é\nx=1\n"
    assert after(block("x=1\n", "x = 1\n"), text) == "# 👩‍👩‍👧 é\nx = 1\n"


def test_an_empty_file_takes_an_empty_search_or_a_fence() -> None:
    assert after(block("", "hello\n"), "") == "hello\n"
    assert after("````html\n<p>\n```\n</p>\n````\n", "", whole=True) == "<p>\n```\n</p>\n"


def test_an_empty_search_in_a_file_with_text_adds_to_its_end() -> None:
    assert after(block("", "more\n"), "text\n") == "text\nmore\n"
    assert after(block("", "more\n"), "text") == "text\nmore"


def test_deleting_lines() -> None:
    assert after(block("b\n", ""), "a\nb\nc\n") == "a\nc\n"


README = "# Title\n\n```js\nlet a\n```\n\nand\n\n```\nplain\n```\n"


@pytest.mark.parametrize("outer", ["```md", "````markdown", "~~~~md"])
def test_markdown_in_a_fence_may_have_fences_of_its_own(outer: str) -> None:
    marks = outer.rstrip("markdown")
    assert after(f"{outer}\n{README}{marks}\n", "", whole=True) == README


@pytest.mark.parametrize(
    "inner", ["```js\nlet a\n```\n", "```js\nlet a\n```\n\n```py\nb\n```\n", "````md\n```js\nx\n```\n````\n"]
)
def test_a_fence_inside_that_names_its_language_ends_nothing(inner: str) -> None:
    text = f"const help = `\n{inner}`;\n"
    for marks in ("```", "````", "``````"):
        if marks == "````" and "````" in inner:
            continue
        answer = f"Here it is:\n\n{marks}js\n{text}{marks}\nDone.\n"
        assert after(answer, "", whole=True) == text
        assert read_answer(answer, "", whole_file=True).note == "Here it is:\n\nDone."


def test_of_two_fences_the_longer_one_is_the_file() -> None:
    assert after("```sh\nnpm i\n```\nthen\n```js\nlet a\nlet b\n```\n", "", whole=True) == "let a\nlet b\n"


def test_a_file_that_breaks_off_after_an_inner_fence_is_no_file() -> None:
    with pytest.raises(ModelFailed, match="broke off"):
        after("````md\n# T\n```js\nlet a\n```\n", "", whole=True)
    with pytest.raises(ModelFailed, match="broke off"):
        after("```md\n# T\n```js\nlet a\n```\n", "", whole=True)
    with pytest.raises(ModelFailed, match="broke off"):
        after("```html\n```js\nlet a\n```\n", "", whole=True)


@pytest.mark.parametrize(
    ("answer", "said", "whole"),
    [
        ("", "empty", False),
        (" \n\n", "empty", True),
        ("Sorry, I cannot.", "no change in it", False),
        ("```\nwhole file\n```\n", "no change in it", False),
        ("```\nhalf a fi", "middle of the file", True),
        (block("nowhere\n", "x\n"), "“nowhere”, which is not in the file", False),
        (block("\treturn b\n    nothing like it\n", "x\n"), "not in the file", False),
        ("<<<<<<< SEARCH\ndef f(a):\n", "middle of a change", False),
        ("<<<<<<< SEARCH\ndef f(a):\n=======\ndef f(x):\n", "middle of a change", False),
        (block("def f(a):\n", "1\n") + block("def f(a):\n", "2\n"), "same place twice", False),
        (block("def f(a):\n", "1\n") * (MAX_BLOCKS + 1), f"more than {MAX_BLOCKS}", False),
        ("\x00\xff\x01" * 50, "no change in it", True),
    ],
)
def test_what_cannot_be_read_is_a_sentence(answer: str, said: str, whole: bool) -> None:
    with pytest.raises(ModelFailed) as failed:
        read_answer(answer, TEXT, whole_file=whole)
    assert said in failed.value.sentence


def test_a_place_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ModelFailed, match="stands there 2 times"):
        read_answer(block("x\n", "y\n"), "x\nz\nx\n", whole_file=False)


def test_an_answer_that_changes_nothing_has_no_edits() -> None:
    assert read_answer(block("def f(a):\n", "def f(a):\n"), TEXT, whole_file=False).edits == ()

"""Mirrors app/assistant/experts/: ruff and prettier as they are installed, and the process that runs them."""

import sys
from pathlib import Path

import pytest

from app.assistant.experts import Expert, Prettier, Ruff, Work, all_experts, process
from app.assistant.run import Range
from app.domain.actions import NEEDS, Action
from app.domain.textdiff import apply_edits
from app.errors import BadInput, Unavailable


async def after(expert: Expert, work: Work) -> str:
    return apply_edits(work.text, (await expert.run(work)).edits)


def test_the_actions_name_the_experts_there_are() -> None:
    assert {name for needs in NEEDS.values() for name in needs.experts} == {e.name for e in all_experts()}


async def test_ruff_formats() -> None:
    assert await after(Ruff(), Work(Action.FORMAT, "a.py", "x = {  'é👋':1 }\n")) == 'x = {"é👋": 1}\n'


async def test_ruff_formats_only_the_selected_lines() -> None:
    work = Work(Action.FORMAT, "a.py", "x=1\ny=2\nz=3\n", Range(5, 6))
    assert await after(Ruff(), work) == "x=1\ny = 2\nz=3\n"


async def test_ruff_fixes_lint_and_names_what_is_left() -> None:
    work = Work(Action.LINT, "a.py", "import sys\nimport os\nprint(sys, y)\n")
    outcome = await Ruff().run(work)
    assert apply_edits(work.text, outcome.edits) == "import sys\n\nprint(sys, y)\n"
    assert outcome.note == "Left for a person: 1 (line 3: F821 Undefined name `y`)."


@pytest.mark.parametrize("action", [Action.FORMAT, Action.LINT])
async def test_ruff_says_the_line_of_a_syntax_error(action: Action) -> None:
    with pytest.raises(BadInput, match=r"^a\.py cannot be read as Python: line 2, "):
        await Ruff().run(Work(action, "a.py", "x = 1\ny = = 2\n"))


async def test_what_is_right_already_gives_no_edits_and_a_sentence() -> None:
    outcome = await Ruff().run(Work(Action.FORMAT, "a.py", "x = 1\n"))
    assert outcome.edits == ()
    assert outcome.note == "a.py is already formatted."


@pytest.mark.node
@pytest.mark.parametrize(
    ("path", "text", "formatted"),
    [
        ("a.js", "let a={b:1}", "let a = { b: 1 };\n"),
        ("a.jsx", "let a=<b>c</b>", "let a = <b>c</b>;\n"),
        ("a.ts", "let a:number=1", "let a: number = 1;\n"),
        ("a.tsx", "let a:X=<b/>", "let a: X = <b />;\n"),
        ("a.css", "a{color:red}", "a {\n  color: red;\n}\n"),
        ("a.html", "<p>é 👋</p><p>b</p>", "<p>é 👋</p>\n<p>b</p>\n"),
        ("a.md", "*  a\n*  b\n", "- a\n- b\n"),
        ("a.json", '{"a":1}', '{ "a": 1 }\n'),
        ("a.yaml", "a:   1\n", "a: 1\n"),
    ],
)
async def test_prettier_formats_the_languages_of_the_web(path: str, text: str, formatted: str) -> None:
    assert await after(Prettier(), Work(Action.FORMAT, path, text)) == formatted
    assert await after(Prettier(), Work(Action.LINT, path, text)) == formatted


@pytest.mark.node
async def test_prettier_formats_only_the_selection_and_says_the_line_of_an_error() -> None:
    work = Work(Action.FORMAT, "a.js", "let  a = 1;\nlet  b = 2;\n", Range(13, 17))
    assert await after(Prettier(), work) == "let  a = 1;\nlet b = 2;\n"
    with pytest.raises(BadInput, match=r"^b\.ts cannot be formatted: line 2, column "):
        await Prettier().run(Work(Action.FORMAT, "b.ts", "let a = 1;\nlet = {{;\n"))


async def test_without_the_front_end_prettier_says_how_to_get_it(tmp_path: Path) -> None:
    missing = await Prettier(tmp_path).available()
    assert missing is not None
    assert "polycanvas build" in missing
    with pytest.raises(Unavailable, match="polycanvas build"):
        await Prettier(tmp_path).run(Work(Action.FORMAT, "a.js", "x"))


async def test_a_process_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    done = await process.run([sys.executable, "-c", "import os; print(sorted(os.environ))"], "")
    assert "OPENAI" not in done.out


async def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.3)
    with pytest.raises(Unavailable, match="did not finish"):
        await process.run([sys.executable, "-c", "import threading; threading.Event().wait()"], "")


async def test_a_process_that_floods_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_OUTPUT", 10_000)
    with pytest.raises(Unavailable, match="more than 10,000 bytes"):
        await process.run([sys.executable, "-c", "while True: print('x' * 1000)"], "")

"""The map of docs/ARCHITECTURE.md holds in the code: floors, and which framework lives where."""

import ast
import logging.config
import re
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]


def test_each_room_imports_only_from_the_floors_below(monkeypatch: pytest.MonkeyPatch) -> None:
    # The linter silences every logger there is, and the tests after this one want to read what is logged.
    monkeypatch.setattr(logging.config, "dictConfig", lambda _: None)
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True) == 0


def test_litellm_is_imported_in_one_file_and_only_when_needed() -> None:
    found: list[str] = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = {id(node) for node in tree.body}
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if any(name.split(".")[0] == "litellm" for name in names):
                assert id(node) not in top, f"{path} imports litellm as it is loaded; that takes seconds"
                found.append(path.relative_to(ROOT).as_posix())
    assert set(found) <= {"app/assistant/litellm_gateway.py"}


def test_no_file_is_too_long_to_be_one_thing() -> None:
    bound = 500  # lines; 120 is the aim, and 300 the time to stop and think
    for folder in ("app", "components", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".ts", ".tsx"} and "node_modules" not in path.parts:
                lines = path.read_text(encoding="utf-8").count("\n")
                assert lines <= bound, f"{path.relative_to(ROOT)} has {lines} lines"


def test_one_file_asks_the_browser_s_store() -> None:
    # A private window or a full store throws; kept.ts knows what to do then.
    words = re.compile(r"\b(local|session)Storage\b")
    sources = [path for path in (ROOT / "components").rglob("*.ts*") if not path.name.endswith(".test.ts")]
    assert [path.name for path in sources if words.search(path.read_text(encoding="utf-8"))] == ["kept.ts"]

"""litellm costs seconds and megabytes: one file imports it, and importing the assistant does not."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_only_one_file_imports_litellm() -> None:
    importing = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(a.name.split(".")[0] == "litellm" for a in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "litellm")
    }
    assert importing == {"app/assistant/litellm_gateway.py"}


def test_importing_the_assistant_imports_no_litellm() -> None:
    code = (
        "import sys, app.assistant.runs, app.assistant.litellm_gateway, app.assistant.prices as p; "
        "assert p.listed('openai/gpt-5').context; "
        "print([m for m in sys.modules if m.split('.')[0] in {'litellm', 'openai'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"

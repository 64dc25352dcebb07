"""The checkers find nothing: ruff, mypy, and for TypeScript tsc and vitest over the packages of the built front end."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.commands.frontend import tool_environment

ROOT = Path(__file__).parents[2]
# The time limit is against tests that never end: on a busy machine a thousand cuts of a line take many seconds.
VITEST = """\
import { defineConfig } from "vitest/config";
const test = { include: ["components/**/*.test.ts"], testTimeout: 120_000 };
export default defineConfig({ resolve: { preserveSymlinks: true }, test });
"""


def check(command: Sequence[str], cwd: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, env=tool_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]


def test_ruff_finds_nothing() -> None:
    check([sys.executable, "-m", "ruff", "check", "."])


def test_ruff_would_format_nothing() -> None:
    check([sys.executable, "-m", "ruff", "format", "--check", "."])


def test_mypy_finds_nothing() -> None:
    check([sys.executable, "-m", "mypy"])


@pytest.fixture(scope="module")
def typescript(built: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the sources find the packages of the built front end."""
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "components").symlink_to(ROOT / "components")
    (folder / "node_modules").symlink_to(ROOT / ".web" / "node_modules")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    (folder / "vitest.config.ts").write_text(VITEST)
    return folder


@pytest.mark.node
def test_tsc_finds_nothing(typescript: Path) -> None:
    tsc = typescript / "node_modules" / ".bin" / "tsc"
    check([str(tsc), "--project", "components/tsconfig.json", "--preserveSymlinks"], typescript)


@pytest.mark.node
def test_vitest_passes(typescript: Path) -> None:
    check([str(typescript / "node_modules" / ".bin" / "vitest"), "run"], typescript)

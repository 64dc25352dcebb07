"""The README's two commands in a fresh clone, on a machine that has Python, git and a shell, and nothing else."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import people
from tests.server import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 600.0  # installing, building and starting, with the registries far away
TOOLS = ("git", "sh", "bash", "env", "uname", "dirname", "sed", "cat", "rm", "mkdir")

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(
        os.environ.get("CI") != "true", reason="takes minutes and installs from the registries; set CI=true to run it"
    ),
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "polycanvas"
    subprocess.run(["git", "clone", "--quiet", "--no-local", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment with a PATH on which there is no node and no npm."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in TOOLS:
        if found := shutil.which(tool):
            (folder / tool).symlink_to(found)
    (folder / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    env = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH", "CI"}}
    return {**env, "PATH": str(folder)}


def commands() -> list[str]:
    """Return the README's lines that make a virtual environment and go on: to run, and to test."""
    found = re.findall(r"^python3 -m venv .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) == 2, found
    return found


@contextlib.contextmanager
def started(line: str, cwd: Path, env: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "-c", line], cwd=cwd, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def test_the_first_command_installs_builds_and_runs(
    clone: Path, bare: dict[str, str], browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    base, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    line = f"{commands()[0]} --no-open --port {port}"
    with started(line, clone, bare, log) as process, people(browser, base, "fresh") as newcomer:
        until = time.monotonic() + START_SECONDS
        while True:
            assert process.poll() is None, log.read_text(errors="replace")[-4000:]
            assert time.monotonic() < until, log.read_text(errors="replace")[-4000:]
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{base}/api/v1/health", timeout=2).json()["status"] == "ok":
                    break
        ana = newcomer()
        ana.open(base)
        ana.page.get_by_role("link", name=re.compile("Kiosk menu")).first.click()
        expect(ana.preview.locator("h1")).to_have_text("Tonight")
        expect(ana.saved).to_be_visible()
    # Nothing that was installed, built or written shows up as a change of the checkout.
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert changed.stdout == ""


def test_the_second_command_installs_and_tests(clone: Path, bare: dict[str, str]) -> None:
    # The whole suite is what runs here now, by the same line; this shows that the line works where nothing else is.
    line = f"{commands()[1]} -q -p no:cacheprovider tests/unit/domain tests/unit/collab"
    done = subprocess.run(["bash", "-c", line], cwd=clone, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.search(r"\d+ passed", done.stdout)

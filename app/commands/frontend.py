"""The front-end build: is there one of exactly these sources, and if not, make it.

What must not be here: serving it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from app.commands.file_lock import turn
from app.errors import Unavailable
from app.rendering.styles import stylesheet

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".web" / "build" / "client" / "index.html"
STAMP = ROOT / ".web" / "polycanvas.json"
TURN = ROOT / ".web.lock"  # not in .web, which Reflex empties when it prepares it
PACKAGES = "reflex.lock"  # both read and written by a build

# Everything else the build reads. A page's Python is in it because Reflex compiles pages to JavaScript.
_SOURCES = ("components", "assets", "app/pages", "app/panels", "app/rendering/styles.py", "app/app.py", "rxconfig.py")
_WRITTEN = "assets/pygments.css"  # by the build itself, from app/rendering/styles.py
_SUFFIXES = frozenset({".py", ".ts", ".tsx", ".css", ".json", ".svg", ".png", ".ico", ".woff2", ".js"})
_NOT_OURS = frozenset({"node_modules", "external"})  # packages, and what Reflex puts into assets while it compiles
_LINES_KEPT = 25  # of a failed build's output: an error with its place, not the wall above it
_NOISE = ("    at ", "(file:", "npm warn", "Run with", "Creating ")  # stack frames and progress bars
_MIN_NODE = (22, 22)

# What the tools print when a stage begins → what we tell the person.
_STAGES = (
    ("Compiling", "compiling the pages"),
    ("Installing", "installing packages"),
    ("Creating Production Build", "bundling"),
    ("building client", "bundling"),
    ("building ssr", "rendering the shell"),
    ("built in", "compressing"),
)


class BuildFailed(Unavailable):
    """The build ended with an error. `lines`: the last lines that the tools printed."""

    code = "build-failed"

    def __init__(self, sentence: str, lines: list[str]) -> None:
        super().__init__(sentence)
        self.lines = lines


def _files(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        start = ROOT / name
        if start.is_file():
            yield start
        elif start.is_dir():
            for path in sorted(start.rglob("*")):
                ours = path != ROOT / _WRITTEN and _NOT_OURS.isdisjoint(path.parts)
                if ours and path.suffix in _SUFFIXES and ".test." not in path.name:
                    yield path


def _digest(names: Iterable[str]) -> str:
    digest = hashlib.sha256(f"reflex {version('reflex')}\n".encode())
    for path in _files(names):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current() -> bool:
    """Say whether the built front end is of the sources as they are now."""
    if not BUILT.exists() or not STAMP.exists():
        return False
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return bool(stamp == {"sources": _digest(_SOURCES), "packages": _digest([PACKAGES])})


def node_version(env: Mapping[str, str]) -> tuple[int, ...] | None:
    """Return the version of the Node that `env`'s PATH gives, None when there is none that runs."""
    node = shutil.which("node", path=env.get("PATH"))
    if node is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, env=dict(env))
    digits = answer.stdout.strip().removeprefix("v").split(".")
    return tuple(int(part) for part in digits) if all(part.isdecimal() for part in digits) else None


def tool_environment() -> dict[str, str]:
    """Return the environment for the build: Node from this Python's own bin folder, npm, and no surveys."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    env["REFLEX_USE_NPM"] = "1"
    env["REFLEX_TELEMETRY_ENABLED"] = "false"
    env["REFLEX_CHECK_LATEST_VERSION"] = "false"
    # The lock file is committed: it must say the same on every machine, whatever registry npm was told to use.
    env["NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED"] = "true"
    env["NPM_CONFIG_FUND"] = env["NPM_CONFIG_AUDIT"] = env["NPM_CONFIG_UPDATE_NOTIFIER"] = "false"
    if not env.get("NPM_CONFIG_REGISTRY"):
        # Reflex would measure registries against each other; npm already knows which one this person uses.
        npm = shutil.which("npm", path=env["PATH"])
        if npm is not None:
            told = subprocess.run(
                [npm, "config", "get", "registry"], capture_output=True, text=True, check=False, env=env
            ).stdout.strip()
            if told.startswith("http"):
                env["NPM_CONFIG_REGISTRY"] = told
    return env


def build(report: Callable[[str], None], *, anyway: bool = True) -> None:
    """Build the front end, calling `report` with a short line at each stage; two builds take turns.

    `anyway`: also when there is one of exactly these sources. Raises Unavailable when there is no usable Node or the
    checkout cannot be written, BuildFailed with the last lines of output when the build fails.
    """
    env = tool_environment()
    found = node_version(env)
    if found is None or found < _MIN_NODE:
        raise Unavailable(
            "Building the page needs Node 22.22 or newer. Install Polycanvas's own dependencies again "
            "(they bring Node along): pip install -e ."
        )
    try:
        with turn(TURN, lambda: report("waiting for another process that is building it")):
            if anyway or not is_current():
                _build(env, report)
    except OSError as error:
        raise Unavailable(
            f"The page cannot be built in {ROOT}: {error.strerror} ({error.filename}). Give this user the right to "
            "write there, or make room."
        ) from error


def _build(env: Mapping[str, str], report: Callable[[str], None]) -> None:
    _stop_tree_changes()
    STAMP.unlink(missing_ok=True)
    # The sources as they are before: one that is changed meanwhile may be in the build as it was. The package list
    # as it is afterwards: the build itself writes into it.
    sources = _digest(_SOURCES)
    (ROOT / _WRITTEN).parent.mkdir(exist_ok=True)
    (ROOT / _WRITTEN).write_text(stylesheet(), encoding="utf-8")  # Reflex reads it as it does the others
    code, lines = _export(env, report)
    if code != 0 or not BUILT.exists():
        raise BuildFailed(
            "The page could not be built; the last lines above say why. Once that is mended, run: polycanvas build",
            lines,
        )
    _settle_lock()
    STAMP.write_text(json.dumps({"sources": sources, "packages": _digest([PACKAGES])}), encoding="utf-8")


def _export(env: Mapping[str, str], report: Callable[[str], None]) -> tuple[int, list[str]]:
    """Let Reflex build; return its exit code and the last lines it printed."""
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        lines: deque[str] = deque(maxlen=_LINES_KEPT)
        told = ""
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() and not line.startswith(_NOISE):
                lines.append(line.rstrip())
            stage = next((words for mark, words in _STAGES if mark in line), told)
            if stage != told:
                report(stage)
                told = stage
        return process.wait(), list(lines)


def _settle_lock() -> None:
    """Write the committed package list in one order: Reflex and npm each write it in their own, turn about."""
    path = ROOT / "reflex.lock" / "package.json"
    if path.exists():
        text = json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2, sort_keys=True)
        path.write_text(f"{text}\n", encoding="utf-8")


def _stop_tree_changes() -> None:
    """Make `.web` beforehand, so that Reflex need not run its `init`, which writes into the person's checkout."""
    if (ROOT / ".web" / "reflex.json").exists():  # the last file of the preparation
        return
    script = (
        "from reflex.utils import prerequisites as p, frontend_skeleton as f;"
        "p.initialize_reflex_user_directory(); p.ensure_reflex_installation_id(); f.initialize_web_directory()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=tool_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildFailed(
            "The folder for the page could not be prepared; the last lines above say why.",
            (done.stdout + done.stderr).splitlines()[-_LINES_KEPT:],
        )

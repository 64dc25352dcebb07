"""Formats the web's languages by prettier, the copy that the built front end has in its node_modules."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from app.assistant.experts import process
from app.assistant.experts.expert import Outcome, Work
from app.domain.actions import Action
from app.domain.textdiff import edits_between
from app.errors import BadInput, Unavailable

_SCRIPT = Path(__file__).with_name("format.mjs")
_RANGES = frozenset({".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".json", ".jsonc"})  # parts, too
_WHOLE = frozenset({".css", ".scss", ".less", ".html", ".htm", ".md", ".markdown", ".yaml", ".yml"})
_MEMORY = 256  # MiB of JavaScript heap: a file at the bound takes under 150


def node_modules(env: Mapping[str, str] | None = None) -> Path:
    """Return the folder that holds prettier: POLYCANVAS_NODE_MODULES, else the built front end's."""
    env = os.environ if env is None else env
    told = env.get("POLYCANVAS_NODE_MODULES")
    return Path(told).resolve() if told else Path(__file__).resolve().parents[3] / ".web" / "node_modules"


class Prettier:
    """See Expert."""

    name = "prettier"
    hue = 330

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = (folder or node_modules()) / "prettier"

    def answers(self, action: Action, path: str) -> bool:
        """Web files, for format; their lint-fix is the same, as prettier has no other."""
        return action in {Action.FORMAT, Action.LINT} and PurePosixPath(path.lower()).suffix in _RANGES | _WHOLE

    async def available(self) -> str | None:
        """See Expert."""
        if not (self._folder / "index.mjs").is_file():
            return "prettier is not there yet; `polycanvas build` brings it with the front end."
        return None if process.find("node") else "node is not installed; install Polycanvas with its dependencies."

    async def run(self, work: Work) -> Outcome:
        """Return the edits that format the text."""
        missing = await self.available()
        if missing is not None:
            raise Unavailable(missing)
        suffix = PurePosixPath(work.path.lower()).suffix
        command = [process.find("node") or "node", f"--max-old-space-size={_MEMORY}", *self._permissions()]
        command += [str(_SCRIPT), str(self._folder), f"file{suffix}"]
        if work.range is not None and work.range.start < work.range.end and suffix in _RANGES:
            command += [str(work.range.start), str(work.range.end)]
        done = await process.run(command, work.text)
        if done.code != 0:
            raise Unavailable(f"prettier failed on {work.path}; the file may be too deeply nested for it.")
        result = json.loads(done.out)
        if "error" in result:
            raise _syntax(result, work.path)
        edits = tuple(edits_between(work.text, result["text"]))
        return Outcome(edits=edits, note="" if edits else f"{work.path} is already formatted.")

    def _permissions(self) -> list[str]:
        # A parser needs to read itself and nothing else: no other file, no network, no process.
        real = self._folder.resolve()
        reads = [f"--allow-fs-read={place}" for place in (f"{real}/*", f"{self._folder}/*", _SCRIPT)]
        return ["--permission", *reads]


def _syntax(result: dict[str, object], path: str) -> BadInput:
    what = re.sub(r"\s*\(\d+:\d+\)$", "", str(result["error"])).rstrip(".")
    where = f"line {result['line']}, column {result['column']}: " if result["line"] else ""
    return BadInput(f"{path} cannot be formatted: {where}{what}.")

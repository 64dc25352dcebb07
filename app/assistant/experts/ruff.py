"""Formats Python and fixes its lint, by the ruff binary of our own environment, with ruff's own defaults."""

import re

from app.assistant.experts import process
from app.assistant.experts.expert import Outcome, Work
from app.domain.actions import Action
from app.domain.textdiff import edits_between
from app.errors import BadInput, Unavailable

_SYNTAX = re.compile(r":(\d+):(\d+): (?:invalid-syntax: )?(.+)")
_FINDING = re.compile(r"^file\.pyi?:(\d+):\d+: (.+)$", re.MULTILINE)
_NAMED = 3  # findings named in a note; the rest is counted
_RULES = "E4,E7,E9,F,I"  # ruff's defaults and sorted imports: nothing that a person could take for an opinion


class Ruff:
    """See Expert."""

    name = "ruff"
    hue = 205

    def answers(self, action: Action, path: str) -> bool:
        """Python files, for format and lint."""
        return action in {Action.FORMAT, Action.LINT} and path.lower().endswith((".py", ".pyi"))

    async def available(self) -> str | None:
        """See Expert."""
        return (
            None if process.find("ruff") else "ruff is not installed; install Polycanvas again with its dependencies."
        )

    async def run(self, work: Work) -> Outcome:
        """Return the edits that format the text or fix its lint. Lint is always of the whole file."""
        program = process.find("ruff")
        if program is None:
            raise Unavailable(await self.available() or "")
        # --isolated: a configuration file on the server is none of the canvas's business.
        common = ["--isolated", "--no-cache", "--stdin-filename", "file.pyi" if work.path.endswith("i") else "file.py"]
        if work.action is Action.FORMAT:
            command = [program, "format", *common, *_range(work), "-"]
        else:
            checks = ["--fix", "--output-format", "concise", "--select", _RULES]
            command = [program, "check", *common, *checks, "-"]
        done = await process.run(command, work.text)
        lint = work.action is Action.LINT
        # check ends with 1 when findings are left, which is no failure.
        if done.code > (1 if lint else 0) or "invalid-syntax" in done.err:
            raise _syntax(done.err, work.path)
        edits = tuple(edits_between(work.text, done.out))
        left = _left(done.err) if lint else ""
        nothing = "" if edits else f"{work.path} has no lint to fix." if lint else f"{work.path} is already formatted."
        return Outcome(edits=edits, note=" ".join(filter(None, (nothing, left))))


def _left(err: str) -> str:
    found = _FINDING.findall(err)
    if not found:
        return ""
    named = "; ".join(f"line {line}: {what}" for line, what in found[:_NAMED])
    return f"Left for a person: {len(found)} ({named})."


def _range(work: Work) -> list[str]:
    if work.range is None or work.range.start == work.range.end:
        return []
    # ruff counts lines and characters from 1; whole lines are what a person means by a selection.
    units = work.text.encode("utf-16-le")
    first = units[: work.range.start * 2].decode("utf-16-le", "ignore").count("\n") + 1
    selected = units[work.range.start * 2 : work.range.end * 2].decode("utf-16-le", "ignore").removesuffix("\n")
    return ["--range", f"{first}:1-{first + selected.count(chr(10)) + 1}:1"]


def _syntax(err: str, path: str) -> BadInput:
    found = _SYNTAX.search(err)
    if found is None:
        return BadInput(f"ruff could not read {path}; is it Python?")
    line, column, what = found.groups()
    return BadInput(f"{path} cannot be read as Python: line {line}, column {column}: {what.strip().rstrip('.')}.")

"""Renders the prompts: the task from us, the document as fenced text that has no authority.

What must not be here: the wording, which stands in prompts/*.txt and is snapshot-tested.
"""

import secrets
from functools import cache
from importlib import resources

from app.assistant.experts.expert import Work
from app.assistant.gateway import Message
from app.domain.actions import NEEDS, Action


@cache
def _template(name: str) -> str:
    return resources.files("app.assistant.prompts").joinpath(f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def _fill(name: str, **values: str) -> str:
    """Fill a template's {names} in one pass, so that braces in a value stay what they are."""
    text = _template(name)
    parts: list[str] = []
    at = 0
    while (start := text.find("{", at)) >= 0:
        end = text.index("}", start)
        parts += [text[at:start], values[text[start + 1 : end]]]
        at = end + 1
    return "".join([*parts, text[at:]])


def messages(work: Work, nonce: str | None = None) -> list[Message]:
    """Return what a model is sent for `work`.

    `nonce` closes the fence around the document: a text cannot end a fence whose name it cannot know. Fresh per call
    unless a test gives it.
    """
    nonce = nonce or secrets.token_hex(8)
    selection, what = "", f"the file {_line(work.path)}"
    if work.range is not None and work.range.start < work.range.end:
        units = work.text.encode("utf-16-le")
        before = units[: work.range.start * 2].decode("utf-16-le", "ignore")
        chosen = units[work.range.start * 2 : work.range.end * 2].decode("utf-16-le", "ignore")
        first = before.count("\n") + 1
        last = first + chosen.removesuffix("\n").count("\n")
        lines = f"line {first}" if first == last else f"lines {first} to {last}"
        selection = _fill("selection", lines=lines, nonce=nonce, text=chosen.removesuffix("\n"))
        what = f"{lines} of the file {_line(work.path)}"
    instruction = f"\n\n{work.instruction}" if work.instruction else ""
    values = {"what": what, "instruction": instruction}
    if NEEDS[work.action].writes:
        values["changes"] = _template("changes")
    task = _fill(Action(work.action).value, **values)
    user = _fill(
        "user", path=_line(work.path), nonce=nonce, text=work.text.removesuffix("\n"), selection=selection, task=task
    )
    return [Message("system", _fill("system", nonce=nonce)), Message("user", user)]


def _line(path: str) -> str:
    """Return a path that cannot pass for anything else in a prompt: one line, no fences."""
    return " ".join(path.replace("<", "‹").replace(">", "›").split())

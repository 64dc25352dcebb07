"""What an arrangement of panels may be: the shape dockview writes, bounded. Pure.

An arrangement comes from a browser and goes back to one, later also to other people's (presets), so nothing in it
may name an address outside the app, reach into JavaScript prototypes, or keep a page from loading.
What must not be here: what the panels show, or where arrangements are kept.
"""

import json
import math
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from app.errors import BadInput, TooLarge

MAX_LAYOUT_BYTES = 64_000  # 200 open files and every panel come to about 40 kB
MAX_LAYOUT_DEPTH = 40  # nested JSON values: dockview nests two for each split, and nobody splits 15 times
MAX_PANELS = 200  # tabs: beyond it a browser takes seconds to restore
MAX_TEXT = 300  # characters of any text in it: the longest is a tab's title, which is a path

_PANEL = re.compile(r"[a-z][a-z0-9-]{0,39}|file:[a-z2-9]{12}")
_PROTOTYPES = frozenset({"__proto__", "constructor", "prototype"})
_PLACE = re.compile(r"/(?![/\\])[^\\]*")  # an address inside the app: one leading slash, no host


class Device(StrEnum):
    """The class of screen an arrangement is for; each has its own."""

    WIDE = "wide"
    NARROW = "narrow"


def read_device(text: str) -> Device:
    """Return the device class that `text` names, or raise BadInput."""
    try:
        return Device(text)
    except ValueError:
        raise BadInput(f"A layout is for a wide or a narrow screen, not for “{text[:20]}”.") from None


def check_layout(layout: object) -> str:
    """Return an arrangement as compact JSON text, or raise BadInput or TooLarge."""
    _check_plain(layout)
    if not isinstance(layout, dict):
        raise _bad("it must be an object")
    panels = layout.get("panels")
    grid = layout.get("grid")
    if not isinstance(panels, dict) or not isinstance(grid, dict) or not isinstance(grid.get("root"), dict):
        raise _bad("it must have panels and a grid with a root")
    if len(panels) > MAX_PANELS:
        raise TooLarge(f"An arrangement may have at most {MAX_PANELS} panels; close some.")
    for key, panel in panels.items():
        if not _PANEL.fullmatch(key) or not isinstance(panel, dict) or panel.get("id") != key:
            raise _bad("a panel has an unknown form")
    shown: set[str] = set()
    for name, value in _fields(layout):
        if name == "views":
            shown |= _views(value, panels, shown)
        elif name == "url" and value is not None and not (isinstance(value, str) and _PLACE.fullmatch(value)):
            raise _bad("a window may only open inside the app")
    text = json.dumps(layout, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text.encode()) > MAX_LAYOUT_BYTES:
        raise TooLarge(f"An arrangement may have at most {MAX_LAYOUT_BYTES:,} bytes; close some panels.")
    return text


def _views(views: object, panels: dict[str, Any], shown: set[str]) -> set[str]:
    if not isinstance(views, list) or not all(isinstance(view, str) and view in panels for view in views):
        raise _bad("a group shows a panel that is not there")
    if len(set(views)) != len(views) or shown & set(views):
        raise _bad("a panel is shown in two places")
    return set(views)


def _fields(layout: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every field of every object in `layout` except what stands inside its panels' own parameters."""
    waiting: list[Any] = [value for key, value in layout.items() if key != "panels"]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _check_plain(layout: object) -> None:
    """Raise BadInput unless `layout` is plain JSON within the bounds. Walks level by level, so depth cannot hurt it."""
    level: list[object] = [layout]
    budget = MAX_LAYOUT_BYTES  # values; each takes at least a byte
    for _ in range(MAX_LAYOUT_DEPTH):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                for key in value:
                    if not isinstance(key, str) or key in _PROTOTYPES:
                        raise _bad("a name in it is not allowed")
                    _check_text(key)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str):
                _check_text(value)
            elif isinstance(value, float) and not math.isfinite(value):
                raise _bad("a number in it is not finite")
            elif value is not None and not isinstance(value, bool | int | float):
                raise _bad("it must be plain JSON")
        budget -= len(below)
        if budget < 0:
            raise TooLarge(f"An arrangement may have at most {MAX_LAYOUT_BYTES:,} bytes; close some panels.")
        if not below:
            return
        level = below
    raise _bad("it is nested too deeply")


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT or not text.isprintable():
        raise _bad(f"a text in it is longer than {MAX_TEXT} characters or not printable")


def _bad(why: str) -> BadInput:
    return BadInput(f"This arrangement cannot be kept: {why}. Reset the layout and arrange it again.")

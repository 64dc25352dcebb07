"""No component folder's stylesheet reaches into another's: a class of the same name would be drawn by both."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[3]

# What everybody may set in their own place; the ground of it is in assets/base.css.
SHARED = {"pc-button"}

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTORS = re.compile(r"([^{};]+)\{")
_ASIDE = re.compile(r":(?:not|has|is|where)\([^()]*(?:\([^()]*\)[^()]*)*\)")


def styled(sheet: str) -> set[str]:
    """Return the classes that a stylesheet draws: those of the last part of each selector."""
    found: set[str] = set()
    for selectors in _SELECTORS.findall(_COMMENT.sub("", sheet)):
        for selector in _ASIDE.sub("", selectors).split(","):
            last = re.split(r"[\s>+~]+", selector.strip())[-1]
            found.update(re.findall(r"\.(pc-[\w-]+)", last))
    return found


def test_only_the_last_part_of_a_selector_is_drawn() -> None:
    sheet = "/* .pc-x {} */ @media (a) { .pc-a > .pc-b:not(.pc-c):hover, .pc-d .pc-e.pc-f { top: 0 } }"
    assert styled(sheet) == {"pc-b", "pc-e", "pc-f"}


def test_a_class_is_drawn_by_one_folder() -> None:
    folders: dict[str, set[str]] = defaultdict(set)
    for sheet in (ROOT / "components").rglob("*.css"):
        for name in styled(sheet.read_text()):
            folders[name].add(sheet.parent.name)
    assert folders
    assert {name: places for name, places in folders.items() if len(places) > 1 and name not in SHARED} == {}


def test_the_ground_is_not_drawn_again() -> None:
    ground = styled((ROOT / "assets" / "base.css").read_text())
    again = {
        (sheet.parent.name, name)
        for sheet in (ROOT / "components").rglob("*.css")
        for name in styled(sheet.read_text()) & ground - SHARED
    }
    assert again == {("editor", "pc-swatch")}  # beside the words of a suggestion's bar

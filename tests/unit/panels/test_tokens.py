"""The look's ink can be read on the look's paper: WCAG 2.2 contrast of token pairs, in every theme."""

import itertools
import math
import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[3] / "assets" / "tokens.css").read_text("utf-8")
THEMES = ("light", "dark", "contrast")
PAPERS = ("paper", "paper-sunk", "paper-raised")
INKS = ("ink", "ink-soft", "ink-faint", "ok", "warn", "bad")
CODE = ("code-key", "code-str", "code-num", "code-tag", "code-com")
AA_TEXT = 4.5  # WCAG 1.4.3, text under 18 pt
AA_MARK = 3.0  # WCAG 1.4.11, what is not text
AAA_TEXT = 7.0  # what the high-contrast theme promises for its inks

Rgb = tuple[float, float, float]


def block(theme: str) -> dict[str, str]:
    found = re.search(rf'\[data-theme="{theme}"\]\s*\{{(.*?)\}}', TOKENS, re.DOTALL)
    assert found, theme
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", found[1]))


def oklch(text: str) -> tuple[Rgb, float]:
    """Read `oklch(l c h / a)` as linear sRGB, clipped as a screen does, and its alpha."""
    found = re.fullmatch(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: / ([\d.]+))?\)", text.strip())
    assert found, text
    lightness, chroma, hue = (float(found[i]) for i in (1, 2, 3))
    return linear(lightness, chroma, hue), float(found[4] or 1)


def linear(lightness: float, chroma: float, hue: float) -> Rgb:
    """OKLab to linear sRGB, by Björn Ottosson's published matrices."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return (clip(red), clip(green), clip(blue))


def clip(channel: float) -> float:
    return min(1.0, max(0.0, channel))


def luminance(rgb: Rgb) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(one: Rgb, other: Rgb) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def over(top: Rgb, alpha: float, below: Rgb) -> Rgb:
    """Blend as CSS does: in gamma-encoded sRGB."""

    def encode(x: float) -> float:
        return 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055

    def decode(x: float) -> float:
        return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4

    red, green, blue = (decode(alpha * encode(t) + (1 - alpha) * encode(b)) for t, b in zip(top, below, strict=True))
    return (red, green, blue)


@pytest.mark.parametrize(("theme", "ink", "paper"), list(itertools.product(THEMES, INKS, PAPERS)))
def test_ink_is_readable_on_paper(theme: str, ink: str, paper: str) -> None:
    tokens = block(theme)
    below, _ = oklch(tokens[paper])
    assert contrast(oklch(tokens[ink])[0], below) >= (AAA_TEXT if theme == "contrast" else AA_TEXT)


@pytest.mark.parametrize(("theme", "ink"), list(itertools.product(THEMES, INKS[:3])))
def test_ink_is_readable_on_a_hovered_row(theme: str, ink: str) -> None:
    tokens = block(theme)
    row = over(*oklch(tokens["hover"]), oklch(tokens["paper"])[0])
    assert contrast(oklch(tokens[ink])[0], row) >= AA_TEXT


@pytest.mark.parametrize(("theme", "colour"), list(itertools.product(THEMES, CODE)))
def test_code_is_readable_on_paper(theme: str, colour: str) -> None:
    tokens = block(theme)
    assert contrast(oklch(tokens[colour])[0], oklch(tokens["paper"])[0]) >= AA_TEXT


@pytest.mark.parametrize(("theme", "below"), list(itertools.product(THEMES, ("add", "del"))))
def test_ink_is_readable_on_a_diff(theme: str, below: str) -> None:
    tokens = block(theme)
    assert contrast(oklch(tokens["ink"])[0], oklch(tokens[below])[0]) >= AA_TEXT


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_struck_through_stands_out_from_the_line_through_it(theme: str) -> None:
    tokens = block(theme)
    line = over(*oklch(tokens["strike"]), oklch(tokens["del"])[0])
    assert contrast(oklch(tokens["ink"])[0], line) >= AA_MARK


@pytest.mark.parametrize("theme", THEMES)
def test_every_hue_carries_its_label_and_shows_on_paper(theme: str) -> None:
    tokens = block(theme)
    label, paper = oklch(tokens["on-who"])[0], oklch(tokens["paper"])[0]
    chroma = float(tokens["who-c"])
    for hue in range(360):
        assert contrast(linear(float(tokens["who-solid-l"]), chroma, hue), label) >= AA_TEXT, hue
        assert contrast(linear(float(tokens["who-l"]), chroma, hue), paper) >= AA_MARK, hue


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_ring_shows(theme: str) -> None:
    tokens = block(theme)
    for paper in PAPERS:
        assert contrast(oklch(tokens["focus"])[0], oklch(tokens[paper])[0]) >= AA_MARK


def test_every_theme_sets_the_same_tokens() -> None:
    light = set(block("light"))
    assert light == set(block("dark"))
    assert light <= set(block("contrast"))

"""Code as HTML: escaped, classes only, bounded, the colours those of the look."""

import re
from html import unescape
from pathlib import Path

import pytest

from app.rendering import code
from app.rendering.code import diff_html, guess_extension, guess_language, highlight
from app.rendering.styles import stylesheet

TAG = re.compile(r"<[^>]*>")
HOSTILE = "<script>alert(1)</script>\n<img src=x onerror=alert(1)> & \"quotes\" 'single'\n"


def text_of(markup: str) -> str:
    return unescape(TAG.sub("", markup))


@pytest.mark.parametrize("path", ["a.html", "a.js", "a.py", "a.md", "a.json", "a.css", "a.unknown", "noext", "x.php"])
def test_highlighting_escapes_and_keeps_every_character(path: str) -> None:
    markup = highlight(HOSTILE, path)
    assert text_of(markup) == HOSTILE
    assert set(re.findall(r"<(/?\w+)", markup)) <= {"span", "/span"}
    assert all(re.fullmatch(r'</span>|<span( class="[\w ]+")?>', tag) for tag in TAG.findall(markup))


@pytest.mark.parametrize("text", ["", "\n", "\n\nx", "x", "x\n", "  x\n\n", "😀\n"])
def test_blank_lines_and_ends_stay(text: str) -> None:
    assert text_of(highlight(text, "a.js")) == text


def test_long_texts_and_lines_are_shown_plain() -> None:
    assert highlight("x = 1\n" * 50_000, "a.py") == "x = 1\n" * 50_000
    assert "<span" not in highlight("a" * (code.MAX_LINE + 1), "a.js")


def test_diff_says_plus_and_minus_as_text() -> None:
    old = "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"
    markup = diff_html(old, old.replace("five", "<5>"), "a.txt")
    rows = [text_of(row) for row in re.findall(r"<div[^>]*row[^>]*>.*?</div>", markup)]
    assert rows == [" two", " three", " four", "−removed five", "+added <5>", " six", " seven", " eight"]
    assert "unchanged" in markup
    assert "<5>" not in markup


def test_diff_of_equal_and_of_huge_texts_is_bounded() -> None:
    assert "pc-diff-add" not in diff_html("a\n", "a\n", "a.js")
    markup = diff_html("", "x\n" * (code.MAX_ROWS + 50), "a.js")
    assert markup.count("pc-diff-row") == code.MAX_ROWS
    assert "50 more lines" in markup


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ('{"a": [1, 2]}', "json"),
        ("<!doctype html>\n<title>x</title>", "html"),
        ("<h1>Hello</h1>\n", "html"),
        ("import { x } from './y.js';\nconst a = 1;\n", "js"),
        ("interface Dish { name: string }\n", "ts"),
        ("import os\n\ndef main():\n    pass\n", "py"),
        ("body {\n  color: red;\n}\n", "css"),
        ("# Title\n\nSome words.\n", "md"),
        ("select name from dishes where cents > 100", "sql"),
        ("name: menu\nitems:\n  - leeks\n", "yaml"),
        ("#!/bin/sh\necho hi\n", "sh"),
        ("Dear all,\n\nthe kitchen closes at ten.\n", "txt"),
        ("", "txt"),
    ],
)
def test_extension_of_generated_text(text: str, suffix: str) -> None:
    assert guess_extension(text) == suffix


def test_language_comes_from_the_path_first() -> None:
    assert guess_language("src/app.mjs", "<html>") == "JavaScript"
    assert guess_language("Dockerfile", "") == "Dockerfile"
    assert guess_language("notes", "def f():\n    pass\n") == "Python"


def test_the_stylesheet_has_no_colours_of_its_own() -> None:
    assert not re.search(r"#[0-9a-f]{3}|rgb|hsl|oklch", stylesheet())
    tokens = (Path(__file__).parents[3] / "assets" / "tokens.css").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"var\((--[\w-]+)", stylesheet()) if f"{name}:" not in tokens} == set()


@pytest.mark.parametrize("text", ["\n" * 39_000, "<" * 1_900 + "\n", "{\n" * 15_000, '"\n' * 15_000])
@pytest.mark.parametrize("path", ["a.md", "a.cs", "a.js", "a.html"])
def test_texts_made_to_be_slow_are_shown_plain_in_time(text: str, path: str) -> None:
    assert text_of(highlight(text, path)) == text

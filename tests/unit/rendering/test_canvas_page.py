"""A canvas as one page: every character in it, whole lines, nothing that loads or runs, the look's own colours."""

import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest

from app.rendering import canvas_page as module
from app.rendering.canvas_page import About, Author, canvas_page
from app.rendering.page_style import page_style

MADE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 12, 4, tzinfo=UTC)
ANA = Author("person", "Ana <script>", 200)
ABOUT = About("Menu </title><script>x</script>", ["Ana <b>"], MADE, [ANA, Author("model", "qwen", 90)], NOW)
HOSTILE = "<script>alert(1)</script>\n</pre></style><img src=x onerror=alert(1)>\n/* two\nlines */ \"'&\n"


class Seen(HTMLParser):
    """What a browser would make of a page: its tags, its attributes, and the text of each line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.lines: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)
        if ("class", "line") in attrs:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "pre" in self.open:
            self.lines[-1] += data


@pytest.mark.parametrize("path", ["a.html", "a.js", "a.py", "a.unknown"])
def test_every_line_is_whole_and_inert(path: str) -> None:
    seen = Seen(canvas_page(ABOUT, [(path, HOSTILE)]))
    assert "".join(seen.lines) == HOSTILE
    assert len(seen.lines) == 4
    assert seen.open == []
    assert {"script", "img", "link", "iframe", "base", "form"}.isdisjoint(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "src"]
    assert {value for name, value in seen.attributes if name == "href"} == {"#f1"}


def test_the_head_says_what_who_and_when() -> None:
    text = unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", canvas_page(ABOUT, [("a.js", "1\n")]), flags=re.DOTALL))
    assert ABOUT.name in text
    assert "Made by Ana <b> on 3 November 2026 · 1 file as of 21 November 2026, 12:04 UTC" in text
    assert "Ana <script>" in text
    assert "qwen (model)" in text


def test_files_are_listed_and_the_empty_ones_said() -> None:
    page = canvas_page(ABOUT, [("a.js", "let a = 1\nlet b\n"), ("src/ü.css", ""), ("notes", "x")])
    assert re.findall(r'<a href="#(f\d)">([^<]*)</a> <span>([^<]*)</span></li>', page) == [
        ("f1", "a.js", "JavaScript · 2 lines"),
        ("f2", "src/ü.css", "CSS · 0 lines"),
        ("f3", "notes", "Text · 1 line"),
    ]
    assert page.count("This file is empty.") == 1
    assert "There are no files in this canvas." in canvas_page(ABOUT, [])


def test_past_the_bound_files_are_whole_and_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAGE_COLOURED", 20)
    page = canvas_page(ABOUT, [("a.js", "let a = 1\n"), ("b.js", "let bcdefgh = 2\n"), ("c.js", "let c\n")])
    assert [bool(re.search('<span class="k', part)) for part in page.split("<section ")[1:]] == [True, False, True]
    assert "".join(Seen(page).lines) == "let a = 1\nlet bcdefgh = 2\nlet c\n"


def test_the_look_follows_the_reader_s_system_and_needs_nothing_else() -> None:
    css = page_style()
    assert "@media screen and (prefers-color-scheme: dark)" in css
    assert "@media screen and (prefers-contrast: more)" in css
    assert not re.search(r"url\(|@import|@font-face", css)
    used, known = set(re.findall(r"var\((--[\w-]+)", css)), set(re.findall(r"(--[\w-]+):", css))
    assert used - known <= {"--hue", "--digits"}  # the page sets these where they are used
    assert css.count("{") == css.count("}")

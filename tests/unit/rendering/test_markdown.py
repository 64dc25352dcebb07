"""Answers as HTML: nothing in them runs, loads or leads away."""

import re

import pytest

from app.rendering import markdown
from app.rendering.markdown import markdown_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "[click](javascript:alert(1))",
    "[click](https://evil.example/?q=secret)",
    "<https://evil.example>",
    "[a]: https://evil.example\n\n[a] ![a]",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "    <iframe src=//evil.example>",
    "`<b onclick=alert(1)>`",
    '[x](https://a.example "t\\" onmouseover=\\"alert(1)")',
    "| a |\n|---|\n| <svg onload=alert(1)> |",
    "[![img](https://a.example/i.png)](https://b.example)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs_loads_or_leads_away(text: str) -> None:
    for tag in re.findall(r"<[^>]*>", markdown_html(text)):
        name = re.match(r"</?(\w+)", tag)
        assert name, tag
        assert name[1] in {"p", "span", "pre", "code", "em", "strong", "table", "thead", "tbody", "tr", "th", "td"}, tag
        assert set(re.findall(r"([\w-]+)=", re.sub(r'"[^"]*"', '""', tag))) <= {"class", "aria-label", "tabindex"}, tag


def test_links_and_images_are_told_with_their_address() -> None:
    markup = markdown_html("See [the *docs*](https://a.example/x?a=1&b=2) ![cat](https://a.example/cat.png)")
    assert '<span class="pc-md-link">the <em>docs</em></span>' in markup
    assert "(https://a.example/x?a=1&amp;b=2)" in markup
    assert "Image: cat</span>" in markup


def test_fences_are_coloured() -> None:
    assert '<span class="kd">const</span>' in markdown_html("```js\nconst a = 1;\n```")
    assert "JavaScript code" in markdown_html("```js\nconst a = 1;\n```")


def test_tables_lists_and_emphasis_are_drawn() -> None:
    markup = markdown_html("1. **a**\n\n| x | y |\n|---|---|\n| 1 | ~~2~~ |")
    assert "<ol>" in markup
    assert "<strong>a</strong>" in markup
    assert "<td><s>2</s></td>" in markup


def test_long_answers_are_cut_with_a_note() -> None:
    assert "longer than can be shown" in markdown_html("word " * (markdown.MAX_ANSWER // 5 + 1))


def test_deep_nesting_stays_bounded() -> None:
    assert markdown_html(">" * 5_000 + " x").count("<blockquote>") <= 100
    assert markdown_html("[" * 5_000)
    assert markdown_html("*a _b " * 2_000)

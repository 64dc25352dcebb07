"""What the page in the preview keeps: all while people type, as long as nothing that it runs or has read changes; and
itself, while a phone shows another panel.
"""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <link rel="stylesheet" href="style.css">
  </head>
  <body>
    <h1>Tonight</h1>
    <button id="count">0</button>
    <button id="read">Read</button>
    <output>nothing</output>
    <script type="module" src="app.js"></script>
  </body>
</html>
"""
SCRIPT = """const [count, read, output] = document.querySelectorAll("button, output");
count.onclick = () => count.textContent++;
read.onclick = async () => output.value = (await (await fetch("data.txt")).text()).trim();
"""
SITE = {
    "index.html": PAGE,
    "app.js": SCRIPT,
    "style.css": "h1 {\n  color: rgb(1, 2, 3);\n}\n",
    "data.txt": "first\n",
    "notes.md": "Notes\n",
    "unused.js": "// nobody imports this\n",
}


def _counted(installation: Installation, newcomer: Newcomer) -> Somebody:
    """Somebody whose page has counted to three: one that loads again starts from 0."""
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.open(address)
    count = ana.preview.locator("#count")
    expect(count).to_have_text("0")
    for _ in range(3):
        count.click()
    expect(count).to_have_text("3")
    return ana


def _style(ana: Somebody) -> None:
    """Change a style sheet, and wait until the page has that and whatever was typed before."""
    ana.show_file("style.css")
    ana.put_caret("color")
    ana.type("\nletter-spacing: 7px;")
    expect(ana.preview.locator("h1")).to_have_css("letter-spacing", "7px")


def test_a_change_of_style_only_leaves_the_page_as_it_is(installation: Installation, newcomer: Newcomer) -> None:
    ana = _counted(installation, newcomer)
    _style(ana)
    expect(ana.preview.locator("#count")).to_have_text("3")


def test_what_the_page_neither_runs_nor_has_read_leaves_it_as_it_is(
    installation: Installation, newcomer: Newcomer
) -> None:
    ana = _counted(installation, newcomer)
    output, read = ana.preview.locator("output"), ana.preview.locator("#read")
    for path, text in (("notes.md", "Notes"), ("unused.js", "nobody"), ("data.txt", "first")):
        ana.show_file(path)
        ana.put_caret(text)
        ana.type(" and more")
    _style(ana)
    # It reads what the file is now, with all that it had.
    read.click()
    expect(output).to_have_text("first and more")
    expect(ana.preview.locator("#count")).to_have_text("3")

    # Once it has read a file, a change of it loads the page again.
    ana.show_file("data.txt")
    ana.put_caret("more")
    ana.type(" still")
    expect(ana.preview.locator("#count")).to_have_text("0")
    read.click()
    expect(output).to_have_text("first and more still")


PHONE = {"width": 390, "height": 844}
# The page's own looks at its frames, to be carried out when a test says so: seconds go by without being waited for.
KEEP_TICKS = """{
  const set = window.setInterval;
  window.ticks = [];
  window.setInterval = (run, every, ...more) => {
    if (every === 250) window.ticks.push(run);
    return set.call(window, run, every, ...more);
  };
}"""
FIVE_SECONDS = "for (let i = 0; i < 20; i++) for (const tick of window.ticks) tick();"


def test_a_phone_that_shows_another_panel_for_a_while_finds_its_page_again(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    ana.page.add_init_script(KEEP_TICKS)
    ana.open(address)
    switch = ana.page.get_by_role("navigation", name="Panels")
    for _ in range(2):
        switch.get_by_role("button", name="Preview").click()
        expect(ana.preview.locator("h1")).to_have_text("Tonight")
        switch.get_by_role("button", name="Code").click()
        expect(ana.page.locator("iframe.pc-preview-frame")).to_have_count(0)
        ana.page.evaluate(FIVE_SECONDS)
    switch.get_by_role("button", name="Preview").click()
    expect(ana.preview.locator("h1")).to_have_text("Tonight")
    expect(ana.page.locator(".pc-preview-notice")).to_have_count(0)
    # Where it is shown and says nothing for as long, it is closed: so long are these ticks.
    ana.page.evaluate(FIVE_SECONDS)
    expect(ana.page.locator(".pc-preview-notice")).to_contain_text("stopped answering")

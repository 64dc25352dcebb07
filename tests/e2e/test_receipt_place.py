"""Where the receipt and the answer stand: at the foot of the editor, moving no panel and covering no text."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

# As it is drawn: every panel, and the switcher of a phone.
PLACES = """() => [...document.querySelectorAll('.dv-groupview, .pc-narrow-sheet, .pc-narrow-switch')].map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [x, y, width, height];
})"""
LONG = "".join(f"const number{number} = {number};\n" for number in range(200)) + "if (a == 2) run();"


def places(person: Somebody) -> list[list[float]]:
    found: list[list[float]] = person.page.evaluate(PLACES)
    return found


def ask_at_the_end(person: Somebody, action: str) -> None:
    """Ask about the last line, which stands at the very bottom of what the editor shows."""
    person.editor.click()
    person.page.keyboard.press("Control+End")
    person.page.keyboard.press("Shift+Home")
    person.page.get_by_role("toolbar", name="Selection").get_by_role("button", name=action).click()


def above(upper: Locator, lower: Locator) -> bool:
    first, second = upper.bounding_box(), lower.bounding_box()
    return first is not None and second is not None and first["y"] + first["height"] <= second["y"] + 0.5


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_a_receipt_and_an_answer_move_no_panel_and_cover_no_text(
    installation: Installation, newcomer: Newcomer, width: int
) -> None:
    _, address = canvas_with(installation.base, {"app.js": LONG})
    ana = newcomer()
    ana.page.set_viewport_size({"width": width, "height": 780})
    ana.open(address)
    expect(ana.editor).to_contain_text("number0")
    expect(ana.saved).to_be_visible()
    before = places(ana)
    assert before
    text, bar = ana.page.locator(".pc-editor-text:visible"), ana.page.locator(".pc-assist > .pc-receipt")
    for action in ("Explain", "Fix"):
        ask_at_the_end(ana, action)
        expect(bar).to_contain_text(re.compile("waits in Review|answered"))
        assert places(ana) == before
        assert above(text, bar)
        # The line that is typed in has moved up out of the receipt's way.
        expect(ana.editor.locator(".cm-line", has_text="if (a")).to_be_in_viewport(ratio=1)
        if action == "Explain":
            said = ana.page.get_by_role("region", name="Answer: Explain app.js")
            assert above(text, said)
            assert above(said, bar)
        bar.get_by_role("button", name="Dismiss").click()
        expect(bar).to_have_count(0)
        assert places(ana) == before


def test_without_an_editor_on_screen_the_receipt_lies_over_the_work(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"app.js": "if (a == 2) run();"})
    ana = newcomer()
    ana.page.set_viewport_size({"width": 390, "height": 780})
    ana.open(address)
    ask_at_the_end(ana, "Explain")
    bar = ana.page.locator(".pc-assist > .pc-receipt")
    expect(bar).to_contain_text("answered")
    switch = ana.page.get_by_role("navigation", name="Panels")
    switch.get_by_role("button", name="Files").click()
    expect(ana.page.locator(".pc-assist[data-over=true]")).to_be_visible()
    assert above(bar, ana.page.locator(".pc-narrow-switch"))
    switch.get_by_role("button", name="Code").click()
    expect(ana.page.locator(".pc-editor-foot .pc-receipt")).to_be_visible()

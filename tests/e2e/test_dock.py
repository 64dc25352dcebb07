"""The arrangement in the real product: what is hidden comes back as large as it was; a phone remembers its panel."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

PHONE = {"width": 390, "height": 800}


def width_of_preview(person: Somebody) -> float:
    """How wide the preview's stage is, in pixels."""
    return float(person.page.locator(".pc-preview-stage").evaluate("(stage) => stage.getBoundingClientRect().width"))


def test_a_panel_that_was_hidden_comes_back_as_large_as_it_was(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, {"index.html": "<h1>Menu</h1>"})
    ana = newcomer()
    ana.open(address)
    expect(ana.preview.locator("h1")).to_have_text("Menu")
    before = width_of_preview(ana)
    edge = ana.page.locator(".pc-preview-stage").bounding_box()
    assert edge is not None
    # The sash is in the gap left of the panel.
    ana.page.mouse.move(edge["x"] - 4, 500)
    ana.page.mouse.down()
    ana.page.mouse.move(edge["x"] - 104, 500, steps=5)
    ana.page.mouse.up()
    stage = ana.page.locator(".pc-preview-stage")
    wider = width_of_preview(ana)
    assert wider == pytest.approx(before + 100, abs=8)
    toggle = ana.page.get_by_role("navigation").get_by_role("button", name="Preview")
    toggle.click()
    expect(stage).to_have_count(0)
    toggle.click()
    expect(stage).to_be_visible()
    ana.page.wait_for_function(
        "wide => Math.abs(document.querySelector('.pc-preview-stage').getBoundingClientRect().width - wide) < 8",
        arg=wider,
    )
    expect(ana.preview.locator("h1")).to_have_text("Menu")


def test_a_phone_comes_back_to_the_panel_it_showed(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, {"index.html": "<h1>Menu</h1>"})
    ana = newcomer()
    ana.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    ana.open(address)
    switch = ana.page.get_by_role("navigation", name="Panels")
    expect(switch.get_by_role("button", name="Code")).to_have_attribute("aria-current", "page")
    switch.get_by_role("button", name="Preview").click()
    expect(ana.preview.locator("h1")).to_have_text("Menu")
    ana.page.reload()
    expect(ana.preview.locator("h1")).to_have_text("Menu")
    expect(switch.get_by_role("button", name=re.compile("Preview"))).to_have_attribute("aria-current", "page")

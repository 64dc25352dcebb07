"""The arrangement in the real product: what is hidden comes back as large as it was; a phone remembers its panel."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.browsers import WIDE, Newcomer, Somebody, canvas_with
from tests.e2e.conftest import Installation, people
from tests.server import command, free_port

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


def test_a_window_that_was_narrow_for_a_while_is_arranged_as_before(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"app.js": "start();\n"})
    ana = newcomer()
    ana.open(address)
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    slider = ana.page.get_by_role("slider", name="Moment")
    expect(slider).to_be_visible()
    # What a group of tabs holds is the landmark, not the group as well.
    expect(ana.page.get_by_role("region", name="History")).to_have_count(1)
    ana.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(ana.page.locator(".pc-dock[data-narrow]")).to_be_visible()
    expect(slider).to_have_count(0)
    ana.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    expect(slider).to_be_visible()


def test_a_press_on_the_rail_before_the_panels_stand_is_carried_out_when_they_do(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"app.js": "start();\n"})
    ana = newcomer()
    asked: list[Route] = []
    ana.page.route(
        "**/layout?*", lambda route: asked.append(route) if route.request.method == "GET" else route.continue_()
    )
    ana.open(address)
    history = ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History")
    history.click()
    expect(ana.page.locator(".pc-dock")).to_have_count(0)
    for route in asked:
        route.continue_()
    expect(ana.page.get_by_role("slider", name="Moment")).to_be_visible()
    expect(history).to_have_attribute("aria-pressed", "true")


def boxes(person: Somebody) -> list[list[int]]:
    """Where each group of panels stands, in whole pixels."""
    groups = person.page.locator(".dv-groupview")
    found: list[list[int]] = groups.evaluate_all(
        "groups => groups.map(group => group.getBoundingClientRect())"
        ".map(box => [box.x, box.y, box.width, box.height].map(Math.round))"
    )
    return found


def test_an_arrangement_that_is_saved_and_restored_again_and_again_stands_still(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"index.html": "<h1>Menu</h1>"})
    ana = newcomer()
    ana.open(address)
    ana.editor.wait_for()
    before = boxes(ana)
    assert len(before) == 4
    for panel in ("Activity", "Console") * 5:
        active = f'"activeView":"{panel.lower()}"'
        with ana.page.expect_response(lambda answer: active in (answer.request.post_data or "") and answer.ok):  # noqa: B023
            ana.page.get_by_role("tab", name=panel).click()
        ana.page.reload()
        ana.editor.wait_for()
        expect(ana.page.get_by_role("tab", name=panel)).to_have_attribute("aria-selected", "true")
    assert boxes(ana) == before


def test_an_arrangement_made_while_the_server_is_away_is_saved_when_it_is_back(
    browser: Browser, built: None, tmp_path: Path
) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with people(browser, base, "away") as newcomer:
        ana = newcomer()
        console = ana.page.get_by_role("tab", name="Console")
        with command(folder=tmp_path, port=port):
            canvas, address = canvas_with(base, {"index.html": "<h1>Menu</h1>"})
            ana.open(address)
            expect(ana.saved).to_be_visible()
        with ana.page.expect_event("requestfailed", lambda request: "/layout?" in request.url):
            ana.page.get_by_role("navigation").get_by_role("button", name="Console").click()
            expect(console).to_have_count(0)
        with command(folder=tmp_path, port=port):
            ana.page.wait_for_function(
                "canvas => fetch(`/api/v1/canvases/${canvas}/layout?device=wide`).then(r => r.json())"
                ".then(v => v.layout !== null && !JSON.stringify(v.layout).includes('\"console\"'), () => false)",
                arg=canvas,
            )


def test_pointing_at_a_header_moves_nothing_and_its_tabs_have_room(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"index.html": "<h1>Menu</h1>"})
    ana = newcomer()
    ana.open(address)
    ana.editor.wait_for()
    tabs = ana.page.get_by_role("tab")
    for width in (1440, 1024):
        ana.page.set_viewport_size({"width": width, "height": 800})
        ana.page.wait_for_function(
            "wide => document.querySelector('.pc-dock').getBoundingClientRect().right <= wide", arg=width
        )
        expect(ana.page.locator(".dv-tabs-overflow-dropdown-default")).to_have_count(0)
        for name in ("Files", "People", "Preview", "Console"):
            before = [tab.bounding_box() for tab in tabs.all()]
            ana.page.get_by_role("tab", name=name).hover()
            assert [tab.bounding_box() for tab in tabs.all()] == before


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

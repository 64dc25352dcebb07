"""What one sees in passing: letters as they are typed, a page of the window's height, a focus that shows."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

FILES = {"a.js": "let a = b => b !== 1;\n", "b.js": "let b = 2;\n"}
FIND = "Ask, run or find anything"


@pytest.fixture
def ana(installation: Installation, newcomer: Newcomer) -> Somebody:
    """The owner in a canvas of two files, with one of them open."""
    _, address = canvas_with(installation.base, FILES)
    person = newcomer()
    person.open(address)
    person.show_file("a.js")
    return person


def test_code_is_drawn_without_ligatures(ana: Somebody) -> None:
    expect(ana.editor).to_have_css("font-variant-ligatures", "none")
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    past = ana.page.locator(".pc-past-code .cm-content")
    expect(past).to_have_css("font-variant-ligatures", "none")


def test_the_page_is_as_high_as_its_window(ana: Somebody) -> None:
    # What only screen readers hear is there from the beginning, and must not make the page longer.
    expect(ana.page.get_by_role("status", name="What others do")).to_be_attached()
    assert ana.page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0


def test_the_text_of_the_past_shows_that_it_has_the_focus(ana: Somebody) -> None:
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    past = ana.page.locator(".pc-past-code .cm-content")
    expect(past).to_contain_text("let a")
    ring = "getComputedStyle(document.querySelector('.pc-past-code'), '::after').borderTopWidth"
    assert ana.page.evaluate(ring) == "0px"
    ana.page.keyboard.press("Tab")  # whoever goes by keys sees where they are
    past.focus()
    assert ana.page.evaluate(ring) == "2px"


def test_the_palette_opens_without_the_words_of_the_last_time(ana: Somebody) -> None:
    field = ana.page.get_by_role("combobox", name=FIND)
    ana.page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    ana.type("zzz")
    ana.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    ana.page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    ana.type("mute")
    expect(field).to_have_value("mute")


def test_the_palette_says_to_a_viewer_what_is_true_for_them(installation: Installation, newcomer: Newcomer) -> None:
    canvas, _ = canvas_with(installation.base, FILES)
    vi = newcomer()
    vi.join(invite(installation.base, canvas, "viewer"), "Vi")
    vi.show_file("a.js")
    expect(vi.save_words).to_contain_text("Read-only")
    vi.page.keyboard.press("Control+k")
    vi.page.get_by_role("combobox", name=FIND).fill("zzz")
    nothing = vi.page.get_by_role("listbox", name="Results").locator(".pc-empty")
    expect(nothing).to_contain_text("Nothing is called that.")
    expect(nothing).not_to_contain_text("Open a file")
    expect(nothing).to_contain_text("your role here is viewer")

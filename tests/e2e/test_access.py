"""Every control has a name, the page scrolls nowhere sideways, and nothing outside this server is asked for."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsers import Newcomer, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

CONTROLS = "button, a[href], input:not([type=hidden]), select, textarea, [role=button], [role=tab]"
NAMELESS = f"""() => [...document.querySelectorAll("{CONTROLS}")]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute("aria-label") || node.getAttribute("title") || node.textContent.trim()
      || node.labels?.length || node.getAttribute("aria-labelledby")))
  .map((node) => node.outerHTML.slice(0, 160))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_controls_have_names_and_nothing_overflows(
    installation: Installation, newcomer: Newcomer, width: int, theme: str
) -> None:
    _, address = canvas_with(installation.base, {"index.html": "<h1>Hello</h1>\n", "src/app.js": "let a = 1;\n"})
    ana = newcomer()
    ana.page.set_viewport_size({"width": width, "height": 844})
    ana.page.add_init_script(f"if (window === window.top) localStorage.setItem('polycanvas.theme', '{theme}')")
    ana.open(address)
    expect(ana.page.locator(".pc-save")).to_be_visible()
    expect(ana.saved).to_be_visible()
    assert ana.page.evaluate(NAMELESS) == []
    assert ana.page.evaluate(SIDEWAYS) <= 0


def test_the_list_of_canvases_leads_into_one(installation: Installation, newcomer: Newcomer) -> None:
    canvas_with(installation.base, {"index.html": "<h1>Hello</h1>\n"}, name="Found again")
    ana = newcomer()
    ana.open("/")
    ana.page.get_by_role("link", name="Found again").first.click()
    ana.page.wait_for_url("**/c/*")
    expect(ana.page.locator(".pc-save")).to_be_visible()
    assert ana.page.evaluate(NAMELESS) == []


def test_an_invite_cannot_be_accepted_before_the_page_knows_which(installation: Installation, browser: Browser) -> None:
    canvas, _ = canvas_with(installation.base, {"a.txt": "a\n"})
    context = browser.new_context()
    page = context.new_page()
    page.route_web_socket("**/_event/**", lambda socket: None)  # nothing comes from the server's side of the page
    page.goto(invite(installation.base, canvas))
    expect(page.get_by_label("Your name")).to_be_visible()
    expect(page.get_by_role("button", name="Join", exact=True)).to_be_disabled()
    context.close()

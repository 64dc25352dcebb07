"""The History panel by keyboard alone: every stop has a name and shows its focus, and the focus is never lost."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, text_on_server
from tests.e2e.conftest import Installation
from tests.e2e.test_history import ANA, BO, both_write, past_text

pytestmark = pytest.mark.chromium

MAX_STOPS = 40  # more stops of the Tab key than the page has
ACTIVE = """() => {
  const it = document.activeElement;
  if (it === null || it === document.body) return null;
  const label = it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent ?? "";
  return [label.trim(), it.matches(":focus-visible"), it.closest(".pc-history") !== null];
}"""


@dataclass
class Keys:
    """Somebody without a mouse."""

    person: Somebody

    @property
    def here(self) -> tuple[str, bool, bool] | None:
        """Return the name of what has the focus, whether that can be seen, and whether it is in the panel."""
        found = self.person.page.evaluate(ACTIVE)
        return None if found is None else tuple(found)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.person.page.keyboard.press(key)

    def stands_on(self, name: str | re.Pattern[str]) -> None:
        """Wait until the focus is on what has this name, in the panel, to be seen."""
        wanted = re.compile(f"^{re.escape(name)}$") if isinstance(name, str) else name
        self.person.page.wait_for_function(
            f"([source]) => {{ const here = ({ACTIVE})(); "
            "return here !== null && new RegExp(source).test(here[0]) && here[1] && here[2]; }",
            arg=[wanted.pattern],
        )

    def tab_to(self, name: str, *, back: bool = False) -> None:
        """Go on, or back, to what has this name; each stop on the way in the panel has a name and shows its focus."""
        for _ in range(MAX_STOPS):
            here = self.here
            if here is not None and here[0] == name:
                return
            if here is not None and here[2]:
                assert here[0] != "", self.person.page.evaluate("document.activeElement.outerHTML")
                assert here[1], f"the focus on {here[0]} cannot be seen"
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"The Tab key does not lead to {name}.")


def test_the_whole_walk_by_keyboard(installation: Installation, newcomer: Newcomer) -> None:
    canvas, ana, bo = both_write(installation, newcomer)
    page, keys = ana.page, Keys(ana)
    slider = page.get_by_role("slider", name="Moment")
    moments = page.get_by_role("listbox", name="Moments")
    banner = page.locator(".pc-history-banner")
    said = page.locator(".pc-toasts-said[aria-live=polite]")

    # From the rail into the panel: what is opened with a key has the keyboard.
    page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").focus()
    keys.press("Enter")
    slider.wait_for()
    keys.tab_to("Moment")

    # Along the track: to the beginning, on, played and paused.
    keys.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(", 1 of "))
    keys.press("Space")
    expect(slider).to_have_attribute("aria-valuetext", "Playing")
    keys.press("Space")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"\d of \d"))
    keys.press("End")
    keys.stands_on("Moment")
    # The buttons at the ends keep the focus, so that one can go back with the next.
    keys.tab_to("One moment on", back=True)
    keys.press("Enter")
    keys.stands_on("One moment on")

    # Through the moments in the list, to where Bo had written.
    keys.tab_to("Moments, newest first")
    keys.press("ArrowDown", "ArrowDown")
    expect(banner).to_contain_text("Bo")
    active = moments.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")

    # What changed: of this moment, and between any two.
    keys.tab_to("Changes", back=True)
    keys.press("Enter")
    added = page.locator(".pc-past-changes .pc-diff-add")
    expect(added).to_have_count(1)
    keys.tab_to("Mark this moment as A, to compare others with", back=True)
    keys.press("Enter")
    expect(page.locator(".pc-track-mark")).to_be_visible()
    keys.tab_to("Moments, newest first")
    keys.press("ArrowUp")
    expect(page.get_by_label("Compare with")).to_have_value("mark")
    keys.tab_to("Compare with", back=True)
    expect(page.locator(".pc-past-changes .pc-diff-del")).to_have_count(3)
    keys.tab_to("Text")
    keys.press("Enter")
    keys.tab_to("Moments, newest first")
    keys.press("ArrowDown")

    # Named: the button that opened the form is gone, so the track has the focus; renamed, deleted, and left by Escape.
    slider.focus()
    keys.tab_to("Name")
    keys.press("Enter")
    keys.stands_on(re.compile("^Name of the version of "))
    keys.press("Escape")
    keys.stands_on("Name")
    keys.press("Enter")
    keys.stands_on(re.compile("^Name of the version of "))
    page.keyboard.type("Both wrote")
    keys.press("Enter")
    expect(said).to_have_text("Named this version “Both wrote”.")
    keys.stands_on("Moment")
    keys.tab_to("Rename the version Both wrote")
    keys.press("Enter")
    keys.stands_on("New name of Both wrote")
    page.keyboard.type("Two lines")
    keys.press("Enter")
    expect(said).to_have_text("Renamed to “Two lines”.")
    keys.stands_on("Rename the version Two lines")
    keys.tab_to("Delete the version Two lines")
    keys.press("Enter")
    keys.stands_on("Keep")
    keys.press("Tab", "Enter")
    expect(said).to_have_text("Deleted the name “Two lines”.")
    keys.stands_on("Moment")

    # The palette opens the same forms, and they have the keyboard.
    keys.press("Control+k")
    page.keyboard.type("name this version")
    expect(page.get_by_role("option", name=re.compile("Name this version"))).to_be_visible()
    keys.press("Enter")
    keys.stands_on(re.compile("^Name of the version of "))
    keys.press("Escape")
    keys.stands_on("Moment")

    # A file is restored, then the whole canvas; each says so, and leaves the focus on the track, at now.
    keys.tab_to("Restore…")
    keys.press("Enter")
    keys.stands_on(re.compile("app.js$"))
    expect(page.get_by_role("alertdialog")).to_contain_text("app.js")
    keys.press("Escape")
    keys.stands_on("Restore…")
    keys.press("Enter")
    keys.stands_on(re.compile("app.js$"))
    expect(page.get_by_role("button", name="Restore app.js")).to_be_enabled()
    keys.press("Tab", "Enter")
    expect(said).to_contain_text(re.compile("app.js is as it was at "))
    keys.stands_on("Moment")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^Now, "))
    expect(bo.editor).to_contain_text(BO)
    keys.press("Home")
    keys.tab_to("Restore…")
    keys.press("Enter")
    keys.stands_on(re.compile("app.js$"))
    # What was said of the restore before does not lie over the form.
    expect(page.locator(".pc-toast")).to_have_count(0)
    keys.press("ArrowDown")
    keys.stands_on(re.compile("The whole canvas$"))
    expect(page.get_by_role("button", name="Restore the canvas")).to_be_enabled()
    keys.press("Tab", "Enter")
    expect(said).to_contain_text(re.compile("The canvas is as it was at "))
    keys.stands_on("Moment")
    expect(bo.editor).not_to_contain_text("const")
    assert text_on_server(installation.base, canvas, "app.js") == "start();\n"

    # Back to now by its button; out of the panel; and a fork to end with.
    keys.press("ArrowLeft", "ArrowLeft")
    expect(past_text(ana)).to_contain_text(ANA)
    keys.tab_to("Back to now Esc")
    keys.press("Enter")
    keys.stands_on("Moment")
    keys.press("ArrowLeft", "ArrowLeft")
    keys.press("F6")
    page.wait_for_function(f"() => (({ACTIVE})() ?? [0, 0, true])[2] === false")
    slider.focus()
    keys.tab_to("Fork…")
    keys.press("Enter")
    keys.stands_on("Name of the new canvas")
    page.keyboard.type("Twin")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_label("Canvas name")).to_have_value("Twin")


def test_the_moments_of_one_author_by_keyboard(installation: Installation, newcomer: Newcomer) -> None:
    _, ana, _ = both_write(installation, newcomer)
    page, keys = ana.page, Keys(ana)
    page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").focus()
    keys.press("Enter")
    page.get_by_role("slider", name="Moment").wait_for()
    options = page.get_by_role("listbox", name="Moments").get_by_role("option")
    keys.tab_to("Moments by")
    page.keyboard.type("Bo")
    expect(options.filter(has_text="Owner")).to_have_count(0)
    expect(options.nth(1)).to_contain_text("Bo")
    said = re.compile(r"^\d of \d moments shown, by Bo\.$")
    expect(page.get_by_role("status").filter(has_text=said)).to_have_count(1)
    expect(page.locator(".pc-history-banner")).to_contain_text(re.compile("moments? by Bo since"))
    keys.press("Tab")
    keys.stands_on("Show the moments of everybody")
    keys.press("Enter")
    keys.stands_on("Moments by")
    expect(options.filter(has_text="Owner").first).to_be_visible()


def test_a_young_canvas_says_where_history_begins(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, {"app.js": "start();\n"})
    ana = newcomer()
    ana.open(address)
    ana.show_file("app.js")
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    options = ana.page.get_by_role("listbox", name="Moments").get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.last).to_contain_text("History begins here")
    # There is nobody to choose among.
    expect(ana.page.get_by_label("Moments by")).to_have_count(0)

"""Who wrote this: the tints, the names, the card of a model's text, the totals; and that page and server agree."""

import json
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

SCRIPT = """const wanted = "1";
document.title = wanted == 1 ? "loose" : "strict";
"""
FILES = {"app.js": SCRIPT, "notes.md": "# Notes\n"}


def names(person: Somebody) -> Locator:
    """Return the names under the text."""
    return person.page.get_by_role("group", name="Who wrote this file")


# The view follows the text when that has rested for a moment.
TINTED = """
([kind, wanted]) => [...document.querySelectorAll(`.cm-content .pc-wrote-${kind}`)]
  .filter((one) => one.checkVisibility()).map((one) => one.innerText).join("") === wanted
"""


def expect_tinted(person: Somebody, kind: str, wanted: str) -> None:
    """Wait until that, and nothing else of the file on top, is tinted as one kind of author's."""
    person.page.wait_for_function(TINTED, arg=[kind, wanted])


def card(person: Somebody) -> Locator:
    """Return the card that says who wrote it."""
    return person.page.get_by_role("dialog", name="Who wrote this", exact=True)


def spans(installation: Installation, canvas: str, path: str) -> list[tuple[str, int]]:
    """Return who wrote each stretch of a file and how long it is, as the server says."""
    address = f"{installation.base}/api/v1/canvases/{canvas}/provenance"
    found = httpx.get(address, params={"detail": "spans", "file": path}, timeout=30).json()
    return [(found["origins"][origin]["name"], end - start) for start, end, origin in found["files"][0]["spans"]]


def accept_a_fix(asking: Somebody, accepting: Somebody) -> None:
    """Let one person ask for a fix of the line with the loose comparison, and another accept it."""
    asking.show_file("app.js")
    accepting.show_file("app.js")
    asking.put_caret("document.title", end=False)
    asking.page.keyboard.press("Shift+End")
    asking.page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Fix").click()
    bar = accepting.page.get_by_role("group", name="Suggestion:")
    bar.get_by_role("button", name="Accept").click()
    expect(bar).to_have_count(0)
    expect(asking.page.get_by_role("group", name="Suggestion:")).to_have_count(0)


def test_the_text_says_who_wrote_it_and_the_card_what_was_asked(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    accept_a_fix(ana, bo)
    bo.put_caret('const wanted = "1";')
    bo.type(" // 👋🏽 from Bo")
    expect(bo.saved).to_be_visible()
    expect(ana.editor).to_contain_text("from Bo")

    # A key shows the view: names with their shares, and every character in its author's tint.
    assert ana.page.locator(".pc-wrote").count() == 0
    ana.page.keyboard.press("F4")
    legend = names(ana)
    for name in ("From the start", "Bo", "scripted-coder"):
        expect(legend.get_by_role("button", name=name)).to_be_visible()
    expect(ana.page.locator(".cm-content:visible .pc-wrote-person").first).to_be_visible()
    expect_tinted(ana, "person", " // 👋🏽 from Bo")
    expect_tinted(ana, "model", "=")
    said = spans(installation, canvas, "app.js")
    assert [name for name, _ in said] == ["Polycanvas", "Bo", "Polycanvas", "scripted-coder", "Polycanvas"]
    assert dict(said)["Bo"] == len(" // 👋🏽 from Bo".encode("utf-16-le")) // 2

    # A press on a name lets that text stand out; another press brings everybody back.
    legend.get_by_role("button", name="Bo").click()
    expect(ana.page.locator(".cm-content:visible .pc-wrote-model.pc-wrote-faded")).not_to_have_count(0)
    expect(ana.page.locator(".cm-content:visible .pc-wrote-person.pc-wrote-faded")).to_have_count(0)
    legend.get_by_role("button", name="Bo").click()
    expect(ana.page.locator(".pc-wrote-faded")).to_have_count(0)

    # A click on the model's text: the request, who asked, who accepted, the price, the tokens.
    ana.page.locator(".cm-content:visible .pc-wrote-model").first.click()
    shown = card(ana)
    expect(shown).to_contain_text("scripted-coder")
    expect(shown).to_contain_text("accepted by Bo")
    expect(shown).to_contain_text("Fix")
    expect(shown).to_contain_text("tokens in")
    shown.get_by_role("button", name="Show in Review").click()
    row = ana.page.locator(".pc-review-item[data-suggestion] .pc-review-title")
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-expanded", "true")

    # The keyboard's way, on a person's text; and typing inside the model's text is the typist's.
    ana.put_caret("from Bo")
    ana.page.keyboard.press("Shift+F4")
    expect(card(ana)).to_contain_text("Bo")
    expect(card(ana)).to_contain_text("Typed or pasted here")
    ana.page.keyboard.press("Escape")
    expect(card(ana)).to_have_count(0)

    # Revert from the card takes the model's text away; the view follows.
    ana.page.locator(".cm-content:visible .pc-wrote-model").first.click()
    card(ana).get_by_role("button", name="Revert").click()
    expect(ana.page.locator(".cm-content:visible .pc-wrote-model")).to_have_count(0)
    ana.page.get_by_role("button", name="Hide who wrote this").click()
    expect(ana.page.locator(".pc-wrote")).to_have_count(0)


def test_totals_stand_with_the_people_and_can_be_taken_away(
    installation: Installation, newcomer: Newcomer, tmp_path: Path
) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    bo.show_file("notes.md")
    bo.put_caret("# Notes")
    bo.type("\nBo wrote all of this line, every letter of it.")
    expect(bo.saved).to_be_visible()
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("Show People")
    ana.page.keyboard.press("Enter")
    authors = ana.page.get_by_role("list", name="Authors of this canvas")
    expect(authors.get_by_text("Bo", exact=True)).to_be_visible()
    with ana.page.expect_download() as waiting:
        ana.page.get_by_role("link", name="Download as JSON").click()
    waiting.value.save_as(tmp_path / "authors.json")
    taken = json.loads((tmp_path / "authors.json").read_text(encoding="utf-8"))
    assert {total["by"]["name"] for total in taken["totals"]} == {"Polycanvas", "Bo"}
    assert [one["path"] for one in taken["files"]] == ["app.js", "notes.md"]
    assert [end for _, end, _ in taken["files"][1]["spans"]][-1] == taken["files"][1]["characters"]
    # A file's row leads to its text, with the view on.
    ana.page.get_by_role("list", name="Authors of each file").get_by_role("button", name="notes.md").click()
    expect(names(ana).get_by_role("button", name="Bo")).to_be_visible()
    expect(ana.page.locator(".cm-content:visible .pc-wrote-person").filter(has_text="Bo wrote all")).to_be_visible()

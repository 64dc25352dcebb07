"""The past of a canvas with two people: played, compared, named, restored as a new edit, forked."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite, text_on_server
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

ANA, BO = "const ana = 1;", "const bo = 2; // 👋🏽"


def open_history(person: Somebody) -> Locator:
    """Show the panel; return the slider."""
    person.editor.wait_for()
    person.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    slider = person.page.get_by_role("slider", name="Moment")
    slider.wait_for()
    return slider


def past_text(person: Somebody) -> Locator:
    """The text of the file in the panel."""
    return person.page.locator(".pc-past-code .cm-content")


def both_write(installation: Installation, newcomer: Newcomer) -> tuple[str, Somebody, Somebody]:
    """Ana writes a line and Bo another; then Ana deletes everything."""
    canvas, address = canvas_with(installation.base, {"app.js": "start();\n"})
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    for person in (ana, bo):
        person.show_file("app.js")
    ana.put_caret("start();")
    ana.type(f"\n{ANA}")
    expect(bo.editor).to_contain_text(ANA)
    expect(ana.saved).to_be_visible()
    bo.put_caret(ANA)
    bo.type("\n")
    bo.page.keyboard.insert_text(BO)
    expect(ana.editor).to_contain_text(BO)
    expect(bo.saved).to_be_visible()
    ana.editor.click()
    ana.page.keyboard.press("Control+a")
    ana.page.keyboard.press("Delete")
    expect(bo.editor).not_to_contain_text("const")
    expect(ana.saved).to_be_visible()
    return canvas, ana, bo


def test_scrub_back_compare_name_and_restore(installation: Installation, newcomer: Newcomer) -> None:
    canvas, ana, bo = both_write(installation, newcomer)
    slider = open_history(ana)
    options = ana.page.get_by_role("listbox", name="Moments").get_by_role("option")
    expect(options.first).to_have_text("Now")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^Now, "))

    # One step back is the deletion, two the text as Bo left it, with what he wrote in his colour.
    slider.focus()
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"app\.js, (\d+) of \1$"))
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("Bo, app.js"))
    expect(past_text(ana)).to_contain_text(BO)
    assert past_text(ana).locator(".cm-line").all_inner_texts()[:3] == ["start();", ANA, BO]
    expect(past_text(ana).locator(".pc-past-came").first).to_contain_text("const bo")
    slider.press("Home")
    expect(past_text(ana)).not_to_contain_text("const")
    slider.press("Escape")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^Now, "))

    # What Bo's moment changed, as the server draws it.
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    ana.page.get_by_role("button", name="Changes").click()
    added = ana.page.locator(".pc-past-changes .pc-diff-add")
    expect(added).to_have_count(1)
    expect(added).to_contain_text("const bo")
    ana.page.get_by_role("button", name="Text", exact=True).click()

    # Named, it stands in the list and one goes to it from now with Shift and an arrow.
    ana.page.get_by_role("button", name="Name", exact=True).click()
    ana.page.get_by_label(re.compile("Name of the version")).fill("Both wrote")
    ana.page.keyboard.press("Enter")
    expect(options.filter(has_text="Both wrote")).to_be_visible()
    slider.press("End")
    slider.press("Shift+ArrowLeft")
    expect(ana.page.locator(".pc-history-banner")).to_contain_text("Both wrote")

    # Restoring says what will change, is an edit that Bo sees, and keeps who wrote what.
    ana.page.get_by_role("button", name="Restore…").click()
    form = ana.page.get_by_role("alertdialog", name=re.compile("^Restore "))
    expect(form).to_contain_text("app.js")
    form.get_by_role("button", name="Restore app.js").click()
    undo = ana.page.locator(".pc-toast", has_text="app.js is as it was in “Both wrote”.").get_by_role(
        "button", name="Undo"
    )
    undo.hover()  # it stays
    expect(bo.editor).to_contain_text(BO)
    expect(past_text(ana)).to_contain_text(BO)
    assert text_on_server(installation.base, canvas, "app.js") == f"start();\n{ANA}\n{BO}\n"
    marks = bo.page.locator(".pc-author-gutter:visible .pc-marks")
    expect(marks).to_have_count(2)
    marks.last.click()
    expect(bo.page.get_by_role("dialog", name="Who wrote this line")).to_contain_text("Bo")
    expect(options.filter(has_text="restored to “Both wrote”")).to_be_visible()
    told = bo.page.locator(".pc-toast", has_text="restored app.js to “Both wrote”")
    expect(told).to_be_visible()
    told.get_by_role("button", name="Show History").click()
    expect(bo.page.get_by_role("slider", name="Moment")).to_be_visible()
    expect(ana.page.locator(".pc-toast", has_text="restored app.js to")).to_have_count(0)

    # And it can be taken back.
    undo.click()
    expect(bo.editor).not_to_contain_text("const")
    expect(bo.page.locator(".pc-toast", has_text="Owner took the restore of app.js back.")).to_be_visible()
    expect(bo.page.locator(".pc-toast", has_text="restored app.js")).to_have_count(0)
    expect(options.filter(has_text="restore of app.js taken back")).to_be_visible()


def test_a_version_is_forked_renamed_and_deleted(installation: Installation, newcomer: Newcomer) -> None:
    canvas, ana, _ = both_write(installation, newcomer)
    slider = open_history(ana)
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    expect(past_text(ana)).to_contain_text(BO)
    ana.page.get_by_role("button", name="Name", exact=True).click()
    ana.page.get_by_label(re.compile("Name of the version")).fill("Fork here")
    ana.page.keyboard.press("Enter")
    ana.page.get_by_role("button", name="Rename the version Fork here").click()
    ana.page.get_by_label("New name of Fork here").fill("Forked")
    ana.page.keyboard.press("Enter")
    ana.page.get_by_role("button", name="Delete the version Forked").click()
    ana.page.get_by_role("alertdialog").get_by_role("button", name="Delete the name").click()
    options = ana.page.get_by_role("listbox", name="Moments").get_by_role("option")
    expect(options.filter(has_text="Forked")).to_have_count(0)

    ana.page.get_by_role("button", name="Fork…").click()
    ana.page.get_by_label("Name of the new canvas").fill("Twin")
    with ana.page.expect_navigation():
        ana.page.get_by_role("button", name="Fork", exact=True).click()
    assert canvas not in ana.page.url
    expect(ana.page.get_by_label("Canvas name")).to_have_value("Twin")
    ana.show_file("app.js")
    expect(ana.editor).to_contain_text(BO)
    assert "const" not in text_on_server(installation.base, canvas, "app.js")


def test_now_follows_the_past_stands_still_and_a_viewer_only_looks(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, ana, bo = both_write(installation, newcomer)
    vi = newcomer()
    vi.join(invite(installation.base, canvas, "viewer"), "Vi")
    slider = open_history(vi)
    options = vi.page.get_by_role("listbox", name="Moments").get_by_role("option")
    expect(options.nth(1)).to_contain_text("Owner")
    # Somebody who has not written yet: what Bo and Ana do by turns, and fast, is one moment of both.
    cy = newcomer()
    cy.join(invite(installation.base, canvas), "Cy")
    cy.show_file("app.js")
    cy.editor.click()
    cy.type("more();")
    expect(past_text(vi)).to_contain_text("more();")
    expect(options.nth(1)).to_contain_text("Cy")

    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    said = (slider.get_attribute("aria-valuetext") or "").rpartition(" of ")[0]
    expect(options.nth(1)).not_to_contain_text("Owner")
    chosen = options.and_(vi.page.locator("[aria-selected=true]"))
    expect(chosen).to_contain_text("Owner")  # the list follows a little later
    row = chosen.get_attribute("id")
    expect(vi.page.get_by_role("button", name="Back to now")).to_be_visible()
    for name in ("Name", "Restore…", "Fork…"):
        expect(vi.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    ana.put_caret("more();")
    ana.type("again();")
    expect(bo.editor).to_contain_text("again();")
    # What is new joins the list; the moment stays chosen, also in a panel that was closed meanwhile.
    expect(options.nth(1)).to_contain_text("Owner")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{said} of "))
    rail = vi.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History")
    rail.click()
    expect(slider).not_to_be_visible()
    put = httpx.put(
        f"{installation.base}/api/v1/canvases/{canvas}/files/later.js", json={"text": "later();\n"}, timeout=30
    )
    put.raise_for_status()
    rail.click()
    expect(options.filter(has_text="later.js")).to_have_count(1)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{said} of "))
    expect(chosen).to_have_id(row or "")
    expect(past_text(vi)).not_to_contain_text("again();")
    vi.page.get_by_role("button", name="Back to now").click()
    expect(past_text(vi)).to_contain_text("again();")

    # Space plays from the beginning, forward through every text, to now.
    slider.focus()
    vi.page.get_by_label("Speed").select_option("16")
    slider.press(" ")
    expect(vi.page.get_by_role("button", name="Pause")).to_be_visible()
    expect(vi.page.get_by_role("button", name="Play from the beginning")).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^Now, "))


def test_what_two_write_at_once_is_one_moment_of_both(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"app.js": "first();\nsecond();\n"})
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    for person, line in ((ana, "first();"), (bo, "second();")):
        person.show_file("app.js")
        person.put_caret(line)
    for number in range(12):
        ana.page.keyboard.type("a")
        bo.page.keyboard.type("b")
        expect(ana.editor).to_contain_text("b" * (number + 1))
        expect(bo.editor).to_contain_text("a" * (number + 1))
    open_history(ana)
    both = ana.page.get_by_role("option", name=re.compile(r"\band\b.*app\.js"))
    expect(both.first).to_be_visible()
    count = ana.page.get_by_role("option", name=re.compile(r"app\.js")).count()
    assert count <= 8, f"{count} moments for 24 keys"
    both.first.click()
    expect(ana.page.locator(".pc-past-came").first).to_have_class(re.compile("pc-past-several"))

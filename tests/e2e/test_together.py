"""Two people in two browser profiles, one canvas, a model's edit, and the preview in both."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, canvas_with, invite, text_on_server
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

PAGE = """<!doctype html>
<html lang="en">
  <body>
    <h1>Menu</h1>
    <p id="answer"></p>
    <script src="app.js"></script>
  </body>
</html>
"""
SCRIPT = """const wanted = "1";
document.querySelector("#answer").textContent = wanted == 1 ? "loose" : "strict";
"""


def test_two_people_edit_review_and_see_the_preview_change(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"index.html": PAGE, "app.js": SCRIPT})
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    for person in (ana, bo):
        expect(person.preview.locator("#answer")).to_have_text("loose")

    # Both type in one file, and each sees the other's caret by name.
    ana.show_file("index.html")
    bo.show_file("index.html")
    bo.put_caret("<h1>Menu")
    bo.type("<!-- Bo was here 👋🏽 -->")
    ana.put_caret("<body>")
    # At once: keys with a pause between them would be several steps of undo.
    ana.page.keyboard.insert_text("<!-- and Ana -->")
    for person in (ana, bo):
        # Whole: what is still on its way would make the two texts differ.
        expect(person.editor).to_contain_text("<!-- Bo was here 👋🏽 -->")
        expect(person.editor).to_contain_text("<!-- and Ana -->")
        expect(person.saved).to_be_visible()
    expect(ana.caret_of("Bo")).to_be_attached()
    assert ana.text() == bo.text()
    assert text_on_server(installation.base, canvas, "index.html").count("Bo was here") == 1

    # Undo takes back one's own edits only.
    ana.page.keyboard.press("Control+z")
    expect(bo.editor).not_to_contain_text("and Ana")
    expect(bo.editor).to_contain_text("Bo was here")

    # Ana asks for a fix of one line; both see the same suggestion; nothing changed yet.
    ana.show_file("app.js")
    bo.show_file("app.js")
    ana.put_caret("textContent", end=False)
    ana.page.keyboard.press("Shift+End")
    ana.page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Fix").click()
    for person in (ana, bo):
        bar = person.page.get_by_role("group", name="Suggestion:")
        expect(bar).to_contain_text("via scripted-coder")
        expect(bar.get_by_role("button", name="Accept")).to_be_visible()
        expect(person.preview.locator("#answer")).to_have_text("loose")
    assert "===" not in text_on_server(installation.base, canvas, "app.js")

    # Bo accepts it; the preview changes in both; the text carries who wrote it.
    bo.page.get_by_role("group", name="Suggestion:").get_by_role("button", name="Accept").click()
    for person in (ana, bo):
        expect(person.preview.locator("#answer")).to_have_text("strict")
        expect(person.page.get_by_role("group", name="Suggestion:")).to_have_count(0)
    assert "wanted === 1" in text_on_server(installation.base, canvas, "app.js")
    marks = ana.page.locator(".cm-gutters:visible .who-model, .cm-gutter:visible .who-model")
    expect(marks.first).to_be_attached()


def test_a_syntax_error_keeps_the_last_good_page_and_says_where(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, {"index.html": PAGE, "app.js": SCRIPT})
    ana = newcomer()
    ana.open(address)
    expect(ana.preview.locator("#answer")).to_have_text("loose")
    ana.show_file("app.js")
    ana.put_caret("const wanted")
    ana.type("\nconst = ;")
    error = ana.page.locator(".pc-preview-error")
    expect(error).to_contain_text("app.js:2")
    expect(ana.preview.locator("#answer")).to_have_text("loose")
    for _ in range(len("\nconst = ;")):
        ana.page.keyboard.press("Backspace")
    expect(error).to_have_count(0)


def test_a_viewer_sees_and_cannot_type(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"index.html": PAGE})
    ana, vi = newcomer(), newcomer()
    ana.open(address)
    vi.join(invite(installation.base, canvas, "viewer"), "Vi")
    ana.show_file("index.html")
    vi.show_file("index.html")
    expect(vi.save_words).to_contain_text("Read-only")
    vi.put_caret("<h1>")
    vi.type("hacked")
    ana.put_caret("<h1>")
    ana.type("<!-- seen -->")
    expect(vi.editor).to_contain_text("seen")
    assert "hacked" not in vi.text()
    assert "hacked" not in text_on_server(installation.base, canvas, "index.html")


def test_the_arrangement_is_kept_for_the_person_and_nobody_else(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"index.html": PAGE})
    ana = newcomer()
    ana.open(address)
    ana.page.get_by_role("tab", name="Activity").click()
    console = ana.page.get_by_role("tab", name="Console")
    expect(console).to_be_visible()
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("Layout: Focus")
    ana.page.keyboard.press("Enter")
    expect(console).to_have_count(0)
    ana.page.wait_for_function(
        "canvas => fetch(`/api/v1/canvases/${canvas}/layout?device=wide`).then(r => r.json())"
        ".then(v => v.layout !== null && !JSON.stringify(v.layout).includes('\"console\"'))",
        arg=canvas,
    )
    ana.page.reload()
    ana.editor.wait_for()
    expect(console).to_have_count(0)
    bo = newcomer()
    bo.join(invite(installation.base, canvas), "Bo")
    expect(bo.page.get_by_role("tab", name="Console")).to_be_visible()


def test_undo_and_offline_edits_survive_a_closed_tab(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"a.txt": "one\n"})
    ana = newcomer()
    ana.open(address)
    ana.show_file("a.txt")
    ana.put_caret("one")
    expect(ana.saved).to_be_visible()
    ana.page.context.set_offline(True)
    ana.type(" two")
    expect(ana.save_words).to_contain_text("Offline")
    expect(ana.save_words).to_contain_text("kept here")
    context = ana.page.context
    ana.page.close()
    context.set_offline(False)
    ana.page = context.new_page()
    ana.open(address)
    ana.show_file("a.txt")
    expect(ana.editor).to_contain_text("one two")
    expect(ana.saved).to_be_visible()
    assert text_on_server(installation.base, canvas, "a.txt") == "one two\n"

"""Letters go from the keyboard into the text, also where the browser knows better what a key means."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

# What the browser itself puts into the text fires `input`; what the editor put there does not.
COUNT_INPUTS = "window.inputs = 0; addEventListener('input', () => { window.inputs += 1; }, true)"


def caret_in(installation: Installation, newcomer: Newcomer, file: str, text: str, words: str) -> Somebody:
    """Open a canvas of one file and put the caret behind the line with `words`."""
    _, address = canvas_with(installation.base, {file: text})
    person = newcomer()
    person.open(address)
    person.show_file(file)
    person.put_caret(words)
    return person


def test_letters_brackets_and_undo_go_by_the_editor_alone(installation: Installation, newcomer: Newcomer) -> None:
    ana = caret_in(installation, newcomer, "a.js", "let a = 1;\n", "let a")
    ana.page.evaluate(COUNT_INPUTS)
    ana.type(" f('x é")
    expect(ana.editor.locator(".cm-line").first).to_have_text("let a = 1; f('x é')")
    assert ana.page.evaluate("inputs") == 0
    ana.page.keyboard.press("Control+z")
    expect(ana.editor.locator(".cm-line").first).to_have_text("let a = 1;")


def test_a_letter_takes_the_place_of_a_selection(installation: Installation, newcomer: Newcomer) -> None:
    ana = caret_in(installation, newcomer, "a.txt", "one two\n", "one")
    ana.page.keyboard.press("Control+Shift+ArrowLeft")
    ana.type("x")
    expect(ana.editor.locator(".cm-line").first).to_have_text("one x")


def test_an_accent_chosen_for_the_letter_before_takes_its_place(installation: Installation, newcomer: Newcomer) -> None:
    ana = caret_in(installation, newcomer, "a.txt", "caf\n", "caf")
    ana.type("e")
    # As the browser does: it selects the letter before, which the editor has not heard of yet, and inserts.
    ana.page.evaluate(
        "() => { const it = getSelection(); it.extend(it.focusNode, it.focusOffset - 1);"
        " document.execCommand('insertText', false, 'é'); }"
    )
    expect(ana.editor.locator(".cm-line").first).to_have_text("café")


def test_a_composition_is_left_to_the_browser(installation: Installation, newcomer: Newcomer) -> None:
    ana = caret_in(installation, newcomer, "a.txt", "one\n", "one")
    devtools = ana.page.context.new_cdp_session(ana.page)
    for so_far in ("に", "にほ", "にほん"):
        devtools.send(
            "Input.imeSetComposition", {"text": so_far, "selectionStart": len(so_far), "selectionEnd": len(so_far)}
        )
    devtools.send("Input.insertText", {"text": "日本"})
    ana.type("!")
    expect(ana.editor.locator(".cm-line").first).to_have_text("one日本!")

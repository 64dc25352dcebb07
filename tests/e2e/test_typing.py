"""Letters go from the keyboard into the text, also where the browser knows better what a key means."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, text_on_server
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
    ana.page.keyboard.press("Shift")  # it is in the text before any other key, not only on the screen
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


# The line with the caret, what the text has there, and where the caret is drawn: in the frame that shows a letter, once
# the editor is done with it.
IN_ITS_FRAME = """() => {
  const content = document.querySelector('.cm-content:focus');
  const { view } = content.cmTile.root;
  window.look = () => {
    const line = document.querySelector('.cm-activeLine').textContent;
    const caret = document.querySelector('.cm-cursor-primary').getBoundingClientRect();
    const text = view.state.doc.lineAt(view.state.selection.main.head).text;
    return { line, text, left: caret.left, top: caret.top };
  };
  window.looks = [];
  addEventListener('beforeinput', () => requestAnimationFrame(() => window.looks.push(window.look())));
}"""


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("a.js", "// a comment\nconst one = f(1); // two\n", "// a comment"),
        ("a.js", "// a comment\nconst one = f(1); // two\n", "const"),
        ("a.md", "# A heading\n\nwords\n", "# A heading"),
        ("a.html", "<p class='x'>words</p>\n", "<p"),
    ],
)
def test_a_letter_is_drawn_at_once_where_it_will_stand(
    installation: Installation, newcomer: Newcomer, file: str, text: str, words: str
) -> None:
    ana = caret_in(installation, newcomer, file, text, words)
    for _ in range(4):
        ana.page.keyboard.press("ArrowLeft")
    ana.page.evaluate(IN_ITS_FRAME)
    echoed = 0
    for number, letter in enumerate("ab c1"):
        ana.page.keyboard.press("Space" if letter == " " else letter)
        ana.page.wait_for_function("count => window.looks.length === count", arg=number + 1)
        # By any other key it is in the text.
        ana.page.keyboard.press("Shift")
        ana.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        first, then = ana.page.evaluate("() => [window.looks.at(-1), window.look()]")
        assert then["text"] == then["line"] == first["line"]
        # What else changes the editor meanwhile, as its language once it is loaded, brings the letter with it.
        if first["text"] != first["line"]:
            echoed += 1
            assert abs(then["left"] - first["left"]) < 0.1
            assert then["top"] == first["top"]
    assert echoed > 0


def test_what_two_people_type_on_one_line_is_there_once_and_in_order(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, {"a.txt": "one: \n"})
    ana, bo = newcomer(), newcomer()
    for person in (ana, bo):
        person.open(address)
        person.show_file("a.txt")
        person.put_caret("one:")
    for letter in "the quick brown fox jumps over the lazy dog":
        ana.page.keyboard.press("Space" if letter == " " else letter)
        bo.page.keyboard.press("_" if letter == " " else letter.upper())
    for person in (ana, bo):
        expect(person.editor.locator(".cm-line").first).to_have_text(re.compile("^one: .{86}$"))
    text = ana.text()
    assert bo.text() == text
    letters = "thequickbrownfoxjumpsoverthelazydog"
    assert "".join(letter for letter in text.split(":")[1] if letter.islower()) == letters
    assert "".join(letter for letter in text if letter.isupper()) == letters.upper()
    expect(ana.saved).to_be_visible()
    assert text_on_server(installation.base, canvas, "a.txt").rstrip("\n") == text.rstrip("\n")

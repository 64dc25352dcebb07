"""Comments: what people do with what they and others said."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

FILES = {"app.js": "let total = 0;\nlet sum = 1;\n"}


def _comment(who: Somebody, line: str, words: str) -> None:
    who.put_caret(line)
    who.page.keyboard.press("Control+Alt+m")
    expect(who.page.get_by_label("Comment on this line")).to_be_focused()
    who.type(words)
    who.page.keyboard.press("Enter")


def _card(who: Somebody) -> Locator:
    return who.page.get_by_role("dialog", name="Comments on this line")


def _open_card(who: Somebody) -> Locator:
    who.page.keyboard.press("F8")
    expect(who.page.get_by_label("Reply")).to_be_focused()
    return _card(who)


def test_one_s_own_words_are_edited_where_they_stand(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    ana.open(address)
    ana.show_file("app.js")
    _comment(ana, "let sum", "Why won?")
    card = _open_card(ana)
    edit, field = card.get_by_role("button", name="Edit your comment"), card.get_by_label("Your comment", exact=True)
    edit.focus()
    ana.page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("Why won?")
    # Escape gives it up, and the card stays.
    ana.type(" Never mind")
    ana.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(edit).to_be_focused()
    expect(card.locator(".pc-comment p")).to_have_text("Why won?")
    # A card that closes under one's hands takes nothing away.
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("Control+a")
    ana.type("Why one")
    ana.put_caret("let total")
    expect(card).to_have_count(0)
    ana.page.keyboard.press("F8")
    expect(field).to_have_value("Why one")
    field.press("End")
    ana.type("?")
    ana.page.keyboard.press("Enter")
    expect(card.locator(".pc-comment p")).to_have_text("Why one?")
    expect(card.locator(".pc-comment-edited")).to_have_text("edited")
    expect(edit).to_be_focused()
    expect(ana.saved).to_be_visible()
    ana.page.reload()
    ana.page.locator(".pc-commented, .pc-comment-mark").first.wait_for()
    expect(_open_card(ana)).to_contain_text("Why one?")


# The numbers of the lines that have a mark.
MARKED = """() => {
  const seen = (selector) => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility());
  const top = (one) => Math.round(one.closest('.cm-gutterElement').getBoundingClientRect().top);
  const tops = seen('.pc-comment-mark').map(top);
  const numbers = seen('.cm-lineNumbers .cm-gutterElement').filter(one => tops.includes(top(one)));
  return numbers.map(one => one.innerText).join();
}"""


def test_a_mark_goes_with_the_words_when_somebody_splits_and_joins_lines(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo Lind")
    for who in (ana, bo):
        who.show_file("app.js")
    _comment(ana, "let sum", "Why one?")
    for who in (ana, bo):
        who.page.wait_for_function(f"({MARKED})() === '2'")
    bo.put_caret("let sum", end=False)
    bo.page.keyboard.press("Enter")
    for who in (ana, bo):
        who.page.wait_for_function(f"({MARKED})() === '3'")
    bo.page.keyboard.press("Backspace")
    bo.page.keyboard.press("Backspace")
    for who in (ana, bo):
        who.page.wait_for_function(f"({MARKED})() === '1'")


def test_comments_are_deleted_with_a_way_back(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas, "commenter"), "Bo Lind")
    for who in (ana, bo):
        who.show_file("app.js")
    _comment(ana, "let sum", "Why one?")
    card = _open_card(ana)
    expect(bo.page.locator(".pc-comment-mark")).to_be_visible()
    theirs = _open_card(bo)
    bo.type("Because.")
    bo.page.keyboard.press("Enter")
    expect(card.locator(".pc-comment")).to_have_count(2)

    # Each their own, and who writes the texts anybody's.
    assert theirs.get_by_role("button", name="Delete").all_text_contents() == ["Delete"]
    card.get_by_role("button", name="Delete Bo Lind’s comment").focus()
    ana.page.keyboard.press("Enter")
    for one in (card, theirs):
        expect(one.locator(".pc-comment")).to_have_count(1)
    ana.page.locator(".pc-toast").get_by_role("button", name="Undo").click()
    expect(theirs.locator(".pc-comment p")).to_have_text(["Why one?", "Because."])

    # Without its first comment a thread is what was answered, where it stood.
    card.get_by_role("button", name="Delete your comment").focus()
    ana.page.keyboard.press("Enter")
    for one in (card, theirs):
        expect(one.locator(".pc-comment p")).to_have_text(["Because."])
    theirs.get_by_role("button", name="Delete your comment").focus()
    bo.page.keyboard.press("Enter")
    for one in (card, theirs):
        expect(one).to_have_count(0)
    expect(ana.page.locator(".pc-comment-mark")).to_have_count(0)
    bo.page.locator(".pc-toast").get_by_role("button", name="Undo").click()
    expect(ana.page.locator(".pc-comment-mark")).to_be_visible()


def test_words_being_edited_outlive_somebody_else_s_deletion(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas, "commenter"), "Bo Lind")
    for who in (ana, bo):
        who.show_file("app.js")
    _comment(bo, "let sum", "Why?")
    theirs = _open_card(bo)
    theirs.get_by_role("button", name="Edit your comment").focus()
    bo.page.keyboard.press("Enter")
    bo.type(" And")
    expect(ana.page.locator(".pc-comment-mark")).to_be_visible()
    _open_card(ana).get_by_role("button", name="Delete Bo Lind’s comment").focus()
    ana.page.keyboard.press("Enter")
    expect(theirs).to_contain_text("Deleted by somebody else while you were writing.")
    bo.type(" how?")
    bo.page.keyboard.press("Enter")
    expect(theirs.locator(".pc-comment p")).to_have_text("Why? And how?")
    expect(ana.page.locator(".pc-comment-mark")).to_be_visible()

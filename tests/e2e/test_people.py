"""People among each other: following, mentions, presence in the tree, muting, roles that change under open pages."""

import json
import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

LONG = "".join(f"line {number} of many\n" for number in range(1, 301))
FILES = {"app.js": "let total = 0;\nlet sum = 1;\n", "src/long.txt": LONG}

# How far down the visible editor is scrolled (pixels).
SCROLLED = "() => [...document.querySelectorAll('.cm-scroller')].find(one => one.checkVisibility()).scrollTop"
SAID = "[role=status][aria-label='What others do']"


def _two(installation: Installation, newcomer: Newcomer, role: str = "editor") -> tuple[str, Somebody, Somebody]:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas, role), "Bo Lind")
    ana.show_file("app.js")
    bo.show_file("src/long.txt")
    return canvas, ana, bo


def test_a_caret_that_moves_says_whose_it_is_and_rests_without_its_name(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, ana, bo = _two(installation, newcomer)
    bo.show_file("app.js")
    bo.put_caret("let total")
    caret = ana.caret_of("Bo Lind")
    told = re.compile(r"\bis-told\b")
    expect(caret).to_have_class(told)
    bo.page.keyboard.press("ArrowLeft")
    expect(ana.page.locator(".pc-caret.is-told")).to_have_count(1)
    expect(caret).not_to_have_class(told)
    caret.evaluate("(one) => { one.sameAsBefore = true; }")
    bo.page.keyboard.press("ArrowRight")
    expect(caret).to_have_class(told)
    # The element stays: a new one would be styled and drawn at every step of everybody's.
    expect(caret).to_have_js_property("sameAsBefore", True)


def test_following_goes_where_the_other_looks_and_any_key_leaves(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, ana, bo = _two(installation, newcomer)
    frame, followers = ana.page.locator(".pc-follow"), bo.page.locator(".pc-followers")
    face = ana.page.get_by_role("list", name="here now").get_by_role("button", name="Bo Lind")
    expect(face).to_have_attribute("aria-label", "Bo Lind, guest, in src/long.txt. Follow")

    # Their file, their scroll, their selection.
    face.click()
    expect(frame).to_contain_text("Following Bo Lind")
    expect(ana.editor).to_contain_text("line 1 of many")
    expect(followers).to_have_text("1 follows you")
    bo.put_caret("line 3 of many")
    expect(ana.caret_of("Bo Lind")).to_be_attached()
    bo.editor.hover()
    bo.page.mouse.wheel(0, 2_000)
    ana.page.wait_for_function(f"({SCROLLED})() > 1500")
    bo.page.keyboard.press("Control+End")
    bo.page.keyboard.press("Shift+ArrowUp")
    expect(ana.editor).to_contain_text("line 300 of many")
    expect(ana.page.locator(".cm-content:visible .pc-remote-selection").first).to_be_visible()
    bo.show_file("app.js")
    expect(ana.editor).to_contain_text("let total")

    # Any key leaves; what it does, it does as one's own.
    ana.page.keyboard.press("Escape")
    expect(frame).to_have_count(0)
    expect(followers).to_have_count(0)
    bo.show_file("src/long.txt")
    expect(bo.editor).to_contain_text("line 1 of many")
    expect(ana.editor).to_contain_text("let total")

    # By the palette, and out again by pressing into the text.
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("Follow Bo Lind")
    ana.page.keyboard.press("Enter")
    expect(frame).to_contain_text("Following Bo Lind")
    ana.editor.click()
    expect(frame).to_have_count(0)

    # From the list of people, and who leaves is said to have left.
    ana.page.get_by_role("tab", name="People").click()
    ana.page.get_by_role("button", name="Follow Bo Lind, in src/long.txt").click()
    expect(frame).to_be_visible()
    bo.page.close()
    expect(frame).to_contain_text("who is away")
    expect(ana.page.locator(".pc-toast")).to_contain_text("Bo Lind left the canvas: you are on your own again.")
    expect(frame).to_have_count(0)


def test_the_open_file_is_in_sight_in_the_tree_also_where_another_led(
    installation: Installation, newcomer: Newcomer
) -> None:
    many = {f"notes/{number:02}.txt": "x\n" for number in range(60)}
    canvas, address = canvas_with(installation.base, {**many, "pages/last.html": "<p>last</p>\n", "zebra.txt": "z\n"})
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo Lind")
    ana.show_file("notes/00.txt")
    bo.show_file("notes/01.txt")
    zebra = ana.page.locator('[role="treeitem"][data-path="zebra.txt"]')
    last = ana.page.locator('[role="treeitem"][data-path="pages/last.html"]')
    expect(zebra).not_to_be_in_viewport()

    ana.page.get_by_role("list", name="here now").get_by_role("button", name="Bo Lind").click()
    bo.show_file("zebra.txt")
    expect(zebra).to_be_in_viewport()
    ana.page.reload()
    expect(zebra).to_have_attribute("aria-selected", "true")
    expect(zebra).to_be_in_viewport()

    # A folded folder opens for it, and stays folded when it is folded after that.
    folder = ana.page.get_by_role("treeitem", name="pages", exact=True)
    folder.click()
    expect(last).to_have_count(0)
    ana.page.get_by_role("list", name="here now").get_by_role("button", name="Bo Lind").click()
    bo.show_file("pages/last.html")
    expect(last).to_be_in_viewport()
    folder.click()
    expect(last).to_have_count(0)
    bo.put_caret("<p>last")
    bo.type("more")
    expect(ana.editor).to_contain_text("more")
    expect(last).to_have_count(0)


def test_following_outlives_a_deleted_file_and_ends_at_a_key_in_the_preview(
    installation: Installation, newcomer: Newcomer
) -> None:
    files = {"index.html": "<input id='field'>", "a.txt": "a\n", "b.txt": "b\n"}
    canvas, address = canvas_with(installation.base, files)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo Lind")
    bo.show_file("a.txt")
    frame = ana.page.locator(".pc-follow")
    ana.page.get_by_role("list", name="here now").get_by_role("button", name="Bo Lind").click()
    expect(ana.page.locator('.cm-content:visible[aria-label^="a.txt, "]')).to_be_visible()
    httpx.delete(f"{installation.base}/api/v1/canvases/{canvas}/files/a.txt", timeout=30).raise_for_status()
    expect(ana.page.locator('[role="treeitem"][data-path="a.txt"]')).to_have_count(0)
    bo.show_file("b.txt")
    expect(ana.page.locator('.cm-content:visible[aria-label^="b.txt, "]')).to_be_visible()
    expect(frame).to_contain_text("Following Bo Lind")

    # A press in the preview tries it out; a key there is a key, and reaches the page of the preview as well.
    ana.preview.locator("#field").click()
    expect(frame).to_be_visible()
    ana.type("x")
    expect(frame).to_have_count(0)
    expect(ana.preview.locator("#field")).to_have_value("x")


def test_a_mention_is_marked_until_it_is_seen(installation: Installation, newcomer: Newcomer) -> None:
    canvas, ana, bo = _two(installation, newcomer, "commenter")
    me = httpx.get(f"{installation.base}/api/v1/me", timeout=30).json()["name"]
    bo.show_file("app.js")
    bo.put_caret("let sum", end=False)
    bo.page.keyboard.press("Shift+End")
    bo.page.keyboard.press("Control+Alt+m")
    expect(bo.page.get_by_label("Comment on the selection")).to_be_focused()
    bo.type(f"Why one, @{me[:2].lower()}")
    expect(bo.page.get_by_role("listbox", name="People to mention").get_by_role("option")).to_have_count(1)
    bo.page.keyboard.press("Enter")  # picks, and does not send
    bo.type("?")
    bo.page.keyboard.press("Enter")

    # A toast, a mark on Review and on the rail, an entry in the feed, a filter.
    expect(ana.page.locator(".pc-toast")).to_contain_text("Bo Lind mentioned you in app.js")
    rail = ana.page.get_by_role("navigation", name="Panels")
    expect(rail.get_by_role("button", name="Review, 1 comment for you, unread")).to_be_visible()
    expect(ana.page.locator(".pc-dock-mark")).to_have_text("@1")
    ana.page.get_by_role("tab", name="Activity").click()
    expect(ana.page.locator(".pc-activity")).to_contain_text(f"Bo Lind mentioned {me}")
    ana.page.locator('[data-tab-panel-id="review"]').click()
    listed = ana.page.get_by_role("region", name="Comments")
    listed.get_by_role("button", name="For you 1").click()
    expect(listed.locator(".pc-mention-me")).to_have_text(f"@{me}")

    # Seen is seen: in the card that opens with the focus in its answer.
    listed.locator(".pc-review-title").click()
    card = ana.page.get_by_role("dialog", name="Comments on this line")
    expect(card.get_by_label("Reply")).to_be_focused()
    expect(ana.page.locator(".pc-dock-mark")).to_have_count(0)
    expect(ana.page.locator(".pc-toast")).to_have_count(0)
    ana.type("Because, @Bo")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")
    expect(card.locator(".pc-comment")).to_have_count(2)
    expect(bo.page.locator(".pc-toast")).to_contain_text(f"{me} mentioned you in app.js")
    ana.page.reload()
    expect(ana.page.locator(".pc-commented")).to_be_attached()
    expect(ana.page.locator(".pc-dock-mark")).to_have_count(0)

    # An answer where one wrote is for one, also when it calls nobody.
    bo.page.locator(".pc-comment-mark").click()
    bo.page.get_by_label("Reply").fill("I see.")
    bo.page.keyboard.press("Enter")
    news = ana.page.locator(".pc-toast", has_text="Bo Lind answered you in app.js: “I see.”")
    news.get_by_role("button", name="Show").click()
    expect(card.locator(".pc-comment")).to_have_count(3)
    expect(ana.page.locator(".pc-dock-mark")).to_have_count(0)
    ana.page.keyboard.press("Escape")
    expect(card).to_have_count(0)

    # In their other browser, too.
    elsewhere = newcomer()
    with elsewhere.page.expect_response(lambda answer: answer.url.endswith("/seen")) as answer:
        elsewhere.open(f"{installation.base}/c/{canvas}")
    assert len(answer.value.json()["comments"]) == 2
    expect(elsewhere.page.locator(".pc-commented")).to_be_attached()
    expect(elsewhere.page.locator(".pc-dock-mark")).to_have_count(0)

    # By keyboard from comment to comment, resolve and reopen.
    ana.page.keyboard.press("F8")
    expect(card).to_be_visible()
    card.get_by_role("button", name="Resolve").click()
    ana.page.locator('[data-tab-panel-id="review"]').click()
    listed.get_by_role("button", name="Resolved 1").click()
    listed.get_by_role("button", name="Reopen").click()
    expect(listed.get_by_role("button", name="Open 1")).to_be_visible()
    expect(bo.page.locator(".pc-comment-mark")).to_be_visible()


def test_an_answer_being_written_outlives_its_card_and_somebody_else_s_decision(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, ana, bo = _two(installation, newcomer)
    bo.show_file("app.js")
    bo.put_caret("let sum", end=False)
    bo.page.keyboard.press("Shift+End")
    bo.page.keyboard.press("Control+Alt+m")
    expect(bo.page.get_by_label("Comment on the selection")).to_be_focused()
    bo.type("Why one?")
    bo.page.keyboard.press("Enter")
    expect(ana.page.locator(".pc-commented")).to_be_attached()
    ana.page.keyboard.press("F8")
    card, reply = ana.page.get_by_role("dialog", name="Comments on this line"), ana.page.get_by_label("Reply")
    expect(reply).to_be_focused()
    ana.type("Because")

    # Closed and opened again.
    ana.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    ana.page.keyboard.press("F8")
    expect(reply).to_have_value("Because")

    # Resolved by Bo while Ana writes: said, not taken away, and opened again by the answer.
    bo.page.keyboard.press("F8")
    bo.page.get_by_role("button", name="Resolve").first.click()
    expect(card).to_contain_text("Resolved by somebody else while you were writing")
    reply.press("End")
    ana.type(" it is.")
    ana.page.keyboard.press("Enter")
    expect(card.locator(".pc-comment")).to_have_count(2)
    expect(card).to_contain_text("Because it is.")
    expect(reply).to_have_value("")
    expect(bo.page.locator(".pc-comment-mark")).to_have_attribute("title", "2 comments")


def test_a_comment_goes_with_its_words_in_everybody_s_page(installation: Installation, newcomer: Newcomer) -> None:
    _, ana, bo = _two(installation, newcomer)
    bo.show_file("app.js")
    bo.put_caret("let sum", end=False)
    bo.page.keyboard.press("Shift+End")
    bo.page.keyboard.press("Control+Alt+m")
    expect(bo.page.get_by_label("Comment on the selection")).to_be_focused()
    bo.type("Why one?")
    bo.page.keyboard.press("Enter")
    words, mark = ana.page.locator(".pc-commented"), ana.page.locator(".pc-comment-mark")
    expect(words).to_have_text("let sum = 1;")

    # All is deleted: the thread is still marked. The undo brings it back on its words.
    bo.put_caret("let sum")
    bo.page.keyboard.press("Control+a")
    bo.page.keyboard.press("Delete")
    expect(words).to_have_count(0)
    expect(mark).to_be_visible()
    bo.page.keyboard.press("Control+z")
    for person in (ana, bo):
        expect(person.page.locator(".pc-commented")).to_have_text("let sum = 1;")

    # The line above is moved down: to Yjs, it is this one that goes and comes.
    bo.put_caret("let total")
    bo.page.keyboard.press("Alt+ArrowDown")
    expect(ana.editor.locator(".cm-line").first).to_have_text("let sum = 1;")
    expect(words).to_have_text("let sum = 1;")
    ana.page.reload()
    expect(words).to_have_text("let sum = 1;")
    assert ana.page.locator(".pc-comment-mark").count() == 1


def test_a_lost_line_takes_nobody_away(installation: Installation, newcomer: Newcomer) -> None:
    _, ana, bo = _two(installation, newcomer)
    frame = ana.page.locator(".pc-follow")
    ana.page.get_by_role("list", name="here now").get_by_role("button", name="Bo Lind").click()
    expect(frame).to_contain_text("Following Bo Lind")
    ana.page.context.set_offline(True)
    expect(frame).to_contain_text("out of sight while you are offline")
    ana.page.context.set_offline(False)
    expect(frame).not_to_contain_text("offline")
    bo.show_file("app.js")
    expect(ana.editor).to_contain_text("let total")
    expect(frame).to_be_visible()


def test_who_is_where_shows_in_the_tree_is_said_once_and_can_be_muted(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, ana, bo = _two(installation, newcomer)
    row = ana.page.locator('[role="treeitem"][data-path="src/long.txt"]')
    expect(row).to_have_attribute("aria-label", "long.txt, with Bo Lind")
    folder = ana.page.locator('[role="treeitem"][data-path="src"]')
    folder.click()
    expect(folder).to_have_attribute("aria-label", "src, with Bo Lind")
    folder.click()
    ana.show_file("src/long.txt")
    bo.put_caret("line 2 of many")
    bo.type(" more")
    expect(ana.page.locator(SAID)).to_have_text("Bo Lind is editing src/long.txt.")
    expect(ana.caret_of("Bo Lind")).to_be_attached()

    ana.page.keyboard.press("F9")
    expect(ana.caret_of("Bo Lind")).to_have_count(0)
    expect(row).to_have_attribute("aria-label", "long.txt")
    expect(ana.page.locator(SAID)).to_be_empty()
    ana.page.reload()
    ana.editor.wait_for()
    shown = ana.page.get_by_role("button", name="Presence is muted. Show others again")
    expect(shown).to_be_visible()
    bo.type(" and more")
    expect(ana.editor).to_contain_text("and more")
    expect(ana.caret_of("Bo Lind")).to_have_count(0)
    shown.click()
    expect(ana.caret_of("Bo Lind")).to_be_attached()


# The text before somebody's caret in its line, or null where there is none.
BEFORE_CARET = """() => {
  const caret = [...document.querySelectorAll('.pc-caret')].find(one => one.checkVisibility());
  if (!caret) return null;
  const range = document.createRange();
  range.setStart(caret.closest('.cm-line'), 0);
  range.setEndBefore(caret);
  return range.toString();
}"""


def test_a_caret_stands_right_behind_the_letter_just_typed(installation: Installation, newcomer: Newcomer) -> None:
    _, ana, bo = _two(installation, newcomer)
    bo.show_file("app.js")
    bo.put_caret("let total")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft"):
        bo.page.keyboard.press(key)
    for words, before in ((" +", "let total = +"), (" 4", "let total = + 4")):
        bo.type(words)
        ana.page.wait_for_function(f"({BEFORE_CARET})() === {json.dumps(before)}")
    # At a line's end too, where one place further is the next line.
    bo.put_caret("let sum")
    bo.type(" // one")
    ana.page.wait_for_function(f"({BEFORE_CARET})() === 'let sum = 1; // one'")


def test_a_changed_role_shows_in_everybody_s_list_at_once(installation: Installation, newcomer: Newcomer) -> None:
    canvas, ana, bo = _two(installation, newcomer)
    cy = newcomer()
    cy.join(invite(installation.base, canvas, "viewer"), "Cy")
    for person in (ana, bo):
        person.page.get_by_role("tab", name="People").click()
    role = bo.page.locator(".pc-member", has_text="Cy").locator(".pc-member-role")
    expect(role).to_have_text("Viewer")
    ana.page.get_by_label("Role of Cy").select_option("commenter")
    expect(role).to_have_text("Commenter")


def test_taking_somebody_out_asks_in_place_and_can_end_their_link(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo, cy = newcomer(), newcomer(), newcomer()
    ana.open(address)
    link = invite(installation.base, canvas)
    bo.join(link, "Bo Lind")
    cy.join(link, "Cy")
    ana.page.get_by_role("tab", name="People").click()
    mark = ana.page.get_by_role("button", name="Take Bo Lind out", exact=True)
    question = ana.page.get_by_role("group", name="Take Bo Lind out?")

    # Nothing is done by one press; the focus is on what changes nothing, and comes back.
    mark.click()
    expect(question).to_contain_text("The link they came by still works")
    expect(question).to_contain_text("One more person is here through it alone")
    expect(question.get_by_role("button", name="Keep")).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(mark).to_be_focused()
    expect(bo.editor).to_be_visible()

    # Out, and the link with him; so Cy, who came by it too, goes as was said.
    mark.click()
    question.get_by_role("button", name="Take out and revoke the link").click()
    members = ana.page.locator(".pc-member")
    expect(members).to_have_count(1)
    assert httpx.get(f"{installation.base}/api/v1/canvases/{canvas}/invites", timeout=30).json()["invites"] == []
    bo.page.goto(link)
    expect(bo.page.get_by_text("This invite link does not work any more")).to_be_visible()

    # Out alone: the link goes on letting people in.
    again = invite(installation.base, canvas)
    dee = newcomer()
    dee.join(again, "Dee")
    ana.page.get_by_role("button", name="Take Dee out", exact=True).click()
    ana.page.get_by_role("group", name="Take Dee out?").get_by_role("button", name="Take out", exact=True).click()
    expect(members).to_have_count(1)
    assert len(httpx.get(f"{installation.base}/api/v1/canvases/{canvas}/invites", timeout=30).json()["invites"]) == 1

"""The frame of the main screen: the tree, the palette, names and themes, comments, and all of it by keyboard."""

import itertools
import re

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

FILES = {"index.html": "<h1>Menu</h1>\n", "src/app.js": "let a = 1;\nlet b = 2;\n", "notes.md": "one two three\n"}


@pytest.fixture
def ana(installation: Installation, newcomer: Newcomer) -> Somebody:
    """The owner in a canvas of three files."""
    _, address = canvas_with(installation.base, FILES)
    person = newcomer()
    person.open(address)
    person.editor.wait_for()
    return person


def row(person: Somebody, path: str) -> Locator:
    return person.page.locator(f'[role="treeitem"][data-path="{path}"]')


def rows(person: Somebody) -> list[str]:
    found = person.page.locator('[role="treeitem"]').evaluate_all("rows => rows.map((one) => one.dataset.path)")
    return [str(path) for path in found]


def paths_on_server(person: Somebody) -> list[str]:
    canvas = person.page.url.rsplit("/", 1)[1]
    answer = httpx.get(f"{person.base}/api/v1/canvases/{canvas}/files", timeout=30)
    return [one["path"] for one in answer.json()["files"]]


def command(person: Somebody, words: str) -> None:
    person.page.keyboard.press("Control+k")
    person.page.get_by_role("combobox", name="Ask, run or find anything").fill(words)
    person.page.keyboard.press("Enter")


def toast(person: Somebody, words: str) -> Locator:
    return person.page.locator(".pc-toast", has_text=words)


def test_the_tree_makes_renames_and_deletes_with_a_way_back(ana: Somebody) -> None:
    page = ana.page
    row(ana, "index.html").click()
    page.get_by_role("button", name="New file").click()
    page.get_by_label("Name of the new file").fill("style.css")
    page.keyboard.press("Enter")
    expect(row(ana, "style.css")).to_have_attribute("aria-selected", "true")
    expect(ana.editor).to_be_focused()
    ana.type("a")
    expect(ana.editor).to_have_text("a")
    expect(ana.editor.locator(".cm-line")).to_have_count(1)  # the key that made the file wrote nothing into it

    row(ana, "style.css").focus()
    page.keyboard.press("F2")
    page.get_by_label("New name of style.css").fill("look.css")
    page.keyboard.press("Enter")
    expect(row(ana, "look.css")).to_be_focused()
    expect(page.get_by_role("tab", name="look.css")).to_be_visible()

    page.keyboard.press("Delete")
    expect(row(ana, "look.css")).to_have_count(0)
    expect(page.get_by_role("tab", name="look.css")).to_have_count(0)
    toast(ana, "Deleted look.css").get_by_role("button", name="Undo").click()
    expect(row(ana, "look.css")).to_be_visible()
    expect(ana.saved).to_be_visible()
    assert "look.css" in paths_on_server(ana)


def test_folders_hold_fold_and_take_what_is_dragged(ana: Somebody) -> None:
    page = ana.page
    row(ana, "index.html").click()  # a new folder goes where the tree's selection is
    page.get_by_role("button", name="New folder").click()
    page.get_by_label("Name of the new folder").fill("docs")
    page.keyboard.press("Enter")
    expect(row(ana, "docs")).to_be_visible()
    row(ana, "notes.md").drag_to(row(ana, "docs"))
    expect(row(ana, "docs/notes.md")).to_be_visible()
    expect(ana.saved).to_be_visible()
    assert "docs/notes.md" in paths_on_server(ana)

    # Renaming a folder takes everything in it along; folding it hides what is in it.
    row(ana, "docs").focus()
    page.keyboard.press("F2")
    page.get_by_label("New name of docs").fill("pages")
    page.keyboard.press("Enter")
    expect(row(ana, "pages/notes.md")).to_be_visible()
    row(ana, "pages").focus()
    page.keyboard.press("ArrowLeft")
    expect(row(ana, "pages/notes.md")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(row(ana, "pages/notes.md")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../up.txt", "may not contain “.”, “..” or an empty folder name"),
        ("index.html", "There is already a file named index.html"),
        ("index.html/in.txt", "index.html is a file: it cannot hold another"),
        ("a\\b.txt", "Write the path with forward slashes"),
    ],
)
def test_a_bad_path_is_refused_in_a_sentence(ana: Somebody, name: str, sentence: str) -> None:
    row(ana, "index.html").click()
    before = rows(ana)
    ana.page.get_by_role("button", name="New file").click()
    ana.page.get_by_label("Name of the new file").fill(name)
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("tree").get_by_role("alert")).to_contain_text(sentence)
    assert rows(ana) == before
    field = ana.page.get_by_label("Name of the new file")
    expect(field).to_be_focused()
    expect(field).to_have_value(name)
    field.fill("fine.txt")
    ana.page.keyboard.press("Enter")
    expect(field).to_have_count(0)
    expect(row(ana, "fine.txt")).to_be_visible()


def test_the_toolbar_at_a_selection_can_be_read(ana: Somebody) -> None:
    ana.show_file("notes.md")
    ana.put_caret("one two", end=False)
    ana.page.keyboard.press("Shift+End")
    buttons = ana.page.get_by_role("toolbar", name="Selection").get_by_role("button")
    expect(buttons).to_have_count(4)
    boxes = buttons.evaluate_all(
        "all => all.map((one) => ({ left: one.getBoundingClientRect().left, right: one.getBoundingClientRect().right,"
        " fits: one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight }))"
    )
    assert all(box["fits"] for box in boxes)
    assert all(one["right"] <= other["left"] for one, other in itertools.pairwise(boxes))


def test_members_are_listed_as_they_come_and_change(
    ana: Somebody, installation: Installation, newcomer: Newcomer
) -> None:
    ana.page.get_by_role("button", name="People", exact=True).click()
    panel = ana.page.locator(".pc-people")
    bo = newcomer()
    bo.join(invite(installation.base, ana.page.url.rsplit("/", 1)[1]), "Bartholomew Featherstonehaugh")
    expect(panel).to_contain_text("Bartholomew Featherstonehaugh")
    role = panel.get_by_label("Role of Bartholomew Featherstonehaugh")
    expect(role).to_have_value("editor")
    for width in (1024, 1440):
        ana.page.set_viewport_size({"width": width, "height": 800})
        cut = panel.locator(".pc-member *").evaluate_all(
            "all => all.filter((one) => one.scrollWidth > one.clientWidth && one.clientWidth > 0"
            " && getComputedStyle(one).display !== 'inline').map((one) => one.outerHTML)"
        )
        assert cut == []
    expect(bo.page.get_by_role("button", name="Share", exact=True)).to_be_visible()
    role.select_option("viewer")
    expect(bo.save_words).to_contain_text("Read-only")
    # A viewer is not told to type, nor to share.
    expect(bo.page.get_by_role("button", name="Share", exact=True)).to_have_count(0)
    expect(bo.page.get_by_role("complementary", name="Hint")).to_have_count(0)


def test_a_hint_goes_once_it_was_followed(ana: Somebody) -> None:
    hint = ana.page.get_by_role("complementary", name="Hint")
    expect(hint).to_contain_text("1 of 3")
    ana.show_file("notes.md")
    ana.put_caret("one two")
    ana.type(" four")
    expect(hint).to_contain_text("2 of 3")


def test_who_follows_a_link_gives_a_name_first(ana: Somebody, installation: Installation, newcomer: Newcomer) -> None:
    link = invite(installation.base, ana.page.url.rsplit("/", 1)[1])
    somebody = newcomer()
    somebody.open(link)
    page = somebody.page
    expect(page.get_by_label("Your name")).to_be_focused()
    join, oneself = page.get_by_role("button", name="Join", exact=True), page.get_by_role("button", name="Continue as")
    first, second = join.bounding_box(), oneself.bounding_box()
    assert first
    assert second
    assert first["y"] + first["height"] <= second["y"]
    assert second["height"] < first["height"]

    # Before the page knows who looks at it, all stands where it will stand then.
    early = newcomer()
    early.page.route_web_socket(re.compile("/_event"), lambda _: None)
    early.open(link)
    button = early.page.get_by_role("button", name="Join", exact=True)
    expect(button).to_be_disabled()
    expect(early.page.get_by_role("button", name="Continue as")).to_have_count(0)
    assert button.bounding_box() == join.bounding_box()


def test_a_file_is_active_after_a_visit_and_asking_is_offered(ana: Somebody) -> None:
    ana.show_file("src/app.js")
    ana.page.get_by_role("tab", name="Activity", exact=True).click()
    canvas = ana.page.url.rsplit("/", 1)[1]
    ana.page.wait_for_function(
        "canvas => fetch(`/api/v1/canvases/${canvas}/layout?device=wide`).then(r => r.json())"
        '.then(v => JSON.stringify(v.layout).includes(\'"activeView":"activity"\'))',
        arg=canvas,
    )
    ana.page.reload()
    expect(row(ana, "src/app.js")).to_have_attribute("aria-selected", "true")
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("make it shorter")
    expect(ana.page.get_by_role("option", name=re.compile("make it shorter.*Ask")).first).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_role("combobox")).to_have_count(0)


# All in one task and its microtasks, and so before the browser's `close` event, which comes with the next frame.
# `requestClose` is what Escape does.
CLOSE_AND_OPEN_AGAIN = """async ([way, key]) => {
  const pressed = () => window.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, cancelable: true }));
  const rendered = async () => { for (let turn = 0; turn < 50; turn++) await null; };
  const painted = () => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
  const opened = () => document.querySelector("dialog[open]");
  const told = [];
  pressed();
  await painted();
  const dialog = opened();
  dialog.addEventListener("close", () => told.push(dialog.open));
  if (way === "Escape") dialog.requestClose();
  else if (way === "Close") dialog.querySelector("[aria-label=Close]").click();
  else pressed();
  await rendered();
  const closed = opened() === null;
  pressed();
  await rendered();
  const again = opened() === dialog;
  while (told.length === 0) await painted();
  await painted();
  return { closed, again, told, stays: opened() === dialog };
}"""


@pytest.mark.parametrize(("way", "key"), [("the same key", "k"), ("Escape", "k"), ("Escape", ","), ("Close", ",")])
def test_what_is_closed_and_opened_within_a_frame_is_open(ana: Somebody, way: str, key: str) -> None:
    assert ana.page.evaluate(CLOSE_AND_OPEN_AGAIN, [way, key]) == {
        "closed": True,
        "again": True,
        "told": [True],
        "stays": True,
    }
    dialog = ana.page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_focus_goes_back_to_where_it_was_however_many_were_open(ana: Somebody) -> None:
    keys, open_now = ana.page.keyboard, ana.page.locator("dialog[open]")
    find = ana.page.get_by_role("combobox", name="Ask, run or find anything")

    def back_to(there: Locator) -> None:
        expect(open_now).to_have_count(0)
        expect(there).to_be_focused()

    ana.editor.click()
    keys.press("Control+k")
    keys.press("Control+,")
    keys.press("Control+k")
    keys.press("Escape")
    back_to(ana.editor)
    # One dialog in the place of another.
    keys.press("Control+,")
    keys.press("Control+k")
    find.fill("Share this canvas")
    keys.press("Enter")
    expect(ana.page.get_by_role("dialog", name="Share")).to_be_visible()
    keys.press("Escape")
    back_to(ana.editor)
    # By a press beside it.
    share = ana.page.get_by_role("button", name="Share", exact=True)
    share.click()
    expect(open_now).to_have_count(1)
    ana.page.mouse.click(5, 5)
    back_to(share)
    # Where nothing had it, nothing gets it.
    share.blur()
    keys.press("Control+k")
    expect(find).to_be_focused()
    keys.press("Escape")
    back_to(ana.page.locator("body"))


def test_the_palette_finds_files_sums_and_commands(ana: Somebody) -> None:
    command(ana, "notes")
    expect(row(ana, "notes.md")).to_have_attribute("aria-selected", "true")
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("12 * 3.5")
    expect(ana.page.get_by_role("option").first).to_contain_text("42")
    ana.page.keyboard.press("Escape")
    with ana.page.expect_download() as fetched:
        command(ana, "Download this canvas")
    assert fetched.value.suggested_filename.endswith(".zip")


def test_settings_change_the_theme_and_the_name(ana: Somebody, installation: Installation, newcomer: Newcomer) -> None:
    bo = newcomer()
    bo.join(invite(installation.base, ana.page.url.rsplit("/", 1)[1]), "Bo")
    opener = ana.page.get_by_role("button", name="Settings")
    opener.click()
    dialog = ana.page.get_by_role("dialog", name="Settings")
    dialog.get_by_text("Dark", exact=True).click()
    expect(ana.page.locator("html")).to_have_attribute("data-theme", "dark")
    field = dialog.get_by_label("Your name")
    was = field.input_value()
    field.fill("Ana Silva")
    ana.page.keyboard.press("Enter")
    expect(toast(ana, "Others see you as Ana Silva.")).to_be_visible()
    expect(bo.page.get_by_role("button", name=re.compile("^Ana Silva"))).to_be_visible()
    field.fill(was)
    ana.page.keyboard.press("Enter")
    expect(toast(ana, f"Others see you as {was}.")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    ana.page.reload()
    expect(ana.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_comments_are_written_answered_resolved_and_survive_their_words(
    ana: Somebody, installation: Installation, newcomer: Newcomer
) -> None:
    ana.show_file("notes.md")
    cy = newcomer()
    cy.join(invite(installation.base, ana.page.url.rsplit("/", 1)[1], "commenter"), "Cy")
    cy.show_file("notes.md")
    cy.put_caret("one two", end=False)
    for _ in range(3):
        cy.page.keyboard.press("Shift+ArrowRight")
    tools = cy.page.get_by_role("toolbar", name="Selection")
    expect(tools.get_by_role("button", name="Fix")).to_have_count(0)
    tools.get_by_role("button", name="Comment").click()
    cy.page.get_by_label("Comment on the selection").fill("Why one?")
    cy.page.keyboard.press("Enter")

    # Ana finds it in Review, goes there, and answers.
    ana.page.get_by_role("tab", name=re.compile("^Review")).click()
    listed = ana.page.get_by_role("region", name="Comments")
    expect(listed).to_contain_text("Cy Why one?")
    listed.get_by_role("button", name="notes.md:1").click()
    card = ana.page.get_by_role("dialog", name="Comments on this line")
    expect(card.get_by_label("Reply")).to_be_focused()
    ana.page.keyboard.type("Because.")
    ana.page.keyboard.press("Enter")
    expect(card).to_contain_text("Because.")
    ana.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(ana.editor).to_be_focused()

    # The words go; the comment stays and says so.
    ana.put_caret("one two", end=False)
    for _ in range(4):
        ana.page.keyboard.press("Delete")
    ana.page.locator(".pc-comment-mark").click()
    expect(card).to_contain_text("The words this was about are gone:")
    expect(card.locator(".pc-comment-quote")).to_have_text("one")
    # Opened with the pointer while the focus is in another part of the page, it is closed by Escape as ever.
    ana.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    ana.page.get_by_role("tab", name=re.compile("^Review")).focus()
    ana.page.locator(".pc-comment-mark").click()
    expect(card).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    ana.editor.click()
    ana.page.keyboard.press("Control+f")
    expect(ana.page.locator(".cm-search [name=search]")).to_be_focused()
    ana.page.locator(".pc-comment-mark").click()
    expect(card).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    ana.page.keyboard.press("Escape")
    ana.page.locator(".pc-comment-mark").click()
    card.get_by_role("button", name="Resolve").click()
    expect(card).to_have_count(0)
    expect(listed).to_contain_text("No open comments.")
    toast(ana, "Resolved.").get_by_role("button", name="Undo").click()
    expect(listed).to_contain_text("Cy Why one?")
    expect(cy.page.locator(".pc-comment-mark")).to_be_visible()


def test_the_first_minute_by_keyboard(ana: Somebody) -> None:
    page = ana.page
    row(ana, "index.html").focus()
    expect(row(ana, "index.html")).to_be_focused()
    page.keyboard.press("Home")
    expect(row(ana, "src")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row(ana, "src/app.js")).to_be_focused()
    page.keyboard.press("Enter")
    expect(ana.editor).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Control+.")
    tools = page.get_by_role("toolbar", name="Selection")
    expect(tools.get_by_role("button", name="Explain")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Fix")).to_be_focused()
    page.keyboard.press("Escape")
    expect(tools).to_have_count(0)
    expect(ana.editor).to_be_focused()

    # Escape, then Tab, leaves the editor.
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(ana.editor).not_to_be_focused()

    command(ana, "Share this canvas")
    share = page.get_by_role("dialog", name=re.compile("Share"))
    expect(share).to_be_visible()
    page.keyboard.press("Escape")
    expect(share).to_have_count(0)


def test_the_list_of_canvases_renames_and_deletes_by_keyboard(installation: Installation, newcomer: Newcomer) -> None:
    canvas, _ = canvas_with(installation.base, {"a.txt": "a\n"}, name="To be renamed")
    ana = newcomer()
    ana.open(installation.base)
    page = ana.page
    page.get_by_role("link", name=re.compile("To be renamed")).focus()
    page.keyboard.press("F2")
    page.get_by_label("New name of To be renamed").fill("To be deleted")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name=re.compile("To be deleted"))
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Delete")
    sure = page.get_by_role("alertdialog", name="Delete To be deleted?")
    expect(sure.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.keyboard.press("Delete")
    sure.get_by_role("button", name="Delete").click()
    expect(link).to_have_count(0)
    assert httpx.get(f"{installation.base}/api/v1/canvases/{canvas}", timeout=30).status_code == 404


def test_addresses_that_lead_nowhere_say_so(installation: Installation, newcomer: Newcomer) -> None:
    ana = newcomer()
    for address, words in (("/nowhere", "Nothing is here"), ("/c/nowhere", "No such canvas")):
        ana.open(address)
        expect(ana.page.get_by_role("heading", name=words)).to_be_visible()
        expect(ana.page.get_by_role("link", name="All canvases")).to_be_visible()

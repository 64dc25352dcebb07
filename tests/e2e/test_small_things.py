"""What people meet between the large steps: empty places, what others do under one's hands, the way by keyboard."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, expect

from app.commands.frontend import BUILT
from tests.e2e.browsers import WIDE, Newcomer, Somebody, canvas_with, invite, text_on_server
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

FILES = {"a.js": "let a = 1;\n", "b.js": "let b = 2;\n"}


def test_an_empty_canvas_offers_its_first_file(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, {})
    ana = newcomer()
    ana.open(address)
    ana.page.locator(".pc-dock-start").get_by_role("button", name="New file").click()
    field = ana.page.get_by_label("Name of the new file")
    expect(field).to_be_focused()
    field.fill("index.html")
    ana.page.keyboard.press("Enter")
    expect(ana.editor).to_be_focused()
    # And when the last one goes, the offer is there again.
    ana.page.locator('[role="treeitem"][data-path="index.html"]').focus()
    ana.page.keyboard.press("Delete")
    expect(ana.page.locator(".pc-dock-start").get_by_role("button", name="New file")).to_be_visible()


def test_a_file_that_somebody_else_deletes_does_not_vanish_without_a_word(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    ana.open(address)
    ana.show_file("b.js")
    httpx.delete(f"{installation.base}/api/v1/canvases/{canvas}/files/b.js", timeout=30).raise_for_status()
    expect(ana.page.locator(".pc-toast")).to_contain_text("b.js was deleted.")
    expect(ana.page.get_by_role("tab", name="b.js")).to_have_count(0)


def test_what_is_typed_offline_in_a_file_that_is_deleted_meanwhile_comes_back_with_it(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    ana.open(address)
    ana.show_file("b.js")
    expect(ana.saved).to_be_visible()
    ana.page.context.set_offline(True)
    ana.editor.press("Control+End")
    ana.type("an hour of work")
    expect(ana.save_words).to_contain_text("kept here")
    httpx.delete(f"{installation.base}/api/v1/canvases/{canvas}/files/b.js", timeout=30).raise_for_status()
    ana.page.context.set_offline(False)
    ana.page.locator(".pc-toast").get_by_role("button", name="Bring it back").click()
    expect(ana.editor).to_contain_text("an hour of work")
    expect(ana.saved).to_be_visible()
    assert text_on_server(installation.base, canvas, "b.js").endswith("an hour of work")


def test_review_follows_a_file_that_is_renamed(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"a.js": "let a=1\n"})
    api = f"{installation.base}/api/v1/canvases/{canvas}"
    ana = newcomer()
    ana.open(address)
    httpx.post(f"{api}/runs", json={"action": "format", "file": "a.js"}, timeout=30).raise_for_status()
    ana.page.get_by_role("tab", name=re.compile("^Review")).click()
    where = ana.page.locator(".pc-review-where")
    expect(where).to_have_text("a.js:1")
    httpx.patch(f"{api}/files/a.js", json={"path": "main.js"}, timeout=30).raise_for_status()
    expect(where).to_have_text("main.js:1")


def test_a_suggestion_for_a_line_that_went_and_came_again_fits_nowhere_and_editor_and_review_say_so(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, {"a.js": "start();\nlet   a=1 ;var b  = 2;\n"})
    api = f"{installation.base}/api/v1/canvases/{canvas}"
    httpx.post(f"{api}/runs", json={"action": "format", "file": "a.js"}, timeout=30).raise_for_status()
    ana = newcomer()
    ana.open(address)
    ana.show_file("a.js")
    ana.page.get_by_role("tab", name=re.compile("^Review")).click()
    acts = ana.page.locator(".pc-acts")
    expect(acts).to_contain_text("Accept")
    expect(ana.editor.locator(".pc-add")).to_contain_text("var b = 2;")
    # As a restore and its undo do.
    for text in ("start();\n", "start();\nlet   a=1 ;var b  = 2;\n"):
        httpx.put(f"{api}/files/a.js", json={"text": text}, timeout=30).raise_for_status()
    expect(ana.editor).to_contain_text("the text changed underneath")
    expect(ana.editor.locator(".pc-add, .pc-add-words, .pc-del-text")).to_have_count(0)
    expect(acts).to_contain_text("Discard")
    expect(acts).not_to_contain_text("Accept")


HOLD = """() => {
  window.held = [];
  window.draw = window.requestAnimationFrame;
  window.requestAnimationFrame = (call) => held.push(call);
}"""
GO_ON = "() => { window.requestAnimationFrame = draw; for (const call of held) draw(call); }"


def test_what_is_typed_right_after_a_field_was_asked_for_goes_into_it(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"a.js": "let a=1\n"})
    ana = newcomer()
    ana.open(address)
    ana.show_file("a.js")
    # On a machine that has no time to draw: first the field of a comment, then its card.
    for field, words in (("Comment on this line", "Why?"), ("Reply", "So.")):
        ana.put_caret("let a")
        ana.page.evaluate(HOLD)
        ana.page.keyboard.press("Control+Alt+m")
        ana.type(words)
        ana.page.evaluate(GO_ON)
        place = ana.page.get_by_placeholder(field)
        expect(place).to_have_value(words)
        expect(place).to_be_focused()
        assert ana.text().rstrip("\n") == "let a=1"
        ana.page.keyboard.press("Enter")
        expect(ana.page.locator(".pc-comment-mark")).to_be_visible()


def test_lines_in_review_follow_typing(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"a.js": "start();\nlet a=1\n"})
    ana = newcomer()
    ana.open(address)
    ana.put_caret("let a")
    ana.page.keyboard.press("Control+Alt+m")
    ana.type("Why?")
    ana.page.keyboard.press("Enter")
    api = f"{installation.base}/api/v1/canvases/{canvas}"
    httpx.post(f"{api}/runs", json={"action": "format", "file": "a.js"}, timeout=30).raise_for_status()
    ana.page.get_by_role("tab", name=re.compile("^Review")).click()
    places = ana.page.locator(".pc-review-where")
    expect(places).to_have_text(["a.js:2", "a.js:2"])
    ana.page.locator(".pc-review-title").first.click()
    hunk = ana.page.locator(".pc-hunk header .pc-link").first
    expect(hunk).to_have_text("a.js:2")
    ana.put_caret("start")
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("Enter")
    expect(places).to_have_text(["a.js:4", "a.js:4"])
    expect(hunk).to_have_text("a.js:4")


def test_of_a_suggestion_that_fits_in_part_that_part_is_accepted(
    installation: Installation, newcomer: Newcomer
) -> None:
    lines = [f"let n{number} = {number};" for number in range(12)]
    lines[0], lines[5], lines[11] = "let a   = 1;", "let b   = 2;", "let c   = 3;"
    canvas, address = canvas_with(installation.base, {"a.js": "\n".join(lines) + "\n"})
    ana = newcomer()
    ana.open(address)
    ana.page.locator('[data-tab-panel-id="review"]').click()
    asked = {"action": "format", "file": "a.js"}
    httpx.post(f"{installation.base}/api/v1/canvases/{canvas}/runs", json=asked, timeout=30).raise_for_status()
    row = ana.page.locator(".pc-review-item")
    expect(row.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    bars = ana.page.locator(".pc-bar")
    expect(bars.get_by_role("button", name="Accept all 3")).to_have_count(3)
    # Somebody writes where one of the three changes belongs.
    ana.put_caret("let a", end=False)
    for _ in range(len("let a  ")):
        ana.page.keyboard.press("ArrowRight")
    ana.type("/* one */")
    expect(bars.get_by_role("button", name="Accept all 2")).to_have_count(2)
    row.get_by_role("button", name="Accept 2 of 3").click()
    expect(ana.page.locator(".pc-toast")).to_contain_text("Accepted in part: under the rest the text changed.")
    expect(row.get_by_role("button", name="Discard")).to_be_visible()
    expect(row.get_by_role("button", name="Revert")).to_be_visible()
    expect(ana.saved).to_be_visible()
    now = text_on_server(installation.base, canvas, "a.js").splitlines()
    assert (now[0], now[5], now[11]) == ("let a  /* one */ = 1;", "let b = 2;", "let c = 3;")
    ana.page.locator(".pc-toast").get_by_role("button", name="Revert").click()
    expect(ana.editor).to_contain_text("let b   = 2;")


def test_activity_in_sight_follows_runs_and_people(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    ana.open(address)
    ana.page.get_by_role("tab", name="Activity").click()
    listed = ana.page.locator(".pc-activity")
    expect(listed).to_contain_text("made this canvas")
    # A run that changes nothing leaves no suggestion behind, and is listed all the same.
    asked = {"action": "format", "file": "a.js"}
    httpx.post(f"{installation.base}/api/v1/canvases/{canvas}/runs", json=asked, timeout=30).raise_for_status()
    expect(listed).to_contain_text("asked prettier for Format in a.js")
    bo = newcomer()
    bo.join(invite(installation.base, canvas), "Bo")
    expect(listed).to_contain_text("Bo joined")
    # Where there is little room the words give way, and the file is still there to be pressed.
    ana.page.set_viewport_size({"width": 390, "height": 844})
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="Activity").click()
    row = listed.get_by_role("listitem").filter(has_text="asked prettier for Format in a.js")
    expect(row.get_by_role("button", name="a.js", exact=True)).to_be_in_viewport(ratio=0.9)
    ana.page.set_viewport_size(WIDE)
    expect(listed).to_be_visible()
    # Its file is one press away; where it was deleted, only its name is left.
    place = listed.get_by_role("button", name="a.js", exact=True)
    place.click()
    expect(ana.page.locator('.cm-content:visible[aria-label^="a.js, "]')).to_be_visible()
    httpx.delete(f"{installation.base}/api/v1/canvases/{canvas}/files/a.js", timeout=30).raise_for_status()
    expect(listed).to_contain_text("deleted a.js")
    expect(place).to_have_count(0)


def test_the_keyboard_closes_a_file_and_goes_into_panels(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    ana.open(address)
    for name in FILES:
        ana.show_file(name)
    tabs = ana.page.get_by_role("tab", name=re.compile(r"\.js$"))
    expect(tabs).to_have_count(2)
    ana.page.get_by_role("tab", name="b.js").focus()
    ana.page.keyboard.press("Delete")
    expect(tabs).to_have_count(1)
    expect(ana.page.get_by_role("tab", name="a.js")).to_be_focused()
    for words, there in (("Show Review", "Review"), ("Show Activity", "Activity")):
        ana.page.keyboard.press("Control+k")
        ana.page.get_by_role("combobox", name="Ask, run or find anything").fill(words)
        ana.page.keyboard.press("Enter")
        expect(ana.page.locator(f"section[aria-label='{there}']")).to_be_focused()
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox", name="Ask, run or find anything").fill("Close this file")
    ana.page.keyboard.press("Enter")
    expect(tabs).to_have_count(0)

    # The link takes the place of the button that made it, and the focus too.
    ana.page.get_by_role("button", name="Share", exact=True).click()
    ana.page.get_by_role("button", name="Make a link").press("Enter")
    expect(ana.page.get_by_label("Invite link")).to_be_focused()


def test_deep_folders_stay_readable_in_a_small_window(installation: Installation, newcomer: Newcomer) -> None:
    files = {f"src/main/resources/templates/fragments/{name}.html": f"<p>{name}</p>\n" for name in ("one", "two")}
    _, address = canvas_with(installation.base, {**files, "src/main/app.js": "let a = 1;\n"})
    ana = newcomer()
    ana.open(address)
    ana.show_file("src/main/app.js")
    ana.page.set_viewport_size({"width": 920, "height": 700})
    rows = ana.page.get_by_role("treeitem")
    expect(rows).to_have_text(["src/main", "resources/templates/fragments", "one.html", "two.html", "app.js"])
    ana.page.wait_for_function("() => document.querySelector('.pc-files').clientWidth >= 170")
    cut = rows.locator(".pc-row-name").evaluate_all("all => all.filter((one) => one.clientWidth < 70).length")
    assert cut == 0


def test_a_refused_name_is_said_and_still_in_its_field(installation: Installation, newcomer: Newcomer) -> None:
    canvas, _ = canvas_with(installation.base, FILES)
    link = invite(installation.base, canvas)
    somebody = newcomer()
    piled = "A" + 6 * "\u0303"
    somebody.open(link)
    somebody.page.get_by_label("Your name").fill(piled)
    somebody.page.get_by_role("button", name="Join", exact=True).click()
    said = somebody.page.locator(".pc-entry-problem")
    expect(said).to_have_text("A name may not pile marks on one letter.")
    # What was typed is there to be mended.
    expect(somebody.page.get_by_label("Your name")).to_have_value(piled)
    join = somebody.page.get_by_role("button", name="Join", exact=True)
    above, below = said.bounding_box(), join.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]
    colours = said.evaluate("(one) => [getComputedStyle(one).color, getComputedStyle(one.closest('main')).color]")
    assert colours[0] != colours[1]


COVERED = """(controls, over) => controls.filter((one) => {
  if (over.contains(one) || !one.checkVisibility()) return false;
  const [a, b] = [over.getBoundingClientRect(), one.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}).map((one) => one.ariaLabel || one.textContent)"""


def covered(over: Locator, controls: Locator) -> list[str]:
    """Which of the visible `controls` lie under `over`, by their names."""
    names: list[str] = controls.evaluate_all(COVERED, over.element_handle())
    return names


def phone(person: Somebody) -> None:
    """Make their window as narrow as a phone."""
    person.page.set_viewport_size({"width": 390, "height": 800})


CONTROLS = "button, a, input, [role=tab], [role=treeitem]"


def test_a_toast_covers_no_control(installation: Installation, newcomer: Newcomer) -> None:
    canvas, address = canvas_with(installation.base, {"a.js": "let a = 1;\n"})
    ana = newcomer()
    ana.open(address)
    ana.editor.wait_for()
    httpx.delete(f"{installation.base}/api/v1/canvases/{canvas}/files/a.js", timeout=30).raise_for_status()
    toast = ana.page.locator(".pc-toast")
    toast.hover()  # It stays under the pointer.
    assert covered(toast, ana.page.locator(CONTROLS)) == []


def test_a_toast_makes_way_for_what_opens_under_it(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    phone(ana)
    ana.open(address)
    ana.editor.click()
    ana.page.keyboard.press("Control+Alt+m")
    expect(ana.page.get_by_label("Comment on this line")).to_be_focused()
    ana.type("Why?")
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("F8")
    ana.page.get_by_role("button", name="Resolve").click()
    expect(ana.page.locator(".pc-toast")).to_contain_text("Resolved.")
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="Files").click()
    expect(ana.page.get_by_role("treeitem")).to_have_count(2)
    # As long as it stands; a moment too short for it to leave by itself.
    ana.page.wait_for_function(
        f"""(controls) => {{
          const over = document.querySelector(".pc-toast");
          return ({COVERED})([...document.querySelectorAll(controls)], over).length === 0;
        }}""",
        arg=CONTROLS,
    )
    expect(ana.page.locator(".pc-toast")).to_contain_text("Resolved.")


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_a_comment_is_written_and_read_beside_its_words_and_covers_no_tab(
    installation: Installation, newcomer: Newcomer, narrow: bool
) -> None:
    long = "const words = '" + "again and again, " * 12 + "';\n"
    _, address = canvas_with(installation.base, {"app.js": long + "let b = 2;\nlet c = 3;\n"})
    ana = newcomer()
    if narrow:
        phone(ana)
    ana.open(address)
    ana.put_caret("const words")
    ana.page.keyboard.press("Control+Home")
    # To the end of the first two lines: the start of the selection is scrolled out of sight on a narrow screen.
    ana.page.keyboard.press("Shift+ArrowDown")
    ana.page.keyboard.press("Shift+End")
    ana.page.keyboard.press("Control+Alt+m")
    field = ana.page.get_by_label("Comment on the selection")
    expect(field).to_be_focused()
    tabs, lines = ana.page.get_by_role("tab"), ana.page.locator(".cm-content:visible .cm-line")
    first, second = lines.nth(0), lines.nth(1)
    form = ana.page.locator("form.pc-ask")
    assert [covered(form, one) for one in (tabs, first, second)] == [[], [], []]
    ana.type("What for?")
    ana.page.keyboard.press("Enter")
    ana.page.locator(".pc-comment-mark").click()
    card = ana.page.locator(".pc-card")
    expect(card).to_contain_text("What for?")
    assert [covered(card, one) for one in (tabs, first, second)] == [[], [], []]
    card.get_by_role("button", name="Resolve").click()
    toast = ana.page.locator(".pc-toast")
    toast.hover()
    assert covered(toast, ana.page.locator(CONTROLS)) == []


def test_a_comment_on_a_long_line_that_is_scrolled_to_its_end_has_its_field(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"app.js": "let all = '" + "again and again, " * 30 + "';\n"})
    ana = newcomer()
    ana.open(address)
    ana.put_caret("let all", end=False)
    ana.page.keyboard.press("Shift+End")
    ana.page.keyboard.press("Control+Alt+m")
    expect(ana.page.get_by_label("Comment on the selection")).to_be_focused()


def test_at_the_end_of_a_last_line_with_a_suggestion_the_toolbar_is_beside_it(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, {"app.js": "let a = 1;\nlet b=2"})
    ana = newcomer()
    ana.open(address)
    ana.put_caret("let b")
    ana.page.keyboard.press("Control+i")
    expect(ana.page.get_by_label("What should be written here?")).to_be_in_viewport()
    ana.page.keyboard.press("Escape")
    api = f"{installation.base}/api/v1/canvases/{canvas}"
    httpx.post(f"{api}/runs", json={"action": "format", "file": "app.js"}, timeout=30).raise_for_status()
    expect(ana.page.locator(".cm-content:visible")).to_contain_text("Accept")
    for line, key in ((1, "Shift+Home"), (1, "Shift+ArrowLeft"), (0, "Shift+ArrowDown")):
        ana.page.locator(".cm-content:visible .cm-line").nth(line).click()
        ana.page.keyboard.press("End")
        expect(ana.page.get_by_role("toolbar", name="Selection")).to_have_count(0)
        ana.page.keyboard.press(key)
        expect(ana.page.get_by_role("toolbar", name="Selection")).to_be_in_viewport()


def test_the_caret_blinks_without_an_animation_that_never_ends(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    ana.open(address)
    ana.show_file("a.js")
    ana.editor.click()
    editor = ana.page.locator(".cm-editor.cm-focused")
    for _ in range(2):
        expect(editor.locator(".pc-caret-away .cm-cursor-primary")).to_have_css("visibility", "hidden")
        expect(editor.locator(".cm-cursor-primary")).to_have_css("visibility", "visible")
    endless = "document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime === Infinity).length"
    assert ana.page.evaluate(endless) == 0  # each would have the browser draw sixty frames a second, for nothing
    ana.page.locator('[role="treeitem"][data-path="b.js"]').focus()
    expect(ana.page.locator(".pc-caret-away")).to_have_count(0)


FULL = """Storage.prototype.setItem = function () { throw new DOMException("full", "QuotaExceededError"); };"""
DENIED = """for (const name of ["localStorage", "sessionStorage"]) {
  const get = () => { throw new DOMException("denied", "SecurityError"); };
  Object.defineProperty(window, name, { configurable: true, get });
}"""


@pytest.mark.parametrize("store", [FULL, DENIED], ids=["full", "denied"])
def test_a_browser_that_keeps_nothing_shows_what_was_chosen_all_the_same(
    installation: Installation, newcomer: Newcomer, store: str
) -> None:
    _, address = canvas_with(installation.base, FILES)
    ana = newcomer()
    ana.page.add_init_script(store)
    ana.open(address)
    ana.editor.wait_for()
    for words in ("Theme: Dark", "Theme: Light"):
        ana.page.keyboard.press("Control+k")
        ana.page.get_by_role("combobox", name="Ask, run or find anything").fill(words)
        ana.page.keyboard.press("Enter")
        expect(ana.page.locator("html")).to_have_attribute("data-theme", words.removeprefix("Theme: ").lower())
    hint = ana.page.locator(".pc-hint")
    expect(hint).to_contain_text("1 of 3")
    hint.get_by_role("button", name="Next").click()
    expect(hint).to_contain_text("2 of 3")


def test_a_language_that_was_not_fetched_yet_comes_with_the_line(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, FILES | {"z.py": "def twice(x): return 2 * x\n"})
    ana = newcomer()
    ana.open(address)
    ana.show_file("a.js")
    expect(ana.saved).to_be_visible()
    ana.page.context.set_offline(True)
    ana.show_file("z.py")
    ana.put_caret("def")
    ana.type(" + 1")
    line = ana.editor.locator(".cm-line").first
    expect(line).to_have_text("def twice(x): return 2 * x + 1")
    expect(line.locator("span")).to_have_count(0)
    ana.page.context.set_offline(False)
    expect(line.locator("span", has_text="def")).to_be_visible()
    expect(ana.saved).to_be_visible()


def test_code_on_demand_is_fetched_before_it_is_imported(installation: Installation, newcomer: Newcomer) -> None:
    """Most browsers remember that a module could not be imported; a fetch that fails they ask again."""
    files = {f"a.{kind}": "" for kind in ("css", "html", "js", "json", "md", "py", "ts", "yaml")}
    _, address = canvas_with(installation.base, files | {"b.tsx": "const one: number = 1;\n"})
    ana = newcomer()
    asked: list[tuple[str, str]] = []
    ana.page.on("request", lambda request: asked.append((request.url.rsplit("/", 1)[1], request.resource_type)))
    ana.open(address)
    for path in files:
        ana.show_file(path)
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    expect(ana.page.get_by_role("slider", name="Moment")).to_be_visible()
    # Not the routes', whose parts come with the page.
    ours = ("polycanvas-*.js", "worker-*.js", "workshop-*.js")
    chunks = [file.read_text() for name in ours for file in (BUILT.parent / "assets").glob(name)]
    on_demand = {name for text in chunks for name in re.findall(r"import\(`\./([\w-]+\.js)`\)", text)}
    imported = [name for name, kind in asked if name in on_demand and kind == "script"]
    assert len(imported) >= 8
    assert [name for name in imported if (name, "fetch") not in asked[: asked.index((name, "script"))]] == []

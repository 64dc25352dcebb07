"""The preview in the real product: what people type runs beside the text, and what fails keeps the last good page."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite, text_on_server
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <link rel="stylesheet" href="style.css">
  </head>
  <body>
    <h1>Tonight</h1>
    <button>0</button>
    <script type="module" src="app.js"></script>
  </body>
</html>
"""
COUNTER = """const button = document.querySelector("button");
button.onclick = () => button.textContent++;
"""
SITE = {"index.html": PAGE, "app.js": COUNTER, "style.css": "h1 {\n  color: rgb(1, 2, 3);\n}\n"}


def error_chip(person: Somebody) -> Locator:
    """What the preview says of text that does not run."""
    return person.page.locator(".pc-preview-error")


def counted(person: Somebody, times: int) -> None:
    """Press the page's button, and see that it counted: a page that loads again starts from 0."""
    button = person.preview.get_by_role("button")
    expect(button).to_have_text("0")
    for _ in range(times):
        button.click()
    expect(button).to_have_text(str(times))


def remove(person: Somebody, text: str) -> None:
    """Take back what was just typed."""
    for _ in text:
        person.page.keyboard.press("Backspace")


def line_of_caret(person: Somebody) -> Locator:
    """The number of the line where the caret is, in the file on top."""
    return person.page.locator(".cm-editor:visible .cm-lineNumbers .cm-activeLineGutter")


def test_modules_import_scripts_json_style_sheets_and_text(installation: Installation, newcomer: Newcomer) -> None:
    main = """import menu from "../menu.json" with { type: "json" };
import sheet from "./card.css" with { type: "css" };
import note from "../note.txt" with { type: "text" };
import { price } from "./price.js";
import "./page.css";

document.adoptedStyleSheets = [sheet];
const { join } = await import("./join.js");
document.querySelector("main").textContent = join(menu.map((dish) => dish.name + " " + price(dish.cents)));
document.querySelector("footer").textContent = note;
"""
    files = {
        "index.html": '<main></main><footer></footer><script type="module" src="src/app.js"></script>\n',
        "src/app.js": main,
        "src/price.js": "export const price = (cents) => (cents / 100).toFixed(2);\n",
        "src/join.js": 'export const join = (parts) => parts.join(", ");\n',
        "src/card.css": "main {\n  color: rgb(4, 5, 6);\n}\n",
        "src/page.css": "footer {\n  color: rgb(7, 8, 9);\n}\n",
        "menu.json": '[{ "name": "Leeks", "cents": 950 }]\n',
        "note.txt": "Kitchen closes at ten.",
    }
    _, address = canvas_with(installation.base, files)
    ana = newcomer()
    ana.open(address)
    expect(ana.preview.locator("main")).to_have_text("Leeks 9.50")
    expect(ana.preview.locator("main")).to_have_css("color", "rgb(4, 5, 6)")
    expect(ana.preview.locator("footer")).to_have_css("color", "rgb(7, 8, 9)")
    expect(ana.preview.locator("footer")).to_have_text("Kitchen closes at ten.")
    ana.show_file("menu.json")
    ana.put_caret("Leeks", end=False)
    for _ in '[{ "name": "Leeks':
        ana.page.keyboard.press("ArrowRight")
    ana.type(" and eggs")
    expect(ana.preview.locator("main")).to_have_text("Leeks and eggs 9.50")


def test_the_console_has_levels_and_each_line_leads_to_its_place(
    installation: Installation, newcomer: Newcomer
) -> None:
    script = """console.log("plain", { a: [1, "two"] });
console.info("note");
console.warn("careful");

setTimeout(() => missing());
"""
    _, address = canvas_with(
        installation.base, {"index.html": '<script src="lib/log.js"></script>', "lib/log.js": script}
    )
    ana = newcomer()
    ana.open(address)
    ana.show_file("index.html")
    rows = ana.page.locator(".pc-console-row")
    row = {level: rows.and_(ana.page.locator(f"[data-level={level}]")) for level in ("log", "info", "warn", "error")}
    expect(row["log"]).to_contain_text('plain {a: [1, "two"]}')
    expect(row["info"]).to_contain_text("note")
    expect(row["warn"]).to_contain_text("careful")
    expect(row["error"]).to_contain_text("missing is not defined")
    row["warn"].get_by_role("button", name="log.js:3").click()
    expect(line_of_caret(ana)).to_have_text("3")
    expect(ana.editor).to_be_focused()
    ana.show_file("index.html")
    row["error"].get_by_role("button", name="log.js:5").click()
    expect(line_of_caret(ana)).to_have_text("5")
    ana.page.get_by_role("button", name="Errors: 1").click()
    expect(rows).to_have_count(1)
    ana.page.get_by_role("button", name="Errors: 1").click()
    ana.page.get_by_role("searchbox", name="Filter the console").fill("careful")
    expect(rows).to_have_count(1)


def test_a_syntax_error_keeps_the_page_until_it_is_mended(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.open(address)
    counted(ana, 2)
    ana.show_file("app.js")
    ana.put_caret("onclick")
    ana.type(")\nlet = ;")
    expect(error_chip(ana)).to_contain_text("showing the last good page")
    expect(ana.preview.get_by_role("button")).to_have_text("2")
    ana.show_file("index.html")
    error_chip(ana).get_by_role("button", name="app.js:2").click()
    expect(line_of_caret(ana)).to_have_text("2")
    ana.put_caret("let = ;")
    remove(ana, ")\nlet = ;")
    expect(error_chip(ana)).to_have_count(0)
    expect(ana.preview.get_by_role("button")).to_have_text("2")


def test_a_page_whose_script_never_parsed_is_shown_without_it(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, {**SITE, "app.js": f"{COUNTER}\nconst = ;\n"})
    ana = newcomer()
    ana.open(address)
    expect(ana.preview.locator("h1")).to_have_text("Tonight")
    expect(ana.preview.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    expect(error_chip(ana)).to_contain_text("Unexpected “=”")
    expect(error_chip(ana)).to_contain_text("does not parse; the page runs without it")
    expect(error_chip(ana)).not_to_contain_text("last good page")
    error_chip(ana).get_by_role("button", name="app.js:4").click()
    expect(line_of_caret(ana)).to_have_text("4")
    ana.put_caret("const = ;")
    remove(ana, "const = ;")
    expect(error_chip(ana)).to_have_count(0)
    counted(ana, 2)
    # Now there is a good page, and it is that one which stays.
    ana.put_caret("onclick")
    # At once: the new line alone is a page that runs, and would start anew.
    ana.page.keyboard.insert_text("\nconst = ;")
    expect(error_chip(ana)).to_contain_text("showing the last good page")
    expect(ana.preview.get_by_role("button")).to_have_text("2")


def test_an_error_while_loading_keeps_the_page(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.open(address)
    ana.show_file("app.js")
    ana.put_caret("onclick")
    ana.type("\nnope.nothing;")
    expect(error_chip(ana)).to_contain_text("nope is not defined")
    expect(error_chip(ana).get_by_role("button", name="app.js:3")).to_be_visible()
    counted(ana, 2)
    ana.put_caret("nope.nothing;")
    remove(ana, "\nnope.nothing;")
    expect(error_chip(ana)).to_have_count(0)
    expect(ana.preview.locator("h1")).to_have_text("Tonight")


def test_a_loop_without_end_that_was_typed_brings_the_last_good_page_back(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.open(address)
    expect(ana.preview.get_by_role("button")).to_have_text("0")
    ana.show_file("app.js")
    ana.put_caret("onclick")
    ana.type("\nfor (;;);")
    expect(error_chip(ana)).to_contain_text("stopped answering")
    counted(ana, 1)
    expect(ana.editor).to_contain_text("for (;;);")
    # It may have been the machine that had no time: whoever thinks so runs it again, and it is cut again.
    error_chip(ana).get_by_role("button", name="Run it again").click()
    expect(error_chip(ana)).to_have_count(0)
    expect(error_chip(ana)).to_contain_text("stopped answering")
    ana.put_caret("for (;;);")
    remove(ana, "\nfor (;;);")
    expect(error_chip(ana)).to_have_count(0)
    # The text is again what already runs, so the page may keep its count or start anew; it answers either way.
    # Which of them is settled when a word typed after it shows: what came before it has been drawn by then.
    ana.show_file("index.html")
    ana.put_caret("Tonight")
    ana.page.keyboard.press("Home")
    ana.page.keyboard.insert_text("<p>Later</p>")
    expect(ana.preview.locator("p")).to_have_text("Later")
    counted(ana, 1)


def test_a_page_that_stops_answering_is_closed_and_can_be_started_again(
    installation: Installation, newcomer: Newcomer
) -> None:
    spin = 'document.querySelector("h1").onclick = () => setTimeout(() => { for (;;); });\n'
    _, address = canvas_with(installation.base, {**SITE, "app.js": COUNTER + spin})
    ana = newcomer()
    ana.open(address)
    counted(ana, 2)
    ana.preview.locator("h1").click()
    notice = ana.page.locator(".pc-preview-notice")
    expect(notice).to_contain_text("stopped answering")
    # The page around it works all the while.
    ana.show_file("app.js")
    expect(ana.editor).to_contain_text("onclick")
    notice.get_by_role("button", name="Run it again").click()
    expect(notice).to_have_count(0)
    counted(ana, 1)


def test_the_preview_follows_files_that_are_renamed_and_deleted(installation: Installation, newcomer: Newcomer) -> None:
    files = {
        "index.html": '<h1></h1><script type="module" src="app.js"></script>\n',
        "app.js": 'import { word } from "./word.js";\ndocument.querySelector("h1").textContent = word;\n',
        "word.js": 'export const word = "Home";\n',
        "later.html": "<h1>Later</h1>\n",
    }
    canvas, address = canvas_with(installation.base, files)
    place = f"{installation.base}/api/v1/canvases/{canvas}/files"
    ana = newcomer()
    ana.open(address)
    heading = ana.preview.locator("h1")
    expect(heading).to_have_text("Home")
    ana.show_file("app.js")
    httpx.patch(f"{place}/word.js", json={"path": "parts/word.js"}).raise_for_status()
    expect(error_chip(ana)).to_contain_text("There is no file word.js")
    expect(error_chip(ana).get_by_role("button", name="app.js:1")).to_be_visible()
    expect(heading).to_have_text("Home")
    ana.put_caret("import", end=False)
    for _ in 'import { word } from "./':
        ana.page.keyboard.press("ArrowRight")
    ana.type("parts/")
    expect(error_chip(ana)).to_have_count(0)
    httpx.delete(f"{place}/index.html").raise_for_status()
    expect(heading).to_have_text("Later")
    httpx.delete(f"{place}/later.html").raise_for_status()
    httpx.delete(f"{place}/app.js").raise_for_status()
    httpx.delete(f"{place}/parts/word.js").raise_for_status()
    expect(ana.page.locator(".pc-preview-notice")).to_contain_text("Nothing to show yet")


def test_react_in_typescript_needs_no_network(installation: Installation, newcomer: Newcomer) -> None:
    app = """import { useState } from "react";
import { createRoot } from "react-dom/client";

function Menu({ name }: { name: string }) {
  const [count, setCount] = useState<number>(0);
  return <button onClick={() => setCount(count + 1)}>{name} {count}</button>;
}

createRoot(document.getElementById("root")!).render(<Menu name="Leeks" />);
"""
    page = '<div id="root"></div><script type="module" src="/src/main.tsx"></script>\n'
    _, address = canvas_with(installation.base, {"index.html": page, "src/main.tsx": app})
    ana = newcomer()  # who asserts at the end that nothing was asked of another address
    ana.open(address)
    button = ana.preview.get_by_role("button")
    expect(button).to_have_text("Leeks 0")
    button.click()
    expect(button).to_have_text("Leeks 1")
    ana.show_file("src/main.tsx")
    ana.put_caret("createRoot(document")
    ana.type("\ndocument.body.append(1 as unknown as string);")
    expect(ana.preview.locator("body")).to_contain_text("1")


def test_pictures_of_the_canvas_are_shown(installation: Installation, newcomer: Newcomer) -> None:
    files = {
        "index.html": '<link rel="stylesheet" href="css/style.css"><img src="art/mark.svg" alt="Mark"><p>Behind</p>\n',
        "css/style.css": "p {\n  background: url(../art/mark.svg);\n}\n",
        "art/mark.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h9v9"/></svg>\n',
    }
    _, address = canvas_with(installation.base, files)
    ana = newcomer()
    ana.open(address)
    picture = ana.preview.get_by_role("img", name="Mark")
    expect(picture).to_have_js_property("naturalWidth", 40)
    expect(ana.preview.locator("p")).to_have_css("background-image", re.compile("data:image/svg"))
    ana.show_file("art/mark.svg")
    ana.put_caret("<svg", end=False)
    for _ in '<svg xmlns="http://www.w3.org/2000/svg" width="4':
        ana.page.keyboard.press("ArrowRight")
    ana.type("4")
    expect(picture).to_have_js_property("naturalWidth", 440)


def test_markdown_is_shown_where_there_is_no_page(installation: Installation, newcomer: Newcomer) -> None:
    text = "# Tonight\n\nA **small** menu, <b>by hand</b>.\n\n- Leeks\n- Trout\n"
    _, address = canvas_with(installation.base, {"README.md": text})
    ana = newcomer()
    ana.open(address)
    expect(ana.preview.get_by_role("heading")).to_have_text("Tonight")
    expect(ana.preview.locator("strong")).to_have_text("small")
    expect(ana.preview.locator("li")).to_have_text(["Leeks", "Trout"])
    ana.show_file("README.md")
    ana.put_caret("# Tonight")
    ana.type(" only")
    expect(ana.preview.get_by_role("heading")).to_have_text("Tonight only")


def test_a_suggestion_is_seen_in_the_page_before_anybody_accepts_it(
    installation: Installation, newcomer: Newcomer
) -> None:
    script = 'const wanted = "1";\ndocument.querySelector("h1").textContent = wanted == 1 ? "loose" : "strict";\n'
    canvas, address = canvas_with(installation.base, {**SITE, "app.js": script})
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    for person in (ana, bo):
        expect(person.preview.locator("h1")).to_have_text("loose")
    ana.show_file("app.js")
    ana.put_caret("textContent", end=False)
    ana.page.keyboard.press("Shift+End")
    ana.page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Fix").click()
    ana.page.get_by_role("group", name="Suggestion:").get_by_role("button", name="Preview").click()
    label = ana.page.get_by_role("group", name="Page with suggestion")
    expect(ana.preview.locator("h1")).to_have_text("strict")
    expect(label).to_contain_text("Not in the text yet")

    # For Ana only, and nothing is in the text; her typing goes on in the page with it.
    expect(bo.preview.locator("h1")).to_have_text("loose")
    assert text_on_server(installation.base, canvas, "app.js") == script
    ana.show_file("style.css")
    ana.put_caret("color")
    ana.type("\nletter-spacing: 7px;")
    expect(ana.preview.locator("h1")).to_have_css("letter-spacing", "7px")
    expect(ana.preview.locator("h1")).to_have_text("strict")

    # Back to the text as it is by the preview's own tab, and again with it by the other.
    ana.page.get_by_role("tab", name="Preview").click()
    expect(ana.preview.locator("h1")).to_have_text("loose")
    expect(label).to_have_count(0)
    ana.page.get_by_role("button", name="With suggestion").click()
    expect(ana.preview.locator("h1")).to_have_text("strict")

    label.get_by_role("button", name="Accept").click()
    for person in (ana, bo):
        expect(person.preview.locator("h1")).to_have_text("strict")
    expect(label).to_have_count(0)
    expect(ana.page.get_by_role("button", name="With suggestion")).to_have_count(0)
    assert "wanted === 1" in text_on_server(installation.base, canvas, "app.js")


# What a build is made from goes to the worker by its `postMessage`: which files, each time, and how many workers ended.
WATCH_WORKERS = """
window.sent = []; window.ended = 0;
const { postMessage, terminate } = Worker.prototype;
Worker.prototype.postMessage = function (order) { sent.push(Object.keys(order.put)); postMessage.call(this, order); };
Worker.prototype.terminate = function () { ended += 1; terminate.call(this); };
"""
LOADED = "performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"


def builds_itself(person: Somebody) -> bool:
    """Whether the page has the code that makes builds."""
    return any(path.startswith("/assets/workshop-") for path in person.page.evaluate(LOADED))


def test_typing_in_a_large_file_is_built_beside_the_page_s_thread(
    installation: Installation, newcomer: Newcomer
) -> None:
    first = 'document.querySelector("h1").textContent = "Tonight";\n'
    lines = [f"export const shape{n} = (width) => Math.round(width * {n}) / 100;\n" for n in range(5_000)]
    _, address = canvas_with(installation.base, {**SITE, "app.js": first + "".join(lines)})
    ana = newcomer()
    ana.page.add_init_script(WATCH_WORKERS)
    ana.open(address)
    expect(ana.preview.locator("h1")).to_have_text("Tonight")
    ana.show_file("app.js")
    ana.put_caret("textContent")
    for _ in '";':
        ana.page.keyboard.press("ArrowLeft")
    before = ana.page.evaluate("sent.length")
    for word in (" only", ": leeks", ", as ever"):
        ana.type(word)
        expect(ana.preview.locator("h1")).to_contain_text(word)
    expect(ana.preview.locator("h1")).to_have_text("Tonight only: leeks, as ever")
    # Only the text that changed went to the worker; the parser came there, and the page cannot build at all.
    assert {tuple(files) for files in ana.page.evaluate(f"sent.slice({before})")} == {("app.js",)}
    (worker,) = ana.page.workers
    assert worker.evaluate(LOADED)
    assert not builds_itself(ana)


def test_a_worker_comes_with_a_canvas_and_ends_with_it(installation: Installation, newcomer: Newcomer) -> None:
    ana = newcomer()
    ana.page.add_init_script(WATCH_WORKERS)
    ana.page.goto(installation.base)
    expect(ana.page.get_by_role("link").filter(has_text="Kiosk").first).to_be_visible()
    assert ana.page.workers == []
    ana.page.get_by_role("button", name="New canvas").click()
    ana.page.get_by_role("textbox", name="Name of the canvas").fill("Blank")
    ana.page.get_by_role("button", name="Create").click()
    expect(ana.page.locator(".pc-preview-notice")).to_contain_text("Nothing to show yet")
    assert len(ana.page.workers) == 1
    ana.page.go_back()
    ana.page.wait_for_function("ended === 1")


def test_a_worker_that_dies_is_replaced_and_then_the_page_builds(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.page.add_init_script(WATCH_WORKERS)
    ana.open(address)
    ana.show_file("index.html")
    expect(ana.preview.locator("h1")).to_have_text("Tonight")
    for ended, words in enumerate(("One", "Two"), 1):
        ana.page.workers[0].evaluate("setTimeout(() => { throw new Error('out of memory'); })")
        ana.page.wait_for_function(f"ended === {ended}")
        ana.put_caret("<h1>")
        ana.page.keyboard.insert_text(f"<p>{words}</p>")
        expect(ana.preview.locator("p")).to_have_text(["One", "Two"][:ended])
        assert builds_itself(ana) == (ended == 2)
    expect(error_chip(ana)).to_have_count(0)


def test_where_there_are_no_workers_the_page_builds(installation: Installation, newcomer: Newcomer) -> None:
    files = {**SITE, "index.html": PAGE.replace("app.js", "app.ts"), "app.ts": f"const one: number = 1;\n{COUNTER}"}
    _, address = canvas_with(installation.base, files)
    ana = newcomer()
    ana.page.add_init_script("delete window.Worker")
    ana.open(address)
    counted(ana, 2)
    ana.show_file("app.ts")
    ana.put_caret("one: number")
    ana.page.keyboard.insert_text("\nlet = ;")
    expect(error_chip(ana)).to_contain_text("showing the last good page")
    expect(error_chip(ana).get_by_role("button", name="app.ts:2")).to_be_visible()
    assert builds_itself(ana)


def test_a_browser_that_cannot_hold_the_page_is_told_so_and_runs_nothing(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.page.add_init_script("delete window.trustedTypes")
    ana.open(address)
    expect(ana.page.locator(".pc-preview-notice")).to_contain_text("The preview needs a newer browser")
    ana.show_file("index.html")
    ana.put_caret("<h1>")
    ana.type(" ")
    expect(ana.saved).to_be_visible()
    ana.page.get_by_role("button", name="Reload the preview").click()
    assert [frame.url for frame in ana.page.frames] == [ana.page.url]


def test_without_a_line_the_page_stays_and_comes_anew_with_it(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, SITE)
    ana = newcomer()
    ana.open(address)
    ana.show_file("index.html")
    expect(ana.preview.locator("h1")).to_have_text("Tonight")
    expect(ana.saved).to_be_visible()
    # One frame is in store; the next would have to be fetched.
    ana.page.context.set_offline(True)
    ana.put_caret("<h1>Tonight")
    for _ in "</h1>":
        ana.page.keyboard.press("ArrowLeft")
    ana.type("!")
    expect(ana.preview.locator("h1")).to_have_text("Tonight!")
    ana.type("!")
    expect(error_chip(ana)).to_contain_text("Check that the server is running and that you are online")
    expect(error_chip(ana)).to_contain_text("showing the last good page")
    expect(ana.preview.locator("h1")).to_have_text("Tonight!")
    ana.page.context.set_offline(False)
    expect(ana.preview.locator("h1")).to_have_text("Tonight!!")
    expect(error_chip(ana)).to_have_count(0)
    expect(ana.saved).to_be_visible()

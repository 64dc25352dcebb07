"""Who wrote this, through undo: what Ana deletes of Bo's and brings back is Bo's again, for everybody and for good."""

import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with, invite
from tests.e2e.conftest import Installation, people
from tests.e2e.test_provenance import FILES, accept_a_fix, expect_tinted
from tests.server import command, free_port

pytestmark = pytest.mark.chromium

THEIRS = ["Bo", "From the start"]
BEGUN, BOS = "begun here:", " bo wrote all of these words 👍🏽"


def names(person: Somebody) -> Locator:
    """Return the names under the text."""
    return person.page.get_by_role("group", name="Who wrote this file").locator(".pc-who-name")


def length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


EXACT = [("Polycanvas", length(BEGUN), "Owner"), ("Bo", length(BOS), "Owner"), ("Polycanvas", 1, None)]
# Who wrote each stretch, how long it is and who brought it back, as the server says.
SPANS = """
async ({ canvas, wanted, path }) => {
  const found = await (await fetch(`/api/v1/canvases/${canvas}/provenance?detail=spans&file=${path}`)).json();
  const who = found.origins.map(({ name, restored_by }) => [name, restored_by ?? null]);
  const spans = found.files[0].spans.map(([from, to, at]) => [who[at][0], to - from, who[at][1]]);
  return JSON.stringify(spans) === JSON.stringify(wanted);
}
"""


def until_said(person: Somebody, canvas: str, wanted: list[tuple[str, int, str | None]], path: str = "a.txt") -> None:
    """Return once the server says so."""
    person.page.wait_for_function(SPANS, arg={"canvas": canvas, "wanted": wanted, "path": path}, polling=100)


def take_away_and_back(ana: Somebody, *others: Somebody) -> None:
    """Delete the whole line, then undo."""
    ana.put_caret("bo wrote")
    ana.page.keyboard.press("Shift+Home")
    ana.page.keyboard.press("Delete")
    for person in (ana, *others):
        expect(person.editor).not_to_contain_text("bo wrote")
    ana.page.keyboard.press("Control+z")
    for person in (ana, *others):
        expect(person.editor).to_contain_text(BOS)


def test_s3_10_what_an_undo_brings_back_is_its_author_s_in_every_page(
    browser: Browser, built: None, tmp_path: Path
) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with people(browser, base, "undo-authors") as newcomer:
        ana, bo = newcomer(), newcomer()
        with command(folder=tmp_path, port=port) as server:
            canvas, address = canvas_with(base, {"a.txt": BEGUN + "\n"})
            ana.open(address)
            bo.join(invite(base, canvas), "Bo")
            for person in (ana, bo):
                person.show_file("a.txt")
                expect(person.saved).to_be_visible()
                person.page.keyboard.press("F4")
            bo.put_caret(BEGUN)
            bo.page.keyboard.insert_text(BOS)
            expect(ana.editor).to_contain_text(BOS)
            take_away_and_back(ana, bo)
            # For a moment it is Ana's, until the server has looked; then it is theirs whose it was.
            until_said(ana, canvas, EXACT)
            for person in (ana, bo):
                expect(names(person)).to_contain_text(THEIRS)
            ana.put_caret("bo wrote")
            ana.page.keyboard.press("Shift+F4")
            card = ana.page.get_by_role("dialog", name="Who wrote this", exact=True)
            expect(card).to_contain_text("Bo")
            expect(card).to_contain_text("restored by Owner")
            ana.page.keyboard.press("Escape")
            # A redo takes it away again, and the undo of that brings it back once more.
            ana.put_caret("bo wrote")
            ana.page.keyboard.press("Control+y")
            expect(bo.editor).not_to_contain_text("bo wrote")
            ana.page.keyboard.press("Control+z")
            expect(bo.editor).to_contain_text(BOS)
            until_said(ana, canvas, EXACT)
            for person in (ana, bo):
                expect(names(person)).to_contain_text(THEIRS)
            expect(ana.saved).to_be_visible()
            server.send_signal(signal.SIGKILL)
            server.wait(20)
        # Away from the server: deleted and brought back, and told when it is there again.
        expect(ana.save_words).to_contain_text("Offline")
        take_away_and_back(ana)
        expect(names(ana)).to_contain_text(["Owner", "From the start"])
        with command(folder=tmp_path, port=port):
            for person in (ana, bo):
                expect(person.saved).to_be_visible()
            until_said(ana, canvas, EXACT)
            for person in (ana, bo):
                expect(names(person)).to_contain_text(THEIRS)
            ana.page.reload()
            ana.show_file("a.txt")
            ana.page.keyboard.press("F4")
            expect(names(ana)).to_contain_text(THEIRS)
            until_said(ana, canvas, EXACT)


def test_s3_10_a_model_s_words_that_are_deleted_and_brought_back_offline_stay_the_model_s(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, FILES)
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    accept_a_fix(bo, bo)
    ana.show_file("app.js")
    expect(ana.editor).to_contain_text("wanted === 1")
    expect(ana.saved).to_be_visible()
    ana.page.context.set_offline(True)
    expect(ana.save_words).to_contain_text("Offline")
    ana.put_caret("document.title")
    ana.page.keyboard.press("Shift+Home")
    ana.page.keyboard.press("Delete")
    expect(ana.editor).not_to_contain_text("document.title")
    ana.page.keyboard.press("Control+z")
    expect(ana.editor).to_contain_text("wanted === 1")
    ana.page.context.set_offline(False)
    expect(ana.saved).to_be_visible()
    head, line = FILES["app.js"].splitlines(keepends=True)
    before = line.index("==") + 2
    after = len(line) - 1 - before
    said = [
        ("Polycanvas", len(head), None),
        ("Polycanvas", before, "Owner"),
        ("scripted-coder", 1, "Owner"),
        ("Polycanvas", after, "Owner"),
        ("Polycanvas", 1, None),
    ]
    until_said(ana, canvas, said, "app.js")
    bo.page.keyboard.press("F4")
    expect(bo.page.locator(".cm-content:visible .pc-wrote-model")).to_have_count(1)
    expect_tinted(bo, "model", "=")

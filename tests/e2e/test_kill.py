"""The server is killed in the middle of typing and started again: nothing that was called saved is gone."""

import re
import signal

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import canvas_with, invite, text_on_server
from tests.e2e.conftest import Own

pytestmark = pytest.mark.chromium


def test_a_kill_in_the_middle_of_typing_loses_nothing_and_both_pages_heal(own: Own) -> None:
    ana, bo = own.newcomer(), own.newcomer()
    with own.running() as server:
        canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
        ana.open(address)
        bo.join(invite(own.base, canvas), "Bo")
        for person in (ana, bo):
            person.show_file("a.txt")
            expect(person.saved).to_be_visible()
        ana.put_caret("start")
        ana.type(" ana-saved")
        expect(ana.saved).to_be_visible()
        bo.put_caret("start", end=False)
        bo.type("bo-saved ")
        expect(bo.saved).to_be_visible()
        ana.page.evaluate("window.stillHere = true")
        bo.page.evaluate("window.stillHere = true")
        ana.put_caret("start")
        ana.type(" unacknowl")
        server.send_signal(signal.SIGKILL)
        server.wait(20)
    ana.type("edged")
    expect(ana.save_words).to_contain_text("Offline")
    bo.put_caret("start", end=False)
    bo.type("bo-offline ")
    with own.running():
        for person in (ana, bo):
            expect(person.saved).to_be_visible()
            expect(person.editor).to_contain_text("bo-saved")
            expect(person.editor).to_contain_text("bo-offline")
            expect(person.editor).to_contain_text("ana-saved unacknowledged")
            assert person.page.evaluate("window.stillHere"), "the page was reloaded"
        text = text_on_server(own.base, canvas, "a.txt")
        assert text == ana.text() + "\n" or text == ana.text()
        for words in ("ana-saved", "bo-saved", "bo-offline", "unacknowledged"):
            assert text.count(words) == 1, text


def test_what_a_browser_without_a_store_typed_meanwhile_outlives_the_server_s_return_with_its_undo(own: Own) -> None:
    """What the page has and nobody else stays over the server's return."""
    ana, bo = own.newcomer(), own.newcomer()
    ana.page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('a private window'); };")
    with own.running() as server:
        canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
        ana.open(address)
        bo.join(invite(own.base, canvas), "Bo Lind")
        for person in (ana, bo):
            person.show_file("a.txt")
            expect(person.saved).to_be_visible()
        ana.put_caret("start")
        ana.page.keyboard.insert_text(" before")
        expect(ana.saved).to_be_visible()
        server.send_signal(signal.SIGKILL)
        server.wait(20)
    expect(ana.save_words).to_contain_text("Offline")
    ana.put_caret("start", end=False)
    ana.page.keyboard.insert_text("meanwhile ")
    with own.running():
        expect(ana.saved).to_be_visible()
        expect(bo.editor).to_contain_text("meanwhile start before")
        assert text_on_server(own.base, canvas, "a.txt") == "meanwhile start before\n"
        ana.put_caret("start")
        ana.page.keyboard.press("Control+z")
        expect(bo.editor).not_to_contain_text("meanwhile")
        expect(bo.editor).to_contain_text("start")
        ana.page.keyboard.press("Control+y")
        expect(bo.editor).to_contain_text("meanwhile start before")


def test_the_caret_stays_where_it_is_when_the_server_comes_back_and_panels_fill_again(own: Own) -> None:
    """To the server's own state a page that comes back is a new one; to the person in it nothing happens."""
    ana = own.newcomer()
    with own.running() as server:
        ana.open(own.base)
        ana.page.get_by_role("link", name=re.compile("Kiosk menu")).first.click()
        ana.page.wait_for_url("**/c/*")
        canvas = ana.page.url.rsplit("/", 1)[1]
        ana.page.get_by_role("tab", name=re.compile("Review")).click()
        waiting = ana.page.locator(".pc-review-item", has_text="two decimals")
        expect(waiting).to_have_count(1)
        ana.show_file("index.html")
        ana.put_caret("<h1")
        expect(ana.saved).to_be_visible()
        ana.page.evaluate("window.editor = document.activeElement")
        server.send_signal(signal.SIGKILL)
        server.wait(20)
    expect(ana.save_words).to_contain_text("Offline")
    ana.type(" a")
    with own.running():
        # The page's state has begun anew when the list of what waits was read again.
        with ana.page.expect_response("**/tickets"):
            ana.type("b")
        expect(ana.saved).to_be_visible()
        expect(waiting).to_have_count(1)
        expect(ana.page.locator(".pc-save")).to_be_visible()
        ana.type("c")
        assert ana.page.evaluate("document.activeElement === window.editor")
        expect(ana.saved).to_be_visible()
        assert " abc" in text_on_server(own.base, canvas, "index.html")

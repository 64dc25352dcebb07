"""A browser that does not take what it is to keep, as on a full disk: nothing is lost, and nothing comes twice."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Somebody, canvas_with, text_on_server
from tests.e2e.conftest import Own
from tests.e2e.test_offline import HEALS, TICKETS, cookies_of, in_a_loop, seen, typed_as_it_crashes, write_under

KEPT, TAB_ONLY = re.compile("kept in this browser"), re.compile("kept in this tab only")

pytestmark = pytest.mark.chromium

# The next write fails as on a full disk.
REFUSES_ONE = """() => {
  const { add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = function (...all) {
    IDBObjectStore.prototype.add = add;
    throw new DOMException("The disk is full.", "QuotaExceededError");
  };
}"""
# Nothing can be put in the place of what is kept, as long as the page's storage says so.
REFUSES_TO_REPLACE = """
const { clear } = IDBObjectStore.prototype;
IDBObjectStore.prototype.clear = function () {
  const asked = clear.call(this);
  if (localStorage.getItem("full")) queueMicrotask(() => this.transaction.abort());
  return asked;
};
"""


def test_a_write_that_fails_takes_nothing_from_what_is_known_to_be_not_saved(own: Own) -> None:
    ana = own.newcomer()
    with own.running():
        canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
        ana.open(address)
        ana.show_file("a.txt")
        ana.put_caret("start")
        expect(ana.saved).to_be_visible()
        ana.page.context.route(TICKETS, lambda route: route.abort())
        ana.page.context.set_offline(True)
        ana.type("abc")
        expect(ana.save_words).to_contain_text("3 edits kept here")
        ana.page.evaluate(REFUSES_ONE)
        ana.type("d")
        expect(ana.save_words).to_have_attribute("title", TAB_ONLY)
        expect(ana.save_words).to_have_attribute("title", KEPT)
        ana.page.context.set_offline(False)
        context = ana.page.context
        ana.page.close()
        again = Somebody(context.new_page(), own.base)
        ana.page = again.page
        again.open(address)
        again.show_file("a.txt")
        expect(again.editor).to_contain_text("startabcd")
        expect(again.save_words).to_contain_text("4 edits kept here")
        context.unroute(TICKETS)
        expect(again.saved).to_be_visible(timeout=HEALS)
        assert text_on_server(own.base, canvas, "a.txt") == "startabcd\n"


def test_a_store_that_cannot_be_replaced_brings_nothing_twice(own: Own) -> None:
    """Ana's page has to begin anew, and her browser keeps the old document for a while."""
    ana, bo = own.newcomer(), own.newcomer()
    ana.page.context.add_init_script(REFUSES_TO_REPLACE)
    with own.running() as server:
        canvas, _, hers = seen(own, ana, bo)
        ana.page.route(TICKETS, lambda route: route.abort())
        typed_as_it_crashes(server, ana, " mine")
    expect(ana.save_words).to_contain_text("kept here")
    ana.page.evaluate("localStorage.setItem('full', 'yes')")
    with own.running():
        words = "longer than what Ana typed\n"
        in_a_loop(write_under(hers, own.base, canvas, cookies_of(bo), words, deletes=False))
        ana.page.unroute(TICKETS)
        expect(ana.page.get_by_text("went on from the server's version").first).to_be_visible(timeout=HEALS)
        expect(ana.saved).to_be_visible(timeout=HEALS)
        text = f"{words}start mine\n"
        assert text_on_server(own.base, canvas, "a.txt") == text
        ana.page.evaluate("localStorage.removeItem('full')")
        # It is replaced now: what is typed without a line is in this browser again.
        ana.page.context.set_offline(True)
        ana.put_caret("start mine")
        ana.type(" too")
        expect(ana.save_words).to_have_attribute("title", KEPT, timeout=HEALS)
        ana.page.context.set_offline(False)
        ana.page.reload()
        ana.show_file("a.txt")
        expect(ana.saved).to_be_visible(timeout=HEALS)
        assert text_on_server(own.base, canvas, "a.txt") == text.replace("mine", "mine too")
        assert ana.text().rstrip("\n") == text.replace("mine", "mine too").rstrip("\n")

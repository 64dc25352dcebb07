"""The History panel when not all is well: slow, refused, without a server, damaged, or with others who type on."""

import json
import re
import sqlite3

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browsers import Newcomer, Somebody, canvas_with
from tests.e2e.conftest import Installation
from tests.e2e.test_history import ANA, BO, both_write, open_history, past_text

pytestmark = pytest.mark.chromium

HISTORY = re.compile(r"/api/v1/canvases/\w+/history")
SENTENCE = "The disk of the server is full. Nothing was changed."


def refuse(route: Route) -> None:
    body = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": SENTENCE}
    route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(body))


def look_back(person: Somebody) -> None:
    """Go to the moment before the last."""
    slider = person.page.get_by_role("slider", name="Moment")
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")


def test_a_first_opening_that_takes_long_shows_that_it_goes_on(installation: Installation, newcomer: Newcomer) -> None:
    _, address = canvas_with(installation.base, {"app.js": "start();\n"})
    ana = newcomer()
    ana.page.route(HISTORY, lambda _: None)  # no answer, for now
    ana.open(address)
    ana.editor.wait_for()
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    expect(ana.page.get_by_role("progressbar", name="Reading the history…")).to_be_visible()
    ana.page.unroute(HISTORY)  # and goes on with what was held
    expect(ana.page.get_by_role("slider", name="Moment")).to_be_visible()
    expect(ana.page.get_by_role("progressbar")).to_have_count(0)


def test_without_a_line_the_panel_says_so_and_one_goes_on_writing(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"app.js": "start();\n"})
    ana = newcomer()
    ana.open(address)
    ana.show_file("app.js")
    expect(ana.saved).to_be_visible()
    ana.page.context.set_offline(True)
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    panel = ana.page.get_by_role("region", name="History")
    expect(panel.get_by_role("alert")).to_contain_text("could not be loaded")
    ana.put_caret("start")
    ana.type(" // offline")
    expect(ana.editor).to_contain_text("start(); // offline")
    panel.get_by_role("button", name="Try again").click()
    expect(panel.get_by_role("alert")).to_be_visible()
    # It comes by itself with the line.
    ana.page.context.set_offline(False)
    expect(ana.page.get_by_role("slider", name="Moment")).to_be_visible()
    expect(ana.saved).to_be_visible()


def test_a_part_that_the_server_no_longer_has_comes_with_a_new_page(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, address = canvas_with(installation.base, {"app.js": "start();\n"})
    ana = newcomer()
    gone = re.compile(r"/HistoryPanel-")
    ana.page.route(gone, lambda route: route.fulfill(status=404))  # the server was updated under the page
    ana.open(address)
    ana.editor.wait_for()
    ana.page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    alert = ana.page.get_by_role("region", name="History").get_by_role("alert")
    expect(alert).to_contain_text("Load the page anew")
    ana.page.unroute(gone)
    with ana.page.expect_navigation():
        alert.get_by_role("button", name="Load the page anew").click()
    expect(ana.page.get_by_role("slider", name="Moment")).to_be_visible()


def test_a_refusal_is_said_in_the_form_and_keeps_what_was_typed(installation: Installation, newcomer: Newcomer) -> None:
    _, ana, _ = both_write(installation, newcomer)
    open_history(ana)
    look_back(ana)
    versions = re.compile(r"/history/versions")
    ana.page.route(versions, refuse)
    ana.page.get_by_role("button", name="Name", exact=True).click()
    name = ana.page.get_by_label(re.compile("Name of the version"))
    name.fill("Kept")
    name.press("Enter")
    expect(ana.page.locator(".pc-history-form").get_by_role("alert")).to_have_text(SENTENCE)
    expect(name).to_be_focused()
    expect(name).to_have_value("Kept")
    ana.page.unroute(versions)
    name.press("Enter")
    expect(ana.page.locator(".pc-history-banner")).to_contain_text("Kept")


def test_without_a_server_what_is_known_stays_and_is_brought_up_to_date(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, ana, _ = both_write(installation, newcomer)
    open_history(ana)
    stale = ana.page.locator(".pc-history-stale")
    options = ana.page.get_by_role("listbox", name="Moments").get_by_role("option")
    expect(options.filter(has_text="Bo").first).to_be_visible()
    ana.page.route(HISTORY, lambda route: route.abort())
    # Not by Bo: going on at once, the two would have written everything as one moment.
    put = httpx.put(
        f"{installation.base}/api/v1/canvases/{canvas}/files/app.js", json={"text": "more();\n"}, timeout=30
    )
    put.raise_for_status()
    expect(stale).to_contain_text("Not up to date.")
    look_back(ana)
    expect(ana.page.locator(".pc-history-banner")).to_contain_text("Bo")
    expect(options.filter(has_text="Bo").first).to_be_visible()
    ana.page.unroute(HISTORY)
    expect(stale).to_have_count(0)
    expect(past_text(ana)).to_contain_text(BO)


def test_what_would_change_is_said_anew_when_somebody_types_meanwhile(
    installation: Installation, newcomer: Newcomer
) -> None:
    _, ana, bo = both_write(installation, newcomer)
    open_history(ana)
    look_back(ana)
    ana.page.get_by_role("button", name="Restore…").click()
    form = ana.page.get_by_role("alertdialog", name=re.compile("^Restore "))
    expect(form).to_contain_text("app.js")
    expect(form).not_to_contain_text("meanwhile")
    bo.editor.click()
    bo.type("one();\ntwo();\nthree();\n")
    expect(form).to_contain_text("Somebody wrote meanwhile.")
    expect(form.get_by_role("img", name=re.compile("removed"))).to_be_visible()


def test_a_moment_that_cannot_be_read_says_so_and_the_rest_is_there(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, ana, bo = both_write(installation, newcomer)
    timeline = httpx.get(f"{installation.base}/api/v1/canvases/{canvas}/history", timeout=30).json()
    seq = next(moment["seq"] for moment in timeline["moments"] if moment["by"]["name"] == "Bo")
    [file] = (installation.folder / "data").glob("*.db")
    with sqlite3.connect(file) as database:
        where = (b"\x01\xff\xff\xff\x0f\x00", canvas, seq)
        database.execute("UPDATE updates SET payload = ? WHERE canvas = ? AND seq = ?", where)
    database.close()
    bo.editor.click()
    bo.type("after();")  # what is known is worked out anew
    expect(bo.saved).to_be_visible()
    open_history(ana)
    options = ana.page.get_by_role("listbox", name="Moments").get_by_role("option")
    broken = options.filter(has_text="cannot be read")
    broken.first.click()
    expect(ana.page.locator(".pc-past-text")).to_contain_text("The edits of this moment cannot be read")
    ana.page.get_by_role("button", name="Changes").click()
    expect(ana.page.locator(".pc-past")).to_contain_text("The edits of this moment cannot be read")
    ana.page.get_by_role("button", name="Text", exact=True).click()
    ana.page.get_by_role("slider", name="Moment").press("Home")
    expect(past_text(ana)).to_contain_text("start();")
    expect(past_text(ana)).not_to_contain_text(ANA)

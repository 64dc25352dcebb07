"""Without the server: what was typed stays, also over a closed tab, and merges; the page says how things stand."""

import asyncio
import contextlib
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from app.client import CanvasClient, connect
from tests.disks import quota
from tests.e2e.browsers import Somebody, canvas_with, invite, text_on_server
from tests.e2e.conftest import Own

T = TypeVar("T")
pytestmark = pytest.mark.chromium

TICKETS = "**/tickets"
HEALS = 60_000  # milliseconds: the last pause between two tries, and a machine with other work


def test_two_browsers_offline_on_the_same_lines_merge_also_over_a_closed_tab(own: Own) -> None:
    ana, bo = own.newcomer(), own.newcomer()
    with own.running():
        canvas, address = canvas_with(own.base, {"a.txt": "one\ntwo\n"})
        ana.open(address)
        bo.join(invite(own.base, canvas), "Bo")
        for person in (ana, bo):
            person.show_file("a.txt")
            expect(person.saved).to_be_visible()
    for turn in range(3):
        for person, name in ((ana, "ana"), (bo, "bo")):
            for line in ("one", "two"):
                person.put_caret(line, end=name == "ana")
                person.type(f"[{name}{turn}{line}]")
    for person in (ana, bo):
        expect(person.save_words).to_contain_text("Offline")
        expect(person.save_words).to_contain_text("kept here")
    context = ana.page.context
    ana.page.close()
    with own.running():
        expect(bo.saved).to_be_visible(timeout=HEALS)
        again = Somebody(context.new_page(), own.base)
        ana.page = again.page
        again.open(address)
        again.show_file("a.txt")
        expect(again.saved).to_be_visible(timeout=HEALS)
        text = text_on_server(own.base, canvas, "a.txt")
        words = [f"[{name}{turn}{line}]" for name in ("ana", "bo") for turn in range(3) for line in ("one", "two")]
        assert {word: text.count(word) for word in words} == dict.fromkeys(words, 1)
        for person in (again, bo):
            expect(person.editor).to_contain_text("[ana2two]")
            expect(person.editor).to_contain_text("[bo2two]")
            assert person.text().rstrip("\n") == text.rstrip("\n")
    assert again.faults == []


def test_a_tab_that_is_closed_right_after_a_key_has_kept_it(own: Own) -> None:
    """What is typed is kept after the frame that shows it: a page that goes before it draws keeps it as it goes."""
    ana = own.newcomer()
    with own.running():
        canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
        ana.open(address)
        ana.show_file("a.txt")
        expect(ana.saved).to_be_visible()
        context, written = ana.page.context, "start"
        ana.page.close()
        context.route(TICKETS, lambda route: route.abort())
        for letter in "abcde":
            ana = Somebody(context.new_page(), own.base)
            ana.open(address)
            ana.show_file("a.txt")
            ana.put_caret(written)
            ana.page.keyboard.down(letter)
            ana.page.close()
            written += letter
        context.unroute(TICKETS)
        ana = Somebody(context.new_page(), own.base)
        ana.open(address)
        expect(ana.saved).to_be_visible(timeout=HEALS)
        assert text_on_server(own.base, canvas, "a.txt") == f"{written}\n"


@pytest.mark.parametrize("deleted", ["", " and deletes it again"])
def test_s3_11_what_was_typed_in_a_closed_tab_outlives_whoever_writes_under_its_client_id(
    own: Own, deleted: str
) -> None:
    """The server crashed before it had stored anything of Ana's; Bo, an editor, writes under her page's id."""
    ana, bo = own.newcomer(), own.newcomer()
    with own.running() as server:
        canvas, address, hers = seen(own, ana, bo)
        typed_as_it_crashes(server, ana, " typed offline")
    expect(ana.save_words).to_contain_text("kept here")
    context = ana.page.context
    ana.page.close()
    with own.running():
        words = "longer than what Ana typed\n"
        in_a_loop(write_under(hers, own.base, canvas, cookies_of(bo), words, deletes=bool(deleted)))
        again = Somebody(context.new_page(), own.base)
        ana.page = again.page
        again.open(address)
        again.show_file("a.txt")
        expect(again.page.get_by_text("went on from the server's version").first).to_be_visible(timeout=HEALS)
        expect(again.editor).to_contain_text("start typed offline")
        expect(again.saved).to_be_visible(timeout=HEALS)
        left = "" if deleted else words
        assert text_on_server(own.base, canvas, "a.txt") == f"{left}start typed offline\n"
    assert again.faults == []


def test_s3_12_what_is_typed_while_somebody_writes_under_the_id_that_was_seen_stays_with_two_tabs_too(own: Own) -> None:
    """The other tab takes what Bo wrote under it into the browser's store, beside what the first one keeps there."""
    ana, bo = own.newcomer(), own.newcomer()
    with own.running():
        canvas, address, hers = seen(own, ana, bo)
        context = ana.page.context
        beside = opened_again(own, context, address)
        ana.page.route(TICKETS, lambda route: route.abort())
    with own.running():
        words = "longer than what Ana typed\n"
        in_a_loop(write_under(hers, own.base, canvas, cookies_of(bo), words, deletes=False))
        expect(beside.saved).to_be_visible(timeout=HEALS)
        expect(beside.editor).to_contain_text("longer")
        ana.page.bring_to_front()
        ana.put_caret("start")
        ana.type(" hers")
        expect(ana.save_words).to_contain_text("5 edits kept here")
        ana.page.close()
        again = Somebody(context.new_page(), own.base)
        again.open(address)
        again.show_file("a.txt")
        expect(again.saved).to_be_visible(timeout=HEALS)
        expect(again.editor).to_contain_text("start hers")
        expect(beside.editor).to_contain_text("start hers")
        assert text_on_server(own.base, canvas, "a.txt") == f"{words}start hers\n"


def test_s7_5_a_file_that_grew_too_large_offline_is_mended_by_its_writer_and_nothing_is_dropped(own: Own) -> None:
    ana = own.newcomer()
    with own.running():
        canvas, address = canvas_with(own.base, {"a.txt": "start\n", "b.txt": "other\n"})
        ana.open(address)
        ana.show_file("b.txt")
        expect(ana.saved).to_be_visible()
        ana.put_caret("other")
    expect(ana.save_words).to_contain_text("Offline")
    ana.type(" words")
    ana.show_file("a.txt")
    ana.put_caret("start")
    for _ in range(2):  # Yjs joins them to one stretch of more than a message may have
        ana.page.keyboard.insert_text("x" * 600_000)
    with own.running():
        expect(ana.page.locator(".pc-toast")).to_contain_text("makes a.txt larger", timeout=HEALS)
        expect(ana.save_words).to_contain_text("not saved")
        ana.editor.click(position={"x": 5, "y": 5})
        ana.page.keyboard.press("ControlOrMeta+z")
        expect(ana.saved).to_be_visible(timeout=HEALS)
        assert text_on_server(own.base, canvas, "b.txt") == "other words\n"
        assert len(text_on_server(own.base, canvas, "a.txt")) < 1_000_000


@pytest.mark.parametrize("closes", [False, True])
def test_a_tab_that_begins_anew_leaves_to_the_one_beside_it_what_that_has(own: Own, closes: bool) -> None:
    """Both were typed in offline, and Bo wrote under the id of the first. The other comes back late, or is closed."""
    ana, bo = own.newcomer(), own.newcomer()
    with own.running() as server:
        canvas, address, hers = seen(own, ana, bo)
        context = ana.page.context
        beside = opened_again(own, context, address)
        for one in (ana, beside):
            one.page.route(TICKETS, lambda route: route.abort())
        ana.page.bring_to_front()
        ana.put_caret("start")
        typed_as_it_crashes(server, ana, " first")
    expect(ana.save_words).to_contain_text("kept here")
    beside.page.bring_to_front()
    beside.put_caret("start")
    beside.type(" second")
    expect(beside.save_words).to_contain_text("kept here")
    with own.running():
        in_a_loop(write_under(hers, own.base, canvas, cookies_of(bo), "longer than what Ana typed\n", deletes=False))
        ana.page.unroute(TICKETS)
        ana.page.bring_to_front()
        expect(ana.page.get_by_text("went on from the server's version").first).to_be_visible(timeout=HEALS)
        expect(ana.saved).to_be_visible(timeout=HEALS)
        beside.page.bring_to_front()
        beside.put_caret("start")
        beside.type(" more")
        expect(beside.editor).to_contain_text("second more")
        beside.page.unroute(TICKETS)
        if closes:
            beside.page.close()
            beside = Somebody(context.new_page(), own.base)
            beside.open(address)
            beside.show_file("a.txt")
        expect(beside.saved).to_be_visible(timeout=HEALS)
        text = text_on_server(own.base, canvas, "a.txt")
        assert {word: text.count(word) for word in ("first", "second more")} == {"first": 1, "second more": 1}


def seen(own: Own, ana: Somebody, bo: Somebody) -> tuple[str, str, int]:
    """A canvas with a.txt open before Ana, and Bo in it, an editor: its id, its address, and the client id Bo sees."""
    canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
    ana.open(address)
    ana.show_file("a.txt")
    ana.put_caret("start")
    expect(ana.saved).to_be_visible()
    bo.join(invite(own.base, canvas), "Bo")
    bo.page.goto("about:blank")  # from here on a client of Bo's own does the writing
    (hers,) = in_a_loop(others(own.base, canvas, cookies_of(bo)))
    return canvas, address, hers


def opened_again(own: Own, context: BrowserContext, address: str) -> Somebody:
    """One more tab of the same browser, with a.txt before it and everything saved."""
    tab = Somebody(context.new_page(), own.base)
    tab.open(address)
    tab.show_file("a.txt")
    expect(tab.saved).to_be_visible(timeout=HEALS)
    return tab


def typed_as_it_crashes(server: "subprocess.Popen[str]", somebody: Somebody, words: str) -> None:
    """Type while the server reads nothing any more, and end it: the page's id was seen, and has no owner."""
    server.send_signal(signal.SIGSTOP)
    somebody.type(words)
    server.send_signal(signal.SIGKILL)
    server.wait(20)


def in_a_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run something in a thread: the browser's own loop is in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def cookies_of(somebody: Somebody) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in somebody.page.context.cookies(somebody.base)}


@contextlib.asynccontextmanager
async def client(
    base: str, canvas: str, cookies: dict[str, str], id_: int | None = None
) -> AsyncIterator[CanvasClient]:
    """A client in Python of whoever has these cookies."""
    async with (
        httpx.AsyncClient(cookies=cookies, timeout=30) as http,
        connect(base, canvas, http=http, client_id=id_) as client,
    ):
        yield client


async def others(base: str, canvas: str, cookies: dict[str, str]) -> list[int]:
    async with client(base, canvas, cookies) as one:
        await one.until(lambda: one.awareness)
        return list(one.awareness)


async def write_under(id_: int, base: str, canvas: str, cookies: dict[str, str], text: str, *, deletes: bool) -> None:
    async with client(base, canvas, cookies, id_) as one:
        one.insert("a.txt", 0, text)
        if deletes:
            one.delete("a.txt", 0, len(text))
        await one.saved()


def test_what_is_typed_after_the_browser_s_store_was_cleared_is_saved_and_kept_again(own: Own) -> None:
    with own.running():
        ana = own.newcomer()
        canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
        ana.open(address)
        ana.show_file("a.txt")
        expect(ana.saved).to_be_visible()
        tools = ana.page.context.new_cdp_session(ana.page)
        tools.send("Storage.clearDataForOrigin", {"origin": own.base, "storageTypes": "indexeddb"})
        ana.put_caret("start")
        ana.type(" typed on")
        expect(ana.saved).to_be_visible()
        assert text_on_server(own.base, canvas, "a.txt") == "start typed on\n"
        # A new store has all of it, and what follows.
        stores = "indexedDB.databases().then(all => all.map(({ name }) => name))"
        ana.page.wait_for_function(
            f"start => {stores}.then(all => all.some(one => one.startsWith(start) && !one.endsWith(':probe')))",
            arg=f"polycanvas:{canvas}:",
        )
        ana.page.context.set_offline(True)
        ana.type(" and offline")
        expect(ana.save_words).to_contain_text("kept here")
        expect(ana.save_words).to_have_attribute("title", re.compile("kept in this browser"))
        context = ana.page.context
        ana.page.close()
        context.set_offline(False)
        again = Somebody(context.new_page(), own.base)
        ana.page = again.page
        again.open(address)
        again.show_file("a.txt")
        expect(again.editor).to_contain_text("start typed on and offline")
        expect(again.saved).to_be_visible(timeout=HEALS)
        assert text_on_server(own.base, canvas, "a.txt") == "start typed on and offline\n"


def test_a_page_that_the_server_cannot_take_brings_its_own_text_into_the_server_s(own: Own) -> None:
    """A backup came back: the server knows Ana's page, not what she wrote since, and only Bo's page has that."""
    ana, bo = own.newcomer(), own.newcomer()
    with own.running():
        canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
        ana.open(address)
        bo.join(invite(own.base, canvas), "Bo")
        for person in (ana, bo):
            person.show_file("a.txt")
            expect(person.saved).to_be_visible()
        ana.put_caret("start")
        ana.type(" known")
        bo.put_caret("start", end=False)
        bo.type("early ")
        for person in (ana, bo):
            expect(person.editor).to_contain_text("early start known")
            expect(person.saved).to_be_visible()
    shutil.copytree(own.folder / "data", own.folder / "backup")
    with own.running():
        for person in (ana, bo):
            expect(person.saved).to_be_visible(timeout=HEALS)
        ana.put_caret("start")
        ana.type(" unknown")
        expect(bo.editor).to_contain_text("unknown")
        bo.put_caret("start", end=False)
        bo.type("late ")
        for person in (ana, bo):
            expect(person.editor).to_contain_text("late early start known unknown")
            expect(person.saved).to_be_visible()
        ana.page.goto("about:blank")
    shutil.rmtree(own.folder / "data")
    shutil.copytree(own.folder / "backup", own.folder / "data")
    bo.page.evaluate("window.stillHere = true")
    with own.running():
        # The server asks for half a minute whether Ana comes back; then Bo's page takes what the server has.
        expect(bo.editor).not_to_contain_text("unknown", timeout=2 * HEALS)
        expect(bo.saved).to_be_visible(timeout=HEALS)
        assert bo.text().rstrip("\n") == "late early start known"
        assert text_on_server(own.base, canvas, "a.txt").rstrip("\n") == "late early start known"
        assert bo.page.evaluate("window.stillHere"), "the page was reloaded"
        bo.put_caret("start")
        bo.type("!")
        expect(bo.saved).to_be_visible()
        bo.page.reload()
        bo.show_file("a.txt")
        expect(bo.editor).to_contain_text("late early start known!")
        expect(bo.saved).to_be_visible(timeout=HEALS)


def test_s4_4_a_page_says_that_the_server_s_disk_is_full_and_saves_when_there_is_room(own: Own) -> None:
    with quota(own.folder / "data") as disk:
        ana = own.newcomer()
        with own.running() as server:
            canvas, address = canvas_with(own.base, {"a.txt": "start\n"})
            ana.open(address)
            ana.show_file("a.txt")
            expect(ana.saved).to_be_visible()
            disk.fill(server.pid)
            ana.put_caret("start")
            ana.page.keyboard.insert_text(" kept" + "x" * 20_000)
            expect(ana.save_words).to_contain_text("Read-only")
            expect(ana.save_words).to_have_attribute("title", re.compile("cannot write to its storage"))
            expect(ana.saved).not_to_be_visible()
            disk.free(server.pid)
            expect(ana.saved).to_be_visible(timeout=HEALS)
            assert text_on_server(own.base, canvas, "a.txt").startswith("start kept")

"""Outside a canvas: what whoever was taken out reads, and what becomes of what they typed meanwhile."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium


def test_whoever_was_taken_out_while_offline_is_told_so_and_takes_their_words_away(
    installation: Installation, newcomer: Newcomer
) -> None:
    canvas, address = canvas_with(installation.base, {"a.txt": "start\n", "src/b.txt": "hers\n"})
    api = f"{installation.base}/api/v1/canvases/{canvas}"
    ana, bo = newcomer(), newcomer()
    ana.open(address)
    bo.join(invite(installation.base, canvas), "Bo")
    bo.show_file("a.txt")
    expect(bo.saved).to_be_visible()
    bo.page.context.set_offline(True)
    bo.put_caret("start")
    bo.type(" and an hour of work")
    expect(bo.save_words).to_contain_text("kept here")
    members = httpx.get(f"{api}/members", timeout=30).json()["members"]
    (who,) = [one["id"] for one in members if one["name"] == "Bo"]
    httpx.delete(f"{api}/members/{who}", timeout=30).raise_for_status()

    # In the page that was open all the while: why, and the way to the words.
    bo.page.context.set_offline(False)
    told = bo.save_words.and_(bo.page.locator("[title*='Your access to this canvas was taken back']"))
    expect(told.or_(bo.page.get_by_role("heading", name="No longer your canvas")).first).to_be_visible()
    away = bo.page.get_by_role("button", name="Take it away")
    outside = bo.page.get_by_role("heading", name="No longer your canvas")
    # The page may have gone there by itself as it got its line back.
    away.or_(outside).first.evaluate("one => one.matches('button') && one.click()")

    # In a page that opens later.
    expect(outside).to_be_visible()
    kept = bo.page.get_by_role("region", name="Not saved")
    expect(kept).to_contain_text("still in this browser")
    expect(kept.get_by_role("button")).to_have_text(["a.txt"])
    with bo.page.expect_download() as download:
        kept.get_by_role("button", name="a.txt").click()
    assert download.value.suggested_filename == "a.txt"
    assert download.value.path().read_text() == "start and an hour of work\n"


def test_a_stranger_is_told_nothing_about_a_canvas(installation: Installation, newcomer: Newcomer) -> None:
    canvas, _ = canvas_with(installation.base, {"a.txt": "start\n"})
    _, other = canvas_with(installation.base, {"a.txt": "start\n"})
    bo = newcomer()
    bo.join(invite(installation.base, other.rpartition("/")[2]), "Bo")
    bo.open(f"{installation.base}/c/{canvas}")
    expect(bo.page.get_by_role("heading", name="No such canvas")).to_be_visible()
    expect(bo.page.get_by_role("region", name="Not saved")).to_have_count(0)

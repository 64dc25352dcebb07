"""A canvas is downloaded with its history and comes back through the list of canvases."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, canvas_with, invite
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.chromium


def test_a_downloaded_canvas_is_imported_from_the_list(
    newcomer: Newcomer, installation: Installation, tmp_path: Path
) -> None:
    canvas, _ = canvas_with(installation.base, {"notes.txt": "kept\n"})
    file = tmp_path / "ours.polycanvas.zip"
    file.write_bytes(httpx.get(f"{installation.base}/api/v1/canvases/{canvas}/archive").content)
    ana = newcomer()
    page = ana.page
    page.goto(installation.base)
    chosen = page.get_by_label("File of a canvas to import")

    (tmp_path / "other.zip").write_text("hello")
    expect(page.get_by_role("button", name="Import…")).to_be_enabled()
    chosen.set_input_files(tmp_path / "other.zip")
    expect(page.locator(".pc-toast")).to_contain_text("This file is not a canvas that Polycanvas exported")
    expect(page.get_by_role("button", name="Import…")).to_be_enabled()

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import…").click()
    chooser.value.set_files(file)
    page.wait_for_url(re.compile(rf"/c/(?!{canvas})\w{{12}}"))
    ana.show_file("notes.txt")
    expect(ana.editor).to_contain_text("kept")


def test_a_comment_from_a_file_says_who_imported_it(
    newcomer: Newcomer, installation: Installation, tmp_path: Path
) -> None:
    canvas, address = canvas_with(installation.base, {"notes.txt": "kept\n"})
    bo = newcomer()
    bo.join(invite(installation.base, canvas, "editor"), "Bo")
    bo.show_file("notes.txt")
    bo.put_caret("kept")
    bo.page.keyboard.press("Control+Alt+m")
    expect(bo.page.get_by_label("Comment on this line")).to_be_focused()
    bo.type("Why?")
    bo.page.keyboard.press("Enter")
    expect(bo.saved).to_be_visible()
    file = tmp_path / "ours.polycanvas.zip"
    file.write_bytes(httpx.get(f"{installation.base}/api/v1/canvases/{canvas}/archive").content)
    copy = httpx.post(f"{installation.base}/api/v1/canvases/import", content=file.read_bytes()).json()["id"]
    ana = newcomer()
    ana.open(address.replace(canvas, copy))
    ana.show_file("notes.txt")
    ana.page.keyboard.press("F8")
    card = ana.page.get_by_role("dialog", name="Comments on this line")
    expect(card.locator(".pc-comment header")).to_contain_text("Boimported by Owner")
    # Somebody's decision takes nothing of that away.
    card.get_by_role("button", name="Resolve").click()
    ana.page.locator(".pc-toast").get_by_role("button", name="Undo").click()
    ana.page.get_by_role("tab", name="Review", exact=True).click()
    expect(ana.page.get_by_label("Comments", exact=True).locator(".pc-review-title")).to_contain_text(
        "Bo · imported by Owner"
    )

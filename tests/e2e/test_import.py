"""A canvas is downloaded with its history and comes back through the list of canvases."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Newcomer, canvas_with
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

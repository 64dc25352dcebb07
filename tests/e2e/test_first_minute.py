"""What somebody meets who has just typed `polycanvas`: no key, no account, a sample that already runs."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsers import invite
from tests.e2e.conftest import people
from tests.server import command, free_port

pytestmark = pytest.mark.chromium


def test_the_first_minute(browser: Browser, built: None, tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with (
        command(folder=tmp_path, port=port, env={"POLYCANVAS_LOCAL_SERVERS": ""}),
        people(browser, base, "first") as newcomer,
    ):
        ana = newcomer()
        refused: list[str] = []
        ana.page.on("response", lambda answer: refused.append(answer.url) if answer.status == 404 else None)
        ana.open(base)
        ana.page.get_by_role("link", name=re.compile("Kiosk menu")).first.click()
        ana.page.wait_for_url("**/c/*")
        expect(ana.preview.locator("h1")).to_have_text("Tonight")

        # One suggestion waits; accepting it in Review takes effect.
        review = ana.page.get_by_role("tab", name=re.compile("Review"))
        review.click()
        row = ana.page.locator(".pc-review-item[data-decided='false']").first
        expect(row).to_be_visible()
        row.get_by_role("button", name="Accept").first.click()
        expect(ana.page.locator(".pc-review-item[data-decided='true']").first).to_be_visible()

        # Who wrote it is said of the text, too, and no run is looked for where none was.
        ana.page.keyboard.press("F4")
        ana.page.locator(".cm-content:visible .pc-wrote-expert").last.click()
        expect(ana.page.get_by_role("dialog", name="Who wrote this", exact=True)).to_contain_text("Make the prices")
        ana.page.keyboard.press("Escape")
        ana.page.keyboard.press("F4")
        expect(ana.page.locator(".pc-wrote")).to_have_count(0)
        assert refused == []

        # Typing reaches the preview.
        ana.show_file("index.html")
        ana.put_caret("<h1")
        heading = ana.page.locator(".cm-line:visible", has_text="<h1").first.inner_text()
        for _ in range(len(heading) - heading.index("</h1>")):
            ana.page.keyboard.press("ArrowLeft")
        ana.type(" only")
        expect(ana.preview.locator("h1")).to_have_text("Tonight only")
        expect(ana.saved).to_be_visible()

        # Share gives a link; a guest comes in by it and their caret appears.
        ana.page.get_by_role("button", name="Share").click()
        dialog = ana.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        ana.page.keyboard.press("Escape")
        canvas = ana.page.url.rsplit("/", 1)[1]
        bo = newcomer()
        bo.join(invite(base, canvas), "Bo")
        bo.show_file("index.html")
        bo.put_caret("<h1")
        expect(ana.caret_of("Bo")).to_be_attached()

        # What no tool can do says which kind of model is missing.
        ana.put_caret("<h1", end=False)
        ana.page.keyboard.press("Shift+End")
        ana.page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Fix").click()
        expect(ana.page.locator(".pc-receipt")).to_contain_text("Fix needs a model that writes code")
        expect(ana.page.locator(".pc-receipt")).to_contain_text("OPENAI_API_KEY")
        # A guest can set nothing up: they are told who can.
        bo.put_caret("<h1", end=False)
        bo.page.keyboard.press("Shift+End")
        bo.page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Fix").click()
        expect(bo.page.locator(".pc-receipt")).to_contain_text("ask an owner of this canvas")
        expect(bo.page.locator(".pc-receipt")).not_to_contain_text("OPENAI_API_KEY")

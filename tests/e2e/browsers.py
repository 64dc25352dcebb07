"""A real Chromium, and people in it. What must not be here: assertions about the product."""

import os
import shutil
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Locator, Page, Playwright, expect

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1440, "height": 900}
# Milliseconds. Not what anything may take: two cores run the server, two browsers and their GPU-less painting, and the
# first question to a model loads its library meanwhile. What never comes is a failure all the same.
PATIENCE = 60_000

# Only the app's own page: what guest code does in the preview's frame is shown in the product's console.
FAULT = "page fault: "
TELL_FAULTS = f"""if (window === window.top) {{
  addEventListener("error", (event) => console.error("{FAULT}" + event.message));
  addEventListener("unhandledrejection", (event) => console.error("{FAULT}" + (event.reason?.stack ?? event.reason)));
}}"""

expect.set_options(timeout=PATIENCE)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium; skip (or, under CI, fail) where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        sentence = "These tests drive a real browser: install Chromium (Debian: apt install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


class Somebody:
    """One person at one browser: what they do and what they see."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.faults: list[str] = []
        self.foreign: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.add_init_script(TELL_FAULTS)
        page.on("console", self._note_words)
        page.on("request", self._note_request)

    def _note_request(self, request: object) -> None:
        url: str = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.base, self.base.replace("http", "ws"), "data:", "blob:", "about:")):
            self.foreign.append(url)

    def _note_words(self, words: ConsoleMessage) -> None:
        if words.text.startswith(FAULT):
            self.faults.append(words.text)

    def open(self, address: str) -> None:
        """Go to an address and wait for the editor of a canvas."""
        self.page.goto(address)

    def join(self, link: str, name: str) -> None:
        """Come in by an invite link as a guest."""
        self.page.goto(link)
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_role("button", name="Join", exact=True).click()
        self.page.wait_for_url("**/c/*")

    def show_file(self, path: str) -> None:
        """Open a file from the tree."""
        self.page.locator(f'[role="treeitem"][data-path="{path}"]').click()
        # That file's own editor: the one that was on top before is visible all the while.
        self.page.locator(f'.cm-content:visible[aria-label^="{path}, "]').first.wait_for()

    @property
    def editor(self) -> Locator:
        """The text of the file on top."""
        return self.page.locator(".cm-content:visible").first

    def text(self) -> str:
        """Return the visible text of the file on top (short files only: the editor draws what fits)."""
        lines = self.page.locator(".cm-content:visible").first.locator(".cm-line").all_inner_texts()
        return "\n".join(line.rstrip("\n") for line in lines)

    def put_caret(self, text: str, *, end: bool = True) -> None:
        """Click the line that holds `text`, and go to its end or start."""
        self.page.locator(".cm-content:visible .cm-line", has_text=text).first.click()
        self.page.keyboard.press("End" if end else "Home")

    def type(self, text: str) -> None:
        """Type at the caret."""
        self.page.keyboard.type(text)

    @property
    def preview(self) -> FrameLocator:
        """The page in the preview's frame (the one that is shown)."""
        return self.page.frame_locator("iframe.pc-preview-frame.is-shown")

    def caret_of(self, name: str) -> Locator:
        """Somebody else's caret in the file on top."""
        return self.page.locator(f".cm-content:visible .pc-caret[data-name='{name}']")

    @property
    def saved(self) -> Locator:
        """The words that say all is on disk."""
        return self.page.locator(".pc-save[data-tone='ok']")

    @property
    def save_words(self) -> Locator:
        """What the top bar says about saving."""
        return self.page.locator(".pc-save-words")


def canvas_with(base: str, files: dict[str, str], name: str = "Trial") -> tuple[str, str]:
    """Make a canvas as the owner at the keyboard; return its id and address."""
    answer = httpx.post(f"{base}/api/v1/canvases", json={"name": name, "files": files}, timeout=30)
    answer.raise_for_status()
    return answer.json()["id"], answer.json()["url"]


def invite(base: str, canvas: str, role: str = "editor") -> str:
    """Return a fresh invite link."""
    answer = httpx.post(f"{base}/api/v1/canvases/{canvas}/invites", json={"role": role}, timeout=30)
    answer.raise_for_status()
    return str(answer.json()["url"])


def text_on_server(base: str, canvas: str, path: str) -> str:
    """Return a file's text as the API gives it."""
    answer = httpx.get(f"{base}/api/v1/canvases/{canvas}/files/{path}", timeout=30)
    answer.raise_for_status()
    return str(answer.json()["text"])


Newcomer = Callable[[], Somebody]

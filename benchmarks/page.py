"""`python -m benchmarks.page`: start to first page, page weight, keystroke to updated preview.

Start-up is from launching the command (front end built, fresh data folder) to the editor showing text in Chromium.
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

from benchmarks.relay.peers import free_port, node_environment, running

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KEYSTROKES = 30
PAUSES = 450, 600  # between keystrokes, in ms: single ones; a burst of keys is built when it pauses
ROOT = Path(__file__).parent.parent


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SystemExit("Chromium is missing: install it (Debian: apt install chromium).")


def weigh(page: Page) -> dict[str, list[int]]:
    """Collect what the page loads: transferred bytes by kind."""
    sizes: dict[str, list[int]] = {}

    def note(response: Response) -> None:
        kind = response.request.resource_type
        length = response.headers.get("content-length")
        if length:
            sizes.setdefault(kind, []).append(int(length))

    page.on("response", note)
    return sizes


# From the key's event to the frame after the new page is shown, all on the page's own clock.
MEASURE = """
window.delays = [];
let pressed = 0;
addEventListener("keydown", () => { pressed = performance.now(); }, true);
new MutationObserver((changes) => {
  if (pressed === 0 || !changes.some(({ target }) => target.classList.contains("is-shown"))) return;
  const start = pressed;
  pressed = 0;
  requestAnimationFrame(() => setTimeout(() => window.delays.push(performance.now() - start)));
}).observe(document.querySelector(".pc-preview-page"), { attributes: true, subtree: true, attributeFilter: ["class"] });
"""


def keystroke_to_preview(page: Page) -> list[float]:
    """Type into the page's heading in index.html; milliseconds until each version is on the screen."""
    page.locator('[role="treeitem"][data-path="index.html"]').click()
    heading = page.locator(".cm-line:visible", has_text="<h1").first
    heading.click()
    page.keyboard.press("End")
    line = heading.inner_text()
    for _ in range(len(line) - line.index("</h1>")):
        page.keyboard.press("ArrowLeft")
    page.evaluate(MEASURE)
    chance = random.Random(0)
    for number in range(KEYSTROKES):
        page.keyboard.type(chr(97 + number % 26))
        page.wait_for_function("count => window.delays.length === count", arg=number + 1)
        page.wait_for_timeout(chance.uniform(*PAUSES))
    return [float(delay) for delay in page.evaluate("window.delays")]


def main() -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        port = free_port()
        command = [sys.executable, "-m", "app", "--port", str(port), "--data", scratch, "--no-open"]
        start = time.perf_counter()
        with running(command, port, ROOT, node_environment()):
            listening = time.perf_counter() - start
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            sizes = weigh(page)
            page.goto(f"http://127.0.0.1:{port}/")
            page.get_by_role("link").filter(has_text="Kiosk").first.click()
            page.wait_for_url("**/c/*")
            page.locator(".cm-line").first.wait_for()
            shown = time.perf_counter() - start
            print(f"command to listening {listening:.2f} s, to text in the editor {shown:.2f} s")
            page.frame_locator("iframe.pc-preview-frame.is-shown").locator("h1").first.wait_for()
            for kind, parts in sorted(sizes.items()):
                print(f"{kind}: {len(parts)} requests, {sum(parts) / 1000:.0f} kB transferred")
            total = sum(sum(parts) for parts in sizes.values())
            print(f"page weight {total / 1000:.0f} kB transferred")
            delays = sorted(keystroke_to_preview(page))
            print(
                f"keystroke to updated preview: median {statistics.median(delays):.0f} ms, "
                f"p95 {delays[int(len(delays) * 0.95)]:.0f} ms over {len(delays)} keystrokes"
            )
        browser.close()


if __name__ == "__main__":
    main()

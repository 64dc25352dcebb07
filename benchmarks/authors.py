"""`python -m benchmarks.authors`: typing in a file of 5,000 lines in 40,000 pieces, without and with “Who wrote this”.

Keystroke to paint in Chromium, from the key's own time stamp to the task after the next frame; and how long the server
takes to say who wrote each stretch.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright
from pycrdt import Text

from app.client.canvas import connect
from benchmarks.page import CHROMIUM_FLAGS, chromium
from benchmarks.relay.peers import free_port, node_environment, running

LINES, INSERTED = 5_000, 20_000  # each insertion cuts a piece in two and is one itself
KEYS = 120
ROOT = Path(__file__).parent.parent
TIME_KEYS = """
window.delays = [];
addEventListener("keydown", (event) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => window.delays.push(performance.now() - event.timeStamp);
  port2.postMessage(null);
}), { capture: true });
"""


async def cut_up(base: str, canvas: str) -> None:
    """Let the owner write a little into every line."""
    chance = random.Random(1)
    async with connect(base, canvas) as client:
        text: Text = client.doc.get(f"file:{client.find('long.js')}", type=Text)
        places = sorted((chance.randrange(len(text)) for _ in range(INSERTED)), reverse=True)
        with client.doc.transaction():
            for place in places:
                text.insert(place, "x")
        await client.saved()


def type_keys(page: Page) -> list[float]:
    """Type in the middle of the file; milliseconds until each key is painted."""
    page.evaluate("window.delays = []")
    for number in range(KEYS):
        page.keyboard.type(chr(97 + number % 26))
        page.wait_for_function("count => window.delays.length >= count", arg=number + 1)
    return sorted(page.evaluate("window.delays"))


def say(what: str, delays: list[float]) -> None:
    """Print the median and the slow end."""
    median, p95 = statistics.median(delays), delays[int(0.95 * len(delays))]
    print(f"keystroke to paint, {what}: median {median:.1f} ms, p95 {p95:.1f} ms of {len(delays)}")


def measure(address: str) -> None:
    """Open the canvas and type, with the view and without."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(TIME_KEYS)
        page.goto(address)
        page.locator(".cm-line:visible").nth(10).click()
        type_keys(page)  # the first keys compile what they run
        for what in ("without the view", "with it", "without it again"):
            say(what, type_keys(page))
            page.keyboard.press("F4")
        browser.close()


def main() -> None:
    """Start the product, make the file, measure the server and the page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "app", "--port", str(port), "--data", scratch, "--no-open"]
        with running(command, port, ROOT, node_environment()), httpx.Client(base_url=base, timeout=120) as http:
            files = {"long.js": "const value = compute(another, value);\n" * LINES}
            canvas = http.post("/api/v1/canvases", json={"name": "Long", "files": files}).json()["id"]
            asyncio.run(cut_up(base, canvas))
            start = time.perf_counter()
            found = http.get(f"/api/v1/canvases/{canvas}/provenance", params={"detail": "spans"}).json()
            took = time.perf_counter() - start
            print(f"the server names {len(found['files'][0]['spans']):,} spans in {took:.2f} s")
            measure(f"{base}/c/{canvas}")


if __name__ == "__main__":
    main()

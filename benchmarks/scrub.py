"""`python -m benchmarks.scrub`: the History panel over a file of 260,000 edits in 4,000 moments.

The history is made up here and handed to the page in the server's place: measured are the page's own delays, from the
click to the list, from the first step back to its text, and for each place that the pointer passes on the track.
"""

import json
import random
import re
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from playwright.sync_api import CDPSession, Page, Route, sync_playwright

from benchmarks.authors import ROOT
from benchmarks.page import CHROMIUM_FLAGS, chromium
from benchmarks.relay.peers import free_port, node_environment, running

MOMENTS, EDITS = 4_000, 65  # 260,000 edits: as many as the longest real editing history that is public
MOVES = 200
HUES = {"Ana": 60, "Bo": 230, "Cy": 350}
# Moves the pointer along the track, now by a little and now far, one move a frame; milliseconds until each is laid out.
SCRUB = """async (moves) => {
  const track = document.querySelector(".pc-track"), box = track.getBoundingClientRect(), delays = [];
  const at = (type, x) => track.dispatchEvent(new PointerEvent(type,
    { bubbles: true, clientX: box.x + x, clientY: box.y + 30, button: 0, pointerId: 1, isPrimary: true }));
  track.setPointerCapture = () => {};
  track.hasPointerCapture = () => true;
  at("pointerdown", 5);
  for (let move = 0; move < moves; move++) {
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    at("pointermove", (move % 100 < 60 ? move * 7.3 : move * 131) % (box.width - 20));
    await null; // React draws when the handler is done
    document.body.offsetHeight; // lays it out
    delays.push(performance.now() - start);
  }
  return delays.sort((a, b) => a - b);
}"""


def made_up(file: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the timeline and the file's steps, in the server's shapes, the same each time."""
    chance, length = random.Random(1), 0
    at = datetime.now(UTC) - timedelta(seconds=500 * MOMENTS)
    moments, steps = [], []
    for number in range(MOMENTS):
        splices: list[tuple[int, str, str]] = []
        place = chance.randint(0, length)
        for edit in range(EDITS):
            splices.append((place + edit, "", "\n" if chance.random() < 0.03 else "x"))
        length += EDITS
        seq = (number + 1) * EDITS
        name = list(HUES)[number // 7 % 3]
        until = at + timedelta(seconds=9)
        by = {"id": name, "name": name, "hue": HUES[name], "kind": "person"}
        times = {"at": at.isoformat(), "until": until.isoformat()}
        moments.append({"seq": seq, **times, "by": by, "files": {file: (EDITS, 0)}, "paths": []})
        steps.append((seq, splices))
        at += timedelta(seconds=500)
    timeline = {"head": seq, "began_at": moments[0]["at"], "moments": moments, "versions": [], "files": {file: "a.txt"}}
    return timeline, {"file": file, "path": "a.txt", "text": "", "steps": steps}


def cpu(session: CDPSession) -> float:
    """Return the milliseconds of CPU that the page's main thread has had."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["ScriptDuration"] + metrics["LayoutDuration"] + metrics["RecalcStyleDuration"]) * 1000


def measure(page: Page, address: str, file: str) -> None:
    """Open the panel, look back, scrub."""
    timeline, steps = (json.dumps(one) for one in made_up(file))

    def answer(route: Route) -> None:
        route.fulfill(body=steps if "/steps" in route.request.url else timeline, content_type="application/json")

    page.route(re.compile(r"/api/v1/canvases/\w+/history"), answer)
    page.goto(address)
    page.locator(".cm-content").wait_for()
    start = time.perf_counter()
    page.get_by_role("navigation", name="Panels").get_by_role("button", name="History").click()
    page.locator(".pc-moment").first.wait_for()
    print(f"click to the list of {MOMENTS:,} moments: {(time.perf_counter() - start) * 1000:.0f} ms")
    start = time.perf_counter()
    page.get_by_role("slider", name="Moment").press("ArrowLeft")
    page.locator(".pc-past-came").first.wait_for(state="attached")
    print(f"first step back, {len(steps) / 1e6:.1f} MB of edits read: {(time.perf_counter() - start) * 1000:.0f} ms")
    session = page.context.new_cdp_session(page)
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    session.send("Performance.enable")
    for _ in range(2):
        before = cpu(session)
        delays: list[float] = page.evaluate(SCRUB, MOVES)
        used = (cpu(session) - before) / MOVES
        words = f"median {statistics.median(delays):.1f} ms, p95 {delays[int(0.95 * MOVES)]:.1f} ms"
        print(f"a place on the track to its text, laid out: {words}; CPU with style and layout {used:.1f} ms a move")


def main() -> None:
    """Start the product and measure its page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, sync_playwright() as playwright:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "app", "--port", str(port), "--data", scratch, "--no-open"]
        with running(command, port, ROOT, node_environment()), httpx.Client(base_url=base, timeout=60) as http:
            canvas = http.post("/api/v1/canvases", json={"name": "Long", "files": {"a.txt": "x\n"}}).json()["id"]
            file = http.get(f"/api/v1/canvases/{canvas}/files").json()["files"][0]["id"]
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            measure(browser.new_page(viewport={"width": 1440, "height": 900}), f"{base}/c/{canvas}", file)
            browser.close()


if __name__ == "__main__":
    main()

"""`python -m benchmarks.typing`: keystroke to paint in a 5,000-line file, alone and while 20 others type.

A real Chromium on the whole product, after CodeMirror over the same text in the same browser with nothing of ours:
alone, which is what an editor costs anyway, and with Yjs's own binding and provider in the same room with the same
others, which is what the peers have. A key that comes just after another frame waits for the screen's next turn (60 Hz:
17 ms at most); “work” is what the page's thread did from the key to its paint, by its own clock, so neither that nor a
machine with other work to do is counted.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from statistics import fmean

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.page import CHROMIUM_FLAGS, ROOT, chromium
from benchmarks.relay.peers import free_port, node_environment, running
from benchmarks.typing import plain
from benchmarks.typing.document import LINES, MY_LINES, OTHERS, line_of, mine, text
from benchmarks.typing.measure import MOST, PAUSES, Key, Typing, percentile, pooled, type_in
from benchmarks.typing.others import RATE

HEAD = (
    "| editor | to paint p50 / p95 / p99 ms | heard of, frame begun, frame: mean ms | the same, slowest tenth "
    "| work p50 / p95 / p99 ms | longest task ms | page's thread, ms a second: all, scripts, layout |\n"
    "|---|---|---|---|---|---|---|"
)


# Characters a second of all others together; each waits a little longer than 1 / `RATE`.
LEAST_RATE = 0.85 * OTHERS * RATE


def three(values: list[float]) -> str:
    return " / ".join(f"{percentile(values, share):.1f}" for share in (0.50, 0.95, 0.99))


def parts(keys: list[Key]) -> str:
    return ", ".join(f"{fmean(part):.1f}" for part in zip(*map(astuple, keys), strict=True))


def row(name: str, one: Typing) -> str:
    slowest = one.keys[-max(1, len(one.keys) // 10) :]
    return (
        f"| {name} | {three([key.delay for key in one.keys])} | {parts(one.keys)} | {parts(slowest)} "
        f"| {three(one.work)} | {one.tasks[-1]:.1f} "
        f"| {one.busy:.0f}, {one.script:.0f}, {one.layout:.0f} |"
    )


def new_page(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1440, "height": 900})


def new_canvas(url: str, document: str) -> tuple[str, str]:
    """Return a fresh canvas's id and address."""
    answer = httpx.post(f"{url}/api/v1/canvases", json={"name": "typing", "files": {"main.js": document}}, timeout=60)
    answer.raise_for_status()
    return answer.json()["id"], answer.json()["url"]


def show_anchor(page: Page, url: str, folder: Path, name: str, **asked: str) -> None:
    plain.show(page, url, folder, name, **asked)
    page.locator(".cm-line", has_text=mine(0)).first.wait_for()


@contextlib.contextmanager
def others(url: str, canvas: str) -> Iterator[None]:
    """Let the others type. They give way to the page: were that at the cost of their typing, it would be no measure."""
    command = [sys.executable, "-m", "benchmarks.typing.others", url, canvas]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise SystemExit("The others could not join; what they said is above.")
        yield
        process.stdin.close()
        rate = float(process.stdout.readline())
        if rate < LEAST_RATE:
            raise SystemExit(f"The others typed only {rate:.0f} characters a second: this machine is too busy.")


@contextlib.contextmanager
def heard(page: Page) -> Iterator[None]:
    """See to it that what the others type arrives in this page: one that lost its line would be the quickest of all."""
    line = page.locator(".cm-line:visible", has_text=line_of(0)).first
    before = line.inner_text()
    yield
    if line.inner_text() == before:
        raise SystemExit("What the others typed did not arrive in the page: nothing was measured.")


def show_middle(page: Page) -> None:
    """Open the file and bring the typist's lines to the middle of the window."""
    page.locator('[role="treeitem"][data-path="main.js"]').click()
    page.locator(".cm-content:visible").first.click()
    page.keyboard.press("Control+f")
    page.keyboard.type(mine(0))
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator(".cm-line:visible", has_text=mine(0)).first.wait_for()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--pauses", type=int, nargs=2, default=PAUSES, metavar=("LEAST", "MOST"), help="milliseconds from key to key"
    )
    parser.add_argument("--profile", type=Path, help="write the CPU profile of the last measurement to this file")
    chosen = parser.parse_args()
    if not 0 < chosen.keys <= MOST:
        parser.error(f"--keys is 1 to {MOST}.")
    least, most = chosen.pauses
    if not 0 < least <= most:
        parser.error("--pauses are milliseconds, the least first.")
    pauses = least, most
    rounds: dict[str, list[Typing]] = {}

    def tell(editor: str, one: Typing) -> None:
        rounds.setdefault(editor, []).append(one)
        print(row(editor, one), flush=True)

    document = text()
    port, scratch = free_port(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    command = [sys.executable, "-m", "app", "--port", str(port), "--data", f"{scratch.name}/data", "--no-open"]
    url = f"http://127.0.0.1:{port}"
    with (
        scratch as name,
        sync_playwright() as playwright,
        running(command, port, ROOT, node_environment()),
        contextlib.closing(playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)) as browser,
    ):
        folder = Path(name) / "anchors"
        folder.mkdir()
        plain.bundle(folder)
        (folder / "document.js").write_text(document)
        print(f"{LINES:,} lines, {len(document):,} characters, {OTHERS} others", end="")
        print(f", keys every {least} to {most} ms\n\n{HEAD}")
        for _ in range(chosen.rounds):
            page = new_page(browser)
            show_anchor(page, url, folder, "plain")
            tell("plain CodeMirror, alone", type_in(browser, page, 0, chosen.keys, pauses))
            page.close()
            page, (canvas, _) = new_page(browser), new_canvas(url, document)
            show_anchor(page, url, folder, "shared", path=plain.ticket(url, canvas))
            with others(url, canvas), heard(page):
                type_in(browser, page, 0, chosen.keys, pauses)  # the product's page has typed as much before its row
                measured = type_in(browser, page, MY_LINES, chosen.keys, pauses)
            tell(f"plain CodeMirror with Yjs, {OTHERS} others typing", measured)
            page.close()
            page, (canvas, address) = new_page(browser), new_canvas(url, document)
            page.goto(address)
            show_middle(page)
            tell("polycanvas, alone", type_in(browser, page, 0, chosen.keys, pauses))
            with others(url, canvas), heard(page):
                measured = type_in(browser, page, MY_LINES, chosen.keys, pauses, chosen.profile)
            tell(f"polycanvas, {OTHERS} others typing", measured)
            page.close()
        for editor, measurements in rounds.items():
            if chosen.rounds > 1:
                print(row(f"{editor}: all rounds", pooled(measurements)))


if __name__ == "__main__":
    main()

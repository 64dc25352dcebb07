"""What a keystroke costs a page: until it is painted, and how busy the page's own thread is."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.typing.document import LONGEST, MY_LINES, mine
from benchmarks.typing.trace import CATEGORIES, worked

# From the moment the browser got the key to the task after the frame that shows it, on the page's own clock. The frame
# that was asked for while the key was handled is the one that shows what the editor did; what the caret's line said in
# it is noted once the clock was read.
WATCH = """
window.typed = [];
window.lines = [];
if (!window.watching) addEventListener("keydown", (event) => {
  if (event.key.length !== 1) return;
  const heard = performance.now();
  requestAnimationFrame(() => {
    const begun = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      window.typed.push([heard - event.timeStamp, begun - heard, performance.now() - begun]);
      const at = getSelection().focusNode;
      window.lines.push((at.closest ? at : at.parentElement).closest(".cm-line").textContent);
      window.whenTyped?.();
    };
    port2.postMessage(null);
  });
}, true);
window.watching = true;
"""
# Waiting without asking at every frame, which would be work of its own.
PAINTED = "count => window.typed.length >= count || new Promise((done) => { window.whenTyped = done; })"
# From a key to the next, in ms, besides what it takes to say so to the browser: a fast typist, and no machine. After
# the same pause each time every key would come at the same point between two frames of the screen, by luck an early or
# a late one.
PAUSES = 100, 140
HELD = 60  # ms that a finger stays on a key at most; meanwhile the page is asked for nothing else
MOST = MY_LINES * LONGEST // 2  # keys of one measurement: they are typed twice


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the sorted `values` lie; not a number when there are none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


@dataclass(frozen=True)
class Key:
    """Milliseconds by the clock: until the page heard of a key, then until its frame began, then of that frame."""

    heard: float
    waited: float
    drawn: float

    @property
    def delay(self) -> float:
        return self.heard + self.waited + self.drawn


@dataclass(frozen=True)
class Typing:
    """Keys, the soonest painted first. Milliseconds, sorted: that the page's thread worked from each key to its paint,
    and of each task of that thread. And how much of a second it worked: in all, for scripts, for style and layout."""

    keys: list[Key]
    work: list[float]
    tasks: list[float]
    busy: float
    script: float
    layout: float


def pooled(rounds: Sequence[Typing]) -> Typing:
    """All keys and tasks of several measurements of one editor, and the means of what a second cost."""
    return Typing(
        sorted((key for one in rounds for key in one.keys), key=lambda key: key.delay),
        sorted(value for one in rounds for value in one.work),
        sorted(value for one in rounds for value in one.tasks),
        *(fmean(part) for part in zip(*((one.busy, one.script, one.layout) for one in rounds), strict=True)),
    )


def type_in(
    browser: Browser, page: Page, line: int, keys: int, pauses: tuple[int, int], profile: Path | None = None
) -> Typing:
    """Type `keys` letters at the ends of the typist's lines from the `line`-th on, then as many more.

    `pauses`: the least and the most milliseconds from a key to the next. The first ones are timed by the clock, with
    nothing watching the browser; of the others a trace tells the work, of which it adds a tenth itself. Write a CPU
    profile of those if one is wanted.
    """
    page.locator(".cm-line:visible", has_text=mine(line)).first.click()
    page.keyboard.press("End")
    page.evaluate(WATCH)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _metrics(devtools)
    _type(page, range(keys), pauses)
    after = _metrics(devtools)
    _check_seen(page.evaluate("window.lines"))
    typed = sorted((Key(*parts) for parts in page.evaluate("window.typed")), key=lambda one: one.delay)
    if profile is not None:
        devtools.send("Profiler.enable")
        devtools.send("Profiler.setSamplingInterval", {"interval": 200})
        devtools.send("Profiler.start")
    browser.start_tracing(page=page, categories=CATEGORIES)
    _type(page, range(keys, 2 * keys), pauses)
    work, tasks = worked(browser.stop_tracing())
    if profile is not None:
        profile.write_text(json.dumps(devtools.send("Profiler.stop")["profile"]))
    wall = after["Timestamp"] - before["Timestamp"]
    spent = {name: 1000 * (after[name] - before[name]) / wall for name in after if name.endswith("Duration")}
    layout = spent["LayoutDuration"] + spent["RecalcStyleDuration"]
    return Typing(typed, work, tasks, spent["TaskDuration"], spent["ScriptDuration"], layout)


def letter(number: int) -> str:
    """The `number`-th letter that is typed."""
    return "abcdefgh "[number % 9]


def _check_seen(lines: list[str]) -> None:
    """See to it that each key was in the page in the frame taken for its own: else what was timed is nothing."""
    for number, line in enumerate(lines):
        typed = "".join(map(letter, range(number // LONGEST * LONGEST, number + 1)))
        if not line.endswith(typed):
            raise SystemExit(f"Key {number} was not seen in its frame, where the line says {line!r}.")


def _type(page: Page, numbers: range, pauses: tuple[int, int]) -> None:
    chance = random.Random(numbers.start)
    for number in numbers:
        pause = chance.uniform(*pauses)
        if number and number % LONGEST == 0:
            page.keyboard.press("ArrowDown")
            page.keyboard.press("End")
            page.wait_for_timeout(pause)
        key = letter(number).replace(" ", "Space")
        page.keyboard.down(key)
        held = min(HELD, pause)
        page.wait_for_timeout(held)
        page.keyboard.up(key)
        page.evaluate(PAINTED, number + 1)
        page.wait_for_timeout(pause - held)


def _metrics(devtools: CDPSession) -> Mapping[str, float]:
    found: dict[str, Any] = devtools.send("Performance.getMetrics")
    return {one["name"]: float(one["value"]) for one in found["metrics"]}

"""Reads Chromium's trace of a page: how long its thread really worked from a key to the paint of what it did. Pure.

A machine that does other work makes a page wait for a core; the thread's own time does not count that.
"""

import bisect
import json
from collections import Counter
from typing import Any

CATEGORIES = ["toplevel", "devtools.timeline"]
# A page's thread runs promises and observers of changes after the task that asked for them, not within it: plain
# CodeMirror takes a key in there.
_TASKS = {"RunTask", "ThreadControllerImpl::RunTask", "BlinkScheduler_PerformMicrotaskCheckpoint"}
_PAINTED = {"Commit", "Paint", "UpdateLayerTree"}  # what only a frame does; names differ between versions

Event = dict[str, Any]


def worked(trace: bytes) -> tuple[list[float], list[float]]:
    """Milliseconds of the page's thread (from each letter to its paint, in each single task), sorted."""
    events: list[Event] = json.loads(trace)["traceEvents"]
    keys = [one for one in events if one["name"] == "EventDispatch" and one["args"]["data"]["type"] == "keypress"]
    thread = Counter(_thread(one) for one in keys).most_common(1)[0][0]
    here = sorted((one for one in events if _thread(one) == thread and "ts" in one), key=lambda one: one["ts"])
    tasks = _outermost([one for one in here if one["name"] in _TASKS and "tdur" in one])
    starts = [float(one["ts"]) for one in tasks]
    frames = [float(one["ts"]) for one in here if one["name"] in _PAINTED]
    spent: list[float] = []
    for key in keys:
        next_frame = bisect.bisect_left(frames, float(key["ts"]))
        if _thread(key) != thread or next_frame == len(frames):
            continue
        first = bisect.bisect_right(starts, float(key["ts"])) - 1
        last = bisect.bisect_right(starts, frames[next_frame]) - 1
        spent.append(sum(float(one["tdur"]) for one in tasks[max(first, 0) : last + 1]) / 1000)
    return sorted(spent), sorted(float(one["tdur"]) / 1000 for one in tasks)


def _outermost(tasks: list[Event]) -> list[Event]:
    """Those that are not within another, of tasks in the order of their beginnings."""
    found: list[Event] = []
    for one in tasks:
        if not found or float(one["ts"]) >= float(found[-1]["ts"]) + float(found[-1]["dur"]):
            found.append(one)
    return found


def _thread(event: Event) -> tuple[int, int]:
    return event["pid"], event["tid"]

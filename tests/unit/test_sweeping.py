"""When the server lets Python look through everything: not while people type, and not never."""

import gc
from itertools import pairwise

from app.commands.sweeping import LATEST, SOONEST, Sweeps, only_when_asked


def sweeps_of(loads: list[float], seconds: float) -> list[int]:
    """Return the turns that swept, each turn `seconds` long with this part of a core in use."""
    now = spent = 0.0
    sweeps = Sweeps(now, spent)
    found = []
    for turn, load in enumerate(loads):
        now += seconds
        spent += load * seconds
        if sweeps.is_due(now, spent):
            found.append(turn)
    return found


def test_a_quiet_server_sweeps_and_not_all_the_time() -> None:
    turns = sweeps_of([0.0] * 100, 5.0)
    assert turns[0] == SOONEST / 5.0 - 1
    assert {after - before for before, after in pairwise(turns)} == {SOONEST / 5.0}


def test_a_busy_server_waits_for_a_pause() -> None:
    assert sweeps_of([0.4] * 50 + [0.01] + [0.4] * 30, 5.0) == [50]


def test_one_that_is_never_quiet_sweeps_all_the_same() -> None:
    assert sweeps_of([1.0] * 250, 5.0) == [LATEST / 5.0 - 1, 2 * LATEST / 5.0 - 1]


def test_python_makes_no_full_sweep_by_itself_any_more() -> None:
    before = gc.get_threshold()
    try:
        only_when_asked()
        full = gc.get_stats()[2]["collections"]
        kept = [[object()] for _ in range(300_000)]
        assert gc.get_stats()[2]["collections"] == full
        assert gc.get_stats()[1]["collections"] > 0
        assert kept
    finally:
        gc.set_threshold(*before)

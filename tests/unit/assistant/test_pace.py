"""Mirrors app/assistant/pace.py."""

import pytest

from app.assistant.pace import FASTEST, SLOWEST, Pace


def test_nothing_known_is_what_is_usual() -> None:
    assert Pace().of("coder") == 1.0


def test_the_first_run_counts_whole_and_newer_ones_by_their_weight() -> None:
    pace = Pace()
    pace.learn([("coder", 5.0, 10.0), ("coder", 10.0, 10.0)])
    assert pace.of("coder") == pytest.approx(0.65)
    assert pace.of("other") == 1.0


def test_a_server_that_got_slow_shows_within_a_few_runs() -> None:
    pace = Pace()
    pace.learn([("coder", 1.0, 1.0)] * 20 + [("coder", 4.0, 1.0)] * 5)
    assert 3.0 < pace.of("coder") < 4.0


@pytest.mark.parametrize(("seconds", "share"), [(1e9, SLOWEST), (0.0, FASTEST)])
def test_one_absurd_run_is_bounded(seconds: float, share: float) -> None:
    pace = Pace()
    pace.took("coder", seconds, 2.0)
    assert pace.of("coder") == share

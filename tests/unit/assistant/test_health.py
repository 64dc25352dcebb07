"""Mirrors app/assistant/health.py."""

from app.assistant.gateway import FailureKind, ModelFailed
from app.assistant.health import FIRST_SECONDS, MAX_SECONDS, REFUSED_SECONDS, Health


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def failure(kind: FailureKind) -> ModelFailed:
    return ModelFailed("x did not answer.", kind)


def test_each_failure_in_a_row_doubles_the_wait_and_a_success_forgets_it() -> None:
    clock = Clock()
    health = Health(clock)
    for times in range(10):
        health.failed("x", failure("time-out"))
        wait = min(FIRST_SECONDS * 2**times, MAX_SECONDS)
        assert health.trouble("x") == f"x did not answer. It is left alone for {wait:.0f} s more."
        clock.now += wait
        assert health.trouble("x") is None
    health.worked("x")
    health.failed("x", failure("rate"))
    assert f"{FIRST_SECONDS:.0f} s" in (health.trouble("x") or "")


def test_a_refused_key_waits_long_and_a_bad_answer_not_at_all() -> None:
    health = Health(Clock())
    health.failed("x", failure("refused"))
    assert f"{REFUSED_SECONDS:.0f} s" in (health.trouble("x") or "")
    health.failed("y", failure("empty"))
    assert health.trouble("y") is None


def test_an_answer_of_no_use_is_no_reason_to_leave_a_server_alone() -> None:
    health = Health(Clock())
    for kind in ("too-long", "declined", "unusable"):
        health.failed("z", failure(kind))  # type: ignore[arg-type]
    assert health.trouble("z") is None

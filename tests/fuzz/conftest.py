"""Which seeds the fuzz tests run: the kept ones, then fresh ones counted from the first."""

import os
from pathlib import Path

import pytest

SEEDS = Path(__file__).parent / "seeds"
ROUNDS = int(os.environ.get("POLYCANVAS_FUZZ_ROUNDS", "12"))  # a few seconds in the default run


def seeds_of(name: str) -> list[int]:
    """Return the seeds to run for one of the fuzz tests."""
    if one := os.environ.get("POLYCANVAS_FUZZ_SEED"):
        return [int(one)]
    kept = [int(line) for line in (SEEDS / f"{name}.txt").read_text().splitlines() if line and line[0] != "#"]
    return [*kept, *range(ROUNDS)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name in ("updates", "peers"):
        if f"{name}_seed" in metafunc.fixturenames:
            metafunc.parametrize(f"{name}_seed", seeds_of(name))

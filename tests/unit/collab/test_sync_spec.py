"""Every rule of docs/SYNC-SPEC.md has a test that quotes its number, and no test quotes a rule that is not there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
SPEC = TESTS.parent / "docs" / "SYNC-SPEC.md"


def test_every_rule_is_cited() -> None:
    rules = set(re.findall(r"\*\*(S\d+\.\d+)\*\*", SPEC.read_text()))
    cited = set[str]()
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text()
        for name in re.findall(r"def (test_\w+)", text):
            cited |= {f"S{a}.{b}" for a, b in re.findall(r"_s(\d+)_(\d+)(?=_)", name)}
        cited |= set(re.findall(r"\bS\d+\.\d+\b", text))
    assert rules - cited == set()
    assert cited - rules == set()

"""What is done to pycrdt in parts gives what it gives at once."""

from typing import Any

from pycrdt import Doc, Text

from app.collab.document import APPLIED_AT_ONCE, MERGED_AT_ONCE, apply, merge


def typed(count: int) -> tuple[list[bytes], str]:
    """Return the updates of so many keystrokes, each before all others, and the text."""
    doc: Doc[Any] = Doc(client_id=1)
    text = doc.get("file:f", type=Text)
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    for turn in range(count):
        text.insert(0, str(turn % 10))
    return updates, str(text)


def test_many_updates_merge_in_parts() -> None:
    for count in (1, MERGED_AT_ONCE, MERGED_AT_ONCE + 1, 2 * MERGED_AT_ONCE + 3, MERGED_AT_ONCE**2 + 1):
        updates, text = typed(count)
        other: Doc[Any] = Doc()
        other.apply_update(merge(updates))
        assert str(other.get("file:f", type=Text)) == text


def test_many_updates_are_applied_in_several_transactions() -> None:
    updates, text = typed(3_000)
    other: Doc[Any] = Doc()
    ends: list[int] = []
    other.observe(lambda event: ends.append(len(event.update)))
    apply(other, updates)
    assert str(other.get("file:f", type=Text)) == text
    whole = sum(map(len, updates))
    assert whole // (APPLIED_AT_ONCE + max(map(len, updates))) <= len(ends) <= whole // APPLIED_AT_ONCE + 1
    assert len(ends) > 2


def test_nothing_is_applied_as_nothing() -> None:
    other: Doc[Any] = Doc()
    ends: list[int] = []
    other.observe(lambda event: ends.append(len(event.update)))
    apply(other, [])
    assert ends == []

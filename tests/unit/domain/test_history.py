"""Which updates are one moment, what old moments become, and splices that play."""

import random
from dataclasses import dataclass

import pytest

from app.domain import history
from app.domain.history import (
    DAY,
    MAX_PARTED,
    SETTLED,
    Bounds,
    Changes,
    coarser,
    counted,
    foldable,
    joined,
    moments,
    played,
)
from app.domain.people import SYSTEM
from app.errors import BadInput


@dataclass(frozen=True)
class Piece:
    seq: int
    at: float
    authors: tuple[str, ...] = ("ana",)
    note: str | None = None
    payload: bytes = b"u"

    @property
    def until(self) -> float:
        return self.at


def at(*times: float) -> list[Piece]:
    return [Piece(seq, time) for seq, time in enumerate(times, 1)]


def cut(pieces: list[Piece], pins: frozenset[int] = frozenset()) -> list[list[int]]:
    return [[pieces[index].seq for index in part] for part in moments(pieces, pins)]


def test_a_pause_ends_a_moment() -> None:
    assert cut(at(0, 1, 2.5, 5, 6)) == [[1, 2, 3], [4, 5]]


def by(authors: str, every: float = 0.1) -> list[Piece]:
    """Return pieces by a, b, c, or s, the server, in turn as spelled; a dot is a second in which nobody writes."""
    now = 0.0
    found: list[Piece] = []
    for letter in authors:
        if letter == ".":
            now += 1.0
        else:
            found.append(Piece(len(found) + 1, now, (SYSTEM.id if letter == "s" else letter,)))
            now += every
    return found


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("abababab", ["abababab"]),  # two at once
        ("aaabbb", ["aaa", "bbb"]),  # one after the other
        ("aabaab", ["aabaab"]),
        ("aaabaaa", ["aaa", "b", "aaa"]),  # once in between: a suggestion that was taken, say
        ("abcabcabc", ["abcabcabc"]),
        ("aabbabbcccc", ["aabbabb", "cccc"]),
        ("abab...cdcd", ["abab", "cdcd"]),
        ("ab..a..b", ["a", "b", "a", "b"]),  # by turns and slowly: each a thought
        ("ababccab", ["abab", "cc", "a", "b"]),
    ],
)
def test_s10_1_what_several_write_at_once_is_one_moment(authors: str, expected: list[str]) -> None:
    pieces = by(authors)
    found = ["".join(pieces[at].authors[0] for at in part) for part in moments(pieces, frozenset())]
    assert found == expected


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("sasasaas", ["sasasaas"]),
        ("aasabab", ["aasabab"]),
        ("aasbb", ["aas", "bb"]),
        ("sss", ["sss"]),
        ("as..sa", ["as", "sa"]),  # it does not make up for a pause
        ("aa..s", ["aa", "s"]),
    ],
)
def test_s10_1_what_the_server_notes_parts_nothing(authors: str, expected: list[str]) -> None:
    pieces = by(authors)
    found = ["".join(pieces[at].authors[0][0] for at in part) for part in moments(pieces, frozenset())]
    assert found == expected


def test_s10_1_a_hundred_who_write_at_once_make_a_few_moments_and_not_one_a_key() -> None:
    for every in (0.002, 0.02, 0.1):  # seconds between two keys: five a second each, half a one, one in ten seconds
        pieces = [Piece(seq, seq * every, (str(seq % 100),)) for seq in range(3_000)]
        parts = list(moments(pieces, frozenset()))
        assert [at for part in parts for at in part] == list(range(3_000))
        assert len(parts) <= 7 + 3_000 * every / 10 * MAX_PARTED


def test_s10_1_what_ended_a_while_ago_is_parted_as_it_stays() -> None:
    chance = random.Random(7)
    for _ in range(200):
        pieces: list[Piece] = []
        now = 0.0
        for seq in range(1, 60):
            now += chance.choice((0.05, 0.3, 1.0, 1.9, 2.5))
            pieces.append(Piece(seq, now, (chance.choice(["a", "a", "a", "b", "b", "c", SYSTEM.id]),)))
        for upto in range(1, len(pieces)):
            early, late = cut(pieces[:upto]), cut(pieces)
            settled = [part for part in early if pieces[part[-1] - 1].until <= pieces[upto - 1].until - SETTLED]
            assert late[: len(settled)] == settled


def test_a_moment_has_a_longest() -> None:
    assert cut(at(*range(0, 24, 2))) == [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]]


def test_another_author_a_note_and_a_version_end_a_moment() -> None:
    pieces = at(0, 0, 0, 0, 0)
    pieces[1] = Piece(2, 0, ("bo",))
    pieces[3] = Piece(4, 0, note="restored")
    assert cut(pieces) == [[1], [2], [3], [4], [5]]
    assert cut(at(0, 0, 0), frozenset({2})) == [[1, 2], [3]]


def test_s10_2_a_clock_that_jumps_ends_a_moment_and_keeps_the_order() -> None:
    assert cut(at(100, 101, 50, 51, 9_000_000, 52)) == [[1, 2], [3, 4], [5], [6]]


def test_a_moment_is_bounded_in_pieces_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_PIECES", 2)
    assert cut(at(0, 0, 0)) == [[1, 2], [3]]
    monkeypatch.setattr(history, "MAX_PIECES", 99)
    monkeypatch.setattr(history, "MAX_MOMENT_BYTES", 25)
    assert cut([Piece(1, 0, payload=b"u" * 20), Piece(2, 0, payload=b"u" * 20)]) == [[1], [2]]


def test_older_moments_hold_more() -> None:
    now = 100 * DAY
    times = [0, 30, 90, 4_000, now - 2 * DAY, now - 2 * DAY + 30, now - 2 * DAY + 90, now - 60, now - 30]
    parts = coarser(at(*times), now, set())
    assert [len(part) for part in parts] == [3, 1, 2, 1, 1, 1]


def test_an_old_minute_is_one_author_s_and_an_old_hour_everybody_s() -> None:
    now = 100 * DAY
    pieces = [Piece(1, 0), Piece(2, 1, ("bo",)), Piece(3, now - 2 * DAY), Piece(4, now - 2 * DAY + 1, ("bo",))]
    assert [len(part) for part in coarser(pieces, now, set())] == [2, 1, 1]


def test_nothing_is_put_together_across_a_version() -> None:
    assert [len(part) for part in coarser(at(0, 1, 2, 3), 100 * DAY, {2})] == [2, 2]


def test_too_many_moments_become_fewer_the_older_ones_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_MOMENTS", 8)
    monkeypatch.setattr(history, "MAX_RESTING", 6)
    parts = coarser(at(*[10.0 * turn for turn in range(10)]), 100.0, set())
    assert len(parts) <= 6
    assert parts[-1] == range(9, 10)
    assert [index for part in parts for index in part] == list(range(10))


def test_what_is_beyond_the_bounds_is_folded_but_never_what_a_version_needs() -> None:
    pieces = [Piece(seq, seq * DAY, payload=b"u" * 10) for seq in range(1, 6)]
    now = 6 * DAY
    assert foldable(pieces, now, [], Bounds(days=100, size=1_000)) == 0
    assert foldable(pieces, now, [], Bounds(days=3.5, size=1_000)) == 2
    assert foldable(pieces, now, [], Bounds(days=100, size=25)) == 3
    assert foldable(pieces, now, [2, 4], Bounds(days=100, size=5)) == 2
    assert foldable(pieces, now, [0], Bounds(days=100, size=5)) == 0


def test_splices_play_and_count_by_utf_16_units() -> None:
    splices = [(0, "", "🌱"), (2, "b", "x"), (3, "", "é")]
    assert played("bc", splices) == "🌱xéc"
    assert counted(splices) == (4, 1)
    assert joined(splices) == [(0, "b", "🌱xé")]
    assert played("bc", joined(splices)) == "🌱xéc"
    with pytest.raises(BadInput):
        played("zz", splices)


def test_changes_follow_each_other() -> None:
    one = Changes({"f": [(0, "", "ab")]}, [("f", None, "a.js")])
    two = Changes({"f": [(2, "", "c")], "g": [(0, "", "x")]}, [("f", "a.js", "b.js")])
    assert one.then(two) == Changes(
        {"f": [(0, "", "abc")], "g": [(0, "", "x")]}, [("f", None, "a.js"), ("f", "a.js", "b.js")]
    )
    assert one.texts == {"f": [(0, "", "ab")]}

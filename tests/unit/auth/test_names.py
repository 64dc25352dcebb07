"""What a person may be called, and which colour they get."""

import random

import pytest

from app.auth.attempts import MAX_KEYS, Attempts
from app.auth.hues import next_hue
from app.auth.names import check_name, fold_name
from app.errors import BadInput
from tests.unit.auth.people import Clock


@pytest.mark.parametrize("name", ["Ana", "O’Brien-Ng", "李小龙", "علی‌رضا", "👩‍🚀", "R2-D2", "x" * 40, "Nguyễn Thị"])
def test_a_name_stays_as_it_is(name: str) -> None:
    assert check_name(name) == name


def test_spaces_and_forms_are_tidied() -> None:
    assert check_name("  Ana \t Maria\n") == "Ana Maria"
    assert check_name("Jose\u0301") == "Jos\u00e9"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 41,
        "a\0b",
        "a\u202eb",
        "a\u2066b",
        "\u200d",
        "\u200b",
        "a\ufeff",
        "a\ud800",
        "a\ue000",
        "\u0301",
        "a" + "\u0335" * 9,
    ],
)
def test_a_name_that_deceives_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        check_name(name)


def test_folding_ignores_case_and_compatibility_forms() -> None:
    assert len({fold_name(name) for name in ("Straße", "STRASSE", "ｓｔｒａｓｓｅ")}) == 1
    assert fold_name("Ana") != fold_name("Anna")


def test_a_name_that_folding_makes_endless_is_refused() -> None:
    assert len(fold_name("\ufdfa" * 8)) == 144
    with pytest.raises(BadInput, match="plainer"):
        fold_name("\ufdfa" * 9)


def test_new_colours_are_as_far_apart_as_can_be() -> None:
    hues: list[int] = []
    for count in range(1, 41):
        hues.append(next_hue(hues))
        assert 0 <= hues[-1] < 360
        nearest = min((min((a - b) % 360, (b - a) % 360) for a in hues for b in hues if a is not b), default=360)
        assert count == 1 or nearest >= 360 // (2 * (count + 1)) - 1


def test_a_new_colour_avoids_whatever_is_there() -> None:
    chance = random.Random(7)
    for _ in range(200):
        taken = [chance.randrange(360) for _ in range(chance.randrange(1, 60))]
        assert next_hue(taken) not in taken


def test_attempts_forget_the_oldest_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.auth.attempts.MAX_KEYS", 9)
    assert MAX_KEYS == 20_000
    attempts = Attempts(Clock())
    for number in range(1000):
        attempts.count(f"name {number}", f"address {number}")
    assert len(attempts._seen) == 9

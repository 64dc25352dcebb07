"""A first name for whoever sits at the machine, from its own accounts."""

import getpass
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from app.auth import keyboard
from app.auth.keyboard import LOCAL_NAME, name_at_keyboard

pwd = pytest.importorskip("pwd")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | None], None]:
    """Say who is logged in, and under which full name."""

    def log_in(login: str, full: str | None) -> None:
        def entry(asked: str) -> SimpleNamespace:
            if asked != login or full is None:
                raise KeyError(asked)
            return SimpleNamespace(pw_gecos=full)

        monkeypatch.setattr(getpass, "getuser", lambda: login)
        monkeypatch.setattr(pwd, "getpwnam", entry)

    return log_in


@pytest.mark.parametrize(
    ("login", "full", "name"),
    [
        ("ana", "Ana Silva,room 4,,", "Ana Silva"),
        ("ana", "", "Ana"),
        ("ana", None, "Ana"),
        ("ana", "x" * 99, "Ana"),
        ("root", "root", LOCAL_NAME),
        ("Runner", "", LOCAL_NAME),
        ("\u200b", "", LOCAL_NAME),
    ],
)
def test_the_name_is_the_persons_if_the_machine_knows_one(
    machine: Callable[[str, str | None], None], login: str, full: str | None, name: str
) -> None:
    machine(login, full)
    assert name_at_keyboard() == name


def test_a_machine_that_knows_nobody_says_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid 4711")

    monkeypatch.setattr(keyboard.getpass, "getuser", nobody)
    assert name_at_keyboard() == LOCAL_NAME

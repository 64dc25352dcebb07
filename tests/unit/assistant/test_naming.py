"""Mirrors app/assistant/naming.py."""

import pytest

from app.assistant.naming import free_path, named
from app.domain.files import MAX_PATH, check_path


@pytest.mark.parametrize(
    ("path", "becomes"),
    [
        ("index.htm", "index.htm"),
        ("src/snake", "src/snake.html"),
        ("snake.", "snake.html"),
        ("v1.2/notes", "v1.2/notes.html"),
        (".gitignore", ".gitignore"),
        ("Dockerfile", "Dockerfile"),
    ],
)
def test_a_name_without_a_suffix_gets_the_one_that_fits(path: str, becomes: str) -> None:
    assert named(path, "<p>", lambda text: "html") == becomes


def test_a_name_as_long_as_may_be_stays_a_path() -> None:
    assert len(check_path(named("a" * MAX_PATH, "", lambda text: "html"))) == MAX_PATH
    assert len(check_path(free_path("a" * (MAX_PATH - 3) + ".py", lambda path: "-2" not in path))) == MAX_PATH


def test_what_is_taken_is_left_alone() -> None:
    taken = {"a/b.html", "a/b-2.html"}
    assert free_path("a/b.html", taken.__contains__) == "a/b-3.html"
    assert free_path("a/c.html", taken.__contains__) == "a/c.html"

"""Mirrors app/assistant/models_file.py: a typo says its file, its line and what to write."""

from pathlib import Path

import pytest

from app.assistant.deployment import Deployment
from app.assistant.models_file import read_models_file
from app.domain.actions import Action
from app.errors import SettingsError

GOOD = '[[model]]\nname = "coder"\nmodel = "openai/qwen"\n'


def read(folder: Path, text: str, env: dict[str, str] | None = None) -> list[Deployment]:
    path = folder / "models.toml"
    path.write_text(text, encoding="utf-8")
    return read_models_file(path, env or {})


def test_the_example_in_the_repository_is_right() -> None:
    found = read_models_file(Path(__file__).parents[3] / "models.example.toml", {"OPENAI_API_KEY": "sk-x"})
    assert {d.local for d in found} == {True, False}


def test_a_whole_entry(tmp_path: Path) -> None:
    text = GOOD + (
        'address = "http://10.0.0.5:8000/v1/"\nkey_env = "QWEN_KEY"\nopen = true\nlocal = true\ncontext = 32768\n'
        'max_output = 4096\nprice_in = 0\nprice_out = 1.5\nreasons = true\nactions = ["fix", "explain"]\n'
    )
    (found,) = read(tmp_path, text, {"QWEN_KEY": "k-123"})
    assert found == Deployment(
        "coder", "coder", "openai", "openai/qwen", "http://10.0.0.5:8000/v1", "k-123", "QWEN_KEY", True, True,
        32768, 4096, 0, 1.5, True, (Action.FIX, Action.EXPLAIN),
    )  # fmt: skip
    assert "k-123" not in repr(found)


def test_a_key_that_is_not_set_makes_the_model_say_so(tmp_path: Path) -> None:
    (found,) = read(tmp_path, GOOD + 'key_env = "QWEN_KEY"\n')
    assert found.missing == "It needs a key in the environment variable QWEN_KEY, which is not set."


def test_an_empty_file_names_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "# nothing yet\n") == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (GOOD + "name2 =\n", 4, "is not TOML"),
        ('[[model]\nname = "x"\n', 1, "is not TOML"),
        (GOOD + 'modle = "x"\n', 4, "unknown “modle” (did you mean “model”?)"),
        (GOOD + "pricein = 1\n", 4, "did you mean “price_in”?"),
        (GOOD + 'context = "32k"\n', 4, "context must be a whole number of tokens; write context = 32768"),
        (GOOD + "open = 1\n", 4, "open must be true or false; write open = true"),
        (GOOD + "context = true\n", 4, "whole number"),
        (GOOD + "context = 0\n", 4, "cannot be 0"),
        (GOOD + "price_in = -1\nprice_out = 1\n", 4, "cannot be -1"),
        (GOOD + "price_in = 1\n", 1, "price_in and price_out both"),
        (GOOD + 'api_key = "sk-abc"\n', 4, "no keys in this file; write key_env"),
        (GOOD + 'key_env = "sk-abc def"\n', 4, "the variable's name, not the key"),
        (GOOD + 'address = "localhost:8000"\n', 4, "must start with http:// or https://"),
        (GOOD + 'actions = ["fixx"]\n', 4, "unknown action “fixx” (did you mean “fix”?)"),
        ('[[model]]\nname = "x"\nmodel = "qwen"\n', 3, 'such as "openai/qwen"'),
        ('[[model]]\nmodel = "a/b"\n', 1, "name is missing"),
        (GOOD + "\n" + GOOD, 6, "“coder” is taken"),
        ('[model]\nname = "x"\n', 1, "two brackets"),
        ("\n[[models]]\nname = 'x'\n", 2, "unknown “models” (did you mean “model”?)"),
    ],
)
def test_a_mistake_says_its_line_and_what_to_write(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, text)
    assert refused.value.sentence.startswith(f"{tmp_path / 'models.toml'}, line {line}: ")
    assert said in refused.value.sentence
    assert "sk-abc" not in refused.value.sentence


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_models_file(tmp_path / "no.toml", {})
    (tmp_path / "models.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_models_file(tmp_path / "models.toml", {})

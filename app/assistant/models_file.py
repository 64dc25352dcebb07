"""Reads models.toml: the models that an installation names itself. A mistake in it is a sentence with its line.

What must not be here: the environment's providers (providers.py) and servers that are found (discovery.py).
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.assistant.deployment import MODEL_ACTIONS, Deployment
from app.domain.actions import Action
from app.errors import SettingsError

MAX_MODELS = 200  # a router ranks them all for each run; more is a list copied from somewhere
_PROBLEM_AT = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
_FORM = "write name, model and what docs/MODELS.md lists"

# Each key: what it must be, how to say so, and an example to write.
KEYS: dict[str, tuple[type | tuple[type, ...], str, str]] = {
    "name": (str, "a text", '"qwen-coder"'),
    "model": (str, "provider/model", '"openai/qwen2.5-coder"'),
    "address": (str, "an address", '"http://127.0.0.1:8000/v1"'),
    "key_env": (str, "the name of an environment variable", '"OPENAI_API_KEY"'),
    "open": (bool, "true or false", "true"),
    "local": (bool, "true or false", "true"),
    "context": (int, "a whole number of tokens", "32768"),
    "max_output": (int, "a whole number of tokens", "4096"),
    "price_in": ((int, float), "USD per million tokens", "0.25"),
    "price_out": ((int, float), "USD per million tokens", "1.5"),
    "reasons": (bool, "true or false", "false"),
    "actions": (list, "a list of actions", '["explain", "fix"]'),
}


def read_models_file(path: Path, env: Mapping[str, str]) -> list[Deployment]:
    """Return the deployments of a models.toml. Keys are looked up in `env` by the names in the file.

    Raises SettingsError: "models.toml, line 4: …" with what to write instead.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}); check POLYCANVAS_MODELS.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text; save it as UTF-8.") from error
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(path, text, str(error)) from error
    return _Reader(path, text, env).read(value)


class _Reader:
    def __init__(self, path: Path, text: str, env: Mapping[str, str]) -> None:
        self._path = path
        self._lines = text.splitlines()
        self._env = env
        self._headers = [n for n, line in enumerate(self._lines, 1) if re.match(r"\s*\[\[\s*model\s*\]\]", line)]

    def read(self, value: dict[str, Any]) -> list[Deployment]:
        for key in value:
            if key != "model":
                raise self._error(
                    self._top(key), f"unknown “{key}”{_near(key, ['model'])}; models are [[model]] tables"
                )
        tables = value.get("model", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self._error(self._top("model"), "write [[model]], with two brackets, above each model")
        if len(tables) > MAX_MODELS:
            raise self._error(1, f"at most {MAX_MODELS} models; this has {len(tables)}")
        found: dict[str, Deployment] = {}
        for number, table in enumerate(tables):
            deployment = self._deployment(number, table)
            if deployment.id in found:
                raise self._error(self._line(number, "name"), f"the name “{deployment.name}” is taken; choose another")
            found[deployment.id] = deployment
        return list(found.values())

    def _deployment(self, number: int, table: dict[str, Any]) -> Deployment:
        for key, value in table.items():
            self._check(number, key, value)
        for key in ("name", "model"):
            if not str(table.get(key, "")).strip():
                raise self._error(self._line(number), f"{key} is missing; write {key} = {KEYS[key][2]}")
        model, address, key_name = table["model"], table.get("address"), table.get("key_env")
        if "/" not in model:
            raise self._error(self._line(number, "model"), f'write provider/model, such as "openai/{model}"')
        if ("price_in" in table) != ("price_out" in table):
            raise self._error(self._line(number), "write price_in and price_out both, or neither")
        return Deployment(
            id=table["name"],
            name=table["name"],
            provider=model.partition("/")[0],
            model=model,
            address=address.rstrip("/") if address else None,
            key=self._env.get(key_name) if key_name else None,
            key_name=key_name,
            open=table.get("open", False),
            local=table.get("local", False),
            context=table.get("context"),
            max_output=table.get("max_output"),
            price_in=table.get("price_in"),
            price_out=table.get("price_out"),
            reasons=table.get("reasons", False),
            actions=self._actions(number, table),
        )

    def _check(self, number: int, key: str, value: Any) -> None:
        line = self._line(number, key)
        if key in {"key", "api_key", "apikey", "token"}:
            raise self._error(line, 'no keys in this file; write key_env = "NAME_OF_THE_ENVIRONMENT_VARIABLE"')
        if key not in KEYS:
            raise self._error(line, f"unknown “{key}”{_near(key, list(KEYS))}; {_FORM}")
        kind, what, example = KEYS[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self._error(line, f"{key} must be {what}; write {key} = {example}")
        if isinstance(value, int | float) and not isinstance(value, bool) and value < (1 if kind is int else 0):
            raise self._error(line, f"{key} cannot be {value}; write {key} = {example}")
        if key == "address" and not _is_address(str(value)):
            raise self._error(line, f"address must start with http:// or https://; write address = {example}")
        if key == "key_env" and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", str(value)):
            raise self._error(line, f"key_env is the variable's name, not the key; write key_env = {example}")

    def _actions(self, number: int, table: dict[str, Any]) -> tuple[Action, ...]:
        words = table.get("actions")
        if words is None:
            return MODEL_ACTIONS
        known = [action.value for action in MODEL_ACTIONS]
        for word in words:
            if word not in known:
                line = self._line(number, "actions")
                raise self._error(line, f"unknown action “{word}”{_near(str(word), known)}; known: {', '.join(known)}")
        return tuple(Action(word) for word in dict.fromkeys(words))

    def _line(self, number: int, key: str | None = None) -> int:
        """Return the line of a key of the nth model, or of its header."""
        if number >= len(self._headers):
            return 1
        start = self._headers[number]
        end = self._headers[number + 1] if number + 1 < len(self._headers) else len(self._lines) + 1
        if key is not None:
            for line in range(start + 1, end):
                if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", self._lines[line - 1]):
                    return line
        return start

    def _top(self, key: str) -> int:
        pattern = re.compile(rf"\s*\[{{0,2}}\s*[\"']?{re.escape(key)}\b")
        return next((n for n, line in enumerate(self._lines, 1) if pattern.match(line)), 1)

    def _error(self, line: int, what: str) -> SettingsError:
        return SettingsError(f"{self._path}, line {line}: {what}.")


def _syntax(path: Path, text: str, message: str) -> SettingsError:
    found = _PROBLEM_AT.search(message)
    line = int(found.group(1)) if found and found.group(1) else len(text.splitlines())
    what = _PROBLEM_AT.sub("", message).strip().rstrip(".")
    written = text.splitlines()[line - 1].strip()[:60] if 0 < line <= len(text.splitlines()) else ""
    return SettingsError(
        f'{path}, line {line}: “{written}” is not TOML ({what}); write lines like name = "qwen-coder".'
    )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _near(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word.lower(), known, n=1)
    return f" (did you mean “{near[0]}”?)" if near else ""

"""Finds secrets by what they are assigned to: a name that says secret, and a value that is not code. Pure.

Forms of keys that say themselves what they are stand in guards.py. A wrong find costs little (the placeholder is put
back in the answer), a missed one leaves the house; even so code that only passes secrets along must stay readable.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MIN_VALUE = 8  # characters of a quoted value or of one in a line that may be code
MIN_PLAIN = 6  # characters in a line of an environment file, where nothing but a value can stand
MIN_KEY = 16  # characters behind a name that only ends with “key”: most of those name columns and settings
MAX_VALUE = 500

_NAME = r"(?<![\w.$-])(?P<name>[A-Za-z_][\w.-]{0,80}+)"
_QUOTED = re.compile(
    _NAME + r"[\"']?\]?[ \t]{0,5}(?::=|=>|[:=])[ \t]{0,5}[rbRB]?"
    rf"(?:\"(?P<double>(?:[^\"\\\n]|\\.){{{MIN_VALUE},{MAX_VALUE}}}+)\"|'(?P<single>(?:[^'\\\n]|\\.){{{MIN_VALUE},{MAX_VALUE}}}+)')"
)
# A whole line of an environment file, an ini file or YAML: a name, a value without quotes, perhaps a remark.
_LINE = re.compile(
    r"^[ \t]*+(?:(?:export|set|ENV|ARG|-)[ \t]++)?+" + _NAME + r"(?P<sign>[ \t]{0,40}+[:=][ \t]{0,40}+)"
    rf"(?P<value>[^\s\"'`(){{}}\[\]<>=|&][^\s\"'`(){{}}\[\]<>|]{{{MIN_PLAIN - 1},{MAX_VALUE}}}+)"
    r"[ \t]*+(?:[#;].*+)?\r?$",
    re.MULTILINE,
)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORDS = frozenset({"password", "passwd", "passphrase", "pwd", "secret"})
_KEYS = frozenset(
    {"api", "access", "secret", "private", "encryption", "signing", "master", "auth", "client", "account"}
)
_DOTTED = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*[,;]?")
_ABOUT = re.compile(r"(?i)[a-z .:/_-]*(?:passw(?:or)?d|passphrase|secret|token|key)[.:?…]*")
_REFERENCE = ("$", "{", "<", "%(", "*", "process.env", "os.environ", "REDACTED-")


@dataclass(frozen=True, slots=True)
class Assigned:
    """A secret value from `start` to `end` (characters)."""

    start: int
    end: int


def assigned_secrets(text: str) -> Iterator[Assigned]:
    """Yield the secrets that are assigned in `text`: in their order those in quotes, then the others. None overlap."""
    for match in _QUOTED.finditer(text):
        group = "double" if match["double"] is not None else "single"
        if _is_secret_text(_strength(match["name"]), match[group]):
            yield Assigned(*match.span(group))
    for match in _LINE.finditer(text):
        if _is_secret_line(match["name"], match["sign"], match["value"]):
            yield Assigned(*match.span("value"))


def _strength(name: str) -> str | None:
    """Return what a name says of its value: it is a `secret`, it is a `token` or `key` of some kind, or nothing."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    if not parts:
        return None
    last, before = parts[-1], parts[-2] if len(parts) > 1 else ""
    if last in _PASSWORDS or last in {"apikey", "secretkey", "authtoken", "accesstoken"}:
        return "secret"
    if last == "token":
        return "token"
    if last == "key":
        return "secret" if before in _KEYS else "key" if before else None
    return None


def _is_secret_text(strength: str | None, value: str) -> bool:
    """Judge a quoted value."""
    if strength is None or value.startswith(_REFERENCE) or _ABOUT.fullmatch(value):
        return False
    if strength == "secret":
        return not re.search(r"\s", value) or any(c.isdigit() for c in value) or _has_signs(value)
    return _looks_random(value, MIN_VALUE if strength == "token" else MIN_KEY)


def _is_secret_line(name: str, sign: str, value: str) -> bool:
    """Judge a value without quotes, where code may stand as well."""
    strength = _strength(name)
    if strength is None or value.startswith(_REFERENCE) or _ABOUT.fullmatch(value):
        return False
    if name.upper() == name and sign == "=":  # only environment files are written so
        return strength == "secret" or _looks_random(value, MIN_VALUE if strength == "token" else MIN_KEY)
    if _DOTTED.fullmatch(value):  # a name, as code has it: nothing but digits in it makes it a secret
        dotted, digits = "." in value, sum(c.isdigit() for c in value)
        is_code = dotted or value.endswith((",", ";")) or digits < (1 if ":" in sign else 2)
        return not is_code and len(value) >= (MIN_KEY if strength == "key" else MIN_VALUE)
    if value.endswith((",", ";")):
        return False
    if strength == "secret":
        return len(value) >= MIN_VALUE and any(c.isalpha() for c in value)
    return _looks_random(value, MIN_VALUE if strength == "token" else MIN_KEY)


def _looks_random(value: str, least: int) -> bool:
    return (
        len(value) >= least
        and not re.search(r"\s", value)
        and any(c.isdigit() for c in value)
        and any(c.isalpha() for c in value)
    )


def _has_signs(value: str) -> bool:
    """Say whether signs stand within words, as they do in passwords and not in sentences."""
    return re.search(r"\w[@#$%^*+=~]\w", value) is not None

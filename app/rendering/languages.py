"""Which language a text is in: from its path, or guessed from what it says. One table of names, suffixes, lexers.

What must not be here: HTML.
"""

import json
import re
from dataclasses import dataclass
from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, guess_lexer
from pygments.util import ClassNotFound

GUESS_CHARS = 4_000  # a language shows itself in its first lines; every lexer's guess reads what it is given
SURE = 0.3  # Pygments' own score under which its guess is worse than none


@dataclass(frozen=True, slots=True)
class Language:
    """`name` for people, `lexer` for Pygments, `suffixes` without the dot: the first is what a new file gets."""

    name: str
    lexer: str
    suffixes: tuple[str, ...]


PLAIN = Language("Text", "text", ("txt", "log", "csv", "tsv"))

_LANGUAGES = (
    Language("HTML", "html", ("html", "htm", "xhtml")),
    Language("CSS", "css", ("css",)),
    Language("SCSS", "scss", ("scss",)),
    Language("JavaScript", "javascript", ("js", "mjs", "cjs")),
    Language("TypeScript", "typescript", ("ts", "mts", "cts")),
    Language("JSX", "javascript", ("jsx",)),
    Language("TSX", "tsx", ("tsx",)),
    Language("JSON", "json", ("json", "webmanifest", "geojson")),
    Language("Python", "python", ("py", "pyi")),
    Language("Markdown", "markdown", ("md", "markdown")),
    Language("YAML", "yaml", ("yaml", "yml")),
    Language("TOML", "toml", ("toml",)),
    Language("XML", "xml", ("xml", "svg")),
    Language("Shell", "bash", ("sh", "bash", "zsh")),
    Language("SQL", "sql", ("sql",)),
    Language("Rust", "rust", ("rs",)),
    Language("Go", "go", ("go",)),
    Language("Java", "java", ("java",)),
    Language("Kotlin", "kotlin", ("kt", "kts")),
    Language("C", "c", ("c", "h")),
    Language("C++", "cpp", ("cpp", "cc", "hpp")),
    Language("C#", "csharp", ("cs",)),
    Language("PHP", "php", ("php",)),
    Language("Ruby", "ruby", ("rb",)),
    Language("Swift", "swift", ("swift",)),
    Language("Lua", "lua", ("lua",)),
    Language("R", "r", ("r",)),
    Language("INI", "ini", ("ini", "cfg", "conf", "env")),
    Language("Dockerfile", "docker", ("dockerfile",)),
    Language("Makefile", "make", ("makefile", "mk")),
    Language("Diff", "diff", ("diff", "patch")),
    PLAIN,
)
_BY_SUFFIX = {suffix: language for language in _LANGUAGES for suffix in language.suffixes}
_BY_LEXER = {language.lexer: language for language in reversed(_LANGUAGES)}
_BY_NAME = {name.lower(): language for language in _LANGUAGES for name in (language.lexer, language.name)}

# What the languages of a canvas almost always say, since Pygments hardly guesses them. First match wins.
_SIGNS = tuple(
    (re.compile(pattern, re.MULTILINE | re.IGNORECASE), suffix)
    for pattern, suffix in (
        (
            r"\A\s*(<!--.*?-->\s*)?<(!doctype html|(html|head|body|main|div|section|article|header|footer|nav|h[1-6]"
            r"|p|ul|ol|table|form|button|canvas|style|script|template)[\s>])",
            "html",
        ),
        (r"\A\s*(<\?xml|<svg[\s>])", "svg"),
        (r"\A#!.*\bpython", "py"),
        (r"\A#!.*\b(ba|z|da)?sh\b", "sh"),
        (r"\A#!.*\bnode", "js"),
        (r"^(diff --git |@@ -\d+)", "diff"),
        (r"^(from [\w.]+ import |import [\w.]+( as \w+)?$|(async )?def \w+\(.*\).*:|class \w+(\(.*\))?:$)", "py"),
        (r"^(export )?(interface \w+ \{|type \w+ =|enum \w+ \{)|\w\)?: (string|number|boolean)\b", "ts"),
        (
            r"^[ \t]*(import .*from ['\"]|export (default|const|function|class)|(const|let|var) [\w{[]|function \w+\()",
            "js",
        ),
        (r"^[ \t]*(select .+ from |create table |insert into |update \w+ set )", "sql"),
        (r"^[ \t]*[.#@:]?[\w-][^{};\n]*\{\s*(--)?[a-z-]+\s*:[^{]+;", "css"),
        (r"^\[[\w.-]+\]\n\w+ = ", "toml"),
        (r"\A(---\n)?(\w[\w-]*:( .*)?\n(  ?.*\n|- .*\n)*){2,}", "yaml"),
        (r"^(#{1,6} \S|```|\* \S+|- \[[ x]\] )", "md"),
    )
)


def language_of(path: str, text: str = "") -> Language:
    """Return the language by the path's suffix or name; when that says nothing, guess from `text`."""
    name = path.rsplit("/", 1)[-1].lower()
    known = _BY_SUFFIX.get(name.rsplit(".", 1)[-1])
    if known is not None:
        return known
    return guess(text) if text else PLAIN


def language_named(name: str) -> Language:
    """Return the language that people or a Markdown fence call `name` (“js”, “python”); PLAIN when unknown."""
    word = name.strip().lower()
    return _BY_SUFFIX.get(word) or _BY_NAME.get(word) or PLAIN


def guess(text: str) -> Language:
    """Return the likeliest language of a text without a name; PLAIN when nothing speaks for any."""
    # Long blanks say nothing, and some lexers read them again and again.
    sample = re.sub(r"\s{9,}", "\n", text[:GUESS_CHARS])
    if sample.lstrip()[:1] in ("{", "[") and _is_json(text):
        return _BY_SUFFIX["json"]
    for sign, suffix in _SIGNS:
        if sign.search(sample):
            return _BY_SUFFIX[suffix]
    try:
        lexer = guess_lexer(sample)
    except ClassNotFound:
        return PLAIN
    if lexer.analyse_text(sample) < SURE:
        return PLAIN
    return next((_BY_LEXER[alias] for alias in lexer.aliases if alias in _BY_LEXER), PLAIN)


def guess_language(path: str, text: str) -> str:
    """Return the language's name for people: “JavaScript”, or “Text” when it is none that is known."""
    return language_of(path, text).name


def guess_extension(text: str) -> str:
    """Return the suffix, without the dot, that a generated file with this text should have."""
    return guess(text).suffixes[0]


@cache
def lexer_of(language: Language) -> Lexer:
    """Return Pygments' lexer; texts keep their first and last blank lines."""
    return get_lexer_by_name(language.lexer, stripnl=False, ensurenl=False)


def _is_json(text: str) -> bool:
    if len(text) > 100 * GUESS_CHARS:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True

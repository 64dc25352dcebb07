"""What a file that a model wrote is called: with a suffix that fits its text, and beside what is there already. Pure.

What must not be here: telling languages apart (the GuessExtension port), making files (the Texts port).
"""

from collections.abc import Callable
from pathlib import PurePosixPath

from app.domain.files import MAX_PATH

# Names that are whole without a suffix.
_BARE = frozenset({"cname", "dockerfile", "gemfile", "jenkinsfile", "license", "makefile", "procfile", "rakefile"})


def named(path: str, text: str, extension: Callable[[str], str]) -> str:
    """Return `path`, with the suffix that `extension` gives for `text` when it has none of its own."""
    name = PurePosixPath(path).name
    if PurePosixPath(name).suffix or name.startswith(".") or name.lower() in _BARE:
        return path
    suffix = f".{extension(text)}"
    return path.rstrip(".")[: MAX_PATH - len(suffix)].rstrip() + suffix


def free_path(path: str, taken: Callable[[str], bool]) -> str:
    """Return `path`, or the first of `name-2.html`, `name-3.html`, … that is not taken."""
    stem, suffix = path.removesuffix(PurePosixPath(path).suffix), PurePosixPath(path).suffix
    number, found = 1, path
    while taken(found):
        number += 1
        ending = f"-{number}{suffix}"
        found = stem[: MAX_PATH - len(ending)] + ending
    return found

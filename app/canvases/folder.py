"""A project folder on disk → the text files of a canvas, and what was left out with the reason.

Reads only; follows no symbolic link out of the folder; asks no version control program.
What must not be here: making the canvas.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from app.domain.files import MAX_CANVAS_BYTES, MAX_FILE_BYTES, MAX_FILES, check_path, check_text
from app.errors import BadInput, PolycanvasError

# Never anybody's own text, even where nobody wrote it into a .gitignore: version control, what package managers and
# builds put there, caches, and this program's own folder.
WELL_KNOWN = frozenset(
    {".git", ".hg", ".svn", ".jj", ".polycanvas", "node_modules", "bower_components", "__pycache__", ".venv", "venv"}
    | {".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".web", ".next", ".nuxt", ".svelte-kit"}
    | {".parcel-cache", ".turbo", ".gradle", ".terraform", ".DS_Store", "Thumbs.db"}
)
# Keys and passwords: a canvas is shared and shown to models, so these are never taken along silently.
_ENVIRONMENTS = (".env", ".env.*", "!.env.example", "!.env.sample", "!.env.template", ".netrc", ".pgpass")
_KEYS = ("*.pem", "*.key", "*.p12", "*.pfx", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".npmrc", ".pypirc")
SECRETS = GitIgnoreSpec.from_lines((*_ENVIRONMENTS, *_KEYS))
MAX_VISITED = 50_000  # entries looked at: a folder with more is a home folder or a disk, not a project
MAX_IGNORE_BYTES = 256_000  # of one .gitignore


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken. `path` is relative to the folder; a folder's ends with a slash."""

    path: str
    why: str


@dataclass(slots=True)
class FolderReading:
    """What a folder gave: `files` (path → text) and `left_out`, both in the order of the tree."""

    files: dict[str, str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rules:
    """One .gitignore: `base` is its folder relative to the root, with a slash at the end unless it is the root."""

    base: str
    spec: GitIgnoreSpec


def read_folder(folder: Path) -> FolderReading:
    """Read a project folder. Raises BadInput when it is not one that can be read."""
    try:
        root = folder.expanduser().resolve(strict=True)
        entries = root.is_dir() and os.access(root, os.R_OK | os.X_OK)
    except (OSError, RuntimeError) as error:
        raise BadInput(f"There is no folder {folder}; check the path.") from error
    if not entries:
        raise BadInput(f"{folder} is not a folder that can be read; name a project folder.")
    reading = FolderReading()
    total = 0
    for path, found in _walk(root):
        text = found if isinstance(found, LeftOut) else _text(found, path, root)
        if isinstance(text, LeftOut):
            reading.left_out.append(text)
        elif len(reading.files) >= MAX_FILES:
            reading.left_out.append(LeftOut(path, f"a canvas holds at most {MAX_FILES:,} files"))
        elif total + (size := len(text.encode())) > MAX_CANVAS_BYTES:
            reading.left_out.append(LeftOut(path, f"a canvas holds at most {MAX_CANVAS_BYTES:,} bytes"))
        else:
            reading.files[check_path(path)] = text
            total += size
    return reading


def _walk(root: Path) -> Iterator[tuple[str, Path | LeftOut]]:
    """Yield files (and what is left out on the way) by name, a folder's inside after what is beside it."""
    waiting: list[tuple[str, tuple[_Rules, ...]]] = [("", ())]
    visited = 0
    while waiting:
        base, rules = waiting.pop()
        try:
            with os.scandir(root / base) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield base, LeftOut(base, f"it cannot be read ({error.strerror})")
            continue
        rules = _with_ignore_file(root, base, rules)
        visited += len(entries)
        if visited > MAX_VISITED:
            yield base, LeftOut(base or "./", f"the folder has more than {MAX_VISITED:,} entries; name a smaller one")
            return
        folders: list[tuple[str, tuple[_Rules, ...]]] = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            path = base + entry.name + ("/" if is_folder else "")
            if why := _why_not(entry.name, path, rules):
                yield path, LeftOut(path, why)
            elif is_folder:
                folders.append((path, rules))
            else:
                yield path, Path(entry.path)
        waiting.extend(reversed(folders))


def _why_not(name: str, path: str, rules: tuple[_Rules, ...]) -> str | None:
    if name in WELL_KNOWN:
        return "it is made by tools"
    if not path.isprintable():
        return "its name has control or invisible characters"
    # The deepest .gitignore that says anything about the path decides, as in git.
    for rule in reversed(rules):
        verdict = rule.spec.check_file(path[len(rule.base) :]).include
        if verdict is not None:
            if verdict:
                return "it is ignored by .gitignore"
            break
    if not path.endswith("/") and SECRETS.match_file(name):
        return "it may hold secrets; add it by hand if it does not"
    return None


def _with_ignore_file(root: Path, base: str, rules: tuple[_Rules, ...]) -> tuple[_Rules, ...]:
    file = root / base / ".gitignore"
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > MAX_IGNORE_BYTES:
            return rules
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return rules  # unreadable: the walk reports the file itself
    return (*rules, _Rules(base, GitIgnoreSpec.from_lines(lines)))


def _text(file: Path, path: str, root: Path) -> str | LeftOut:
    """Return a file's text, or why it has none that a canvas could hold."""
    try:
        clean = check_path(path)
        if file.is_symlink():
            target = file.resolve(strict=True)
            if not target.is_relative_to(root):
                return LeftOut(path, "it is a link to a place outside the folder")
            return LeftOut(path, f"it is a link to {target.relative_to(root).as_posix()}")
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return LeftOut(path, "it is not a regular file")
        if status.st_size > MAX_FILE_BYTES:
            return LeftOut(path, f"it has {status.st_size:,} bytes; a file may have at most {MAX_FILE_BYTES:,}")
        with file.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)  # it may have grown since
        if b"\0" in raw:
            return LeftOut(path, "it is a binary file")
        return check_text(raw.decode("utf-8-sig"), clean)
    except RuntimeError:
        return LeftOut(path, "it is a link to itself")
    except UnicodeDecodeError:
        return LeftOut(path, "it is not UTF-8 text")
    except OSError as error:
        return LeftOut(path, f"it cannot be read ({error.strerror})")
    except PolycanvasError as error:
        return LeftOut(path, error.sentence)

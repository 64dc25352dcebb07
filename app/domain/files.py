"""What may be a file of a canvas: its path and its bounds. Pure."""

import unicodedata

from app.errors import BadInput, TooLarge

MAX_PATH = 240  # characters: what the strictest common file system takes, so that a canvas can be written to disk
MAX_DEPTH = 12  # folders: deeper trees are generated, not written by people
MAX_FILE_BYTES = 1_000_000  # UTF-8 bytes: one frame of the socket is 1 MiB, and a file must fit in one
MAX_FILES = 1_000  # files in a canvas: each is a root type of the document and a row of the tree
MAX_CANVAS_BYTES = 16_000_000  # UTF-8 bytes of all files: what a browser loads within a second or two


_NO_SUCH_SIGNS = "A path may not contain control or invisible characters, nor any space but the plain one."


def check_signs(path: str) -> str:
    """Return `path`, or raise BadInput when it has characters that nobody can see or type."""
    if any(c != " " and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"} for c in path):
        raise BadInput(_NO_SUCH_SIGNS)
    return path


def check_path(path: str) -> str:
    """Return `path` in its one form (NFC, forward slashes, no leading slash), or raise BadInput with what is wrong."""
    clean = unicodedata.normalize("NFC", check_signs(path))
    if not clean or clean != clean.strip():
        raise BadInput("A file needs a name without spaces at either end.")
    if len(clean) > MAX_PATH:
        raise BadInput(f"A path may have at most {MAX_PATH} characters; this one has {len(clean)}.")
    if "\\" in clean or clean.startswith("/"):
        raise BadInput("Write the path with forward slashes, from the canvas's top folder: src/app.js.")
    parts = clean.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise BadInput("A path may not contain “.”, “..” or an empty folder name.")
    if len(parts) > MAX_DEPTH:
        raise BadInput(f"A path may be at most {MAX_DEPTH} folders deep.")
    return clean


def check_text(text: str, path: str) -> str:
    """Return `text` as a file's text, its lines ended by one line feed; raise BadInput or TooLarge naming `path`.

    Editors in browsers count a line's end as one character, so a carriage return would shift every position after it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise BadInput(f"{path} is not valid Unicode text; save it as UTF-8.") from error
    if size > MAX_FILE_BYTES:
        raise TooLarge(f"{path} has {size:,} bytes; a file may have at most {MAX_FILE_BYTES:,}.")
    if "\0" in text:
        raise BadInput(f"{path} looks like a binary file; a canvas holds text files.")
    return text

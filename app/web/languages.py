"""Which language a file is in, by its name, as the editor names languages. Pure.

What must not be here: guessing from text (app/rendering does that).
"""

_BY_ENDING = {
    "html": "html",
    "htm": "html",
    "css": "css",
    "js": "javascript",
    "mjs": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "tsx": "typescript",
    "py": "python",
    "md": "markdown",
    "json": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "svg": "html",
    "toml": "toml",
    "sh": "shell",
    "sql": "sql",
}


def language_of(path: str) -> str:
    """Return the language of a path's ending, `text` when it is none that we know."""
    return _BY_ENDING.get(path.rsplit("/", 1)[-1].rpartition(".")[2].lower(), "text")

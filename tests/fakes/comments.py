"""A well-formed comment, for tests that are about something else."""

from typing import Any

from app.collab.relative import AFTER, BEFORE, RelativePosition
from app.collab.schema import text_root

ID = "c2c2c2c2c2c2"
FILE = "m2m2m2m2m2m2"


def comment(by: Any, **more: Any) -> dict[str, Any]:
    """Return a comment on all of a file, by whomever `by` says; `more` replaces fields or adds some."""
    return {
        "id": ID,
        "file": FILE,
        "start": RelativePosition(None, text_root(FILE), BEFORE).encode(),
        "end": RelativePosition(None, text_root(FILE), AFTER).encode(),
        "by": by,
        "at": "2026-11-21T12:04:00.123Z",
        "text": "Why?",
        "resolved": False,
        **more,
    }

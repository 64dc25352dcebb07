"""What a page's address says: its last part and its query. The address is a claim; services check it.

What must not be here: who is asking.
"""

from typing import Any


def last_part(state: Any) -> str:
    """Return the last part of the path: the canvas of `/c/…`, the code of `/join/…`."""
    return str(state.router.url.path).rstrip("/").rpartition("/")[2]


def query(state: Any, name: str) -> str:
    """Return a value of the query, "" when it is not there."""
    return str(state.router.url.query_parameters.get(name, ""))

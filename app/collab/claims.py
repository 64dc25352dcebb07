"""Client ids that are kept for somebody before anything is stored under them: a page that shows its caret may be typing
offline under its id, and one that was closed may bring what it typed. What must not be here: what was written.
"""

from collections.abc import Iterator

from app.domain.people import Origin

MAX_CLAIMS = 10_000  # of one room, 2 MB: twenty for each socket that it may have


class Claims:
    """Client id → whom it is kept for. When there are too many, whoever has the most loses their oldest."""

    def __init__(self) -> None:
        self._whose: dict[int, Origin] = {}
        self._of: dict[str, dict[int, None]] = {}  # a person's id → theirs, the oldest first

    def __len__(self) -> int:
        return len(self._whose)

    def __iter__(self) -> Iterator[int]:
        return iter(self._whose)

    def get(self, client: int) -> Origin | None:
        """Return whom a client id is kept for, if anybody."""
        return self._whose.get(client)

    def keep(self, client: int, origin: Origin) -> None:
        """Keep a client id for somebody, whoever had it before."""
        self._drop(client)
        self._whose[client] = origin
        self._of.setdefault(origin.id, {})[client] = None
        if len(self._whose) > MAX_CLAIMS:
            # Otherwise one person with a thousand of them could have everybody else's forgotten.
            most = max(self._of.values(), key=len)
            self._drop(next(iter(most)))

    def _drop(self, client: int) -> None:
        origin = self._whose.pop(client, None)
        if origin is not None:
            theirs = self._of[origin.id]
            del theirs[client]
            if not theirs:
                del self._of[origin.id]

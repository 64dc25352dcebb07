"""Who is where: each socket's awareness state, with its identity written by the server, and the server's own state.

What must not be here: anything durable. A stock provider echoes everybody's states back; only a socket's own counts.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.collab import lib0
from app.collab.lib0 import MAX_CLIENT, MAX_CLOCK, Malformed, Reader
from app.collab.limits import MAX_AWARENESS
from app.domain.people import Person

_MAX_ENTRIES = 2_000  # more than a room has sockets
_SERVER_KEYS = ("server", "runs")  # what the server's own state says; nobody else may


def encode_entries(entries: Mapping[int, bytes]) -> bytes:
    """Return one awareness update of entries that `Presence` made."""
    return lib0.var(len(entries)) + b"".join(entries.values())


def read_entries(payload: bytes) -> list[tuple[int, int, str]]:
    """Return (client, clock, JSON text) of each entry. Raises Malformed."""
    reader = Reader(payload)
    entries = []
    for _ in range(reader.var(_MAX_ENTRIES)):
        client, clock = reader.var(MAX_CLIENT), reader.var(MAX_CLOCK)
        entries.append((client, clock, reader.text(len(payload))))
    reader.finish()
    return entries


def read_state(text: str) -> dict[str, Any] | None:
    """Return a state as an object, or None for a client that left. Raises Malformed."""
    if len(text.encode()) > MAX_AWARENESS:
        raise Malformed(f"An awareness state may have at most {MAX_AWARENESS:,} bytes.")
    try:
        state = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("An awareness state is not JSON.") from error
    if state is not None and not isinstance(state, dict):
        raise Malformed("An awareness state is an object or null.")
    return state


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def user_of(person: Person) -> dict[str, Any]:
    """Return what everybody sees of a person; the colours are the person's hue, as the page's tokens draw it."""
    return {
        "id": person.id,
        "name": person.name,
        "hue": person.hue,
        "kind": person.kind,
        "color": f"oklch(0.58 0.14 {person.hue})",
        "colorLight": f"oklch(0.58 0.14 {person.hue} / 0.22)",
    }


class Presence:
    """The awareness states of one room: client id → clock and encoded entry."""

    def __init__(self, server_client: int) -> None:
        self._server_client = server_client
        self._server_clock = 0
        self._clocks: dict[int, int] = {}
        self._entries: dict[int, bytes] = {}

    def entries(self) -> dict[int, bytes]:
        """Return all live states, encoded, for somebody who joins."""
        return dict(self._entries)

    def is_taken(self, client: int) -> bool:
        """Say whether a client id has a state here or is the server's."""
        return client == self._server_client or client in self._entries

    def set(self, client: int, clock: int, state: dict[str, Any], person: Person) -> dict[int, bytes]:
        """Take a client's state, with its identity overwritten; return what to relay (nothing when it is old)."""
        if clock < self._clocks.get(client, 0):
            return {}
        kept = {key: value for key, value in state.items() if key not in _SERVER_KEYS}
        kept["user"] = user_of(person)
        return self._store(client, clock, kept)

    def clear(self, client: int, clock: int | None = None) -> dict[int, bytes]:
        """Forget a client that left; return what to relay."""
        if client not in self._entries:
            return {}
        del self._entries[client]
        clock = max(clock or 0, self._clocks.pop(client))
        return {client: _encode(client, clock, None)}

    def publish(self, state: dict[str, Any] | None) -> dict[int, bytes]:
        """Set the server's own state, or clear it with None; return what to relay."""
        self._server_clock += 1
        if state is None:
            return self.clear(self._server_client, self._server_clock)
        return self._store(self._server_client, self._server_clock, state)

    def _store(self, client: int, clock: int, state: dict[str, Any]) -> dict[int, bytes]:
        entry = self._entries[client] = _encode(client, clock, state)
        self._clocks[client] = clock
        return {client: entry}


def _encode(client: int, clock: int, state: dict[str, Any] | None) -> bytes:
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    return lib0.var(client) + lib0.var(clock) + lib0.block(text.encode("utf-8", "replace"))

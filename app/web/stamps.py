"""Times and people as the API writes them. Pure."""

from datetime import UTC, datetime
from typing import Any

from app.domain.people import Person


def stamp(seconds: float) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC: 2026-11-21T12:04:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def person_json(person: Person) -> dict[str, Any]:
    """Return a person as the API shows them."""
    return {"id": person.id, "name": person.name, "hue": person.hue, "kind": person.kind}

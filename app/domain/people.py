"""Who acts: a person with a role in a canvas, and the origin that a piece of text carries."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal

from app.ids import PersonId


class Role(StrEnum):
    """What a person may do in one canvas, from most to least."""

    OWNER = "owner"
    EDITOR = "editor"
    COMMENTER = "commenter"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the server knows. `kind`: a member has an account; a guest came by an invite link with a name.

    `hue` (0..359) is the person's colour everywhere.
    """

    id: PersonId
    name: str
    hue: int
    kind: Literal["member", "guest"] = "member"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a transaction: bound to each Yjs client id, and so to each character. The provenance record.

    For a model or expert: `run` and `suggestion` name what produced the text, `asked_by` and `accepted_by` are
    person names, `cost_usd` is the price of the run (None: unknown). `restored_by`: the person who brought the text
    back from an earlier moment; it stays the work of whoever wrote it. `imported_by`: the person who brought the text
    in a file; that it is the work of whom it names is what the file says.
    """

    kind: Literal["person", "model", "expert", "system"]
    id: str
    name: str
    hue: int
    run: str | None = None
    suggestion: str | None = None
    asked_by: str | None = None
    accepted_by: str | None = None
    cost_usd: float | None = None
    restored_by: str | None = None
    imported_by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the plain value stored in the document's `authors` map: fields that are None are left out."""
        return {k: v for k, v in asdict(self).items() if v is not None}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Origin":
        """Read what `to_json` gave."""
        return cls(**value)

    @classmethod
    def of(cls, person: Person) -> "Origin":
        """Return the origin of a person's own typing."""
        return cls(kind="person", id=person.id, name=person.name, hue=person.hue)


SYSTEM = Origin(kind="system", id="system", name="Polycanvas", hue=265)

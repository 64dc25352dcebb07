"""The privileged actions that are written down, and what is kept of each. Pure.

What must not be here: secrets of any kind; an entry names things by their id.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.ids import CanvasId, PersonId


class Privileged(StrEnum):
    """An action that changes who may do what, or where text may go."""

    SET_UP = "set-up"
    SIGNED_IN = "signed-in"
    SESSION_ENDED = "session-ended"
    MEMBER_ADDED = "member-added"
    PASSWORD_CHANGED = "password-changed"
    TOKEN_CREATED = "token-created"
    TOKEN_REVOKED = "token-revoked"
    INVITE_CREATED = "invite-created"
    INVITE_REVOKED = "invite-revoked"
    INVITE_ACCEPTED = "invite-accepted"
    ROLE_CHANGED = "role-changed"
    MEMBER_REMOVED = "member-removed"
    CANVAS_CREATED = "canvas-created"
    CANVAS_DELETED = "canvas-deleted"
    POLICY_CHANGED = "policy-changed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One privileged action. `at` in seconds since 1970; `subject` names what it was done to, by id or role."""

    at: float
    person: PersonId
    action: Privileged
    canvas: CanvasId | None = None
    subject: str = ""

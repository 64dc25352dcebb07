"""Who may do what in a canvas: the one table of rights and roles. Pure.

What must not be here: looking up anybody's role, or anything about the installation outside a canvas.
"""

from enum import StrEnum

from app.domain.people import Role
from app.errors import Forbidden


class Right(StrEnum):
    """Something a person may or may not do in one canvas. The value is the verb phrase of the refusal."""

    READ = "read this canvas"
    COMMENT = "comment in this canvas"
    EDIT = "edit this canvas"
    RUN = "ask models and tools to work in this canvas"
    DECIDE = "accept or reject suggestions in this canvas"
    INVITE = "invite people to this canvas"
    SEE_INVITES = "see this canvas's invite links"
    REVOKE_INVITES = "revoke this canvas's invite links"
    MANAGE_MEMBERS = "change who belongs to this canvas"
    RENAME = "rename this canvas"
    SET_POLICY = "change this canvas's rules for models"
    DELETE = "delete this canvas"


_VIEWER = frozenset({Right.READ})
_COMMENTER = _VIEWER | {Right.COMMENT}
_EDITOR = _COMMENTER | {Right.EDIT, Right.RUN, Right.DECIDE, Right.INVITE, Right.SEE_INVITES}
_OWNER = frozenset(Right)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: _OWNER,
    Role.EDITOR: _EDITOR,
    Role.COMMENTER: _COMMENTER,
    Role.VIEWER: _VIEWER,
}

_RANK = {Role.VIEWER: 0, Role.COMMENTER: 1, Role.EDITOR: 2, Role.OWNER: 3}


def allows(role: Role, right: Right) -> bool:
    """Say whether `role` has `right`."""
    return right in RIGHTS[role]


def require(role: Role, right: Right) -> None:
    """Raise Forbidden, naming a role that has `right`, unless `role` has it."""
    if allows(role, right):
        return
    least = min((other for other in Role if allows(other, right)), key=lambda other: _RANK[other])
    raise Forbidden(f"You are {_a(role)} here and may not {right}; ask an owner to make you {_a(least)}.")


def may_invite_as(role: Role, granted: Role) -> bool:
    """Say whether `role` may give out a link that makes people `granted`: never more than itself, never owner."""
    return allows(role, Right.INVITE) and granted is not Role.OWNER and _RANK[granted] <= _RANK[role]


def higher(one: Role, other: Role) -> Role:
    """Return the role that may do more."""
    return one if _RANK[one] >= _RANK[other] else other


def _a(role: Role) -> str:
    return f"{'an' if role in {Role.OWNER, Role.EDITOR} else 'a'} {role}"

"""The table of rights and roles, written out once more by hand: a change in either place must be meant."""

import pytest

from app.domain.people import Role
from app.domain.permissions import Right, allows, higher, may_invite_as, require
from app.errors import Forbidden

OWNER, EDITOR, COMMENTER, VIEWER = Role.OWNER, Role.EDITOR, Role.COMMENTER, Role.VIEWER

WHO_MAY = {
    Right.READ: {OWNER, EDITOR, COMMENTER, VIEWER},
    Right.COMMENT: {OWNER, EDITOR, COMMENTER},
    Right.EDIT: {OWNER, EDITOR},
    Right.RUN: {OWNER, EDITOR},
    Right.DECIDE: {OWNER, EDITOR},
    Right.INVITE: {OWNER, EDITOR},
    Right.SEE_INVITES: {OWNER, EDITOR},
    Right.REVOKE_INVITES: {OWNER},
    Right.MANAGE_MEMBERS: {OWNER},
    Right.RENAME: {OWNER},
    Right.SET_POLICY: {OWNER},
    Right.DELETE: {OWNER},
}


def test_every_right_is_listed() -> None:
    assert set(WHO_MAY) == set(Right)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_a_role_has_exactly_its_rights(right: Right, role: Role) -> None:
    assert allows(role, right) is (role in WHO_MAY[right])
    if role in WHO_MAY[right]:
        require(role, right)
    else:
        with pytest.raises(Forbidden, match=f"You are an? {role} here and may not {right}; ask an owner"):
            require(role, right)


def test_a_refusal_names_the_least_role_that_would_do() -> None:
    with pytest.raises(Forbidden) as refused:
        require(Role.VIEWER, Right.COMMENT)
    assert refused.value.sentence == (
        "You are a viewer here and may not comment in this canvas; ask an owner to make you a commenter."
    )


def test_nobody_invites_above_themselves_or_makes_owners() -> None:
    granted = {(role, other) for role in Role for other in Role if may_invite_as(role, other)}
    below_owner = {EDITOR, COMMENTER, VIEWER}
    assert granted == {(role, other) for role in (OWNER, EDITOR) for other in below_owner}


def test_the_higher_role_wins() -> None:
    assert higher(VIEWER, EDITOR) is EDITOR
    assert higher(OWNER, COMMENTER) is OWNER

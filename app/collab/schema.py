"""The roots of a canvas's document: their names, what each may hold, and who may write there.

What must not be here: reading bytes; comparing clocks.
"""

from typing import Any, Literal

from app.collab.comment_form import IMPORTED, check_comment, check_edit, check_places, merge_edit
from app.collab.lib0 import Malformed
from app.collab.verdicts import Denied
from app.domain.files import check_path
from app.domain.people import Origin, Role
from app.errors import BadInput
from app.ids import is_id

FILES, COMMENTS, SUGGESTIONS, AUTHORS, BOARD = "files", "comments", "suggestions", "authors", "board"
RETURNED = "returned"
SERVER_ONLY = frozenset({SUGGESTIONS, AUTHORS})
FILE_PREFIX = "file:"
KEEP: Any = object()  # what `check_value` says of a value that may stand as it is
_NOWHERE = {"start": None, "end": None}
MAX_COMMENT = 20_000  # characters of a comment's value as text: a long remark with its anchors

_MAPS = frozenset({FILES, COMMENTS, SUGGESTIONS, AUTHORS, BOARD, RETURNED})
_EDITORS = frozenset({FILES, COMMENTS, BOARD, RETURNED})
_WRITABLE = {
    Role.OWNER: _EDITORS,
    Role.EDITOR: _EDITORS,
    Role.COMMENTER: frozenset({COMMENTS}),
    Role.VIEWER: frozenset[str](),
}


def text_root(file: str) -> str:
    """Return the name of a file's text root."""
    return FILE_PREFIX + file


def kind_of(root: str) -> Literal["text", "map"]:
    """Return what a root is. Raises Malformed for a root that a canvas does not have."""
    if root in _MAPS:
        return "map"
    if root.startswith(FILE_PREFIX) and is_id(root[len(FILE_PREFIX) :]):
        return "text"
    raise Malformed("An update writes to a root that a canvas does not have.")


def writes_text(role: Role | None) -> bool:
    """Say whether a role (None: the server itself) may change the files' text."""
    return role is None or role is Role.OWNER or role is Role.EDITOR


def may_write(role: Role | None, root: str) -> bool:
    """Say whether a role (None: the server itself) may write to a root that exists."""
    if role is None:
        return True
    if root in _MAPS:
        return root in _WRITABLE[role]
    return writes_text(role)


def check_value(
    root: str,
    key: str,
    value: Any,
    before: Any,
    writer: Origin | None,
    *,
    is_late: bool = False,
    may_move: bool = False,
    gone: Any = None,
) -> Any:
    """Raise Denied unless `writer` (None: the server) may put `value` under `key` of a map root.

    `before` is what stands there now, None for nothing; `is_late`: the writer had not seen it; `may_move`: the writer
    changes texts, and so says where a comment's words went; `gone`: what stood there before what stands there now, or
    last until it was deleted, if it is remembered.
    Return KEEP, or what the server has to write over it (None: take it out), where a page that did no wrong could be
    behind: to refuse that would refuse all else that the page has.
    """
    if root == FILES:
        _check_file(key, value)
    elif root == COMMENTS and (not isinstance(value, dict) or len(repr(value)) > MAX_COMMENT):
        raise Denied("A comment is an object of at most 20,000 characters.")
    elif root == COMMENTS and writer is not None:
        if before is None and may_move and gone is not None and value == gone:
            return KEEP  # whoever may delete it may think better of it
        right = _check_comment(key, value, before, writer, is_late, may_move, gone)
        return _check_imported(
            value if right is KEEP else right, right, before if before is not None else gone, is_late
        )
    return KEEP


def is_comment_of(value: Any, writer: Origin) -> bool:
    """Say whether a comment is by `writer`."""
    return isinstance(value, dict) and isinstance(by := value.get("by"), dict) and by.get("id") == writer.id


def _check_comment(
    key: str, value: dict[str, Any], before: Any, writer: Origin, is_late: bool, may_move: bool, was: Any
) -> Any:
    """Refuse words in somebody else's name: a comment is its writer's; others may resolve it, or move its place."""
    is_decision = isinstance(before, dict) and {**before, "resolved": None} == {**value, "resolved": None}
    if is_decision and isinstance(value.get("resolved"), bool):
        return KEEP  # whatever its form: what stands there was let in once
    is_move = (
        isinstance(before, dict)
        and {**before, **_NOWHERE}
        == {
            **value,
            **_NOWHERE,
            "resolved": before.get("resolved"),
        }
        and isinstance(value.get("resolved"), bool)
    )
    if isinstance(before, dict) and is_late and (is_move or not is_comment_of(before, writer)):
        # Whoever moved it had not seen what was decided meanwhile, and whoever decided not where it went.
        return {**before, "resolved": _is_resolved(value, before, was, is_move)}
    if is_move and (may_move or is_comment_of(before, writer)):
        check_places(value, FILE_PREFIX)  # and nothing else: the rest was let in once
        return KEEP
    if isinstance(before, dict) and not is_comment_of(before, writer):
        raise Denied("Somebody else wrote this comment: you may resolve it, not change it.")
    if not is_comment_of(value, writer):
        if is_late and before is None:  # resolved by one while another deleted it
            return None
        raise Denied("A comment carries its writer's own name. Reload the page and write it again.")
    check_comment(key, value, FILE_PREFIX)
    if isinstance(before, dict):
        if is_late:
            return KEEP if (merged := merge_edit(value, before)) == value else merged
        check_edit(value, before)
    by = {"id": writer.id, "name": writer.name, "hue": writer.hue}
    # Under another name: from before the person changed it, or made up. What stands already may stay.
    is_right = value["by"] == by or (isinstance(before, dict) and value["by"] == before["by"])
    return KEEP if is_right else {**value, "by": by}


def _is_resolved(value: dict[str, Any], before: dict[str, Any], was: Any, is_move: bool) -> bool:
    """Say what holds of two who had not seen each other: what either decided, of that which `was` there for both."""
    if isinstance(was, dict) and value.get("resolved") is was.get("resolved"):
        return before.get("resolved") is True
    if isinstance(was, dict) and all(value.get(side) == was.get(side) for side in _NOWHERE):
        return value.get("resolved") is True
    return (is_move and before.get("resolved") is True) or value.get("resolved") is True


def _check_imported(value: Any, right: Any, stood: Any, is_late: bool) -> Any:
    """Return `right` with the name of whoever imported the comment as it `stood`: only the server writes that."""
    said = stood.get(IMPORTED) if isinstance(stood, dict) else None
    if right is None or value.get(IMPORTED) == said:
        return right
    if not is_late:
        raise Denied("Who imported a comment is what the server writes; a page neither adds nor changes it.")
    bare = {part: one for part, one in value.items() if part != IMPORTED}
    return bare if said is None else {**bare, IMPORTED: said}


def _check_file(key: str, value: Any) -> None:
    if not is_id(key) or not isinstance(value, dict) or not isinstance(value.get("path"), str):
        raise Denied("A file is an id and an object with a path.")
    if any(isinstance(part, dict | list) for part in value.values()):
        raise Denied("A file's entry holds plain values only.")
    try:
        clean = check_path(value["path"])
    except BadInput as error:
        raise Denied(error.sentence) from error
    if clean != value["path"]:
        raise Denied("A file's path is written in composed Unicode form (NFC).")

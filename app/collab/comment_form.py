"""The form of a comment: which fields it has and what each may hold. Pure; pages of any kind write comments.

What must not be here: who may write which comment (see `schema`).
"""

import re
from datetime import datetime
from typing import Any

from app.collab.relative import RelativePosition
from app.collab.verdicts import Denied
from app.errors import BadInput
from app.ids import is_id

MAX_WORDS = 4_000  # characters: a note, not a document; the page's own bound is the same
MAX_MENTIONS = 20  # people called in one comment: more is a meeting
MAX_QUOTE = 200  # characters: enough to know the words again that a comment was about, once they are gone
MAX_NAME = 40  # characters of a person's name
MAX_AUTHOR = 200  # characters of a name or an id that a file says, which may be of another installation
IMPORTED = "imported_by"  # who brought it in a file: that it is by whom it names is what the file says

_FIELDS = frozenset({"id", "file", "start", "end", "by", "at", "text", "resolved"})
_MORE = frozenset({"mentions", "edited", "quote", IMPORTED})
_WORDS = ("text", "mentions", "edited")  # what its writer may change of a comment
# What ECMAScript's `trim` takes for white space: pages ask it whether there are words. Python's own differs.
_BLANK = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def check_comment(key: str, value: dict[str, Any], file_root: str) -> None:
    """Raise Denied, naming the field, unless `value` may stand under `key`. `by` is checked by who asks.

    `file_root`: what the name of a file's text begins with, for positions at the edge of a text.
    """
    if not _FIELDS <= value.keys() <= _FIELDS | _MORE:
        fields = ", ".join(sorted(_FIELDS))
        more = ", ".join(sorted(_MORE))
        raise Denied(f"A comment has the fields {fields} and may have {more}; nothing else.")
    if not is_id(key) or value["id"] != key:
        raise Denied("A comment's id is the key it stands under, twelve characters.")
    check_places(value, file_root)
    words = value["text"]
    if not _is_moment(value["at"]) or ("edited" in value and not _is_moment(value["edited"])):
        raise Denied("A comment's time is written as 2026-01-31T12:00:00Z.")
    if not isinstance(words, str) or not words.strip(_BLANK) or len(words) > MAX_WORDS:
        raise Denied(f"A comment has 1 to {MAX_WORDS:,} characters of text.")
    if not isinstance(value["resolved"], bool):
        raise Denied("A comment is resolved or not: true or false.")
    if "mentions" in value:
        _check_mentions(value["mentions"], words)
    if "quote" in value and not _is_quote(value["quote"]):
        raise Denied(f"A comment quotes 1 to {MAX_QUOTE} characters of what it is about, or nothing.")
    if IMPORTED in value and not _is_name(value[IMPORTED]):
        raise Denied("Who imported a comment is the name of a person.")


def is_whole(key: str, value: Any, file_root: str) -> bool:
    """Say whether a comment made elsewhere has the form that pages rely on, its writer's name too."""
    try:
        check_comment(key, value, file_root)
        by = value["by"]
        hue = by["hue"]  # a document's numbers may all be read as floats
        is_hue = isinstance(hue, int | float) and not isinstance(hue, bool) and 0 <= hue <= 359
        return is_hue and _is_name(by["id"]) and _is_name(by["name"])
    except (Denied, AttributeError, KeyError, TypeError):
        return False


def check_edit(value: dict[str, Any], before: dict[str, Any]) -> None:
    """Raise Denied unless its writer may make of the comment `before` this one, which is well-formed.

    Others answered the words that stood there: whoever changes them says so, and does not change when they were said.
    """
    if any(value.get(part) != before.get(part) for part in ("at", "file", "quote")):
        raise Denied("A comment keeps its time, its file and what it quotes; only its words may change.")
    if "edited" not in value and ("edited" in before or value["text"] != before.get("text")):
        raise Denied("A comment whose words were changed says when: in the field edited.")


def merge_edit(value: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return what its writer wants in the comment that stands there, which they had not seen: the newest words."""
    # Times sort as text, as they are written. Words that do not say when they were changed were not.
    newest = value if value.get("edited", "") > str(before.get("edited", "")) else before
    kept = {part: one for part, one in before.items() if part not in _WORDS}
    words = {part: newest[part] for part in _WORDS if part in newest}
    return {**kept, **words, "resolved": before.get("resolved") is True or value["resolved"]}


def check_places(value: dict[str, Any], file_root: str) -> None:
    """Raise Denied unless a comment says of which file it is, and between which positions."""
    file = value.get("file")
    if not isinstance(file, str) or not is_id(file):
        raise Denied("A comment's file is the id of a file.")
    for side in ("start", "end"):
        _check_position(value.get(side), file_root + file)


def _check_position(position: Any, root: str) -> None:
    try:
        if not isinstance(position, str):
            raise BadInput("A position is text.")
        place = RelativePosition.decode(position)
    except BadInput as error:
        raise Denied("A comment begins and ends at relative positions, in base64.") from error
    if place.root is not None and place.root != root:
        raise Denied("A comment begins and ends in the file it names.")


def _is_quote(text: Any) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= MAX_QUOTE


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= MAX_AUTHOR


def _is_moment(text: Any) -> bool:
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:  # the form is right and there is no such day or hour
        return False
    return True


def _check_mentions(mentions: Any, words: str) -> None:
    """Whoever is called can be read in the words: a comment calls nobody behind its readers' backs."""
    if not isinstance(mentions, list) or not 1 <= len(mentions) <= MAX_MENTIONS:
        raise Denied(f"A comment mentions 1 to {MAX_MENTIONS} people, or has no mentions.")
    seen: set[str] = set()
    for one in mentions:
        if not isinstance(one, dict) or one.keys() != {"id", "name"}:
            raise Denied("A mention is a person's id and name.")
        person, name = one["id"], one["name"]
        if not isinstance(person, str) or not is_id(person) or person in seen:
            raise Denied("A mention has the id of a person, each once.")
        if not isinstance(name, str) or not 1 <= len(name) <= MAX_NAME or f"@{name}" not in words:
            raise Denied("Whoever is mentioned is called in the words: @ and the name.")
        seen.add(person)

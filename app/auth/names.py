"""What a person may be called. Pure.

A name stands beside a caret, in links and in the audit log, so nothing invisible may hide in it.
"""

import unicodedata

from app.errors import BadInput

MAX_LOGIN = 160  # characters of a folded name: folding spells some signs out, the longest as 18 letters
MAX_NAME = 40  # characters: what a caret's label and the people list hold without cutting

# Cc control, Cf invisible and bidirectional, Cs half a character, Co/Cn nobody's, Zl/Zp line breaks.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic names, and family emoji, are spelled with these
_MARKS_IN_A_ROW = 4  # more combining marks on one character only serve to cover the lines around it


def check_name(name: str) -> str:
    """Return `name` in its one form (NFC, single spaces), or raise BadInput saying what is wrong."""
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean:
        raise BadInput("Write a name, so that others know who is typing.")
    if len(clean) > MAX_NAME:
        raise BadInput(f"A name may have at most {MAX_NAME} characters; this one has {len(clean)}.")
    if any(unicodedata.category(c) in _UNSEEN and c not in _JOINERS for c in clean):
        raise BadInput("A name may not contain control or invisible characters.")
    if not any(unicodedata.category(c)[0] in "LNSP" for c in clean):
        raise BadInput("A name needs at least one letter, digit or sign that can be seen.")
    marks = 0
    for c in clean:
        marks = marks + 1 if unicodedata.category(c).startswith("M") else 0
        if marks > _MARKS_IN_A_ROW:
            raise BadInput("A name may not pile marks on one letter.")
    return clean


def fold_name(name: str) -> str:
    """Return the form in which two sign-in names are the same: case and compatibility forms do not count."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", check_name(name)).casefold())
    if len(folded) > MAX_LOGIN:
        raise BadInput("This name has signs that stand for whole words; choose a plainer one.")
    return folded

"""Names for the identifiers that travel through the app. No logic beyond making a new one."""

import secrets
from typing import NewType

CanvasId = NewType("CanvasId", str)
FileId = NewType("FileId", str)
PersonId = NewType("PersonId", str)
RunId = NewType("RunId", str)
SuggestionId = NewType("SuggestionId", str)
InviteId = NewType("InviteId", str)

# Lower-case base 32 without look-alikes, so that an id can be read aloud and stands in a URL as it is.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 12  # 31**12 ≈ 7.9e17: a collision among a million ids is a one in a million event
SECRET_LENGTH = 26  # 31**26 > 2**128: what a link or ticket that grants something needs


def new_id() -> str:
    """Return a fresh identifier of `ID_LENGTH` characters from the alphabet above."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(ID_LENGTH))


def new_secret() -> str:
    """Return a fresh secret of at least 128 bits in the same alphabet."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(SECRET_LENGTH))


def is_id(text: str) -> bool:
    """Say whether `text` has the form that `new_id` gives."""
    return len(text) == ID_LENGTH and all(c in _ALPHABET for c in text)

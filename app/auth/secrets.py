"""How a secret is kept: only as its digest. No randomness of its own (see `app.ids.new_secret`)."""

from hashlib import sha256


def digest(secret: str) -> str:
    """Return what is stored for a secret of 128 random bits or more.

    A plain SHA-256 is right for these, since they cannot be guessed; a password never comes here.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

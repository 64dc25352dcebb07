"""The error tree. Each error is a sentence that says what to do; each edge (HTTP, socket, page) maps it once.

What must not be here: anything that knows HTTP responses, sockets or Reflex.
"""


class PolycanvasError(Exception):
    """Base of every expected error.

    `sentence` is shown to a person as it is. `status` is the HTTP status the web edge answers with, `code` the
    stable word a program can test for (the last part of the problem's `type`).
    """

    status = 500
    code = "internal"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class BadInput(PolycanvasError):
    """What was sent cannot be used; sending it again unchanged will fail again."""

    status = 400
    code = "bad-input"


class NotSignedIn(PolycanvasError):
    """Nobody is known behind the request."""

    status = 401
    code = "not-signed-in"


class Forbidden(PolycanvasError):
    """The person is known, and their role does not allow this."""

    status = 403
    code = "forbidden"


class NotFound(PolycanvasError):
    """There is no such thing, or the person may not know that there is."""

    status = 404
    code = "not-found"


class Conflict(PolycanvasError):
    """The thing changed or was decided meanwhile."""

    status = 409
    code = "conflict"


class NeedsYes(PolycanvasError):
    """It would be done if the person said yes to what it costs: the request can be sent again with that yes."""

    status = 409
    code = "needs-yes"


class TooLarge(PolycanvasError):
    """Over a named bound."""

    status = 413
    code = "too-large"


class TooMany(PolycanvasError):
    """Over a rate or a count that is bounded."""

    status = 429
    code = "too-many"


class Unavailable(PolycanvasError):
    """Something that this needs does not answer now; trying later can help."""

    status = 503
    code = "unavailable"


class SettingsError(PolycanvasError):
    """The installation's settings cannot be used; raised at start-up, before anything is opened."""

    code = "settings"

"""The codes a co-editing socket is closed with: one enum, so that both ends and the tests say the same."""

from enum import IntEnum


class CloseCode(IntEnum):
    """Application codes of WebSocket close frames. The last two digits follow the HTTP status of the same meaning."""

    MALFORMED = 4400
    BAD_TICKET = 4401
    NOT_ALLOWED = 4403
    NO_SUCH_CANVAS = 4404
    DEAD = 4408
    FOREIGN_CLIENT = 4409
    TOO_LARGE = 4413
    TOO_MANY = 4429
    UNAVAILABLE = 4503

"""Tickets: what a WebSocket shows instead of a cookie. In memory; each opens one room, once, for half a minute.

What must not be here: roles (they are looked up when the ticket is used, since they may have changed meanwhile).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.auth.secrets import digest
from app.domain.people import Person
from app.errors import NotSignedIn
from app.ids import CanvasId, new_secret

TICKET_SECONDS = 30.0
MAX_TICKETS = 20_000  # a burst of reconnections after a restart; 4 MB at most
MAX_TICKETS_EACH = 200  # of one person: many tabs reconnecting at once, yet nobody can push out everybody else's


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whose ticket it was, and the digest of the session or API token it was asked for with (None: the keyboard)."""

    person: Person
    credential: str | None


@dataclass(frozen=True, slots=True)
class _Ticket:
    person: Person
    credential: str | None
    canvas: CanvasId
    origin: str | None
    expires: float


class Tickets:
    """Issues and redeems tickets. When too many are out, the oldest (first one's own) stop working."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._out: OrderedDict[str, _Ticket] = OrderedDict()  # oldest first: all live equally long
        self._of: dict[str, OrderedDict[str, None]] = {}

    def issue(self, person: Person, canvas: CanvasId, origin: str | None, credential: str | None = None) -> str:
        """Return a ticket for `canvas`. `origin` is the asking request's Origin header, None when it had none."""
        now = self._clock()
        self._drop_expired(now)
        own = self._of.setdefault(person.id, OrderedDict())
        if len(own) >= MAX_TICKETS_EACH:
            self._take(next(iter(own)))
        elif len(self._out) >= MAX_TICKETS:
            self._take(next(iter(self._out)))
        ticket = new_secret()
        key = digest(ticket)
        self._out[key] = _Ticket(person, credential, canvas, origin, now + TICKET_SECONDS)
        self._of.setdefault(person.id, OrderedDict())[key] = None
        return ticket

    def redeem(self, ticket: str, canvas: CanvasId, origin: str | None) -> Admitted:
        """Return whose ticket this is and spend it. `origin` is the handshake's Origin header, None when absent.

        Raises NotSignedIn when it is unknown, spent or expired, or was given for another canvas or origin.
        """
        held = self._take(digest(ticket))
        if held is None or held.expires <= self._clock() or held.canvas != canvas or held.origin != origin:
            raise NotSignedIn("This ticket cannot be used (any more). Ask for a new one and connect with it at once.")
        return Admitted(held.person, held.credential)

    def __len__(self) -> int:
        return len(self._out)

    def _take(self, key: str) -> _Ticket | None:
        held = self._out.pop(key, None)
        if held is not None:
            own = self._of[held.person.id]
            del own[key]
            if not own:
                del self._of[held.person.id]
        return held

    def _drop_expired(self, now: float) -> None:
        while self._out:
            key, oldest = next(iter(self._out.items()))
            if oldest.expires > now:
                return
            self._take(key)

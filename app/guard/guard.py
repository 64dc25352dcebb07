"""The middleware in front of every event: default-deny, identity from the cookie, state bound to a session.

What must not be here: rules about canvases; anything a handler does.
"""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import reflex as rx
from reflex.middleware.middleware import Middleware
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from app.errors import BadInput
from app.guard.allow import allowance_of, check_arguments
from app.guard.asking import asker_of
from app.guard.identity import asking
from app.guard.rates import Rates
from app.services import services

if TYPE_CHECKING:
    from reflex.app import App
    from reflex.state import BaseState

log = logging.getLogger("polycanvas.guard")

MAX_BOUND = 50_000  # tabs whose session is remembered; a forgotten one starts again with an empty state
SIGN_IN = "/sign-in"
_GOODBYE_SECONDS = 0.5  # for the redirect to leave before the socket closes


def _own_events() -> frozenset[str]:
    """Return the names of Reflex's own events that a page cannot do without."""
    handlers = [State.event_handlers[name] for name in ("hydrate", "hydrate_and_load", "set_is_hydrated")]
    handlers += [OnLoadInternalState.event_handlers[name] for name in ("on_load_internal", "set_is_hydrated")]
    return frozenset(format_event_handler(handler) for handler in handlers)


class Guard(Middleware):
    """Runs before every event, Reflex's own included. Must be the first middleware."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._own = _own_events()
        self._bound: OrderedDict[str, str] = OrderedDict()

    async def preprocess(self, app: "App", state: "BaseState", event: Event) -> StateUpdate | None:
        """Return None to let the event run, an update to answer in its place."""
        root = state._get_root_state()
        headers, token = root.router_data.get("headers", {}), str(root.router_data.get("token", ""))
        asking.set(None)
        if not self._rates.take(token):
            return self._refuse(event, "too many events")
        asker = await asker_of(services(), headers.get("cookie"))
        if self._changes_hands(token, asker.session if asker else None, known=asker is not None):
            root.reset()  # type: ignore[no-untyped-call]
        asking.set(asker)
        if event.name in self._own:
            return None
        registered = RegistrationContext.get().event_handlers.get(event.name)
        allowance = allowance_of(registered.handler.fn) if registered is not None else None
        if allowance is None:
            return self._refuse(event, "not allowed from a browser")
        if asker is None and not allowance.anonymous:
            self._hang_up(app, str(root.router_data.get("sid", "")))
            redirect = Event.from_event_type(rx.redirect(SIGN_IN), router_data=event.router_data)
            return StateUpdate(events=redirect)
        try:
            check_arguments(allowance, event.payload)
        except BadInput as error:
            return self._refuse(event, error.sentence)
        return None

    def _changes_hands(self, token: str, session: str | None, *, known: bool) -> bool:
        """Bind a tab to who uses it; True when it was somebody else's, whose state must not be seen."""
        whose = hashlib.sha256((session or ("local" if known else "nobody")).encode()).hexdigest()
        before = self._bound.pop(token, None)
        self._bound[token] = whose
        while len(self._bound) > MAX_BOUND:
            self._bound.popitem(last=False)
        return before != whose

    @staticmethod
    def _refuse(event: Event, why: str) -> StateUpdate:
        log.warning("refused event %.120r: %s", event.name, why)
        return StateUpdate()

    @staticmethod
    def _hang_up(app: "App", sid: str) -> None:
        """Close the socket of somebody who is not signed in any more, so that nothing is pushed to it."""

        async def close() -> None:
            await asyncio.sleep(_GOODBYE_SECONDS)
            if app.sio is not None and app.event_namespace is not None:
                await app.sio.disconnect(sid, namespace=app.event_namespace.namespace)

        if app.sio is not None and sid:
            app.sio.start_background_task(close)


def handlers_of(state: type[Any]) -> dict[str, bool]:
    """Return each handler of a State and its substates → whether a browser may call it. For the tests' table."""
    found = {format_event_handler(h): allowance_of(h.fn) is not None for h in state.event_handlers.values()}
    for sub in state.get_substates():
        found |= handlers_of(sub)
    return found

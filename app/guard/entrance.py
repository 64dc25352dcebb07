"""What may come through Reflex's state socket at all: known events, well-formed, at a bounded rate.

Without it, Reflex writes an event that it does not know into the log, with the headers of whoever sent it: their
session cookie too. What must not be here: who may call what (guard.py).
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reflex_base.registry import RegistrationContext

from app.guard.rates import Rates

if TYPE_CHECKING:
    from reflex.app import App

log = logging.getLogger("polycanvas.guard")

MAX_NAME = 300  # characters of an event's name: ours have a hundred


def refusal(data: Any, known: Callable[[str], bool]) -> str | None:
    """Return why what came over the socket is no event of ours, None when it is one."""
    if not isinstance(data, dict) or not isinstance(name := data.get("name"), str) or len(name) > MAX_NAME:
        return "not an event"
    for part in ("payload", "router_data"):
        if not isinstance(data.get(part, {}), dict):
            return f"its {part} is not an object"
    return None if known(name) else "no such event"


def narrow_entrance(app: "App") -> None:
    """Let only known events into `app`. Call it once, after the app is made."""
    namespace = app.event_namespace
    assert namespace is not None
    rates, enter = Rates(), namespace.on_event

    async def on_event(sid: str, data: Any = None, *_: Any) -> None:
        why = refusal(data, lambda name: name in RegistrationContext.get().event_handlers)
        if why is None:
            await enter(sid, data)
        elif rates.take(sid):  # a flood of them does not become a flood in the log
            log.warning("refused %.120r: %s", data.get("name") if isinstance(data, dict) else type(data).__name__, why)

    def on_client_error(sid: str, data: Any = None, *_: Any) -> None:
        """Drop what a page says of itself: nobody reads it here, and it would be written into the log."""

    namespace.on_event = on_event  # type: ignore[method-assign]
    namespace.on_client_error = on_client_error  # type: ignore[method-assign,assignment]

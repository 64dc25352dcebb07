"""The guard: what a browser may call, as whom, and what another browser's token is worth."""

import importlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
from reflex.state import State
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from app.domain.people import Role
from app.errors import NotSignedIn
from app.guard import Guard, allowed, identity_of, maybe_identity_of, session_of
from app.guard.asking import cookie_name
from app.guard.guard import handlers_of
from app.guard.rates import BURST, Rates
from tests.server import Edge, edge


class Probe(rx.State):
    """A State as a page would have one."""

    seen: str = ""

    @rx.event
    @allowed()
    async def ask(self, name: str, times: int = 1, _note: str = "") -> None:
        self.seen = name

    @rx.event
    @allowed(anonymous=True)
    async def look(self) -> None:
        self.seen = "looked"

    @rx.event
    @allowed()
    async def send(self, form: dict[str, str]) -> None:
        self.seen = form["name"]

    @rx.event
    async def unmarked(self) -> None:
        self.seen = "reached"

    def plain_method(self) -> None:
        self.seen = "reached"


ASK = format_event_handler(Probe.ask)
LOOK = format_event_handler(Probe.look)


class Tab:
    """One browser tab: a state tree, the token it chose and the cookie of its socket's handshake."""

    def __init__(self, guard: Guard, here: Edge, token: str, session: str | None) -> None:
        self.guard = guard
        self.root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
        cookie = f"{cookie_name(here.settings)}={session}" if session else ""
        self.root.router_data = {"token": token, "sid": "s1", "headers": {"cookie": cookie}}

    @property
    def probe(self) -> Any:
        return self.root.substates[Probe.get_name()]

    async def sends(self, event: str, /, **payload: Any) -> bool:
        """Send an event; say whether its handler may run."""
        sent = Event(name=event, payload=payload)
        return await self.guard.preprocess(_App(), self.root, sent) is None  # type: ignore[arg-type]


class _App:
    sio = None
    event_namespace = None


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path, public="http://canvas.test") as found:
        yield found


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge(tmp_path) as found:
        yield found


async def test_only_marked_handlers_may_run(local: Edge) -> None:
    tab = Tab(Guard(), local, "t", None)
    assert await tab.sends(ASK, name="x")
    assert await tab.sends(ASK, name="x", times=2, _note="y")
    probe = Probe.get_full_name()
    assert not await tab.sends(f"{probe}.unmarked")
    assert not await tab.sends(f"{probe}.plain_method")
    assert not await tab.sends(f"{probe}.setvar", var_name="seen", value="x")
    assert not await tab.sends(f"{probe}.nowhere")
    assert not await tab.sends("")
    internal = State.get_full_name()
    assert not await tab.sends(f"{internal}.reflex___state____update_vars_internal_state.update_vars_internal", vars={})


@pytest.mark.parametrize(
    "payload",
    [{}, {"name": 3}, {"name": None}, {"name": "x", "times": "2"}, {"name": "x", "more": 1}, {"name": "x" * 20_001}],
)
async def test_arguments_are_what_the_handler_says(payload: dict[str, Any], local: Edge) -> None:
    assert not await Tab(Guard(), local, "t", None).sends(ASK, **payload)


async def test_a_form_is_checked_as_the_fields_that_its_handler_gets(local: Edge) -> None:
    tab, send = Tab(Guard(), local, "t", None), format_event_handler(Probe.send)
    assert await tab.sends(send, form={"__reflex_form_data__": [["name", "x"], ["other", "y"]]})
    for entries in (
        [["name", 3]],
        [["name"]],
        [3],
        3,
        {"name": "x", "more": {}},
        [["name", "x" * 20_001]],
        [[[], "x"]],
    ):
        assert not await tab.sends(send, form={"__reflex_form_data__": entries})


def test_an_argument_without_a_type_cannot_be_allowed() -> None:
    with pytest.raises(TypeError, match="give name a type"):

        @allowed()
        def handler(self: object, name) -> None:  # type: ignore[no-untyped-def]
            """Take anything."""


async def test_on_loopback_the_asker_is_the_owner(local: Edge) -> None:
    tab = Tab(Guard(), local, "t", None)
    assert await tab.sends(ASK, name="x")
    assert identity_of(tab.probe) == await local.owner()
    assert session_of(tab.probe) is None


async def test_identity_is_the_cookies_and_never_the_tokens(public: Edge) -> None:
    canvas = await public.canvas()
    guard = Guard()
    ana, session = await public.guest(canvas, Role.EDITOR, "Ana")
    tab = Tab(guard, public, "t", session)
    assert await tab.sends(ASK, name="x")
    assert identity_of(tab.probe) == ana
    # Somebody else with Ana's token and no session: may only do what anybody may, and is nobody.
    thief = Tab(guard, public, "t", None)
    assert not await thief.sends(ASK, name="x")
    with pytest.raises(NotSignedIn):
        identity_of(thief.probe)
    assert await thief.sends(LOOK)
    assert maybe_identity_of(thief.probe) is None


async def test_a_tab_that_changes_hands_is_wiped_first(public: Edge) -> None:
    canvas = await public.canvas()
    _, ana = await public.guest(canvas, Role.EDITOR, "Ana")
    _, ben = await public.guest(canvas, Role.EDITOR, "Ben")
    tab = Tab(Guard(), public, "t", ana)
    assert await tab.sends(ASK, name="x")
    tab.probe.seen = "Ana's"
    assert await tab.sends(ASK, name="x")
    assert tab.probe.seen == "Ana's"
    tab.root.router_data["headers"] = {"cookie": f"{cookie_name(public.settings)}={ben}"}
    hydrate = format_event_handler(State.event_handlers["hydrate"])
    assert await tab.sends(hydrate)
    assert tab.probe.seen == ""


async def test_a_session_that_ended_is_refused_at_the_next_event(public: Edge) -> None:
    canvas = await public.canvas()
    _, session = await public.guest(canvas, Role.EDITOR, "Ana")
    tab = Tab(Guard(), public, "t", session)
    assert await tab.sends(ASK, name="x")
    await public.services.sessions.end(session)
    assert not await tab.sends(ASK, name="x")


async def test_a_tab_that_sends_too_much_is_refused_and_others_are_not(local: Edge) -> None:
    guard = Guard()
    noisy, quiet = Tab(guard, local, "noisy", None), Tab(guard, local, "quiet", None)
    answers = [await noisy.sends(LOOK) for _ in range(int(BURST) + 40)]
    assert all(answers[: int(BURST)])
    assert not all(answers)
    assert await quiet.sends(LOOK)


def test_a_rate_fills_up_again_and_is_forgotten_in_order() -> None:
    now = 0.0
    rates = Rates(lambda: now)
    assert all(rates.take("a") for _ in range(int(BURST)))
    assert not rates.take("a")
    now = 1.0
    assert rates.take("a")


def test_every_handler_of_the_pages_is_marked_or_out_of_reach() -> None:
    importlib.import_module("app.pages")
    ours = {
        name: marked
        for name, marked in handlers_of(State).items()
        if not name.startswith("reflex___state____state.reflex___") and "probe" not in name and name.count(".") > 1
    }
    forgotten = {
        name for name, marked in ours.items() if not marked and not name.endswith((".setvar", ".set_is_hydrated"))
    }
    assert forgotten == set()

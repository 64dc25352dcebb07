"""The guard over Reflex's own socket on the real product: what an attacker with a socket can send, and that nothing
comes of it. The events are written by hand, as a hostile client would write them.
"""

import asyncio
import importlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from reflex.state import State
from reflex_base.utils.format import format_event_handler
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as dial
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.server import command, free_port

pytestmark = pytest.mark.node

SOON = 10.0  # seconds: a bound for what happens at once, under load
PASSWORD = "a long enough password"
pages = importlib.import_module("app.pages.canvases")
CREATE = format_event_handler(pages.CanvasesState.create)
LOAD = format_event_handler(pages.CanvasesState.load)
STATE = LOAD.rpartition(".")[0]
HYDRATE = format_event_handler(State.event_handlers["hydrate"])


class Installation:
    """A running server that people have to sign in to, with its owner's session."""

    def __init__(self, port: int, code: str, log: Path) -> None:
        self.base, self.port, self.log = f"http://127.0.0.1:{port}", port, log
        with httpx.Client(base_url=self.base, headers={"origin": self.base}) as client:
            body = {"code": code, "name": "Olga", "password": PASSWORD}
            client.post("/auth/set-up", json=body).raise_for_status()
            self.session = client.cookies["polycanvas"]

    def names(self) -> list[str]:
        """Return the names of the owner's canvases."""
        answer = httpx.get(f"{self.base}/api/v1/canvases", cookies={"polycanvas": self.session})
        return [canvas["name"] for canvas in answer.json()["canvases"]]


@pytest.fixture(scope="module")
def here(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder, port = tmp_path_factory.mktemp("guarded"), free_port()
    env = {"POLYCANVAS_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with command(folder=folder, port=port, env=env) as process:
        assert process.stdout is not None
        link = next(line for line in process.stdout if "/set-up?code=" in line)
        yield Installation(port, link.strip().partition("code=")[2], folder)


class Tab:
    """A hostile client: one socket, one token, any event."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def sends(self, name: Any, payload: Any = None, **more: Any) -> None:
        """Send an event."""
        event = {"name": name, "payload": payload or {}, "router_data": {"pathname": "/"}, **more}
        await self.raw("event", event)

    async def raw(self, *message: Any) -> None:
        """Send a message of Socket.IO."""
        await self._socket.send("42/_event," + json.dumps(list(message)))

    async def hears(self, wanted: str) -> str:
        """Return all that came up to and with a message that holds `wanted`."""
        heard = ""
        async with asyncio.timeout(SOON):
            while wanted not in heard:
                heard += str(await self._socket.recv())
        return heard

    async def hears_nothing_of(self, *words: str) -> None:
        """Hydrate, which is answered after all that was sent before, and see that nothing else was."""
        await self.sends(HYDRATE)
        heard = await self.hears('"is_hydrated_rx_state_":false')
        for word in words:
            assert word not in heard

    async def is_cut(self) -> None:
        """Wait for the server to close the socket."""
        async with asyncio.timeout(SOON):
            try:
                while "41/_event" not in str(await self._socket.recv()):
                    pass
            except ConnectionClosed:
                pass


@asynccontextmanager
async def _tab(
    here: Installation, token: str = "a-token", *, session: str | None = None, origin: str | None = ""
) -> AsyncIterator[Tab]:
    address = f"ws://127.0.0.1:{here.port}/_event/?EIO=4&transport=websocket&token={token}"
    headers = {} if session is None else {"cookie": f"polycanvas={session}"}
    found = here.base if origin == "" else origin
    async with dial(address, origin=found, additional_headers=headers) as socket:  # type: ignore[arg-type]
        assert str(await socket.recv()).startswith("0{")
        await socket.send("40/_event,")
        tab = Tab(socket)
        await tab.hears("40/_event")
        yield tab


async def test_the_owner_s_own_page_works(here: Installation) -> None:
    async with _tab(here, session=here.session) as tab:
        await tab.sends(HYDRATE)
        await tab.sends(LOAD)
        await tab.hears('"me_rx_state_":"Olga"')
        await tab.sends(CREATE, {"form": {"__reflex_form_data__": [["name", "By form"]]}})
        await tab.hears("/c/")
    assert "By form" in here.names()


@pytest.mark.parametrize(
    "name",
    [
        f"{STATE}.setvar",
        f"{STATE}.set_me",
        f"{STATE}.__init__",
        f"{STATE}.get_state",
        f"{STATE}._read",
        f"{STATE}.nowhere",
        "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
        "reflex___state____state.setvar",
        "_redirect",
        "",
        "x" * 5_000,
        3,
        None,
        ["a"],
    ],
)
async def test_what_is_not_marked_or_not_there_is_not_run(name: Any, here: Installation) -> None:
    async with _tab(here, session=here.session) as tab:
        await tab.sends(name, {"var_name": "me", "value": "FORGED", "vars": {"me": "FORGED"}})
        await tab.hears_nothing_of("FORGED")


@pytest.mark.parametrize(
    "message",
    [
        ("event",),
        ("event", None),
        ("event", "text"),
        ("event", '{"name": "x"}'),
        ("event", [1]),
        ("event", {"payload": {}}),
        ("event", {"name": LOAD, "payload": []}),
        ("event", {"name": LOAD, "router_data": "x"}),
        ("event", {"name": LOAD}, {"name": LOAD}),
        ("client_error", {"message": "FORGED"}),
        ("connect", {}),
        ("nothing", {}),
    ],
)
async def test_what_is_no_event_stops_nothing(message: tuple[Any, ...], here: Installation) -> None:
    async with _tab(here, session=here.session) as tab:
        await tab.raw(*message)
        await tab.hears_nothing_of("FORGED")


@pytest.mark.parametrize("origin", [None, "null", "http://evil.test", "http://127.0.0.1:1", "http://127.0.0.1.evil"])
async def test_a_foreign_page_gets_no_socket(origin: str | None, here: Installation) -> None:
    with pytest.raises(InvalidStatus):
        async with _tab(here, session=here.session, origin=origin):
            pass


async def test_without_a_session_nothing_is_done_and_the_socket_is_cut(here: Installation) -> None:
    for session in (None, "stolen-but-wrong", "x" * 5_000):
        async with _tab(here, f"token-{session and len(session)}", session=session) as tab:
            await tab.sends(CREATE, {"form": {"name": "BY NOBODY"}})
            assert "/sign-in" in await tab.hears("_redirect")
            await tab.is_cut()
    assert "BY NOBODY" not in here.names()


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("session", [None, "wrong"])
async def test_another_s_token_opens_nothing_of_theirs(session: str | None, is_there: bool, here: Installation) -> None:
    token = f"olgas-token-{session}-{is_there}"
    async with AsyncExitStack() as stack:
        async with AsyncExitStack() as olgas:
            olga = await olgas.enter_async_context(_tab(here, token, session=here.session))
            await olga.sends(HYDRATE)
            await olga.sends(LOAD)
            await olga.hears("Kiosk")
            if is_there:
                stack.push_async_exit(olgas.pop_all())
        thief = await stack.enter_async_context(_tab(here, token, session=session))
        # Also with what a page may say of itself: it is not believed.
        claims = {"token": token, "router_data": {"headers": {"cookie": f"polycanvas={here.session}"}}}
        await thief.raw("event", {"name": HYDRATE, "payload": {}, **claims})
        heard = await thief.hears('"is_hydrated_rx_state_":false')
        assert "Kiosk" not in heard
        assert "Olga" not in heard
        await thief.raw("event", {"name": CREATE, "payload": {"form": {"name": "BY A THIEF"}}, **claims})
        assert "/sign-in" in await thief.hears("_redirect")
    assert "BY A THIEF" not in here.names()


async def test_after_signing_out_the_open_socket_is_worth_nothing(here: Installation) -> None:
    async with httpx.AsyncClient(base_url=here.base, headers={"origin": here.base}) as client:
        (await client.post("/auth/sign-in", json={"name": "Olga", "password": PASSWORD})).raise_for_status()
        async with _tab(here, "leaving", session=client.cookies["polycanvas"]) as tab:
            await tab.sends(HYDRATE)
            await tab.sends(LOAD)
            await tab.hears('"me_rx_state_":"Olga"')
            (await client.post("/auth/sign-out")).raise_for_status()
            await tab.sends(CREATE, {"form": {"name": "BY A GHOST"}})
            assert "/sign-in" in await tab.hears("_redirect")
            await tab.is_cut()
    assert "BY A GHOST" not in here.names()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
async def test_uploading_is_closed(method: str, here: Installation) -> None:
    async with httpx.AsyncClient(base_url=here.base, cookies={"polycanvas": here.session}) as client:
        for path in ("/_upload", "/_upload/", "/_upload/x", "//_upload", "/%5fupload"):
            answer = await client.request(method, path, headers={"origin": here.base})
            assert answer.status_code in {404, 405} or "text/html" in answer.headers["content-type"], (path, answer)

"""The co-editing socket on a real server: tickets, origins, roles, close codes, and both ways of carrying bytes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as dial
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.client import connect
from app.collab.close_codes import CloseCode
from app.collab.ports import Disconnected
from app.domain.people import Origin, Role
from app.errors import Conflict
from app.guard.asking import cookie_name
from app.ids import CanvasId
from app.web.collab_socket import AsgiSocket
from app.web.direct import framed
from tests.server import Edge, serving

SOON = 10.0  # seconds: a bound for what happens at once, under load


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Edge]:
    async with serving(tmp_path) as found:
        yield found


@pytest.fixture
async def canvas(here: Edge) -> CanvasId:
    return await here.canvas({"a.js": "let a = 1\n"})


async def _ticket(here: Edge, canvas: CanvasId, session: str | None = None, origin: str | None = None) -> str:
    async with here.client(session, origin=origin) as client:
        answer = await client.post(f"/api/v1/canvases/{canvas}/tickets")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["path"])


def _address(here: Edge, path: str) -> str:
    return here.settings.url.replace("http", "ws", 1) + path


async def _code(socket: ClientConnection) -> int:
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(SOON):
            while True:
                await socket.recv()
    assert socket.close_code is not None
    return socket.close_code


async def test_two_clients_type_and_the_store_has_it(here: Edge, canvas: CanvasId) -> None:
    url = here.settings.url
    async with connect(url, canvas) as one, connect(url, canvas) as two:
        one.insert("a.js", 0, "// 😀 one\n")
        await two.until(lambda: two.text("a.js").startswith("// 😀 one\n"))
        two.append("a.js", "// two\n")
        await one.until(lambda: one.text("a.js").endswith("// two\n"))
        await one.saved()
        await two.saved()
    async with here.client() as client:
        read = await client.get(f"/api/v1/canvases/{canvas}/files/a.js")
    assert read.json()["text"] == "// 😀 one\nlet a = 1\n// two\n"


async def test_s3_11_a_client_under_whose_id_somebody_wrote_while_it_was_away_is_told_and_keeps_its_text(
    here: Edge, canvas: CanvasId
) -> None:
    url = here.settings.url
    _, session = await here.guest(canvas, Role.EDITOR)
    async with connect(url, canvas, client_id=7) as ana:
        await ana.saved()
        ana.drop_connection()
        ana.append("a.js", "ana's\n")  # not sent yet
        cookies = {cookie_name(here.settings): session}
        async with (
            httpx.AsyncClient(cookies=cookies) as http,
            connect(url, canvas, http=http, client_id=7) as thief,
        ):
            thief.insert("a.js", 0, "longer than that\n")
            thief.delete("a.js", 0, 17)
            await thief.saved()
            with pytest.raises(Conflict, match="not saved is in this client's own document"):
                await ana.saved(SOON)
        assert ana.text("a.js") == "let a = 1\nana's\n"
        assert not ana.is_saved


async def test_a_file_put_over_http_reaches_open_editors(here: Edge, canvas: CanvasId) -> None:
    async with connect(here.settings.url, canvas) as editor, here.client() as client:
        await client.put(f"/api/v1/canvases/{canvas}/files/a.js", json={"text": "let a = 2\n"})
        await editor.until(lambda: editor.text("a.js") == "let a = 2\n")


async def test_typing_is_one_entry_of_the_feed_a_person_and_file(here: Edge, canvas: CanvasId) -> None:
    async with connect(here.settings.url, canvas) as editor:
        for number in range(5):
            editor.append("a.js", f"// {number}\n")
            await editor.saved()
    async with here.client() as client:
        async with asyncio.timeout(SOON):
            while True:
                feed = (await client.get(f"/api/v1/canvases/{canvas}/activity")).json()["activity"]
                if feed:
                    break
        assert [(entry["kind"], entry["detail"]) for entry in feed] == [("file-edited", {"path": "a.js"})]
        assert feed[0]["by"]["name"] == "Owner"


async def test_a_ticket_works_once(here: Edge, canvas: CanvasId) -> None:
    path = await _ticket(here, canvas)
    async with dial(_address(here, path)) as first:
        await first.recv()
        async with dial(_address(here, path)) as second:
            assert await _code(second) == CloseCode.BAD_TICKET


@pytest.mark.parametrize("ticket", ["", "nonsense", "x" * 3000])
async def test_a_ticket_that_is_none_is_refused(ticket: str, here: Edge, canvas: CanvasId) -> None:
    async with dial(_address(here, f"/collab/{canvas}?ticket={ticket}")) as socket:
        assert await _code(socket) == CloseCode.BAD_TICKET


async def test_a_ticket_is_for_one_canvas(here: Edge, canvas: CanvasId) -> None:
    other = await here.canvas()
    path = (await _ticket(here, canvas)).replace(canvas, other)
    async with dial(_address(here, path)) as socket:
        assert await _code(socket) == CloseCode.BAD_TICKET


async def test_an_unknown_room_is_refused_and_not_made(here: Edge) -> None:
    for name in ("nosuchcanvas", "Xx", "%2e%2e"):
        async with dial(_address(here, f"/collab/{name}?ticket=x")) as socket:
            assert await _code(socket) in {CloseCode.NO_SUCH_CANVAS, CloseCode.BAD_TICKET}
    assert here.services.rooms.open_rooms == 0


async def test_the_handshake_comes_from_where_the_ticket_was_asked_for(here: Edge, canvas: CanvasId) -> None:
    ours = here.settings.url
    path = await _ticket(here, canvas, origin=ours)
    async with dial(_address(here, path)) as without:
        assert await _code(without) == CloseCode.BAD_TICKET
    path = await _ticket(here, canvas, origin=ours)
    async with dial(_address(here, path), origin=ours) as right:  # type: ignore[arg-type]
        await right.recv()


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.test"])
async def test_a_foreign_page_does_not_get_as_far_as_the_ticket(origin: str, here: Edge, canvas: CanvasId) -> None:
    path = await _ticket(here, canvas)
    with pytest.raises(InvalidStatus):
        await dial(_address(here, path), origin=origin)  # type: ignore[arg-type]
    async with dial(_address(here, path)) as still_good:
        await still_good.recv()


async def test_a_text_message_and_garbage_end_the_connection(here: Edge, canvas: CanvasId) -> None:
    for message in ("hello", b"\xff" * 20, b""):
        async with dial(_address(here, await _ticket(here, canvas))) as socket:
            await socket.send(message)
            assert await _code(socket) == CloseCode.MALFORMED


async def test_a_message_over_the_bound_ends_the_connection(here: Edge, canvas: CanvasId) -> None:
    async with dial(_address(here, await _ticket(here, canvas))) as socket:
        await socket.send(b"\x00\x02" + b"\x00" * 1_050_000)
        assert await _code(socket) in {CloseCode.TOO_LARGE, 1009}


async def test_a_member_who_is_taken_out_is_sent_away(here: Edge, canvas: CanvasId) -> None:
    person, session = await here.guest(canvas, Role.EDITOR)
    async with dial(_address(here, await _ticket(here, canvas, session))) as socket:
        await socket.recv()
        await here.services.canvases.remove_member(canvas, await here.owner(), person.id)
        assert await _code(socket) == CloseCode.NOT_ALLOWED


async def test_a_deleted_canvas_closes_its_sockets(here: Edge, canvas: CanvasId) -> None:
    async with dial(_address(here, await _ticket(here, canvas))) as socket:
        await socket.recv()
        async with here.client() as client:
            assert (await client.delete(f"/api/v1/canvases/{canvas}")).status_code == 204
        assert await _code(socket) == CloseCode.NO_SUCH_CANVAS


async def test_a_stop_ends_sockets_and_loses_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        canvas = await here.canvas({"a.js": ""})
        socket = await dial(_address(here, await _ticket(here, canvas)))
        await socket.recv()
        async with here.services.rooms.use(canvas) as room:
            await room.write("a.js", "kept", Origin.of(await here.owner()))
    assert await _code(socket) in {CloseCode.UNAVAILABLE, 1012}
    async with serving(tmp_path) as again:
        async with again.client() as client:
            read = await client.get(f"/api/v1/canvases/{canvas}/files/a.js")
        assert read.json()["text"] == "kept"


def test_a_frame_is_what_the_standard_says() -> None:
    for size, head in ((0, b"\x82\x00"), (125, b"\x82\x7d"), (126, b"\x82\x7e\x00\x7e"), (65535, b"\x82\x7e\xff\xff")):
        assert framed(b"x" * size) == head + b"x" * size
    assert framed(b"x" * 65536)[:10] == b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"


class _Wire:
    """One ASGI connection whose network takes messages only when told to."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.open = asyncio.Event()
        self.broken = False

    def socket(self) -> AsgiSocket:
        async def receive() -> dict[str, object]:
            return {"type": "websocket.disconnect", "code": 1005}

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "websocket.send":
                await self.open.wait()
                if self.broken:
                    raise OSError("gone")
                self.sent.append(message["bytes"])  # type: ignore[arg-type]

        scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b""}
        websocket = WebSocket(scope, receive, send)  # type: ignore[arg-type]
        websocket.application_state = websocket.client_state = websocket.application_state.CONNECTED
        return AsgiSocket(websocket)


async def test_without_direct_writing_messages_go_out_in_order_and_are_counted() -> None:
    wire = _Wire()
    socket = wire.socket()
    pump = asyncio.create_task(socket.pump())
    for number in range(5):
        socket.send(bytes([number]) * 10)
    assert socket.backlog() == 50
    wire.open.set()
    await socket.drained()
    assert wire.sent == [bytes([number]) * 10 for number in range(5)]
    assert socket.backlog() == 0
    wire.broken = True
    socket.send(b"x")
    with pytest.raises(Disconnected):
        await socket.drained()
    await pump


PASSWORD = "a long enough password"


@pytest.fixture
async def members_only(tmp_path: Path) -> AsyncIterator[Edge]:
    async with serving(tmp_path, host="0.0.0.0") as found:
        code = await found.services.accounts.new_set_up_code()
        assert code is not None
        await found.services.accounts.set_up(code, "Olga", PASSWORD)
        yield found


@pytest.mark.parametrize("how", ["sign-out", "password", "token"])
async def test_what_ends_a_session_or_token_ends_its_sockets(how: str, members_only: Edge) -> None:
    here = members_only
    canvas, owner = await here.canvas({"a.js": "x"}), await here.owner()
    mine = (await here.services.accounts.sign_in("Olga", PASSWORD, "here")).token
    other = (await here.services.accounts.sign_in("Olga", PASSWORD, "here")).token
    token, secret = await here.services.tokens.create(owner, "program")
    async with here.client(token=secret) as client:
        by_token = (await client.post(f"/api/v1/canvases/{canvas}/tickets")).json()["path"]
    async with (
        dial(_address(here, await _ticket(here, canvas, mine))) as first,
        dial(_address(here, await _ticket(here, canvas, other))) as second,
        dial(_address(here, by_token)) as third,
        here.client(other) as client,
    ):
        for socket in (first, second, third):
            await socket.recv()  # served from here on
        if how == "sign-out":
            assert (await client.post("/auth/sign-out", json={})).status_code == 200
            ends, stay = [second], [first, third]
        elif how == "password":
            answer = await client.post("/auth/password", json={"old": PASSWORD, "new": "another long one"})
            assert answer.status_code == 200, answer.text
            ends, stay = [first, second], [third]
            fresh = answer.cookies[cookie_name(here.settings)]
            async with dial(_address(here, await _ticket(here, canvas, fresh))) as again:
                await again.recv()
        else:
            await here.services.tokens.revoke(owner, token.id)
            ends, stay = [third], [first, second]
        began = asyncio.get_running_loop().time()
        for socket in ends:
            assert await _code(socket) == CloseCode.BAD_TICKET
        assert asyncio.get_running_loop().time() - began < 2.0
        assert all(socket.close_code is None for socket in stay)


@pytest.mark.parametrize("turns", range(12))
async def test_s6_3_whoever_is_removed_while_their_socket_opens_is_out(
    turns: int, here: Edge, canvas: CanvasId
) -> None:
    """The removal falls into each part of the handshake: before the ticket is used, while the role is asked, after."""
    person, session = await here.guest(canvas, Role.EDITOR)
    path = await _ticket(here, canvas, session)

    async def remove() -> None:
        for _ in range(turns):  # of the loop that the server's handshake runs in too
            await asyncio.sleep(0)
        async with here.client() as owner:
            answer = await owner.delete(f"/api/v1/canvases/{canvas}/members/{person.id}")
            assert answer.status_code == 204, answer.text

    async def join() -> int:
        async with dial(_address(here, path)) as socket:
            return await _code(socket)

    code, _ = await asyncio.gather(join(), remove())
    assert code in {CloseCode.NOT_ALLOWED, CloseCode.BAD_TICKET}
    assert here.services.rooms.sessions == 0

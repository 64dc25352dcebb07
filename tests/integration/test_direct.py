"""The short ways of a connection: every message once and in order, whichever way it came; writing until it is full."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.web.direct import TURN, Direct, DirectProtocol, NotBinary, direct, framed
from benchmarks.relay.wire import client_frame, frames, upgrade

SOON = 5.0  # seconds, under load


@dataclass
class Ear:
    """What the server's end heard of its one connection."""

    heard: list[bytes] = field(default_factory=list)
    when: list[float] = field(default_factory=list)
    wait: Callable[[bytes], float] = lambda message: 0.0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    connection: Direct | None = None
    error: BaseException | None = None

    def hear(self, message: bytes) -> float:
        self.heard.append(message)
        self.when.append(asyncio.get_running_loop().time())
        self.changed.set()
        return self.wait(message)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        self.connection = direct(scope)
        assert self.connection is not None
        try:
            await self.connection.each(self.hear)
        except Exception as error:  # noqa: BLE001  the test looks at it
            self.error = error
        self.ended.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(SOON):
            while len(self.heard) < count:
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def connected(ear: Ear) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Serve `ear` with the product's protocol; give the other end of one open WebSocket."""
    listener = socket.socket()  # made without the protocol's number, as the command's is
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(
        ear.app, interface="asgi3", ws=DirectProtocol, lifespan="off", log_config=None, ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    try:
        writer.write(upgrade("127.0.0.1", "/", ""))
        async with asyncio.timeout(SOON):
            await reader.readuntil(b"\r\n\r\n")
        yield reader, writer
    finally:
        writer.close()
        server.should_exit = True
        await serving
        listener.close()


@pytest.fixture
def ear() -> Ear:
    return Ear()


async def test_messages_come_in_order_whichever_way_they_take(ear: Ear) -> None:
    fragments = client_frame(b"in two ", 0x02) + client_frame(b"parts", 0x80)
    large = b"x" * 65_536
    head = b"\x82\xff" + len(large).to_bytes(8, "big") + b"\0\0\0\0"
    many = [b"%d" % number for number in range(3 * TURN)]
    sent = b"".join(map(client_frame, many)) + fragments + client_frame(b"y" * 300) + head + large
    sent += client_frame(b"ping", 0x89) + client_frame(b"") + client_frame(b"last")
    async with connected(ear) as (_, writer):
        writer.write(sent)
        await ear.until(len(many) + 5)
    assert ear.heard == [*many, b"in two parts", b"y" * 300, large, b"", b"last"]


async def test_a_message_may_be_cut_anywhere(ear: Ear) -> None:
    sent = client_frame(b"one") + client_frame(b"z" * 200) + client_frame(b"two")
    async with connected(ear) as (_, writer):
        for round_, cut in enumerate(range(1, len(sent)), 1):
            for part in (sent[:cut], sent[cut:]):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)  # so that the parts are read apart
            await ear.until(3 * round_)
    assert ear.heard == [b"one", b"z" * 200, b"two"] * (len(sent) - 1)


async def test_nothing_more_is_read_while_it_is_told_to_wait(ear: Ear) -> None:
    ear.wait = lambda message: 0.05
    async with connected(ear) as (_, writer):
        in_two = client_frame(b"", 0x02) + client_frame(b"b", 0x80)
        writer.write(client_frame(b"a") * 2 + in_two + client_frame(b"c") * 2)
        await ear.until(5)
    assert ear.heard == [b"a", b"a", b"b", b"c", b"c"]
    assert all(later - earlier > 0.045 for earlier, later in zip(ear.when, ear.when[1:], strict=False))


async def test_what_the_hearer_raises_ends_the_connection_with_it(ear: Ear) -> None:
    def fail(message: bytes) -> float:
        raise ValueError("not this")

    ear.wait = fail
    async with connected(ear) as (_, writer):
        writer.write(client_frame(b"a"))
        await asyncio.wait_for(ear.ended.wait(), SOON)
    assert isinstance(ear.error, ValueError)


async def test_a_text_message_is_refused_and_an_end_is_an_end(ear: Ear) -> None:
    async with connected(ear) as (_, writer):
        writer.write(client_frame(b"a") + client_frame(b"text", 0x81))
        await asyncio.wait_for(ear.ended.wait(), SOON)
    assert ear.heard == [b"a"]
    assert isinstance(ear.error, NotBinary)
    other = Ear()
    async with connected(other) as (_, writer):
        writer.write(client_frame(b"a") + client_frame(b"\x03\xe8", 0x88))
        await asyncio.wait_for(other.ended.wait(), SOON)
    assert other.heard == [b"a"]
    assert other.error is None


async def test_unmasked_bytes_are_not_taken(ear: Ear) -> None:
    async with connected(ear) as (_, writer):
        writer.write(b"\x82\x05hello")
        await asyncio.wait_for(ear.ended.wait(), SOON)
    assert ear.heard == []


async def test_an_offer_is_taken_until_the_reader_stops_reading(ear: Ear) -> None:
    async with connected(ear) as (reader, writer):
        writer.write(client_frame(b"a"))
        await ear.until(1)
        connection = ear.connection
        assert connection is not None
        message, sent = b"m" * 50_000, 0
        while connection.offer(message):
            sent += 1
        assert connection.backlog() > 0
        buffer, received = bytearray(), 0
        while received < sent:
            buffer += await asyncio.wait_for(reader.read(1 << 20), SOON)
            received += sum(1 for _ in frames(buffer))
        await asyncio.wait_for(connection.drained(), SOON)
        assert connection.backlog() == 0
        assert connection.offer(b"again")
        assert await asyncio.wait_for(reader.readexactly(7), SOON) == b"\x82\x05again"


async def test_a_lane_ends_once_the_reader_stops_reading_and_opens_again(ear: Ear) -> None:
    async with connected(ear) as (reader, writer):
        writer.write(client_frame(b"a"))
        await ear.until(1)
        connection = ear.connection
        assert connection is not None
        ends: list[int] = []
        write = connection.lane(lambda: ends.append(sent))
        assert write is not None
        frame, sent = framed(b"m" * 50_000), 0
        while not ends:
            sent += 1
            write(frame)
        assert ends == [sent]
        assert connection.lane(lambda: None) is None
        buffer, received = bytearray(), 0
        while received < sent:
            buffer += await asyncio.wait_for(reader.read(1 << 20), SOON)
            received += sum(1 for _ in frames(buffer))
        await asyncio.wait_for(connection.drained(), SOON)
        again = connection.lane(lambda: None)
        assert again is not None
        again(framed(b"again"))
        assert await asyncio.wait_for(reader.readexactly(7), SOON) == b"\x82\x05again"


async def test_a_lane_ends_with_the_connection(ear: Ear) -> None:
    async with connected(ear) as (_, writer):
        writer.write(client_frame(b"a"))
        await ear.until(1)
        connection = ear.connection
        assert connection is not None
        ended = asyncio.Event()
        assert connection.lane(ended.set) is not None
        writer.write(client_frame(b"\x03\xe8", 0x88))
        await asyncio.wait_for(ended.wait(), SOON)
        assert connection.lane(ended.set) is None


async def test_small_messages_are_not_held_back_by_the_kernel(ear: Ear) -> None:
    async with connected(ear) as (_, writer):
        writer.write(client_frame(b"a"))
        await ear.until(1)
        assert isinstance(ear.connection, DirectProtocol)
        its_socket = ear.connection.transport.get_extra_info("socket")
        assert its_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

"""A stock Yjs client in Node and our Python client in one room, over real sockets: they converge, with emoji."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from app.client import CanvasClient
from app.collab.rooms import Member, Rooms
from app.commands.frontend import tool_environment
from app.domain.people import SYSTEM, Role
from app.ids import CanvasId
from tests.fakes.canvas import ANA, BO
from tests.fakes.memory_log import MemoryLog

HERE = Path(__file__).parent
NODE_MODULES = HERE.parents[1] / ".web" / "node_modules"
CANVAS = CanvasId("canvas")


class QueuedSocket:
    """The room's socket over plain ASGI, with a task that sends what is queued."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._bytes = 0

    def send(self, frame: bytes) -> None:
        self._bytes += len(frame)
        self._queue.put_nowait(frame)

    def backlog(self) -> int:
        return self._bytes

    async def drained(self) -> None:
        await self._queue.join()

    def offer(self, frame: bytes) -> bool:
        if self._bytes:
            return False
        self.send(frame)
        return True

    def lane(self, ended: Callable[[], None]) -> None:
        return None

    async def each(self, hear: Callable[[bytes], float]) -> None:
        async for frame in self._websocket.iter_bytes():
            await asyncio.sleep(hear(frame))

    async def close(self, code: int, reason: str) -> None:
        await self._websocket.close(code, reason)

    async def pump(self) -> None:
        while True:
            frame = await self._queue.get()
            await self._websocket.send_bytes(frame)
            self._bytes -= len(frame)
            self._queue.task_done()


@asynccontextmanager
async def serving(rooms: Rooms) -> AsyncIterator[str]:
    """Serve `rooms` on a free port; the ticket says who it is. Give the address."""

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        person = {"ana": ANA, "stock": BO}[websocket.query_params["ticket"]]
        its_socket = QueuedSocket(websocket)
        pump = asyncio.create_task(its_socket.pump())
        wants_ack = websocket.query_params.get("ack") == "1"
        await rooms.serve(CANVAS, its_socket, Member(person, Role.EDITOR), wants_ack=wants_ack)
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)

    app = Starlette(routes=[WebSocketRoute("/collab/{canvas}", endpoint)])
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="websockets-sansio"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/collab"
    finally:
        await rooms.close()
        server.should_exit = True
        await running
        listener.close()


def node_folder(folder: Path) -> Path:
    """Return a folder with the client and its packages."""
    (folder / "node_modules").symlink_to(NODE_MODULES)
    shutil.copy(HERE / "stock_client.mjs", folder)
    return folder


@pytest.mark.node
async def test_s1_1_s2_1_a_stock_client_converges_with_pycrdt(tmp_path: Path) -> None:
    folder = node_folder(tmp_path)
    rooms = Rooms(MemoryLog())
    await rooms.create(CANVAS, {"main.js": "start gone end"}, SYSTEM)
    async with serving(rooms) as url:

        async def address() -> str:
            return f"{url}/{CANVAS}?ticket=ana&ack=1"

        async with CanvasClient(address) as ana:
            ana.show({"file": None})
            node = await asyncio.create_subprocess_exec(
                "node",
                "stock_client.mjs",
                url,
                CANVAS,
                ana.find("main.js"),
                "e\u0301👩‍👩‍👧 ",
                "<ana 😀>",
                cwd=folder,
                env=tool_environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            assert node.stdin is not None
            assert node.stdout is not None
            await ana.until(lambda: ana.text("main.js").startswith("e\u0301👩‍👩‍👧 start"))
            ana.append("main.js", " <ana 😀>")
            await ana.saved()
            theirs = json.loads(await asyncio.wait_for(node.stdout.readline(), 20))
            await ana.until(lambda: "gone" not in ana.text("main.js"))
            assert theirs == {"text": ana.text("main.js"), "path": "main.js"}
            assert theirs["text"] == "e\u0301👩‍👩‍👧 start  end <ana 😀>"
            await ana.until(lambda: any(state["user"]["name"] == "Bo" for state in ana.awareness.values()))
            async with rooms.use(CANVAS) as room:
                assert room.read(room.find("main.js") or "") == theirs["text"]
                await ana.until(lambda: room.get("comments"))  # it was sent after the deletion
                (comment,) = room.get("comments").values()
                assert (comment["by"]["name"], comment["text"]) == ("Bo", "é")
            node.stdin.close()
            assert await asyncio.wait_for(node.wait(), 10) == 0
            await ana.until(lambda: not ana.awareness)


async def test_the_python_client_returns_after_a_lost_connection() -> None:
    rooms = Rooms(MemoryLog())
    await rooms.create(CANVAS, {"main.js": ""}, SYSTEM)
    async with serving(rooms) as url:

        async def address() -> str:
            return f"{url}/{CANVAS}?ticket=ana&ack=1"

        async with CanvasClient(address) as one, CanvasClient(address) as two:
            one.append("main.js", "a")
            await one.saved()
            one.drop_connection()
            await one.until(lambda: not one.is_saved)
            one.append("main.js", "b")
            assert not one.is_saved
            await one.saved()
            assert one.connections == 2
            await two.until(lambda: two.text("main.js") == "ab")
            one.insert("main.js", 1, "é")
            one.delete("main.js", 0, 1)
            await two.until(lambda: two.text("main.js") == "éb")
            await rooms.change_role(CANVAS, ANA.id, Role.VIEWER)
            await two.until(lambda: two.role == "viewer")
            two.append("main.js", "no")
            await two.until(lambda: two.denied)
            assert not two.is_saved

"""A live canvas in Python: a local document that follows the server's, through reconnects, and knows what is saved.

What must not be here: server code, and the HTTP API beyond the ticket that opens the socket.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import httpx
from pycrdt import Doc, Map, Text
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.client import wire
from app.errors import Conflict, NotFound, PolycanvasError, Unavailable

logger = logging.getLogger(__name__)
FIRST_RETRY, LAST_RETRY = 0.1, 5.0  # seconds: a restart is over soon; a longer absence is asked after politely
_FINAL = {4400, 4403, 4404, 4413}  # close codes after which connecting again would end the same way

Address = Callable[[], Awaitable[str]]


def connect(
    url: str,
    canvas: str,
    *,
    token: str | None = None,
    http: httpx.AsyncClient | None = None,
    client_id: int | None = None,
) -> "CanvasClient":
    """Return a client of one canvas of the server at `url` (http or https, no trailing slash).

    `token` is a personal token; `http` is used instead when given (it may carry a session cookie). Use the client
    as an asynchronous context: it is connected and up to date within.
    """

    async def address() -> str:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        route = f"{url}/api/v1/canvases/{canvas}/tickets"
        if http is not None:
            answer = await http.post(route, headers=headers)
        else:
            async with httpx.AsyncClient() as once:
                answer = await once.post(route, headers=headers)
        if answer.status_code == 404:
            raise NotFound("There is no such canvas on this server.")
        answer.raise_for_status()
        path = answer.json()["path"]
        return f"ws{url.removeprefix('http')}{path}{'&' if '?' in path else '?'}ack=1"

    return CanvasClient(address, client_id=client_id)


class CanvasClient:
    """One page's worth of a canvas, without the page.

    `address` gives a fresh socket address (with ticket and `ack=1`) each time. Offsets in `insert` and `delete` are
    Python characters. `awareness` is client id → state of everybody else; `role` and `read_only` are what the server
    said last; `denied` collects its refusals; `ended` is why the client gave up, or None.
    """

    def __init__(self, address: Address, *, client_id: int | None = None) -> None:
        self.doc: Doc[Any] = Doc(client_id=client_id)
        self.awareness: dict[int, dict[str, Any]] = {}
        self.role: str | None = None
        self.read_only: str | None = None
        self.denied: list[str] = []
        self.ended: PolycanvasError | None = None
        self.connections = 0
        self._address = address
        self._socket: ClientConnection | None = None
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._state: dict[str, Any] | None = None
        self._state_clock = 0
        self._is_applying = False
        self._sent = self._acked = 0  # of this connection
        self._is_synced = self._has_answered = False
        self._has_written = False
        self._early: list[bytes] = []  # what was relayed before the server's answer
        self._is_dirty = False  # changed while not connected: the next answer to step 1 carries it
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._subscription = self.doc.observe(self._on_update)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        try:
            await self.synced()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Leave the canvas. What is not saved is only in `doc`."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def synced(self, within: float = 30.0) -> None:
        """Return once all that the server has is here. Raises what ended the client, or TimeoutError."""
        await self.until(lambda: self._is_synced, within)

    async def saved(self, within: float = 30.0) -> None:
        """Return once all that was changed here is on the server's disk. Raises as `synced`."""
        await self.until(lambda: self.is_saved, within)

    @property
    def is_saved(self) -> bool:
        """True when the server has said that it keeps every change made here."""
        return self._has_answered and not self._is_dirty and self._acked >= self._sent

    async def until(self, condition: Callable[[], object], within: float = 30.0) -> None:
        """Return once `condition` holds, looking again after every change. Raises as `synced`."""
        async with asyncio.timeout(within):
            while not condition():
                if self.ended is not None:
                    raise self.ended
                self._changed.clear()
                await self._changed.wait()

    def drop_connection(self) -> None:
        """Cut the connection as a failing network would; the client connects again by itself."""
        if self._socket is not None:
            self._socket.transport.abort()

    # The canvas

    def files(self) -> dict[str, str]:
        """Return file id → path, sorted by path."""
        entries = self.doc.get("files", type=Map).to_py() or {}
        return dict(sorted(((file, entry["path"]) for file, entry in entries.items()), key=lambda pair: pair[1]))

    def find(self, path: str) -> str:
        """Return the id of the file with this path. Raises NotFound."""
        for file, its_path in self.files().items():
            if its_path == path:
                return file
        raise NotFound(f"There is no file {path} in this canvas.")

    def text(self, path: str) -> str:
        """Return a file's text."""
        return str(self._text(path))

    def insert(self, path: str, at: int, text: str) -> None:
        """Insert `text` before the `at`-th character."""
        shared = self._text(path)
        shared.insert(len(str(shared)[:at].encode()), text)

    def append(self, path: str, text: str) -> None:
        """Insert `text` at the end."""
        shared = self._text(path)
        shared.insert(len(shared), text)

    def delete(self, path: str, start: int, end: int) -> None:
        """Delete the characters from `start` up to `end`."""
        shared = self._text(path)
        text = str(shared)
        del shared[len(text[:start].encode()) : len(text[:end].encode())]

    def show(self, state: dict[str, Any] | None) -> None:
        """Show others a caret, a file, a selection; the server adds who it is. None: take it away."""
        self._state = state
        self._state_clock += 1
        if self._socket is not None:
            self._outgoing.put_nowait(wire.awareness(self.doc.client_id, self._state_clock, state))

    def _text(self, path: str) -> Text:
        text: Text = self.doc.get(f"file:{self.find(path)}", type=Text)
        return text

    # The connection

    async def _run(self) -> None:
        wait = FIRST_RETRY
        while self.ended is None:
            try:
                async with open_websocket(await self._address(), max_size=None, compression=None) as socket:
                    wait = FIRST_RETRY
                    await self._talk(socket)
            except (OSError, httpx.HTTPError, InvalidHandshake, TimeoutError, Unavailable) as error:
                logger.info("not connected: %s", error)
            except PolycanvasError as error:
                self.ended = error
            finally:
                self._socket = None
                self._is_synced = self._has_answered = False
                self._changed.set()
            if self.ended is None:
                await asyncio.sleep(wait)
                wait = min(wait * 2, LAST_RETRY)

    async def _talk(self, socket: ClientConnection) -> None:
        self._outgoing = asyncio.Queue()
        self._sent = self._acked = 0
        self._socket = socket
        self.connections += 1
        self.awareness.clear()
        self._early.clear()
        if self._has_written:  # somebody may have written under this id meanwhile: heard before anything of theirs
            self._outgoing.put_nowait(wire.own(self.doc.client_id))
        self._outgoing.put_nowait(wire.sync(wire.STEP1, self.doc.get_state()))
        if self._state is not None:
            self.show(self._state)
        sender = asyncio.create_task(self._send(socket))
        try:
            async for frame in socket:
                if isinstance(frame, bytes):
                    self._take(frame)
                    self._changed.set()
        except ConnectionClosed:
            pass
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        if socket.close_code in _FINAL:
            raise PolycanvasError(socket.close_reason or f"The server closed the canvas ({socket.close_code}).")

    async def _send(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(await self._outgoing.get())

    def _take(self, frame: bytes) -> None:
        number, step, payload = wire.read(frame)
        if number == wire.SYNC and step == wire.STEP1:
            self._count(wire.sync(wire.STEP2, self.doc.get_update(payload)))
            self._has_answered = True
            self._is_dirty = False
        elif number == wire.SYNC and step == wire.UPDATE and not self._is_synced:
            self._early.append(payload)
        elif number == wire.SYNC:
            self._is_applying = True
            try:
                for update in (payload, *self._early):
                    self.doc.apply_update(update)
            finally:
                self._is_applying = False
            self._early.clear()
            self._is_synced = True
        elif number == wire.AWARENESS:
            for client, state in wire.read_awareness(payload).items():
                if state is None:
                    self.awareness.pop(client, None)
                elif client != self.doc.client_id:
                    self.awareness[client] = state
        elif number == wire.AUTH:
            self.denied.append(wire.read_denied(payload))
        elif number == wire.ACK:
            self._acked = wire.read_ack(payload)
        elif number == wire.STATUS:
            status = wire.read_status(payload)
            self.role = status.get("role", self.role)
            self.read_only = status.get("read_only", self.read_only)
            if "stuck" in status:
                raise Conflict(f"{status['stuck']} What is not saved is in this client's own document.")

    def _count(self, frame: bytes) -> None:
        self._sent += 1
        self._outgoing.put_nowait(frame)

    def _on_update(self, event: Any) -> None:
        if not self._is_applying:
            self._has_written = True
            if self._socket is not None:
                self._count(wire.sync(wire.UPDATE, event.update))
            else:
                self._is_dirty = True
        self._changed.set()

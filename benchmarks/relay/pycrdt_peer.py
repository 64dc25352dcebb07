"""pycrdt-websocket on uvicorn with its SQLite store: run by its own interpreter, `pycrdt_peer.py PORT FILE`."""

import asyncio
import sys

import uvicorn
from pycrdt.store import SQLiteYStore
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom


class Store(SQLiteYStore):
    db_path = sys.argv[2]


class Server(WebsocketServer):
    async def get_room(self, name: str) -> YRoom:
        if name not in self.rooms:
            self.rooms[name] = YRoom(ready=self.rooms_ready, ystore=Store(name), log=self.log)
        room = self.rooms[name]
        await self.start_room(room)
        return room


async def main() -> None:
    server = Server()
    app = ASGIServer(server)
    config = uvicorn.Config(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
    async with server:
        await uvicorn.Server(config).serve()


asyncio.run(main())

"""A real OpenAI-compatible server on loopback whose answers a test writes, chunk by chunk if it likes.

`python -m tests.scripted_models --port N` runs it with a canned answer for trying things out by hand.
What must not be here: anything of the product. It is HTTP over asyncio streams, so that it can also misbehave.
"""

import argparse
import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

MAX_BODY = 4_000_000  # bytes of a request: more than any prompt of ours


@dataclass
class Call:
    """One chat request as it came, and the levers on its answer. A handler drives it; the test may hold it too."""

    body: dict[str, Any]
    headers: dict[str, str]
    writer: asyncio.StreamWriter
    closed: asyncio.Event = field(default_factory=asyncio.Event)  # set when the client let go of the connection
    started: bool = False

    @property
    def prompt(self) -> str:
        """All that was sent, system and user, as one text."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    async def raw(self, text: str) -> None:
        """Send `text` as it is into the event stream."""
        await self._start()
        payload = text.encode()
        self.writer.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
        await self.writer.drain()

    async def say(self, text: str) -> None:
        """Send one piece of the answer."""
        await self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}}]})

    async def finish(self, tokens_in: int = 100, tokens_out: int = 20, reason: str = "stop") -> None:
        """End the answer properly, with usage."""
        await self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
        await self._event({"choices": [], "usage": usage})
        await self.raw("data: [DONE]\n\n")
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def fail(self, status: int, message: str = "scripted failure") -> None:
        """Answer with an HTTP error instead of a stream."""
        self.started = True
        self.writer.write(_response(status, {"error": {"message": message, "type": "scripted", "code": status}}))
        await self.writer.drain()

    def drop(self) -> None:
        """Cut the connection where it is."""
        self.started = True
        self.writer.transport.abort()

    async def _event(self, value: dict[str, Any]) -> None:
        whole = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": self.body["model"], **value}
        await self.raw(f"data: {json.dumps(whole)}\n\n")

    async def _start(self) -> None:
        if not self.started:
            self.started = True
            self.writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
                b"Connection: close\r\n\r\n"
            )


Handler = Callable[[Call], Awaitable[None]]


def answer(text: str, *, tokens_in: int = 100, tokens_out: int = 20, pieces: int = 7) -> Handler:
    """Return a handler that streams `text` in pieces of a few characters and ends properly."""

    async def handle(call: Call) -> None:
        for at in range(0, len(text), pieces):
            await call.say(text[at : at + pieces])
        await call.finish(tokens_in, tokens_out)

    return handle


def status(code: int) -> Handler:
    """Return a handler that answers with an HTTP error."""

    async def handle(call: Call) -> None:
        await call.fail(code)

    return handle


async def silent(call: Call) -> None:
    """Never answer; wait until the client gives up."""
    await call.closed.wait()


async def garbage(call: Call) -> None:
    """Stream what is no JSON."""
    await call.raw("data: {this is : not json\n\n")
    await call.raw("data: [DONE]\n\n")
    call.writer.write(b"0\r\n\r\n")
    await call.writer.drain()


def midway(text: str) -> Handler:
    """Return a handler that says `text` and then cuts the connection."""

    async def handle(call: Call) -> None:
        await call.say(text)
        call.drop()

    return handle


class ScriptedModels:
    """The server. `handlers` maps a model's name to what it does; `calls` keeps every chat request."""

    def __init__(self, handlers: dict[str, Handler] | None = None) -> None:
        self.handlers: dict[str, Handler] = handlers or {}
        self.calls: list[Call] = []
        self.arrived = asyncio.Condition()
        self.models_response: bytes | None = None  # set to misbehave on /v1/models
        self.port = 0
        self._questions = 0

    @property
    def address(self) -> str:
        """The base address for an OpenAI client."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def call(self, count: int = 1) -> Call:
        """Wait until `count` chat requests came and return the last of them."""
        async with asyncio.timeout(20), self.arrived:
            await self.arrived.wait_for(lambda: len(self.calls) >= count)
        return self.calls[count - 1]

    async def asked(self, count: int) -> None:
        """Wait until /v1/models was asked `count` times."""
        async with asyncio.timeout(20), self.arrived:
            await self.arrived.wait_for(lambda: self._questions >= count)

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["ScriptedModels"]:
        """Serve on loopback until the block ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for call in self.calls:
                call.closed.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client let go: what many tests are about
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = head.split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (item.partition(":") for item in rest if item)}
        body = await reader.readexactly(min(int(headers.get("content-length", 0)), MAX_BODY))
        path = line.split(" ")[1]
        if path == "/v1/models":
            listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.handlers]}
            async with self.arrived:
                self._questions += 1
                self.arrived.notify_all()
            writer.write(self.models_response or _response(200, listed))
            await writer.drain()
        elif path == "/v1/chat/completions":
            await self._chat(Call(json.loads(body), headers, writer), reader)
        else:
            writer.write(_response(404, {"error": {"message": f"no such path {path}"}}))
            await writer.drain()

    async def _chat(self, call: Call, reader: asyncio.StreamReader) -> None:
        self.calls.append(call)
        async with self.arrived:
            self.arrived.notify_all()
        handler = self.handlers.get(call.body["model"], status(404))

        async def watch() -> None:
            with contextlib.suppress(ConnectionError):
                await reader.read(1)  # the client sends nothing more: this returns when it closes
            call.closed.set()

        watching = asyncio.create_task(watch())
        try:
            await handler(call)
        finally:
            watching.cancel()
            call.closed.set()


def _response(code: int, value: Any) -> bytes:
    body = json.dumps(value).encode()
    head = f"HTTP/1.1 {code} Scripted\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


# What the canned model knows to be wrong: a pattern, what it becomes, and why. Enough for a demonstration.
_KNOWN_FAULTS = (
    (r"(?<![=!<>])==(?!=)", "===", 'Compare with === so that 1 and "1" stay different.'),
    (r"\bvar\b", "const", "Use const: var leaks out of its block."),
    (r"\bconsole\.log\((.*)\);?", r"console.info(\1);", "Say what kind of message it is."),
    (r"\bcolour\b", "color", "CSS spells it color."),
)


async def demo(call: Call) -> None:
    """Answer sensibly without a model: fix the first known fault, say what a file is, or write a greeting."""
    text, selected = _fenced(str(call.body["messages"][-1]["content"]))
    if "<<<<<<<" not in call.prompt:
        return await answer(f"These are {len(selected.splitlines())} lines; the first is `{selected[:60].strip()}`.")(
            call
        )
    if not text.strip():
        return await answer("````\n<h1>Hello</h1>\n````\n")(call)
    for line in selected.splitlines():
        for pattern, better, why in _KNOWN_FAULTS:
            if (fixed := re.sub(pattern, better, line)) != line and text.splitlines().count(line) == 1:
                block = f"<<<<<<< SEARCH\n{line}\n=======\n{fixed}\n>>>>>>> REPLACE\n"
                return await answer(f"{why}\n\n{block}", tokens_in=len(text) // 3, tokens_out=60)(call)
    return await answer("Nothing is wrong here.")(call)


def _fenced(prompt: str) -> tuple[str, str]:
    """Return what stands in the first document fence (the file) and in the last (the selection, or the file)."""
    found = re.findall(r"<document-(\w+)>\n(.*?)\n</document-\1>", prompt, re.DOTALL)
    return (found[0][1], found[-1][1]) if found else ("", "")


async def main() -> None:
    """Serve the canned model until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=11434)
    port = parser.parse_args().port
    async with ScriptedModels({"scripted-coder": demo}).running(port) as server:
        print(f"scripted-coder answers on {server.address}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())

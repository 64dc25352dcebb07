"""Servers on this machine are found by /v1/models, and whatever else listens there does no harm."""

import asyncio
import json

import pytest

from app.assistant.catalog import Catalog
from app.assistant.discovery import MAX_ANSWER, MAX_MODELS, Answer, Server, discover, servers
from tests.scripted_models import ScriptedModels, answer

# Seconds. Not what anything may take: what never comes is a failure all the same.
PATIENCE = 120.0


async def ask(server: ScriptedModels, name: str = "test") -> Answer:
    (found,) = await discover([Server(name, f"http://127.0.0.1:{server.port}")])
    return found


def http(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n".encode() + body


async def test_models_are_found_and_those_that_do_not_write_text_left_out() -> None:
    async with ScriptedModels({"qwen2.5-coder:7b": answer("x"), "nomic-embed-text": answer("x")}).running() as server:
        (found,) = (await ask(server, "ollama")).deployments
    assert (found.id, found.model) == ("ollama/qwen2.5-coder:7b", "openai/qwen2.5-coder:7b")
    assert (found.local, found.open, found.usd(10, 10)) == (True, True, 0.0)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (http(b"<html>my app</html>"), "no model server"),
        (http(b"[1]"), "no model server"),
        (http(b'{"data": 3}'), "no model server"),
        (http(b"[" * 100_000), "no model server"),
        (http(b"no", "404 Not Found"), "HTTP 404"),
        (http(b"", "302 Found", "Location: http://127.0.0.1:1/v1/models\r\n"), "HTTP 302"),
        (http(b" " * (MAX_ANSWER + 10)), "too long"),
        (b"garbage\r\n\r\n", "Nothing answers"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "Nothing answers"),
    ],
    ids=["html", "list", "number", "deep", "404", "redirect", "long", "garbage", "cut"],
)
async def test_whatever_else_answers_is_a_sentence(raw: bytes, why: str) -> None:
    async with ScriptedModels().running() as server:
        server.models_response = raw
        found = await ask(server)
    assert found.deployments == ()
    assert why in (found.why_not or "")


async def test_entries_are_checked_and_bounded() -> None:
    entries = [{"id": 7}, "x", {"id": "a\nb"}, {"id": "x" * 500}, {"id": "ok", "max_model_len": 4096}]
    body = json.dumps({"data": entries + [{"id": f"m{n}"} for n in range(100)]}).encode()
    async with ScriptedModels().running() as server:
        server.models_response = http(body)
        found = (await ask(server)).deployments
    assert (found[0].name, found[0].context) == ("ok", 4096)
    assert len(found) == MAX_MODELS - 4


async def test_silent_servers_are_asked_at_once_and_given_up() -> None:
    """None of them ever answers. When the first was let go of, all had been asked: nobody waited for another."""
    asked, asked_when_let_go = 0, asyncio.Queue[int]()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        await reader.read()  # until the connection is closed from over there
        asked_when_let_go.put_nowait(asked)
        writer.close()

    listening = [await asyncio.start_server(silent, "127.0.0.1", 0) for _ in range(4)]
    found = await discover([Server("s", f"http://127.0.0.1:{s.sockets[0].getsockname()[1]}") for s in listening])
    async with asyncio.timeout(PATIENCE):
        assert [await asked_when_let_go.get() for _ in listening] == [len(listening)] * len(listening)
    for server in listening:
        server.close()
    assert all("Nothing answers" in (a.why_not or "") for a in found)


def test_the_usual_ports_and_the_named_addresses_are_asked_once_each() -> None:
    asked = servers(["http://10.0.0.5:9000/v1/", "http://127.0.0.1:11434"])
    assert [s.name for s in asked] == ["ollama", "lm-studio", "llama.cpp", "vllm", "10.0.0.5:9000"]
    assert asked[-1].address == "http://10.0.0.5:9000"


async def test_a_server_that_starts_later_is_found_by_watching() -> None:
    async with ScriptedModels({"late": answer("x")}).running() as server:
        server.models_response = http(b"{}")
        place = Server("test", f"http://127.0.0.1:{server.port}")
        catalog = Catalog([], [place], {}, interval=0.02)
        watching = asyncio.create_task(catalog.watch())
        try:
            async with asyncio.timeout(PATIENCE):
                await server.asked(1)
                server.models_response = None
                await server.asked(3)  # the second question was answered before the third was put
        finally:
            watching.cancel()
    assert (await catalog.deployments())[0].id == "test/late"

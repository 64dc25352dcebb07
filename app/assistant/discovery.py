"""Finds model servers on this machine: any that answers the OpenAI form of /v1/models.

What must not be here: addresses that a person of a canvas gave. Those asked are this machine's usual ports and what
the installation's settings name.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from app.assistant.deployment import Deployment

SECONDS = 1.0  # a server on this machine answers within milliseconds, or is busy loading: it is asked again later
MAX_ANSWER = 262_144  # bytes: hundreds of models; whatever else listens on these ports may send what it likes
MAX_MODELS = 50  # per server
MAX_SERVERS = 16

USUAL: tuple[tuple[str, str], ...] = (
    ("ollama", "http://127.0.0.1:11434"),
    ("lm-studio", "http://127.0.0.1:1234"),
    ("llama.cpp", "http://127.0.0.1:8080"),
    ("vllm", "http://127.0.0.1:8000"),
)
_NAME = re.compile(r"[\w.:/@+ -]{1,200}")
_OTHER_KINDS = re.compile(r"embed|rerank|whisper|tts|bge-|nomic|clip|guard", re.IGNORECASE)  # they do not write text


@dataclass(frozen=True, slots=True)
class Server:
    """A place to ask. `address` has no path."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: its models, or (for one that the settings name) the sentence why there are none."""

    server: Server
    deployments: tuple[Deployment, ...] = ()
    why_not: str | None = None


def servers(named: Sequence[str] = (), usual: Sequence[tuple[str, str]] = USUAL) -> list[Server]:
    """Return what to ask: the usual ports and the addresses from the settings, each once."""
    found = {address: Server(name, address) for name, address in usual}
    for address in named:
        base = address.rstrip("/").removesuffix("/v1")
        found.setdefault(base, Server(urlsplit(base).netloc or base, base))
    return list(found.values())[:MAX_SERVERS]


async def discover(asked: Sequence[Server]) -> list[Answer]:
    """Ask every server at once and return what each said within SECONDS, in the order asked. Never raises."""
    # No proxy from the environment, no redirect: a question for this machine stays on it.
    limits = httpx.Limits(max_connections=MAX_SERVERS)
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=SECONDS, limits=limits) as client:
        return list(await asyncio.gather(*(_ask(client, server) for server in asked)))


async def _ask(client: httpx.AsyncClient, server: Server) -> Answer:
    try:
        async with asyncio.timeout(2 * SECONDS), client.stream("GET", f"{server.address}/v1/models") as response:
            if response.status_code != 200:
                return Answer(server, why_not=f"{server.address} answered with HTTP {response.status_code}.")
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MAX_ANSWER:
                    return Answer(server, why_not=f"{server.address} sent a list that is too long.")
        value = json.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        return Answer(server, why_not=f"Nothing answers at {server.address}; start the model server there.")
    except (ValueError, RecursionError):
        return Answer(server, why_not=f"What answers at {server.address} is no model server.")
    entries = value.get("data") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        return Answer(server, why_not=f"What answers at {server.address} is no model server.")
    found = [_deployment(server, entry) for entry in entries[:MAX_MODELS]]
    return Answer(server, tuple(deployment for deployment in found if deployment is not None))


def _deployment(server: Server, entry: object) -> Deployment | None:
    if not isinstance(entry, dict):
        return None
    name = entry.get("id")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or _OTHER_KINDS.search(name):
        return None
    context = entry.get("max_model_len")  # vLLM says it; the others do not
    return Deployment(
        id=f"{server.name}/{name}",
        name=name,
        provider=server.name,
        model=f"openai/{name}",
        address=f"{server.address}/v1",
        open=True,
        local=True,
        context=context if isinstance(context, int) and context > 0 else None,
    )

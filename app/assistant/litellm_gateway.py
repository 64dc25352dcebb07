"""The one door to litellm: imported on the first call, in a thread, and told to stay off the network by itself.

What must not be here: routing, fallbacks, prompts. What litellm raises becomes ModelFailed here and nowhere else.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from types import ModuleType
from typing import Any

import httpx

from app.assistant.deployment import Deployment
from app.assistant.gateway import Chunk, FailureKind, Message, ModelFailed, Usage
from app.domain.routing import Effort

CLOSE_SECONDS = 1.0  # a stopped call must have let go of the provider by then; it is dropped if closing takes longer


def _load() -> ModuleType:
    # Its price list would be fetched at import, and a tokeniser at the first count: both are calls home.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # else it reads a .env file from wherever it was started
    import litellm

    litellm.telemetry = False
    litellm.disable_hf_tokenizer_download = True
    litellm.suppress_debug_info = True
    litellm.drop_params = True  # a provider that knows no effort gets none, rather than refusing the call
    litellm.disable_aiohttp_transport = True  # one HTTP client in the process, httpx, and its exact errors
    # A table of equal cells is no fault, and our own bounds end a stream.
    setattr(litellm, "REPEATED_STREAMING_CHUNK_LIMIT", 10**9)  # noqa: B010 - litellm does not export it
    _rehearse(litellm)
    return litellm


def _rehearse(litellm: ModuleType) -> None:
    """Ask for nothing and get a made-up answer, without a network: litellm imports half of itself in a first call."""
    words = [{"role": "user", "content": "ready?"}]
    for _ in litellm.completion(
        model="openai/nobody", messages=words, stream=True, mock_response="yes", api_key="none"
    ):
        pass


class LitellmGateway:
    """Streams through litellm's SDK; one instance serves all calls."""

    def __init__(self) -> None:
        self._litellm: ModuleType | None = None
        self._loading = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """See Gateway.ready."""
        return self._litellm is not None

    async def prepare(self) -> None:
        """See Gateway.prepare."""
        await self.load()

    async def load(self) -> ModuleType:
        """Return litellm, imported in a thread the first time (3 s; on a busy machine, 20)."""
        async with self._loading:
            if self._litellm is None:
                self._litellm = await asyncio.to_thread(_load)
        return self._litellm

    async def stream(
        self,
        deployment: Deployment,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        timeout: float,  # noqa: ASYNC109 - between chunks, not of the whole: a time-out block cannot say that
        effort: Effort,
    ) -> AsyncGenerator[Chunk]:
        """See Gateway.stream."""
        litellm = await self.load()
        upstream: Any = None
        try:
            async with asyncio.timeout(timeout):
                upstream = await litellm.acompletion(**_arguments(deployment, messages, max_tokens, timeout, effort))
            pieces = upstream.__aiter__()
            while True:
                async with asyncio.timeout(timeout):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                chunk = _chunk(deployment, piece)
                if chunk is not None:
                    yield chunk
        except TimeoutError as error:
            sentence = f"{deployment.name} did not answer within {timeout:.0f} s."
            raise ModelFailed(sentence, "time-out") from error
        except (litellm.exceptions.openai.OpenAIError, httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise _failure(litellm, deployment, error, timeout) from error
        finally:
            if upstream is not None:
                await _close(upstream)


def _arguments(
    deployment: Deployment, messages: Sequence[Message], max_tokens: int, timeout: float, effort: Effort
) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": deployment.model,
        "messages": [{"role": m.role, "content": m.text} for m in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": max_tokens,
        "timeout": timeout,
        # Trying again is the run's decision: litellm's own retries would delay a fallback by seconds.
        "num_retries": 0,
        "max_retries": 0,
        # A server without a key still gets a header; without this litellm would look for somebody else's key.
        "api_key": deployment.key or "none",
    }
    if deployment.address is not None:
        arguments["api_base"] = deployment.address
    if deployment.reasons:
        arguments["reasoning_effort"] = effort
    return arguments


def _chunk(deployment: Deployment, piece: Any) -> Chunk | None:
    usage = getattr(piece, "usage", None)
    if usage is not None and (usage.prompt_tokens or usage.completion_tokens):
        tokens_in, tokens_out = int(usage.prompt_tokens or 0), int(usage.completion_tokens or 0)
        return Chunk(usage=Usage(tokens_in, tokens_out, deployment.usd(tokens_in, tokens_out), exact=True))
    if not piece.choices:
        return None
    choice = piece.choices[0]
    text = choice.delta.content if choice.delta is not None else None
    if not text and choice.finish_reason is None:
        return None
    return Chunk(text=text if isinstance(text, str) else "", finish=choice.finish_reason)


async def _close(upstream: Any) -> None:
    """Close the connection to the provider, shielded from the cancelling that brought us here."""

    async def close() -> None:
        async with asyncio.timeout(CLOSE_SECONDS):
            await upstream.aclose()

    closing = asyncio.create_task(close())
    cancelled: asyncio.CancelledError | None = None
    while not closing.done():
        try:
            await asyncio.wait({closing})
        except asyncio.CancelledError as error:
            cancelled = error  # passed on below; CLOSE_SECONDS bounds how long it has to wait
    if cancelled is not None:
        raise cancelled
    failure = closing.exception()
    if failure is not None and not isinstance(failure, TimeoutError):
        raise failure


def _failure(litellm: ModuleType, deployment: Deployment, error: Exception, timeout: float) -> ModelFailed:
    """Return what `error` means for a person. Never its text: providers put keys and prompts into theirs."""
    name, kinds = deployment.name, litellm.exceptions
    key = f"check {deployment.key_name}" if deployment.key_name else "check its key in models.toml"
    table: tuple[tuple[Any, str, FailureKind], ...] = (
        (kinds.Timeout, f"{name} did not answer within {timeout:.0f} s.", "time-out"),
        ((kinds.AuthenticationError, kinds.PermissionDeniedError), f"{name} refused the key; {key}.", "refused"),
        (kinds.NotFoundError, f"The server of {name} does not know this model; check its name.", "refused"),
        (kinds.RateLimitError, f"{name} has had too many requests; it is left alone for a while.", "rate"),
        (kinds.ContextWindowExceededError, f"The text is too long for {name}.", "too-long"),
        (kinds.BadRequestError, f"{name} declined the request.", "declined"),
        (kinds.InternalServerError, f"The server of {name} failed.", "unreachable"),
    )
    for kind, sentence, word in table:
        if isinstance(error, kind):
            return ModelFailed(sentence, word)
    # What went wrong in the middle of a stream is wrapped, twice even, in errors that say only that: look inside.
    inner = list(_chain(error))
    if any(isinstance(e, httpx.RemoteProtocolError | httpx.ReadError) for e in inner):
        return ModelFailed(f"{name} broke off midway.", "broken-off")
    if any(isinstance(e, ValueError | KeyError | TypeError) for e in inner):
        return ModelFailed(f"{name} sent something that is not an answer.", "garbage")
    return ModelFailed(f"{name} cannot be reached.", "unreachable")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    ahead: list[BaseException | None] = [error]
    while ahead:
        here = ahead.pop()
        if isinstance(here, BaseException) and id(here) not in seen:
            seen.add(id(here))
            yield here
            ahead += [here.__cause__, here.__context__, getattr(here, "original_exception", None)]

"""The gateway port: a stream of text from a deployment, its usage, and how a model fails.

What must not be here: a provider's client. litellm_gateway.py has the real one.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.assistant.deployment import Deployment, tokens_of
from app.domain.routing import Effort
from app.errors import Unavailable

# The first six are the server's; the others are answers of no use: to this request, or of this model.
FailureKind = Literal[
    "time-out", "refused", "rate", "unreachable", "garbage", "broken-off", "empty", "too-long", "declined", "unusable"
]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took. `cost_usd` is None when the model states no price; `exact` is False when we counted it."""

    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a stream: text, or the usage, which comes once and last if the model tells it.

    `finish` is the reason the model gave for ending ("stop", "length"), where it gave one.
    """

    text: str = ""
    usage: Usage | None = None
    finish: str | None = None


class ModelFailed(Unavailable):
    """A deployment did not do its part; another one may. `kind` says how, for the cool-down."""

    code = "model-failed"

    def __init__(self, sentence: str, kind: FailureKind) -> None:
        super().__init__(sentence)
        self.kind: FailureKind = kind


class Gateway(Protocol):
    """A way to models."""

    @property
    def ready(self) -> bool:
        """Say whether `prepare` has nothing left to do."""
        ...

    async def prepare(self) -> None:
        """Get ready for a first call, which otherwise takes seconds longer. May be called again at no cost."""
        ...

    def stream(
        self,
        deployment: Deployment,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        timeout: float,
        effort: Effort,
    ) -> AsyncGenerator[Chunk]:
        """Yield what the model writes as it writes it; raises ModelFailed.

        `timeout`: seconds to the first chunk and between any two. Closing the generator or cancelling the task that
        reads it closes the upstream connection; then no usage comes, and `counted` gives it.
        """
        ...


def counted(deployment: Deployment, messages: Sequence[Message], text: str) -> Usage:
    """Return the usage of a call that did not tell it, counted from what was sent and received.

    A model that thinks unseen before it writes may have used more than can be counted here.
    """
    tokens_in, tokens_out = sum(tokens_of(m.text) for m in messages), tokens_of(text) if text else 0
    return Usage(tokens_in, tokens_out, deployment.usd(tokens_in, tokens_out), exact=False)

"""A deployment: one concrete endpoint of a model, with what is known of its limits and price."""

import zlib
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.actions import NEEDS, Action
from app.domain.routing import Candidate
from app.domain.routing_evidence import Belief

MODEL_ACTIONS = tuple(action for action in Action if not NEEDS[action].experts_only)
FIRST_SECONDS = 1.5  # until a first word: a model on one's own machine is loaded on its first call
# A model on one's own machine writes at a third of a data centre's pace. Both only until its real pace is known.
LOCAL_TOKENS_PER_SECOND = 25.0
REMOTE_TOKENS_PER_SECOND = 75.0
_CHARACTERS_PER_TOKEN = 3.3  # source code in the common tokenisers; prose has about 4, so this errs on the dear side


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where and how one model is reached.

    `id` is what a request names, `model` what the gateway calls it (provider/model). `address` is the base address
    of an OpenAI-compatible server, None for the provider's own. `key` is never shown or stored. `key_name` is the
    environment variable it came from. Prices are USD per million tokens, None when unknown. `context` and
    `max_output` are tokens, None when unknown. `reasons`: the model takes a reasoning effort.
    """

    id: str
    name: str
    provider: str
    model: str
    address: str | None = None
    key: str | None = field(default=None, repr=False)
    key_name: str | None = None
    open: bool = False
    local: bool = False
    context: int | None = None
    max_output: int | None = None
    price_in: float | None = None
    price_out: float | None = None
    reasons: bool = False
    actions: tuple[Action, ...] = MODEL_ACTIONS

    @property
    def hue(self) -> int:
        """Its colour everywhere, 0..359: always the same for one id."""
        return zlib.crc32(self.id.encode()) % 360

    @property
    def missing(self) -> str | None:
        """The sentence that says which key it lacks, or None."""
        if self.key_name is None or self.key:
            return None
        return f"It needs a key in the environment variable {self.key_name}, which is not set."

    def priced(self, price_in: float | None, price_out: float | None) -> "Deployment":
        """Return it with a price where it states none itself."""
        if self.price_in is not None or price_in is None:
            return self
        return replace(self, price_in=price_in, price_out=price_out)

    def usd(self, tokens_in: int, tokens_out: int) -> float | None:
        """Return the price of a call in USD; None when unknown, 0 when it runs on the team's own machines."""
        if self.price_in is None or self.price_out is None:
            return 0.0 if self.local else None
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6

    @property
    def tokens_per_second(self) -> float:
        """How fast its kind usually writes."""
        return LOCAL_TOKENS_PER_SECOND if self.local else REMOTE_TOKENS_PER_SECOND

    def usual_seconds(self, action: Action) -> float:
        """Return how long its kind usually takes for an action."""
        return FIRST_SECONDS + NEEDS[action].tokens_out / self.tokens_per_second

    def candidate(self, belief: Belief, trouble: str | None, pace: float = 1.0) -> Candidate:
        """Return what the router sees of it. `pace`: how many times the usual seconds it takes here."""
        free = self.local and self.price_in is None
        return Candidate(
            kind="model",
            id=self.id,
            name=self.name,
            hue=self.hue,
            open=self.open,
            local=self.local,
            belief=belief,
            context=self.context,
            price_in=0.0 if free else self.price_in,
            price_out=0.0 if free else self.price_out,
            first_seconds=FIRST_SECONDS * pace,
            tokens_per_second=self.tokens_per_second / pace,
            trouble=trouble,
        )

    def to_json(self, why_not: str | None) -> dict[str, Any]:
        """Return the JSON of `GET models`. `why_not`: the sentence why it cannot be used now."""
        price = None if self.price_in is None else {"in": self.price_in, "out": self.price_out}
        return {
            "id": self.id,
            "name": self.name,
            "provider": self.provider,
            "open": self.open,
            "local": self.local,
            "healthy": why_not is None,
            "why_not": why_not,
            "context": self.context,
            "price": {"in": 0.0, "out": 0.0} if price is None and self.local else price,
            "actions": [action.value for action in self.actions],
            "hue": self.hue,
        }


def tokens_of(text: str) -> int:
    """Return about how many tokens a text has: for estimates, and for a call that was cut before it told its usage."""
    return int(len(text) / _CHARACTERS_PER_TOKEN) + 1

"""The providers whose keys people have in their environment, and a short sensible list of models for each.

What must not be here: prices and limits (prices.py). Somebody who wants another model names it in models.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assistant.deployment import Deployment
from app.assistant.prices import listed


@dataclass(frozen=True, slots=True)
class Offer:
    """One model of a provider: the gateway's name for it, and whether its weights are open."""

    model: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and the environment variable with its key."""

    name: str
    key_name: str
    offers: tuple[Offer, ...]


# Two or three each: one that is strong, one that is quick and cheap, an open one where there is one.
PROVIDERS: tuple[Provider, ...] = (
    Provider("openai", "OPENAI_API_KEY", (Offer("openai/gpt-5.4"), Offer("openai/gpt-5-mini"), Offer("openai/gpt-5"))),
    Provider(
        "anthropic",
        "ANTHROPIC_API_KEY",
        (
            Offer("anthropic/claude-sonnet-4-6"),
            Offer("anthropic/claude-haiku-4-5"),
            Offer("anthropic/claude-opus-4-6"),
        ),
    ),
    Provider("gemini", "GEMINI_API_KEY", (Offer("gemini/gemini-2.5-pro"), Offer("gemini/gemini-2.5-flash"))),
    Provider(
        "mistral",
        "MISTRAL_API_KEY",
        (
            Offer("mistral/devstral-medium-latest"),
            Offer("mistral/devstral-small-latest", open=True),
            Offer("mistral/codestral-latest"),
        ),
    ),
    Provider(
        "deepseek",
        "DEEPSEEK_API_KEY",
        (Offer("deepseek/deepseek-chat", open=True), Offer("deepseek/deepseek-reasoner", open=True)),
    ),
    Provider(
        "openrouter",
        "OPENROUTER_API_KEY",
        (Offer("openrouter/qwen/qwen3-coder", open=True), Offer("openrouter/deepseek/deepseek-chat", open=True)),
    ),
    Provider(
        "groq",
        "GROQ_API_KEY",
        (Offer("groq/openai/gpt-oss-120b", open=True), Offer("groq/openai/gpt-oss-20b", open=True)),
    ),
    Provider("xai", "XAI_API_KEY", (Offer("xai/grok-code-fast-1"),)),
)


def from_environment(env: Mapping[str, str]) -> list[Deployment]:
    """Return the deployments that the keys in `env` give."""
    found = []
    for provider in PROVIDERS:
        key = env.get(provider.key_name, "").strip()
        if key:
            found += [_deployment(provider, offer, key) for offer in provider.offers]
    return found


def _deployment(provider: Provider, offer: Offer, key: str) -> Deployment:
    entry = listed(offer.model)
    return Deployment(
        id=offer.model,
        name=offer.model.rsplit("/", 1)[-1],
        provider=provider.name,
        model=offer.model,
        key=key,
        key_name=provider.key_name,
        open=offer.open,
        context=entry.context if entry else None,
        max_output=entry.max_output if entry else None,
        price_in=entry.price_in if entry else None,
        price_out=entry.price_out if entry else None,
        reasons=entry.reasons if entry else False,
    )

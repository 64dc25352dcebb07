"""Mirrors app/assistant/catalog.py, providers.py and prices.py."""

from pathlib import Path

import pytest

from app.assistant.catalog import Catalog
from app.assistant.deployment import Deployment
from app.assistant.models_file import KEYS
from app.assistant.prices import listed
from app.assistant.providers import PROVIDERS, from_environment


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)
def test_every_offer_is_listed_with_price_and_context(provider: object) -> None:
    assert provider in PROVIDERS
    for offer in provider.offers:  # type: ignore[attr-defined]
        entry = listed(offer.model)
        assert entry is not None, offer.model
        assert entry.price_in is not None, offer.model
        assert entry.context, offer.model


def test_only_providers_with_a_key_give_models() -> None:
    assert from_environment({}) == []
    found = from_environment({"MISTRAL_API_KEY": " k ", "OPENAI_API_KEY": " "})
    assert {d.provider for d in found} == {"mistral"}
    assert found[0].key == "k"
    assert {d.open for d in found} == {True, False}


def test_an_unlisted_model_has_no_price() -> None:
    assert listed("openai/nothing-like-it") is None


async def test_named_models_come_first_and_get_the_listed_price_unless_they_have_their_own_server() -> None:
    mine = Deployment("openai/gpt-5", "mine", "openai", "openai/gpt-5")
    own = Deployment("own", "own", "openai", "openai/gpt-5", address="http://10.0.0.5/v1")
    found = {d.id: d for d in await Catalog([mine, own], [], {"OPENAI_API_KEY": "k"}).deployments()}
    assert found["openai/gpt-5"].name == "mine"
    assert found["openai/gpt-5"].price_out == 10.0
    assert found["own"].price_out is None
    assert "openai/gpt-5-mini" in found


def test_every_key_model_and_setting_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "MODELS.md").read_text(encoding="utf-8")
    for provider in PROVIDERS:
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{provider.key_name}` |"))
        for offer in provider.offers:
            shown = offer.model.rsplit("/", 1)[-1] + (" (open)" if offer.open else "")
            assert shown in row
    for key in KEYS:
        assert f"`{key}`" in text

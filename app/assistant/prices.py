"""What providers charge and how much their models read, from the list that ships with litellm.

The list is read as a file, so that nobody waits for the import of litellm to see a price. What must not be here: any
import of it, any network.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Listed:
    """One model's entry. Prices are USD per million tokens (None: not listed), the rest tokens."""

    price_in: float | None
    price_out: float | None
    context: int | None
    max_output: int | None
    reasons: bool


@cache
def _list() -> dict[str, Any]:
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        return {}
    path = Path(spec.origin).with_name("model_prices_and_context_window_backup.json")
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # without it every price is unknown, which is said wherever one is shown
    return value if isinstance(value, dict) else {}


def listed(model: str) -> Listed | None:
    """Return what is listed for a litellm model name (provider/model), or None. Reads 1.5 MB the first time."""
    entries = _list()
    entry = entries.get(model) or entries.get(model.partition("/")[2])
    if not isinstance(entry, dict):
        return None
    price_in, price_out = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
    return Listed(
        price_in=round(price_in * 1e6, 6) if isinstance(price_in, int | float) else None,
        price_out=round(price_out * 1e6, 6) if isinstance(price_out, int | float) else None,
        context=_tokens(entry.get("max_input_tokens") or entry.get("max_tokens")),
        max_output=_tokens(entry.get("max_output_tokens")),
        reasons=bool(entry.get("supports_reasoning")),
    )


def _tokens(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None

"""The experts: deterministic tools that answer an action exactly. One file per tool; `all_experts` names them."""

from app.assistant.experts.calculator import Calculator
from app.assistant.experts.expert import Expert, Outcome, Work
from app.assistant.experts.prettier import Prettier
from app.assistant.experts.ruff import Ruff

__all__ = ["Calculator", "Expert", "Outcome", "Prettier", "Ruff", "Work", "all_experts"]


def all_experts() -> tuple[Expert, ...]:
    """Return every expert, in the order in which they are asked."""
    return (Ruff(), Prettier(), Calculator())

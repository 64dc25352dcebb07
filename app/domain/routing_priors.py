"""What is believed of a model before the team has judged it. Pure.

The pass rates are those of Aider's polyglot leaderboard (Apache-2.0, Aider-AI/aider,
aider/website/_data/polyglot_leaderboard.yml, state of 2025-10): the share of 225 Exercism exercises in six languages
solved within two tries, a model's best plain entry. Nothing else is shipped as a prior. What must not be here: prices.
"""

import re

from app.domain.actions import NEEDS, Action
from app.domain.routing_evidence import EXACT, Belief

POLYGLOT: dict[str, float] = {
    "gpt-5": 0.880,
    "gemini-2.5-pro": 0.831,
    "o3": 0.813,
    "grok-4": 0.796,
    "deepseek-reasoner": 0.742,
    "deepseek-v3.2": 0.702,
    "deepseek-chat": 0.702,
    "claude-opus-4": 0.720,
    "o4-mini": 0.720,
    "deepseek-r1": 0.714,
    "claude-3-7-sonnet": 0.649,
    "claude-sonnet-4": 0.613,
    "o1": 0.617,
    "o3-mini": 0.604,
    "qwen3-235b-a22b": 0.596,
    "kimi-k2": 0.591,
    "deepseek-v3": 0.551,
    "gemini-2.5-flash": 0.551,
    "gpt-4.1": 0.524,
    "grok-3": 0.533,
    "claude-3-5-sonnet": 0.516,
    "grok-3-mini": 0.493,
    "gpt-oss-120b": 0.418,
    "qwen3-32b": 0.400,
    "o1-mini": 0.329,
    "gpt-4.1-mini": 0.324,
    "claude-3-5-haiku": 0.280,
    "gpt-4o": 0.231,
    "gemini-2.0-flash": 0.222,
    "qwq-32b": 0.209,
    "qwen2.5-coder-32b": 0.164,
    "llama-4-maverick": 0.156,
    "command-a": 0.120,
    "codestral": 0.111,
    "gpt-4.1-nano": 0.089,
    "gemma-3-27b": 0.049,
    "gpt-4o-mini": 0.036,
}
# What may follow a measured name in a later member of its family: versions, and words that make it no smaller. So
# gpt-5-nano inherits nothing from gpt-5, nor the 8 billion weights of deepseek-r1:8b from the whole deepseek-r1.
_HARMLESS = re.compile(
    r"v?\d+(?:\.\d+)*|pro|max|plus|large|thinking|coder|codex|chat|high|medium|low|[4-8]bit|q\d|k|m|s|fp16"
)
_MEASURED_WEIGHT = 12.0  # verdicts the leaderboard is worth: it measures exercises, the team measures its own work
_FAMILY_WEIGHT = 6.0  # a later or larger member of a measured family: likely no worse, and not measured
_UNKNOWN_WEIGHT = 3.0  # a guess, which three verdicts may overturn
_UNKNOWN_LOCAL = 0.20  # what fits on people's own machines: the leaderboard's median for up to 32 billion weights
_UNKNOWN_REMOTE = 0.45  # near the leaderboard's median, where a model sits of which nothing is known

# The share of a team's requests of this kind that any usable model gets right, however badly it does on exercises.
# A stated assumption: explaining is easier than writing, a fix of a few lines easier than a whole exercise.
_EASY: dict[Action, float] = {Action.EXPLAIN: 0.60, Action.FIX: 0.35, Action.EDIT: 0.40, Action.GENERATE: 0.25}


def prior(model: str, action: Action, *, local: bool) -> Belief:
    """Return the belief about a model's name (with or without provider, date, tag) for an action, without verdicts."""
    if NEEDS[action].experts_only:
        return EXACT
    rate, weight, source = _rate(_plain(model), local=local)
    easy = _EASY[action]
    return Belief(prior=easy + (1 - easy) * rate, weight=weight, source=source)


def _rate(name: str, *, local: bool) -> tuple[float, float, str]:
    exact = POLYGLOT.get(name)
    if exact is not None:
        return exact, _MEASURED_WEIGHT, f"{exact:.0%} in Aider's polyglot benchmark"
    family = max((known for known in POLYGLOT if _of_family(name, known)), key=len, default=None)
    if family is not None:
        return POLYGLOT[family], _FAMILY_WEIGHT, f"its family's {family} has {POLYGLOT[family]:.0%} in Aider's polyglot"
    rate = _UNKNOWN_LOCAL if local else _UNKNOWN_REMOTE
    return rate, _UNKNOWN_WEIGHT, "not measured, a cautious guess"


def _of_family(name: str, known: str) -> bool:
    if not name.startswith(known) or len(name) == len(known):
        return False
    rest = name[len(known) :]
    return rest[0] in "-.@" and all(_HARMLESS.fullmatch(word) for word in re.split(r"[-@]", rest.strip("-.@")))


def _plain(model: str) -> str:
    """Return the name without provider, date and the words that make no other model of it."""
    name = model.lower().rsplit("/", 1)[-1].replace(":", "-").replace("_", "-")
    name = re.sub(r"-(?:20\d{2}-?\d{2}-?\d{2}|\d{2}-\d{2}|\d{4})(?=-|$)", "", name)
    return re.sub(r"-(?:latest|preview|instruct|exp|it|free|chat-latest)(?=-|$)", "", name)

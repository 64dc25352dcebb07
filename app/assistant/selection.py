"""Who could take a request: gathers the candidates, with what is believed of each, and asks the router.

What must not be here: the decision itself (domain/routing.py).
"""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from app.assistant.catalog import Catalog
from app.assistant.deployment import Deployment, tokens_of
from app.assistant.experts import Expert
from app.assistant.experts.expert import USUAL_SECONDS
from app.assistant.experts.expert import candidate as expert_candidate
from app.assistant.health import Health
from app.assistant.pace import Pace
from app.assistant.ports import Ledger
from app.domain.actions import NEEDS, Action
from app.domain.routing import Candidate, Policy, Route, Task, decide
from app.domain.routing_priors import prior
from app.errors import BadInput, PolycanvasError, Unavailable

PROMPT_TOKENS = 450  # what our own words add to a document, measured on the rendered prompts
_HOW = "start a local model server such as Ollama, or set a key such as OPENAI_API_KEY; Settings → Models says how"
_WHO = "ask an owner of this canvas to set one up"  # whoever is none can do nothing else
_SHOWN = 3  # reasons, and names for each, in the sentence that no model can be used; the receipt has them all


class Selection:
    """The candidates of an installation, and what the team's verdicts say about them."""

    def __init__(self, catalog: Catalog, experts: tuple[Expert, ...], ledger: Ledger, health: Health) -> None:
        self._catalog = catalog
        self._experts = experts
        self._ledger = ledger
        self._health = health
        self._counts: dict[tuple[str, Action], tuple[int, int]] | None = None
        self._learned: Pace | None = None

    async def route(
        self, action: Action, path: str, text: str, instruction: str, model: str | None, policy: Policy
    ) -> Route:
        """Return the route. Raises BadInput when `model` is no model here."""
        deployments = await self._catalog.deployments()
        if model is not None and model not in {d.id for d in deployments}:
            known = ", ".join(sorted(d.id for d in deployments)) or "none yet"
            raise BadInput(f"There is no model “{model[:80]}” here; known are: {known[:400]}.")
        needs = NEEDS[action]
        task = Task(action, tokens_of(text + instruction) + PROMPT_TOKENS, needs.tokens_out, needs.tokens_max, model)
        pace = await self._pace()
        able = [expert for expert in self._experts if expert.answers(action, path)]
        experts = [expert_candidate(e, await e.available(), pace.of(e.name)) for e in able]
        models = [await self._model(d, action, pace.of(d.id)) for d in deployments]
        return decide(task, policy, [*experts, *models])

    async def deployment(self, id_: str) -> Deployment | None:
        """Return the deployment with this id, if it is still known."""
        return next((d for d in await self._catalog.deployments() if d.id == id_), None)

    def expert(self, name: str) -> Expert:
        """Return the expert of this name. Raises KeyError."""
        return {e.name: e for e in self._experts}[name]

    async def decided(self, source: str, action: Action, *, accepted: bool) -> None:
        """Count a verdict."""
        counts = await self._verdicts()
        good, bad = counts.get((source, action), (0, 0))
        counts[source, action] = (good + accepted, bad + (not accepted))

    async def took(self, source: str, action: Action, seconds: float) -> None:
        """Learn how long something took, for the next estimate."""
        pace, usual = await self._pace(), await self._usual(source, action)
        if usual is not None:
            pace.took(source, seconds, usual)

    async def models(self) -> list[dict[str, Any]]:
        """Return the JSON of `GET models`, by name."""
        found = sorted(await self._catalog.deployments(), key=lambda d: (not d.local, d.name, d.id))
        return [d.to_json(self._trouble(d)) for d in found]

    def refusal(self, action: Action, path: str, route: Route, policy: Policy, *, owner: bool) -> PolycanvasError:
        """Return the error for a route that chose nothing: what is missing, and what who asked can do about it."""
        label = NEEDS[action].label
        experts = [r for r in route.removed if r.candidate.kind == "expert"]
        if experts:
            return Unavailable(experts[0].why)
        if NEEDS[action].experts_only:
            suffix = PurePosixPath(path).suffix or "such"
            return BadInput(f"{label} knows no {suffix} files; it knows Python and the languages of the web.")
        kind = "a language model" if action is Action.EXPLAIN else "a model that writes code"
        if not route.removed:
            return Unavailable(f"{label} needs {kind}, and there is none yet: {_HOW if owner else _WHO}.")
        whys: dict[str, list[str]] = {}
        for removed in route.removed:
            whys.setdefault(removed.why, []).append(removed.candidate.name)
        said = " ".join(f"{_names(names)}: {why}" for why, names in list(whys.items())[:_SHOWN])
        more = " More are in the receipt." if len(whys) > _SHOWN else ""
        way = _way_out(policy, owner=owner)
        return Unavailable(f"{label} needs {kind}, and none can be used now. {said}{more} {way}")

    async def _model(self, deployment: Deployment, action: Action, pace: float) -> Candidate:
        accepted, rejected = (await self._verdicts()).get((deployment.id, action), (0, 0))
        belief = prior(deployment.model, action, local=deployment.local)
        belief = replace(belief, accepted=accepted, rejected=rejected)
        trouble = self._trouble(deployment)
        if trouble is None and action not in deployment.actions and not NEEDS[action].experts_only:
            trouble = f"models.toml does not name it for {NEEDS[action].label.lower()}."
        return deployment.candidate(belief, trouble, pace)

    def _trouble(self, deployment: Deployment) -> str | None:
        return deployment.missing or self._health.trouble(deployment.id)

    async def _verdicts(self) -> dict[tuple[str, Action], tuple[int, int]]:
        if self._counts is None:
            self._counts = {(v.source, v.action): (v.accepted, v.rejected) for v in await self._ledger.verdicts()}
        return self._counts

    async def _pace(self) -> Pace:
        if self._learned is None:
            found = [(took, await self._usual(took.source, took.action)) for took in await self._ledger.durations()]
            learned = Pace()
            learned.learn((took.source, took.seconds, usual) for took, usual in found if usual is not None)
            self._learned = self._learned or learned  # another run may have come first while the ledger was read
        return self._learned

    async def _usual(self, source: str, action: Action) -> float | None:
        if any(expert.name == source for expert in self._experts):
            return USUAL_SECONDS
        deployment = await self.deployment(source)
        return None if deployment is None else deployment.usual_seconds(action)


def _names(names: list[str]) -> str:
    more = len(names) - _SHOWN
    shown = names if more <= 0 else [*names[:_SHOWN], f"{more} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _way_out(policy: Policy, *, owner: bool) -> str:
    if not owner:
        ruled = policy.privacy != "any" or policy.budget_usd is not None
        return f"{_WHO.capitalize()}{', or to change the rules' if ruled else ''}."
    if policy.privacy == "local":
        return "Start a local model server such as Ollama, or ask an owner to change the rules in Settings."
    if policy.privacy == "open" or policy.budget_usd is not None:
        return f"An owner can change the rules in Settings. To add a model, {_HOW}."
    return f"To add one, {_HOW}."

"""What the run service is given in tests: files in a dict, a ledger in a dict. Everything else is the real thing."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from app.assistant.naming import free_path
from app.assistant.ports import Reading, Rules, Took, Verdicts
from app.assistant.run import Run
from app.domain.actions import Action
from app.domain.people import Person
from app.domain.suggestions import Proposal
from app.domain.textdiff import apply_edits
from app.errors import NotFound
from app.ids import CanvasId, FileId, PersonId, RunId, SuggestionId

CANVAS = CanvasId("canvas234567")
ANA = Person(PersonId("ana234567abc"), "Ana", 30)


class MemoryTexts:
    """Files by path, and the proposals made."""

    def __init__(self, **files: str) -> None:
        self.files = {name.replace("_", "."): text for name, text in files.items()}
        self.proposals: list[Proposal] = []

    async def read(self, canvas: CanvasId, path: str) -> Reading:
        if path not in self.files:
            raise NotFound(f"There is no file {path} in this canvas.")
        return Reading(FileId(path), path, self.files[path], b"revision")

    async def create(self, canvas: CanvasId, path: str) -> Reading:
        free = free_path(path, self.files.__contains__)
        self.files[free] = ""
        return await self.read(canvas, free)

    async def propose(self, canvas: CanvasId, proposal: Proposal) -> SuggestionId:
        self.proposals.append(proposal)
        return SuggestionId(f"suggestion{len(self.proposals):02}")

    def after(self) -> str:
        """The text with the last proposal accepted."""
        last = self.proposals[-1]
        return apply_edits(self.files[last.file], last.edits)


class MemoryLedger:
    """Runs by id, as JSON would keep them."""

    def __init__(self) -> None:
        self.runs: dict[RunId, Run] = {}
        self.saved = asyncio.Condition()

    async def add(self, run: Run) -> None:
        self.runs[run.id] = Run.from_json(run.to_json())

    async def save(self, run: Run) -> None:
        async with self.saved:
            self.runs[run.id] = Run.from_json(run.to_json())
            self.saved.notify_all()

    async def get(self, run: RunId) -> Run:
        if run not in self.runs:
            raise NotFound("There is no such run.")
        return self.runs[run]

    async def of_canvas(self, canvas: CanvasId, limit: int) -> list[Run]:
        return sorted((r for r in self.runs.values() if r.canvas == canvas), key=lambda r: -r.started_at)[:limit]

    async def going(self) -> list[Run]:
        return [run for run in self.runs.values() if run.going]

    async def spent(self, canvas: CanvasId, since: float) -> float:
        of = (r for r in self.runs.values() if r.canvas == canvas and r.started_at >= since)
        return sum(run.cost_usd or 0.0 for run in of)

    async def verdicts(self) -> Sequence[Verdicts]:
        counts = Counter((r.source, r.action, r.verdict) for r in self.runs.values() if r.verdict)
        return [
            Verdicts(str(s), Action(a), counts[s, a, "accepted"], counts[s, a, "rejected"])
            for s, a in {(s, a) for s, a, _ in counts}
        ]

    async def durations(self) -> Sequence[Took]:
        done = sorted((r for r in self.runs.values() if r.state == "done"), key=lambda r: r.started_at)
        return [Took(r.source, Action(r.action), r.seconds) for r in done if r.source and r.seconds is not None]


class FixedRules:
    """The same rules for every canvas."""

    def __init__(self, rules: Rules | None = None) -> None:
        self._rules = rules or Rules()

    async def rules(self, canvas: CanvasId) -> Rules:
        return self._rules

    async def put(self, canvas: CanvasId, rules: Rules, by: Person) -> None:
        self._rules = rules

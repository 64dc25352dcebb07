"""The expert port: a deterministic tool that can answer an action exactly, and what it gives back.

What must not be here: a particular tool.
"""

from dataclasses import dataclass
from typing import Protocol

from app.assistant.run import Range
from app.domain.actions import Action
from app.domain.people import Origin
from app.domain.routing import Candidate
from app.domain.routing_evidence import EXACT
from app.domain.textdiff import Edit


@dataclass(frozen=True, slots=True)
class Work:
    """What an expert is given. `range` is in UTF-16 units; None means the whole text."""

    action: Action
    path: str
    text: str
    range: Range | None = None
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes out of an action: edits of the text that was read (UTF-16 offsets), or an answer in Markdown.

    Both empty means there was nothing to do; `note` then says so in a sentence. Else `note` says why.
    """

    edits: tuple[Edit, ...] = ()
    answer: str | None = None
    note: str = ""


class Expert(Protocol):
    """One tool. `name` is also its id."""

    name: str
    hue: int

    def answers(self, action: Action, path: str) -> bool:
        """Say whether it answers `action` for a file of this path."""
        ...

    async def available(self) -> str | None:
        """Return the sentence that says what is missing, or None when it can run."""
        ...

    async def run(self, work: Work) -> Outcome:
        """Do the work. Raises BadInput with a sentence (and the line) when the text cannot be read, Unavailable."""
        ...


USUAL_SECONDS = 0.3  # measured: a process start and a file of a thousand lines


def candidate(expert: Expert, trouble: str | None, pace: float = 1.0) -> Candidate:
    """Return what the router sees of an expert. `pace`: how many times the usual seconds it takes here."""
    return Candidate(
        kind="expert",
        id=expert.name,
        name=expert.name,
        hue=expert.hue,
        open=True,
        local=True,
        belief=EXACT,
        first_seconds=USUAL_SECONDS * pace,
        trouble=trouble,
    )


def origin(expert: Expert) -> Origin:
    """Return the origin of what an expert writes."""
    return Origin(kind="expert", id=expert.name, name=expert.name, hue=expert.hue)

"""A canvas's kept past made ready to be shown: its moments, who made them, and every file's way through them.

Only read once it is made. What must not be here: storage, playing (see `developing`), HTTP.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.history import Changes, Splice, played
from app.domain.people import Origin
from app.errors import BadInput


@dataclass(slots=True)
class Moment:
    """What people see as one step. `at` and `until` never go back from moment to moment, whatever the clock did.

    `accepted_by`: names of those who accepted what its first author, a model or an expert, suggested.
    """

    seq: int
    at: float
    until: float
    by: list[Origin]
    note: str | None
    changes: Changes
    is_unreadable: bool = False
    accepted_by: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Film:
    """All moments, the first being the beginning. `texts`: each file's text there; `paths`: last known of each file.

    `size`: of all changes, in characters, so that what is kept ready can be bounded.
    """

    moments: list[Moment]
    texts: dict[str, str]
    paths: dict[str, str] = field(default_factory=dict)
    size: int = 0

    @property
    def head(self) -> int:
        """The seq of the last moment."""
        return self.moments[-1].seq

    def add(self, moment: Moment) -> None:
        """Take in the next moment."""
        self.moments.append(moment)
        for file, old, new in moment.changes.paths:
            self.paths[file] = new or old or self.paths.get(file, "")
        for file, splices in moment.changes.texts.items():
            self.texts.setdefault(file, "")
            self.size += _size(splices)

    def upto(self, seq: int | None) -> int:
        """Return the index of the last moment at or before `seq`, of the last one for None. BadInput before all."""
        if seq is None:
            return len(self.moments) - 1
        found = -1
        for index, moment in enumerate(self.moments):
            if moment.seq > seq:
                break
            found = index
        if found < 0:
            raise BadInput("The history does not go back that far any more; choose a moment that it lists.")
        return found

    def files_at(self, index: int) -> dict[str, str]:
        """Return file id → path as it was at a moment."""
        found: dict[str, str] = {}
        for moment in self.moments[: index + 1]:
            for file, _, new in moment.changes.paths:
                if new is None:
                    found.pop(file, None)
                else:
                    found[file] = new
        return found

    def text_at(self, file: str, index: int) -> str:
        """Return a file's text at a moment; empty when it had none."""
        steps = (moment.changes.texts.get(file, ()) for moment in self.moments[1 : index + 1])
        return played(self.texts.get(file, ""), (splice for splices in steps for splice in splices))

    def touched(self, start: int, end: int) -> set[str]:
        """Return the files whose text or path changed after moment `start` and up to `end`."""
        found: set[str] = set()
        for moment in self.moments[start + 1 : end + 1]:
            found.update(moment.changes.texts)
            found.update(file for file, _, _ in moment.changes.paths)
        return found


def _size(splices: Iterable[Splice]) -> int:
    return sum(len(was) + len(new) + 64 for _, was, new in splices)

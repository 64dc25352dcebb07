"""Where lines that a model quotes stand in a text, and how far its indentation is from the text's own. Pure.

Models lose spaces at line ends and count indentation from another margin; anything else that differs is other code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_INDENT = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Match:
    """Quoted lines found from `start` to `end` (characters). `indents`: the quote's indentation → the text's."""

    start: int
    end: int
    indents: dict[str, str] = field(default_factory=dict)

    def indented(self, lines: str) -> str:
        """Return other lines of the same quote, indented as the text is."""
        if not self.indents:
            return lines
        return "".join(self._moved(line) for line in lines.splitlines(keepends=True))

    def _moved(self, line: str) -> str:
        indent = indent_of(line)
        return line if not line.strip() else self._indent(indent) + line[len(indent) :]

    def _indent(self, indent: str) -> str:
        if indent in self.indents:
            return self.indents[indent]
        if under := [known for known in self.indents if indent.startswith(known)]:
            nearest = max(under, key=len)
            return self.indents[nearest] + self._step(indent[len(nearest) :])
        if over := [known for known in self.indents if known.startswith(indent)]:
            nearest = min(over, key=len)
            ours, less = self.indents[nearest], self._step(nearest[len(indent) :])
            return ours.removesuffix(less) if ours.endswith(less) else ""
        return indent

    def _step(self, deeper: str) -> str:
        """Return some levels of the quote's indentation in the text's own: spaces as tabs, or tabs as spaces."""
        for theirs, ours in self.indents.items():
            for one, other in ((" ", "\t"), ("\t", " ")):
                if theirs and ours and set(theirs) == {one} and set(ours) == {other} and set(deeper) == {one}:
                    return other * (len(deeper) * len(ours) // len(theirs))
        return deeper


def places(text: str, quoted: str) -> list[Match]:
    """Return where the quoted lines stand: exactly, else but for spaces at line ends, else but for a shift of all
    indentation that is the same wherever it was the same."""
    lines, wanted = text.splitlines(keepends=True), quoted.splitlines()
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def found(same: "Sequence[str]", sought: "Sequence[str]") -> list[int]:
        count = len(sought)
        return [at for at in range(len(same) - count + 1) if same[at : at + count] == sought]

    for seen in (_without_break, str.rstrip):
        if at := found([seen(line) for line in lines], [seen(line) for line in wanted]):
            return [Match(starts[one], starts[one + len(wanted)]) for one in at]
    matches = []
    for one in found([line.strip() for line in lines], [line.strip() for line in wanted]):
        indents = _indents(wanted, lines[one : one + len(wanted)])
        if indents is not None:
            matches.append(Match(starts[one], starts[one + len(wanted)], indents))
    return matches


def indent_of(line: str) -> str:
    """Return the spaces and tabs that a line begins with."""
    found = _INDENT.match(line)
    return found.group() if found else ""


def _without_break(line: str) -> str:
    return line.rstrip("\r\n")


def _indents(quoted: Sequence[str], lines: Sequence[str]) -> dict[str, str] | None:
    """Return each indentation of the quote with the text's at the same lines; None when one has two."""
    pairs = {(indent_of(theirs), indent_of(ours)) for theirs, ours in zip(quoted, lines, strict=True) if ours.strip()}
    indents = dict(pairs)
    return indents if len(indents) == len(pairs) == len({ours for _, ours in pairs}) else None

"""Which items of two sequences correspond: the engine under the text diff. Pure; knows nothing of text.

Small differences are aligned exactly (shortest edit script, Myers 1986). Where two stretches differ too much for
that, items that occur once in both are taken as anchors (patience) and the stretches between them are tried again.
What is still too different, or comes after the budget is spent, is left unmatched: correct, only not minimal.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# Insertions plus deletions looked for in one stretch: the search costs their square, and a stretch with more
# differences than this reads as a rewrite anyway.
MAX_DISTANCE = 256
# Comparisons in one alignment, about 0.1 s of Python: a room's event loop waits for it.
MAX_COMPARISONS = 300_000
# The anchor pass nests at most this deep: each level needs new unique items, so real texts stay under five.
MAX_NESTING = 32


@dataclass(frozen=True, slots=True)
class Match:
    """`length` items from `left` in the first sequence equal those from `right` in the second."""

    left: int
    right: int
    length: int


class Budget:
    """Comparisons that may still be made; shared by all the alignments of one diff."""

    def __init__(self, comparisons: int = MAX_COMPARISONS) -> None:
        self.left = comparisons

    def spend(self, comparisons: int) -> bool:
        """Take `comparisons`; False when that was too many, and then nothing is left."""
        self.left = max(0, self.left - comparisons)
        return self.left > 0


def align(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> list[Match]:
    """Return the matches in order, not overlapping, each as long as it can be; never more work than `budget`."""
    matches: list[Match] = []
    _align(a, b, 0, len(a), 0, len(b), budget, matches, MAX_NESTING)
    return _joined(matches)


def _align(
    a: Sequence[Hashable],
    b: Sequence[Hashable],
    a0: int,
    a1: int,
    b0: int,
    b1: int,
    budget: Budget,
    found: list[Match],
    nesting: int,
) -> None:
    head = 0
    while a0 + head < a1 and b0 + head < b1 and a[a0 + head] == b[b0 + head]:
        head += 1
    if head:
        found.append(Match(a0, b0, head))
    a0, b0 = a0 + head, b0 + head
    tail = 0
    while a0 < a1 - tail and b0 < b1 - tail and a[a1 - tail - 1] == b[b1 - tail - 1]:
        tail += 1
    a1, b1 = a1 - tail, b1 - tail
    if a0 < a1 and b0 < b1:
        exact = _shortest(a[a0:a1], b[b0:b1], budget)
        if exact is not None:
            found.extend(Match(a0 + m.left, b0 + m.right, m.length) for m in exact)
        elif nesting and budget.spend((a1 - a0 + b1 - b0) // 4):  # a pass in C: cheaper than comparing
            x, y = a0, b0
            for i, j in _anchors(a[a0:a1], b[b0:b1]):
                _align(a, b, x, a0 + i, y, b0 + j, budget, found, nesting - 1)
                x, y = a0 + i, b0 + j
            if (x, y) != (a0, b0):
                _align(a, b, x, a1, y, b1, budget, found, nesting - 1)
    if tail:
        found.append(Match(a1, b1, tail))


def _shortest(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> list[Match] | None:
    """Return the matches of a shortest edit script, or None when it is over the bounds."""
    n, m = len(a), len(b)
    if abs(n - m) > MAX_DISTANCE:
        return None
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for distance in range(MAX_DISTANCE + 1):
        if not budget.spend(distance + 1):
            return None
        trail.append(furthest)
        reached: dict[int, int] = {}
        for k in range(-distance, distance + 1, 2):
            down = k == -distance or (k != distance and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
            x = furthest.get(k + 1, 0) if down else furthest[k - 1] + 1
            y = x - k
            start = x
            while x < n and y < m and a[x] == b[y]:
                x, y = x + 1, y + 1
            budget.spend(x - start)
            reached[k] = x
            if x >= n and y >= m:
                return _walk_back(trail, n, m)
        furthest = reached
    return None


def _walk_back(trail: list[dict[int, int]], n: int, m: int) -> list[Match]:
    matches: list[Match] = []
    x, y = n, m
    for distance in range(len(trail) - 1, -1, -1):
        furthest = trail[distance]
        k = x - y
        down = k == -distance or (k != distance and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
        before_k = k + 1 if down else k - 1
        before_x = furthest.get(before_k, 0) if distance else 0
        before_y = before_x - before_k if distance else 0
        snake = min(x - before_x, y - before_y)
        if snake > 0:
            matches.append(Match(x - snake, y - snake, snake))
        x, y = before_x, before_y
    return matches[::-1]


def _anchors(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the longest rising run of pairs of items that occur exactly once on each side."""
    once_a = {item for item, count in Counter(a).items() if count == 1}
    once_b = {item for item, count in Counter(b).items() if count == 1}
    both = once_a & once_b
    place = {item: j for j, item in enumerate(b) if item in both}
    pairs = [(i, place[item]) for i, item in enumerate(a) if item in both]
    tops: list[int] = []
    piles: list[int] = []
    before: list[int | None] = []
    for index, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(piles[pile - 1] if pile else None)
        if pile == len(tops):
            tops.append(j)
            piles.append(index)
        else:
            tops[pile], piles[pile] = j, index
    run: list[tuple[int, int]] = []
    at = piles[-1] if piles else None
    while at is not None:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _joined(matches: list[Match]) -> list[Match]:
    joined: list[Match] = []
    for match in matches:
        last = joined[-1] if joined else None
        if last and last.left + last.length == match.left and last.right + last.length == match.right:
            joined[-1] = Match(last.left, last.right, last.length + match.length)
        else:
            joined.append(match)
    return joined

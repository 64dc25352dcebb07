"""Which colour a new person gets: the one farthest from everybody's already there. Pure."""

from collections.abc import Iterable

from app.domain.people import SYSTEM

_FIRST = 25  # a warm start, across the wheel from the product's own violet


def next_hue(taken: Iterable[int]) -> int:
    """Return a hue (0..359) in the middle of the widest gap between the hues in `taken` and the system's own.

    With n people no two are closer than 360 / (2 (n + 1)) degrees, as long as all were given by this function.
    """
    others = sorted({hue % 360 for hue in taken})
    if not others:
        return _FIRST
    wheel = sorted({*others, SYSTEM.hue})
    gaps = [
        ((later - earlier) % 360 or 360, earlier) for earlier, later in zip(wheel, wheel[1:] + wheel[:1], strict=True)
    ]
    width, start = max(gaps, key=lambda gap: (gap[0], -gap[1]))
    return (start + width // 2) % 360

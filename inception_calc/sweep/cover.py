"""A large space in boxes: those that fit as a whole, those where nothing fits, and those that bounds do not decide.

The largest undecided box is halved again and again, so that a fixed number of boxes says most about the space.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from inception_calc.sweep.family import Refused
from inception_calc.sweep.findings import Found
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.space import Box
from inception_calc.sweep.walk import Walk

MOST_BOXES = 2048


@dataclass(frozen=True)
class Cover:
    """What bounds say of a space."""

    surely: tuple[Box, ...]
    """Every point is a network that fits."""
    perhaps: tuple[Box, ...]
    found: Found
    """What is decided: how many fit, and how many points are no networks."""

    def volume(self, setup: Setup, *, perhaps: bool) -> int:
        """How many points the undecided, or the fitting, boxes have."""
        return sum(map(setup.space.volume, self.perhaps if perhaps else self.surely))


def cover(setup: Setup, most: int = MOST_BOXES) -> Cover:
    """The space in boxes."""
    space = setup.space
    walk = Walk(space, setup.families(), setup.asked, counting=True)
    surely: list[Box] = []
    waiting: list[tuple[int, int, Box]] = [(-space.size, 0, space.whole)]
    heapify(waiting)
    kept: list[Box] = []  # single points, and what has no family yet
    tried = 0
    while waiting and tried < most:
        tried += 1
        _, _, box = heappop(waiting)
        family = walk.families.of(box.prefix)
        if isinstance(family, Refused):
            walk.found.refused.add(family.reason, space.volume(box), space.start(box))
            continue
        before = walk.found.fit
        if family is not None and walk.decided(box, family):
            fits = walk.found.fit - before
            if fits == space.volume(box):
                surely.append(box)
            elif fits:  # which of them are networks is not said
                walk.found.fit = before
                kept.append(box)
            continue
        if space.volume(box) == 1:
            kept.append(box)
            continue
        halves = space.halves(box) if box.high - box.low > 1 else (space.inside(box),)
        for half in halves:
            heappush(waiting, (-space.volume(half), space.start(half), half))
    perhaps = sorted([*kept, *(box for _, _, box in waiting)], key=space.start)
    return Cover(tuple(sorted(surely, key=space.start)), tuple(perhaps), walk.found)

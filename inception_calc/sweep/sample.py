"""Networks drawn at random from those that fit, each as likely as any other; how many there are, exactly or estimated.

Boxes where nothing fits are never drawn from. What is drawn from the others is thrown away where it does not fit, and
the part that is kept says how many there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate, islice
from math import ceil, floor, sqrt
from typing import NamedTuple

from inception_calc.problems import Problem, Undecided
from inception_calc.sweep.chance import chosen, draws
from inception_calc.sweep.cover import Cover, cover
from inception_calc.sweep.findings import Found
from inception_calc.sweep.points import fitting
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.space import MOST_POINTS, Box
from inception_calc.sweep.walk import Walk

MOST_COUNTED = 2**31
"""Undecided points that are counted one by one; beyond it their number is estimated."""
MOST_LISTED = 2**22
"""Networks that are listed to choose from them."""
DRAWS = 20_000
"""Draws that an estimate rests on."""
MOST_DRAWS = 1_000_000
LISTED_TOGETHER = 2**20
CONFIDENCE, DEVIATIONS = 0.95, 1.959963984540054
"""How sure an interval is, and how many standard deviations that is."""


class Estimate(NamedTuple):
    """How many networks fit, as far as draws say."""

    value: int
    low: int
    high: int
    draws: int


def count(setup: Setup, exactly: Callable[[], Found]) -> tuple[Found, Estimate | None]:
    """How many networks fit; `exactly` counts them all, where that takes no more than a minute."""
    covered = cover(setup)
    if covered.volume(setup, perhaps=True) <= MOST_COUNTED:
        return _exactly(setup, covered, exactly), None
    return covered.found, _estimate(setup, covered, DRAWS, 0)


def sample(setup: Setup, number: int, seed: int, exactly: Callable[[], Found]) -> tuple[Found, Estimate | None]:
    """So many different networks that fit, in the order of the space; all where there are fewer."""
    covered = cover(setup)
    perhaps = covered.volume(setup, perhaps=True)
    found, estimate = covered.found, None
    if perhaps <= MOST_COUNTED:
        found = _exactly(setup, covered, exactly)
        if found.fit <= max(number, MOST_LISTED // 64) or perhaps + found.fit <= MOST_LISTED:
            return _from_list(setup, covered, found, number, seed), None
    else:
        estimate = _estimate(setup, covered, DRAWS, seed)
    found.indices = [_drawn(setup, covered, number, seed)]
    return found, estimate


def _exactly(setup: Setup, covered: Cover, exactly: Callable[[], Found]) -> Found:
    """How many networks fit; of a space that nobody goes through only what bounds do not decide is looked at."""
    if setup.space.size <= MOST_POINTS:
        return exactly()
    found = covered.found
    families = setup.families()
    for box in covered.perhaps:
        found.join(Walk(setup.space, families, setup.asked, counting=True).through(box))
    return found


def _from_list(setup: Setup, covered: Cover, found: Found, number: int, seed: int) -> Found:
    """A sample of networks that are few enough to be listed."""
    listed: list[int] = []
    families, asked = setup.families(), setup.asked.without_order()
    for box in sorted((*covered.surely, *covered.perhaps), key=setup.space.start):
        for part in setup.space.pieces(box, LISTED_TOGETHER):
            indices = Walk(setup.space, families, asked).through(part).indices
            listed += [int(index) for array in indices for index in array]
    found.indices = [[listed[place] for place in chosen(number, len(listed), seed)]]
    return found


def _drawn(setup: Setup, covered: Cover, number: int, seed: int) -> list[int]:
    """Different networks drawn from the boxes of a cover."""
    found: dict[int, None] = {}
    places = _Places(setup, (*covered.surely, *covered.perhaps))
    tried = 0
    source = draws(places.total, seed)
    while len(found) < number and tried < MOST_DRAWS:
        indices = [places.index(draw) for draw in islice(source, max(256, min(4096, number)))]
        tried += len(indices)
        for index, fits in zip(indices, fitting(setup.space, places.families, indices), strict=True):
            if fits and len(found) < number:
                found[index] = None
    if len(found) < number:
        what = f"{len(found)} of {number} networks were found in {tried:,} draws"
        fix = f"ask for {len(found)}, or vary less" if found else "vary less, or loosen a limit"
        raise Undecided(Problem("too-rare", what, None, fix))
    return sorted(found)


class _Places:
    """The points of some boxes, counted through."""

    def __init__(self, setup: Setup, boxes: Iterable[Box]) -> None:
        self.families = setup.families()
        space = setup.space
        self._starts = [space.start(box) for box in boxes]
        self._ends = list(accumulate(space.volume(box) for box in boxes))
        self.total = self._ends[-1] if self._ends else 0

    def index(self, place: int) -> int:
        """The number in the space of a point."""
        box = bisect_right(self._ends, place)
        return self._starts[box] + place - (self._ends[box - 1] if box else 0)


def _estimate(setup: Setup, covered: Cover, number: int, seed: int) -> Estimate:
    """How many networks fit: those of decided boxes, and of the others the part that draws say (Wilson's interval)."""
    places = _Places(setup, covered.perhaps)
    indices = [places.index(draw) for draw in islice(draws(places.total, seed + 1), number)]
    hits = sum(fitting(setup.space, places.families, indices))
    part, square = hits / number, DEVIATIONS**2 / number
    middle = (part + square / 2) / (1 + square)
    half = sqrt(part * (1 - part) * square + square**2 / 4) / (1 + square)
    sure, total = covered.found.fit, places.total
    low = sure + floor(total * max(0.0, middle - half)) if hits else sure
    high = sure + ceil(total * min(1.0, middle + half)) if hits < number else sure + total
    return Estimate(sure + total * hits // number, max(sure, low), min(high, sure + total), number)

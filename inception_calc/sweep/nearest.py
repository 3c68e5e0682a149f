"""The network that comes nearest to what is asked, where none fits: branch and bound over boxes.

How far a network is: the sum of what it breaks, each as a part of the limit; of a relation between columns as a part of
the largest difference in the space. Of equally near ones the first. The hard limit is the one that the nearest network
breaks by the largest part.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any, NamedTuple

from inception_calc.sweep.family import Condition, Family, Judge, Refused
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.space import Box
from inception_calc.sweep.walk import Walk

MOST_BOXES = 20_000
LEAF = 2**12
"""Points that are looked at together, in integers of any size."""


class Breach(NamedTuple):
    """A limit or relation that a network breaks, its value, and by which part."""

    name: str
    value: int
    part: Fraction
    is_relation: bool = False


class Nearest(NamedTuple):
    """The network that comes nearest, and what it breaks, the worst first."""

    number: int
    breaches: tuple[Breach, ...]
    is_sure: bool
    """False where the search was given up: then there may be a nearer one."""


def nearest(setup: Setup) -> Nearest | None:
    """The nearest network; None where no network can be built, or none was met."""
    space, families = setup.space, setup.families()
    walk = Walk(space, families, setup.asked)
    waiting: list[tuple[Fraction, int, Box]] = [(Fraction(0), 0, space.whole)]
    best: tuple[Fraction, int] | None = None
    boxes = 0
    while waiting and boxes < MOST_BOXES:
        far, _, box = heappop(waiting)
        if best is not None and far > best[0]:
            break
        boxes += 1
        family = families.of(box.prefix)
        if isinstance(family, Refused):
            continue
        if family is not None and space.volume(box) <= LEAF:
            found = _in_leaf(walk, box, family)
            if found is not None and (best is None or found < best):
                best = found
            continue
        for half in space.halves(box) if box.high - box.low > 1 else (space.inside(box),):
            inner = families.of(half.prefix)
            bound = _bound(inner.wants, space.corners(half)) if isinstance(inner, Family) else far
            heappush(waiting, (bound, space.start(half), half))
    if best is None:
        return None
    return Nearest(best[1], breaches(setup, best[1]), not waiting or waiting[0][0] >= best[0])


def breaches(setup: Setup, index: int) -> tuple[Breach, ...]:
    """What a network breaks, the worst first."""
    family = setup.families().of(setup.space.digits(index))
    assert isinstance(family, Family)
    corners = setup.space.corners(setup.space.point(setup.space.digits(index)))
    judge = family.wants
    found: list[Breach] = []
    for condition, value, divisor in zip(
        judge.conditions, judge.program.numbers([low for low, _ in corners]), judge.program.divisors, strict=False
    ):
        if (part := _part(condition, value, value)) > 0:
            found.append(Breach(condition.name, value // divisor, part, condition.is_relation))
    return tuple(sorted(found, key=lambda breach: -breach.part))


def _bound(judge: Judge, corners: Sequence[tuple[int, int]]) -> Fraction:
    """The least distance that a point of a box may have."""
    bounds = judge.bounds(corners)
    parts = (_part(one, *bound) for one, bound in zip(judge.conditions, bounds, strict=False))
    return sum(parts, Fraction(0))


def _part(condition: Condition, low: int, high: int) -> Fraction:
    """By which part a condition is broken at least, where the value lies between two numbers."""
    over = 0 if condition.high is None else low - condition.high
    under = 0 if condition.low is None else condition.low - high
    return Fraction(max(0, over, under), condition.scale)


def _in_leaf(walk: Walk, box: Box, family: Family) -> tuple[Fraction, int] | None:
    """The nearest network of a small box and how far it is."""
    import numpy

    shape = [high - low for low, high in walk.space.ranges(box)]
    valid: Any = True
    if family.needs.conditions:
        valid = walk.count_refused(box, family, walk.grid(box, family.needs.program))[1]
    judge = family.wants
    far: Any = numpy.zeros(1, object)
    for condition, value in zip(judge.conditions, judge.program.arrays(walk.grid(box, judge.program)), strict=False):
        for limit, sign in ((condition.high, 1), (condition.low, -1)):
            if limit is not None:
                broken = numpy.maximum((numpy.asarray(value).astype(object) - limit) * sign, 0)
                far = far + broken * Fraction(1, condition.scale)
    far = numpy.broadcast_to(far, shape).reshape(-1)
    places = numpy.flatnonzero(numpy.broadcast_to(numpy.asarray(valid), shape).reshape(-1))
    if not len(places):
        return None
    place = min(places, key=lambda one: far[one])
    return Fraction(far[place]), walk.space.start(box) + int(place)

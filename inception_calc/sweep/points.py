"""Single points of a space: their values and what their networks cost, worked out together where somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from inception_calc.sweep.axes import Axis
from inception_calc.sweep.family import Families, Family
from inception_calc.sweep.program import Program
from inception_calc.sweep.space import Space
from inception_calc.sweep.values import Steps, Value

LIMB = 2**62
"""Numbers below it are taken apart by numpy; larger ones first into such."""


class Point(NamedTuple):
    """A network of a space: its number, the value of each axis, and its metrics in the order of the question."""

    number: int
    values: tuple[Value, ...]
    metrics: tuple[int, ...]


def points(space: Space, families: Families, indices: Sequence[int]) -> Iterator[Point]:
    """The networks with these numbers, in the order given."""
    import numpy

    if not len(indices):
        return
    digits = _digits(space, indices)
    shown: list[Any] = [numpy.zeros(len(indices), object) for _ in families.asked.metrics]
    for family, places in _by_family(families, digits):
        for column, found in zip(shown, _results(space, family.shown, digits, places), strict=True):
            column[places] = found
    values = [_values(axis, own) for axis, own in zip(space.axes, digits, strict=True)]
    rows = zip(*values, strict=True) if values else iter([()] * len(indices))
    costs = zip(*(column.tolist() for column in shown), strict=True)
    for number, own, metrics in zip(indices, rows, costs, strict=True):
        yield Point(int(number), own, tuple(map(int, metrics)))


def fitting(space: Space, families: Families, indices: Sequence[int]) -> list[bool]:
    """Which points are networks that fit."""
    import numpy

    digits = _digits(space, indices)
    fits: Any = numpy.zeros(len(indices), bool)
    for family, places in _by_family(families, digits):
        holds: Any = numpy.ones(len(places), bool)
        for judge in (family.needs, family.wants):
            results = _results(space, judge.program, digits, places, divided=False)
            for condition, column in zip(judge.conditions, results, strict=False):
                holds &= numpy.asarray(condition.holds(column), bool)
        fits[places] = holds
    found: list[bool] = fits.tolist()
    return found


def _digits(space: Space, indices: Sequence[int]) -> list[Any]:
    """The place on each axis of some points: an array for each axis."""
    import numpy

    found: list[Any] = [None] * len(space.axes)
    rest: Any = indices if space.size > LIMB else numpy.asarray(indices, numpy.int64)
    axis = len(space.axes)
    while axis:
        first, below = axis, 1
        while first and below * space.lengths[first - 1] < LIMB:
            first -= 1
            below *= space.lengths[first]
        if isinstance(rest, numpy.ndarray):
            limb: Any = rest % below
            rest = rest // below
        else:
            parts = [divmod(int(number), below) for number in rest]
            limb = numpy.array([part for _, part in parts], numpy.int64)
            rest = [above for above, _ in parts]
        for place in reversed(range(first, axis)):
            found[place] = limb % space.lengths[place]
            limb = limb // space.lengths[place]
        axis = first
    return found


def _values(axis: Axis, digits: Any) -> list[Value]:
    """The values at some places of an axis."""
    if isinstance(axis.values, Steps) and axis.values.divisor == 1:
        numerators = axis.values.numerators
        whole: list[Value] = (digits * numerators.step + numerators.start).tolist()
        return whole
    return [axis.value(digit) for digit in digits.tolist()]


def _steps(axis: Axis, digits: Any, kind: Any) -> Any:
    """The steps of the progression at some places of an axis."""
    import numpy

    steps = axis.steps(0, len(axis))
    if isinstance(steps, range):
        return (digits * steps.step + steps.start).astype(kind)
    return numpy.array(steps, kind)[digits]


def _results(space: Space, program: Program, digits: Sequence[Any], places: Any, divided: bool = True) -> list[Any]:
    """The results of a program at some points; in integers of any size where 64 bits may not hold them."""
    import numpy

    corners = [(1, 1)] * len(space.axes)
    for axis in program.steering:
        own = _steps(space.axes[axis], digits[axis][places], numpy.int64)
        corners[axis] = int(own.min()), int(own.max())
    kind: Any = numpy.int64 if program.fits(corners) else object
    columns: list[Any] = [1] * len(space.axes)
    for axis in program.steering:
        columns[axis] = _steps(space.axes[axis], digits[axis][places], kind)
    results = zip(program.arrays(columns), program.divisors, strict=True)
    return [numpy.broadcast_to(value, (len(places),)) // (divisor if divided else 1) for value, divisor in results]


def _by_family(families: Families, digits: Sequence[Any]) -> Iterator[tuple[Family, Any]]:
    """The points of each family that has networks."""
    import numpy

    count = len(digits[0]) if digits else 1
    waiting: list[tuple[tuple[int, ...], Any]] = [((), numpy.arange(count))]
    while waiting:
        prefix, places = waiting.pop()
        found = families.of(prefix)
        if isinstance(found, Family):
            yield found, places
        elif found is None:
            own = digits[len(prefix)][places]
            waiting += [((*prefix, int(digit)), places[own == digit]) for digit in numpy.unique(own)]

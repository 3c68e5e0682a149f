"""Single points of a space: their values and what their networks cost, worked out where somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from inception_calc.sweep.family import Families, Family
from inception_calc.sweep.program import Program
from inception_calc.sweep.space import Space
from inception_calc.sweep.values import Value


class Point(NamedTuple):
    """A network of a space: its number, the value of each axis, and its metrics in the order of the question."""

    number: int
    values: tuple[Value, ...]
    metrics: tuple[int, ...]


def points(space: Space, families: Families, indices: Sequence[int]) -> list[Point]:
    """The networks with these numbers, in the order given."""
    digits = [space.digits(int(index)) for index in indices]
    found: list[Point | None] = [None] * len(digits)
    for family, members in _by_family(families, digits):
        results = _results(space, family.shown, digits, members)
        for row, place in enumerate(members):
            values = tuple(axis.value(digit) for axis, digit in zip(space.axes, digits[place], strict=True))
            found[place] = Point(int(indices[place]), values, tuple(int(column[row]) for column in results))
    return [point for point in found if point is not None]


def fitting(space: Space, families: Families, indices: Sequence[int]) -> list[bool]:
    """Which points are networks that fit."""
    import numpy

    digits = [space.digits(index) for index in indices]
    found = [False] * len(digits)
    for family, members in _by_family(families, digits):
        holds: Any = numpy.ones(len(members), bool)
        for judge in (family.needs, family.wants):
            results = _results(space, judge.program, digits, members, divided=False)
            for condition, column in zip(judge.conditions, results, strict=False):
                holds &= numpy.asarray(condition.holds(column), bool)
        for row, place in enumerate(members):
            found[place] = bool(holds[row])
    return found


def _results(
    space: Space, program: Program, digits: Sequence[tuple[int, ...]], members: Sequence[int], divided: bool = True
) -> list[Any]:
    """The results of a program at some points, in integers of any size."""
    import numpy

    columns: list[Any] = [1] * len(space.axes)
    for axis in program.steering:
        steps = [space.axes[axis].steps(one, one + 1)[0] for one in (digits[place][axis] for place in members)]
        columns[axis] = numpy.array(steps, object)
    return [
        numpy.broadcast_to(numpy.asarray(value, object), (len(members),)) // (divisor if divided else 1)
        for value, divisor in zip(program.arrays(columns), program.divisors, strict=True)
    ]


def _by_family(families: Families, digits: Sequence[tuple[int, ...]]) -> list[tuple[Family, list[int]]]:
    """The points of each family that has networks."""
    found: dict[tuple[int, ...], tuple[Family, list[int]]] = {}
    for place, own in enumerate(digits):
        known = next((found[own[:fixed]] for fixed in range(families.axes + 1) if own[:fixed] in found), None)
        if known is not None:
            known[1].append(place)
            continue
        family = families.of(own)
        if isinstance(family, Family):
            found[own[: family.fixed]] = (family, [place])
    return list(found.values())

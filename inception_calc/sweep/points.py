"""Single points of a space: their values and what their networks cost, worked out where somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from inception_calc.sweep.family import Families, Family
from inception_calc.sweep.space import Space
from inception_calc.sweep.values import Value


class Point(NamedTuple):
    """A network of a space: its number, the value of each axis, and its metrics in the order of the question."""

    number: int
    values: tuple[Value, ...]
    metrics: tuple[int, ...]


def points(space: Space, families: Families, indices: Sequence[int]) -> list[Point]:
    """The networks with these numbers, in the order given."""
    import numpy

    if not len(indices):
        return []
    digits = [space.digits(int(index)) for index in indices]
    found: list[Point | None] = [None] * len(digits)
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, own in enumerate(digits):
        groups.setdefault(own[: families.structural], []).append(place)
    for places in groups.values():
        for family, members in _by_family(families, digits, places):
            columns: list[Any] = [1] * len(space.axes)
            for axis in family.shown.steering:
                steps = [space.axes[axis].steps(one, one + 1)[0] for one in (digits[place][axis] for place in members)]
                columns[axis] = numpy.array(steps, object)
            results = [
                numpy.broadcast_to(numpy.asarray(value, object), (len(members),)) // divisor
                for value, divisor in zip(family.shown.arrays(columns), family.shown.divisors, strict=True)
            ]
            for row, place in enumerate(members):
                values = tuple(axis.value(digit) for axis, digit in zip(space.axes, digits[place], strict=True))
                metrics = tuple(int(column[row]) for column in results)
                found[place] = Point(int(indices[place]), values, metrics)
    return [point for point in found if point is not None]


def _by_family(
    families: Families, digits: Sequence[tuple[int, ...]], places: Sequence[int]
) -> list[tuple[Family, list[int]]]:
    """The points of each family; all belong to networks that are there."""
    found: dict[tuple[int, ...], tuple[Family, list[int]]] = {}
    for place in places:
        own = digits[place]
        for fixed in range(families.structural, families.axes + 1):
            if own[:fixed] in found:
                found[own[:fixed]][1].append(place)
                break
            family = families.of(own[:fixed])
            if isinstance(family, Family):
                found[own[: family.fixed]] = (family, [place])
                break
    return list(found.values())

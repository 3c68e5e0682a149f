"""Joins, walked."""

from __future__ import annotations

from collections.abc import Sequence

from tests.ops.loops.walk import Counts, Map, Walk, elements


def concat(branches: Sequence[Map]) -> Counts:
    """Maps copied one after the other; a copy is no operation."""
    walk = Walk()
    behind = 0
    for x in branches:
        for c, y, z in elements(x):
            walk.write(behind + c, y, z)
        behind += x[0]
    return walk.counts()


def sum_of(branches: Sequence[Map]) -> Counts:
    """Each further branch is added to what is there."""
    walk = Walk()
    for element in elements(branches[0]):
        for _ in branches[1:]:
            walk.element_op()
        walk.write(*element)
    return walk.counts()


def product_of(branches: Sequence[Map]) -> Counts:
    """Each further branch is multiplied into what is there; a side of 1 is read again at every place."""
    walk = Walk()
    box = tuple(max(x[axis] for x in branches) for axis in range(3))
    for element in elements((box[0], box[1], box[2])):
        for x in branches[1:]:
            assert all(place < side or side == 1 for place, side in zip(element, x, strict=True))
            walk.element_op()
        walk.write(*element)
    return walk.counts()

"""Elements that are moved and nothing else, walked: each output element is written once."""

from __future__ import annotations

from tests.ops.loops.axes import Axis, window_starts
from tests.ops.loops.walk import Counts, Map, Walk, elements


def moved(y: Map) -> Counts:
    """What stands at each place of the output, without work."""
    walk = Walk()
    for element in elements(y):
        walk.write(*element)
    return walk.counts()


def layer_scale(x: Map, shift: bool = False) -> Counts:
    """Each element times its channel's number, and with a shift plus another one."""
    walk = Walk()
    for element in elements(x):
        for vector in range(1 + shift):
            walk.touch("affine", vector, element[0])
            walk.element_op()
        walk.write(*element)
    return walk.counts()


def adaptive_pool(x: Map, bins: tuple[int, int], saved: int) -> Counts:
    """An element belongs to a bin where the bin's share of the axis, 1/n of it, has a part of the element in it."""
    walk = Walk()
    for c in range(x[0]):
        for i in range(bins[0]):
            for j in range(bins[1]):
                inside = 0
                for y in range(x[1]):
                    for z in range(x[2]):
                        if _touches(y, x[1], i, bins[0]) and _touches(z, x[2], j, bins[1]):
                            inside += 1
                for _ in range(inside - saved):
                    walk.element_op()
                walk.write(c, i, j)
    return walk.counts()


def _touches(place: int, extent: int, number: int, bins: int) -> bool:
    """[place, place + 1) meets [number, number + 1) * extent / bins."""
    return place * bins < (number + 1) * extent and number * extent < (place + 1) * bins


def l2_pool(x: Map, rows: Axis, columns: Axis) -> Counts:
    """A square for each tap, an addition for each but the first, one root."""
    walk = Walk()
    for c in range(x[0]):
        for i, _ in enumerate(window_starts(x[1], rows)):
            for j, _ in enumerate(window_starts(x[2], columns)):
                for tap in range(rows.kernel * columns.kernel):
                    walk.element_op()  # square
                    if tap:
                        walk.element_op()  # addition
                walk.element_op()  # root
                walk.write(c, i, j)
    return walk.counts()


def resize(x: Map, size: tuple[int, int], *, is_linear: bool) -> Counts:
    """Two neighbours along each axis that changes, each times its share, and the additions between them."""
    walk = Walk()
    changed = [before != after for before, after in zip(x[1:], size, strict=True)]
    for element in elements((x[0], *size)):
        if is_linear and any(changed):
            neighbours = [(a, b) for a in range(1 + changed[0]) for b in range(1 + changed[1])]
            for number, _ in enumerate(neighbours):
                walk.element_op()  # product
                if number:
                    walk.element_op()  # addition
        walk.write(*element)
    return walk.counts()

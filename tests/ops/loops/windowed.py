"""Operators with windows, walked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.ops.loops.axes import Axis, window_starts, windows
from tests.ops.loops.walk import Counts, Map, Walk


def convolution(
    x: Map, rows: Axis, columns: Axis, filters: int, *, bias: bool = True, groups: int = 1,
    connections: Sequence[Sequence[int]] | None = None,
) -> Counts:  # fmt: skip
    """Each filter slides over the input maps that it sees."""
    walk = Walk()
    maps = list(range(x[0]))
    for f in range(filters):
        group = [f in part for part in in_parts(list(range(filters)), groups)].index(True)
        seen = in_parts(maps, groups)[group] if connections is None else connections[f]
        for i, down in enumerate(windows(x[1], rows)):
            for j, across in enumerate(windows(x[2], columns)):
                for c in seen:
                    for ky, y in enumerate(down):
                        for kx, z in enumerate(across):
                            walk.touch("weight", f, c, ky, kx)
                            walk.multiply_add(on_data=y in range(x[1]) and z in range(x[2]))
                if bias:
                    walk.touch("bias", f)
                walk.write(f, i, j)
    return walk.counts()


def in_parts(items: list[int], parts: int) -> list[list[int]]:
    """The items dealt out into equal runs."""
    size = len(items) // parts
    return [items[start : start + size] for start in range(0, len(items), size)]


def depthwise_convolution(x: Map, rows: Axis, columns: Axis, *, multiplier: int = 1, bias: bool = True) -> Counts:
    """Each input map has `multiplier` kernels of its own."""
    walk = Walk()
    for c in range(x[0]):
        for m in range(multiplier):
            for i, down in enumerate(windows(x[1], rows)):
                for j, across in enumerate(windows(x[2], columns)):
                    for ky, y in enumerate(down):
                        for kx, z in enumerate(across):
                            walk.touch("weight", c, m, ky, kx)
                            walk.multiply_add(on_data=y in range(x[1]) and z in range(x[2]))
                    if bias:
                        walk.touch("bias", c, m)
                    walk.write(c * multiplier + m, i, j)
    return walk.counts()


def separable_convolution(
    x: Map, rows: Axis, columns: Axis, filters: int, *, multiplier: int = 1, bias: bool = True
) -> list[Counts]:
    """A depthwise convolution without bias, then a 1x1 over all its maps (rule 12)."""
    depthwise = depthwise_convolution(x, rows, columns, multiplier=multiplier, bias=False)
    return [depthwise, convolution(depthwise.output, Axis(1), Axis(1), filters, bias=bias)]


def transposed_convolution(
    x: Map,
    rows: Axis,
    columns: Axis,
    filters: int,
    *,
    bias: bool = True,
    groups: int = 1,
    output_padding: tuple[int, int] = (0, 0),
) -> Counts:
    """Each input element is multiplied with every tap of its kernels and added where the tap falls."""
    walk = Walk()
    down, height = scattered(x[1], rows, output_padding[0])
    across, width = scattered(x[2], columns, output_padding[1])
    for f in range(filters):
        group = [f in part for part in in_parts(list(range(filters)), groups)].index(True)
        for c in in_parts(list(range(x[0])), groups)[group]:
            for taps_down in down:
                for taps_across in across:
                    for ky, y in enumerate(taps_down):
                        for kx, z in enumerate(taps_across):
                            walk.touch("weight", f, c, ky, kx)
                            walk.multiply_add(on_data=y in range(height) and z in range(width))
        if bias:
            walk.touch("bias", f)
        for y in range(height):
            for z in range(width):
                walk.write(f, y, z)
    return walk.counts()


def scattered(n: int, axis: Axis, output_padding: int) -> tuple[list[list[int]], int]:
    """For each input element the output places of its taps, and how many places the output keeps.

    With "same" the output is the map, s times as large, that a convolution would bring back to n elements; the taps
    then fall where that convolution's windows lie (Dumoulin and Visin, section 4).
    """
    if axis.padding == "same":
        return windows(n * axis.stride, axis), n * axis.stride
    reach = axis.dilation * (axis.kernel - 1) + 1
    cut = axis.dilation * (axis.kernel // 2) if axis.padding == "half" else int(axis.padding)
    places = [[i * axis.stride + tap * axis.dilation for tap in range(axis.kernel)] for i in range(n)]
    whole_output = places[-1][0] + reach
    kept = range(cut, whole_output - cut + output_padding)
    return [[place - cut for place in taps] for taps in places], len(kept)


def upsampling(x: Map, factors: tuple[int, int], *, bilinear: bool = False) -> Counts:
    """Copied, or the mean of two neighbours down and two across, each with its share."""
    walk = Walk()
    for c in range(x[0]):
        for y in range(x[1] * factors[0]):
            for z in range(x[2] * factors[1]):
                neighbours = [(0, 0), (0, 1), (1, 0), (1, 1)] if bilinear else []
                for number, _ in enumerate(neighbours):
                    walk.element_op()  # product with its share
                    if number:
                        walk.element_op()  # addition
                walk.write(c, y, z)
    return walk.counts()


def pool(x: Map, rows: Axis, columns: Axis, under: Callable[[Walk, int, int], None]) -> Counts:
    """`under` does the work of one window: it is given the walk, the map and the number of taps."""
    walk = Walk()
    for c in range(x[0]):
        for i, _ in enumerate(window_starts(x[1], rows)):
            for j, _ in enumerate(window_starts(x[2], columns)):
                taps = [(ky, kx) for ky in range(rows.kernel) for kx in range(columns.kernel)]
                under(walk, c, len(taps))
                walk.write(c, i, j)
    return walk.counts()


def max_pool(x: Map, rows: Axis, columns: Axis) -> Counts:
    """The largest so far is compared with each further tap, taps on padding included."""

    def largest(walk: Walk, _: int, taps: int) -> None:
        for _tap in range(1, taps):
            walk.element_op()

    return pool(x, rows, columns, largest)


def average_pool(x: Map, rows: Axis, columns: Axis) -> Counts:
    """The sum of the taps, and one division."""

    def mean(walk: Walk, _: int, taps: int) -> None:
        for _tap in range(1, taps):
            walk.element_op()  # addition
        walk.element_op()  # division

    return pool(x, rows, columns, mean)


def subsampling(x: Map, rows: Axis, columns: Axis) -> Counts:
    """The sum of the taps, times the map's coefficient, plus the map's bias."""

    def subsample(walk: Walk, c: int, taps: int) -> None:
        for _tap in range(1, taps):
            walk.element_op()  # addition
        walk.touch("affine", c)
        walk.element_op()  # product
        walk.touch("bias", c)
        walk.element_op()  # addition of the bias

    return pool(x, rows, columns, subsample)


def whole(x: Map) -> tuple[Axis, Axis]:
    """A window over the whole map: `global`."""
    return Axis(x[1]), Axis(x[2])


def spatial_pyramid_pool(x: Map, levels: Sequence[int]) -> Counts:
    """For each level n, an n x n grid laid over the map; a bin takes every element that its cell overlaps."""
    walk = Walk()
    position = 0
    for n in levels:
        for i in range(n):
            for j in range(n):
                inside = [(y, z) for y in overlapped(x[1], n, i) for z in overlapped(x[2], n, j)]
                for c in range(x[0]):
                    for _element in inside[1:]:
                        walk.element_op()  # comparison with the largest so far
                    walk.write(position + c, 0, 0)
                position += x[0]
    return walk.counts()


def overlapped(extent: int, bins: int, i: int) -> list[int]:
    """Elements j of an axis whose stretch [j, j + 1) shares a point with the i-th of `bins` equal cells.

    Both stretches are measured in units of 1 / bins, so there is no fraction and no rounding.
    """
    return [j for j in range(extent) if max(j * bins, i * extent) < min((j + 1) * bins, (i + 1) * extent)]

"""Every operator walked: its loops run in plain Python over a small map, and counters go up inside them.

Nothing here is a formula for a count. Params are the distinct coordinates that the loops touched, the output's
shape is the coordinates that they wrote, and where windows lie is found by sliding them, so the numbers owe nothing
to the code that they judge. What one element costs is read off each operator's docstring, one `element_op` per
word of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

Map = tuple[int, int, int]
"""Channels, height, width."""


class Counts(NamedTuple):
    """What a layer has and does for one image."""

    output: Map
    weights: int = 0
    biases: int = 0
    affine: int = 0
    buffers: int = 0
    multiply_adds: int = 0
    element_ops: int = 0
    effective_multiply_adds: int = 0
    """Those that meet real data: no padding read, no place outside the output written."""


class Walk:
    """The counters of one layer."""

    def __init__(self) -> None:
        self.written: set[tuple[int, int, int]] = set()
        self.touched: set[tuple[object, ...]] = set()
        self.multiply_adds = 0
        self.effective_multiply_adds = 0
        self.element_ops = 0

    def write(self, c: int, y: int, x: int) -> None:
        assert (c, y, x) not in self.written, "an output element is made once"
        self.written.add((c, y, x))

    def touch(self, kind: str, *coordinates: int) -> None:
        self.touched.add((kind, *coordinates))

    def multiply_add(self, *, on_data: bool = True) -> None:
        self.multiply_adds += 1
        self.effective_multiply_adds += on_data

    def element_op(self) -> None:
        self.element_ops += 1

    def counts(self) -> Counts:
        channels, rows, columns = ({place[axis] for place in self.written} for axis in range(3))
        assert len(self.written) == len(channels) * len(rows) * len(columns), "the output is a full box"

        def distinct(kind: str) -> int:
            return sum(1 for place in self.touched if place[0] == kind)

        return Counts(
            (len(channels), len(rows), len(columns)), distinct("weight"), distinct("bias"), distinct("affine"),
            distinct("buffer"), self.multiply_adds, self.element_ops, self.effective_multiply_adds,
        )  # fmt: skip


# -- where windows lie ------------------------------------------------------------------------------------------------


class Axis(NamedTuple):
    """A window along one axis. `padding` is `same`, `half` or a number; `valid` is 0."""

    kernel: int
    stride: int = 1
    padding: str | int = 0
    dilation: int = 1
    ceil: bool = False


def starts_in(padded: int, reach: int, stride: int) -> list[int]:
    """Every start of a window that lies inside the padded axis."""
    return [start for start in range(0, padded, stride) if start + reach <= padded]


def window_starts(n: int, axis: Axis) -> list[int]:
    """Where the windows start, counted from the first element of the padding (language, rules 7 and 8)."""
    return slid(n, axis)[0]


def windows(n: int, axis: Axis) -> list[list[int]]:
    """For each window the places of its taps on the map; below 0 and from n on lies padding."""
    starts, before = slid(n, axis)
    return [[start - before + tap * axis.dilation for tap in range(axis.kernel)] for start in starts]


def slid(n: int, axis: Axis) -> tuple[list[int], int]:
    """The starts of the windows, and how many elements of padding lie before the map."""
    taps = [tap * axis.dilation for tap in range(axis.kernel)]
    reach = taps[-1] + 1
    if axis.padding == "same":  # TensorFlow: one window for each s-th element, with the least padding that allows it
        wanted = len(range(0, n, axis.stride))
        padding = 0
        while len(starts_in(n + padding, reach, axis.stride)) < wanted:
            padding += 1
        return starts_in(n + padding, reach, axis.stride), padding // 2  # the odd one lies behind
    if axis.padding == "half":
        assert axis.kernel % 2, "half is for odd windows"
        before = taps[axis.kernel // 2]  # the middle tap of the first window lies on the first element
    else:
        before = int(axis.padding)
    padded = n + 2 * before
    if not axis.ceil:
        return starts_in(padded, reach, axis.stride), before
    starts = [0]
    while starts[-1] + reach < padded:  # Caffe: one window more until the end is covered
        starts.append(starts[-1] + axis.stride)
    if before and starts[-1] >= n + before:  # none may start in the padding behind the map
        starts.pop()
    return starts, before


# -- operators with windows -------------------------------------------------------------------------------------------


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
    x: Map, rows: Axis, columns: Axis, filters: int, *, bias: bool = True, groups: int = 1, output_padding: int = 0
) -> Counts:  # fmt: skip
    """Each input element is multiplied with every tap of its kernels and added where the tap falls."""
    walk = Walk()
    down, height = scattered(x[1], rows, output_padding)
    across, width = scattered(x[2], columns, output_padding)
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


# -- operators on all elements ----------------------------------------------------------------------------------------


def elements(x: Map) -> list[tuple[int, int, int]]:
    return [(c, y, z) for c in range(x[0]) for y in range(x[1]) for z in range(x[2])]


def linear(x: Map, units: int, *, bias: bool = True) -> Counts:
    """Each unit has a weight for each element of the map."""
    walk = Walk()
    for unit in range(units):
        for element in elements(x):
            walk.touch("weight", unit, *element)
            walk.multiply_add()
        if bias:
            walk.touch("bias", unit)
        walk.write(unit, 0, 0)
    return walk.counts()


def rbf(x: Map, units: int) -> Counts:
    """Each unit is the sum of squared differences to a fixed centre: nothing is trained."""
    walk = Walk()
    for unit in range(units):
        for number, _ in enumerate(elements(x)):
            walk.element_op()  # difference
            walk.element_op()  # square
            if number:
                walk.element_op()  # addition
        walk.write(unit, 0, 0)
    return walk.counts()


def elementwise(x: Map, *work: str) -> Counts:
    """Each element by itself; `work` names what is done to it."""
    walk = Walk()
    for element in elements(x):
        for _ in work:
            walk.element_op()
        walk.write(*element)
    return walk.counts()


def batch_norm(x: Map, *, scale: bool = True, shift: bool = True) -> Counts:
    """A product and an addition for each element; two trained numbers and two statistics for each map."""
    walk = Walk()
    for c, y, z in elements(x):
        if scale:
            walk.touch("affine", c, 0)
        if shift:
            walk.touch("affine", c, 1)
        walk.touch("buffer", c, 0)  # mean
        walk.touch("buffer", c, 1)  # variance
        walk.element_op()  # product
        walk.element_op()  # addition
        walk.write(c, y, z)
    return walk.counts()


def local_response_norm(x: Map, size: int = 5) -> Counts:
    """Divided by a power of the sum of squares over `size` channels, those missing at the ends counted too."""
    walk = Walk()
    for element in elements(x):
        for neighbour in range(size):
            walk.element_op()  # square
            if neighbour:
                walk.element_op()  # addition
        walk.element_op()  # product with alpha / size
        walk.element_op()  # addition of k
        walk.element_op()  # power
        walk.element_op()  # division
        walk.write(*element)
    return walk.counts()


def softmax(x: Map) -> Counts:
    """Across the channels at each position: exponentials, their sum, a division each."""
    walk = Walk()
    for y in range(x[1]):
        for z in range(x[2]):
            for c in range(x[0]):
                walk.element_op()  # exponential
                if c:
                    walk.element_op()  # addition
            for c in range(x[0]):
                walk.element_op()  # division
                walk.write(c, y, z)
    return walk.counts()


def flatten(x: Map) -> Counts:
    walk = Walk()
    for position, _ in enumerate(elements(x)):
        walk.write(position, 0, 0)
    return walk.counts()


# -- joins ------------------------------------------------------------------------------------------------------------


def concat(branches: Sequence[Map]) -> Counts:
    """Maps copied one behind the other; a copy is no operation."""
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

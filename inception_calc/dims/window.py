"""Window arithmetic: how many positions a kernel takes along one axis, and where padding lies.

Sources: "same" is TensorFlow's rule (out = ceil(n / s), the odd padding after); "half" and the `ceil`
rounding are Caffe's (pooling_layer.cpp); bins are those of adaptive pooling (SPP-net, section 2).
"""

from functools import lru_cache
from typing import NamedTuple

from inception_calc.dims.quantity import Dim, FeatureMap, ceil_div, floor_div, maximum, minimum
from inception_calc.problems import Fault, Problem, Undecided


class Extent(NamedTuple):
    """Height and width of a kernel, a stride or a dilation."""

    height: Dim
    width: Dim


class Pads(NamedTuple):
    """Rows and columns of padding around a map."""

    top: Dim
    bottom: Dim
    left: Dim
    right: Dim


class Window(NamedTuple):
    """A kernel that slides over a map. `padding` None means "same"; `ceil` rounds positions up."""

    kernel_size: Extent
    stride: Extent
    padding: Pads | None = Pads(0, 0, 0, 0)
    dilation: Extent = Extent(1, 1)
    ceil: bool = False

    @property
    def area(self) -> Dim:
        """The number of taps."""
        return self.kernel_size.height * self.kernel_size.width

    def pads(self, x: FeatureMap) -> Pads:
        """The padding around a map of x's size, with "same" worked out."""
        if self.padding is not None:
            return self.padding
        rows = same_padding(x.height, self.kernel_size.height, self.stride.height, self.dilation.height)
        columns = same_padding(x.width, self.kernel_size.width, self.stride.width, self.dilation.width)
        return Pads(*rows, *columns)

    def taps_on_map(self, x: FeatureMap) -> tuple[tuple[Dim, ...], tuple[Dim, ...]]:
        """For each row of the kernel, then for each column, the positions at which it falls on the map `x`.

        The others lie on its padding (floor rounding). The product of the two sums is all taps on the map.
        """
        pads = self.pads(x)
        kernel, stride, dilation = self.kernel_size, self.stride, self.dilation

        def along(axis: int, extent: Dim) -> tuple[Dim, ...]:
            before, after = pads[2 * axis], pads[2 * axis + 1]
            reach = reach_of(kernel[axis], dilation[axis])
            span = extent - 1 if self.padding is None else extent + before + after - reach
            return extent, kernel[axis], stride[axis], before, span, dilation[axis]

        rows, columns = along(0, x.height), along(1, x.width)
        return taps_on_map(*rows), taps_on_map(*columns)

    def output(self, channels: Dim, x: FeatureMap) -> FeatureMap:
        """The map that the window leaves: `channels` x positions down x positions across."""
        if self.padding is None:
            return FeatureMap(channels, ceil_div(x.height, self.stride.height), ceil_div(x.width, self.stride.width))
        kernel, stride, dilation, pads = self.kernel_size, self.stride, self.dilation, self.padding
        height = positions(x.height, kernel.height, stride.height, pads.top, pads.bottom, dilation.height, self.ceil)
        width = positions(x.width, kernel.width, stride.width, pads.left, pads.right, dilation.width, self.ceil)
        if height is None or width is None:
            padded = f"{x.height + pads.top + pads.bottom}x{x.width + pads.left + pads.right}"
            reach = f"{reach_of(kernel.height, dilation.height)}x{reach_of(kernel.width, dilation.width)}"
            raise Fault(
                "window-too-large",
                f"a window of {reach} does not fit into the padded map of {padded} (map {x.height}x{x.width})",
                fix="use a smaller window, more padding ('same') or a larger input",
            )
        return FeatureMap(channels, height, width)


def reach_of(kernel: Dim, dilation: Dim) -> Dim:
    """How many elements a dilated kernel spans."""
    return dilation * (kernel - 1) + 1


def positions(
    extent: Dim, kernel: Dim, stride: Dim, before: Dim, after: Dim, dilation: Dim = 1, ceil: bool = False
) -> Dim | None:
    """How many positions the window takes along one axis; None where it does not fit once.

    Rounded up, Caffe drops a last window that would start in the padding after the map (only when there
    is padding): out = ceil((n + 2p - k) / s) + 1, minus one if (out - 1) s >= n + p. That is the smaller
    of two ceilings over the same divisor, so it needs no comparison that a symbol could not decide.
    """
    span = extent + before + after - reach_of(kernel, dilation)
    if isinstance(span, int) and span < 0:
        return None
    if not ceil:
        return floor_div(span, stride) + 1
    if before == 0 and after == 0:
        return ceil_div(span, stride) + 1
    return ceil_div(minimum(span + stride, extent + before), stride)


def same_padding(extent: Dim, kernel: Dim, stride: Dim, dilation: Dim = 1) -> tuple[Dim, Dim]:
    """TensorFlow's padding before and after one axis."""
    out = ceil_div(extent, stride)
    both = maximum((out - 1) * stride + reach_of(kernel, dilation) - extent, 0)
    before = floor_div(both, 2)
    return before, both - before


@lru_cache(maxsize=4096, typed=True)  # the layers of a network share few sizes, and symbols are slow to compare
def taps_on_map(extent: Dim, kernel: Dim, stride: Dim, before: Dim, span: Dim, dilation: Dim = 1) -> tuple[Dim, ...]:
    """For each tap along one axis, how many of the floor(span / stride) + 1 positions of the window lay it on the map.

    Tap t of position o falls on element o s - p + t d. For each tap the positions with 0 <= o s - p + t d < n are
    a run, which has a closed form with one floor for each tap, the same for numbers and symbols.
    """
    if not isinstance(kernel, int):
        what = "effective multiply-adds need a window whose size is a number"
        raise Undecided(Problem("free-kernel", what, None, "give the window's symbol a value"))
    seen: list[Dim] = []
    for tap in range(kernel):
        shift = before - tap * dilation
        first = maximum(ceil_div(shift, stride), 0)
        last = floor_div(minimum(extent - 1 + shift, span), stride)
        seen.append(maximum(last - first + 1, 0))
    return tuple(seen)


def bin_edges(extent: Dim, bins: int) -> list[tuple[Dim, Dim]]:
    """Where each of n adaptive bins starts and ends: floor(i a / n) to ceil((i + 1) a / n)."""
    return [(floor_div(i * extent, bins), ceil_div((i + 1) * extent, bins)) for i in range(bins)]

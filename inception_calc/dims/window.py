"""Window arithmetic, axis by axis: how many positions a kernel takes along each, and where padding lies.

Sources: "same" is TensorFlow's rule (out = ceil(n / s), the odd padding after); "half" and the `ceil`
rounding are Caffe's (pooling_layer.cpp); bins are those of adaptive pooling (SPP-net, section 2).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from inception_calc.dims.quantity import Dim, ceil_div, floor_div, maximum, minimum, product
from inception_calc.problems import Fault, Problem, Undecided

Sides: TypeAlias = tuple[Dim, ...]
"""One number for each spatial axis: of a kernel, a stride or a dilation."""
Pads: TypeAlias = tuple[tuple[Dim, Dim], ...]
"""Elements of padding before and after the map, for each spatial axis."""

Rule: TypeAlias = str
ODD_BEFORE: Rule = "odd before"
"""Of a "same" padding the odd element lies before the map, as in ONNX's SAME_LOWER."""
ALWAYS_CLIPPED: Rule = "always clipped"
"""Rounded up, no window begins behind the map even where there is no padding, as in ONNX and PyTorch."""

MOST_TAPS = 1 << 16
"""Along one axis; those of hostile kernels are not counted one by one."""


class Along(NamedTuple):
    """A window along one axis; `padding` None means "same", `ceil` rounds positions up."""

    kernel: Dim
    stride: Dim = 1
    padding: tuple[Dim, Dim] | None = (0, 0)
    dilation: Dim = 1
    ceil: bool = False
    rule: Rule = ""

    @property
    def reach(self) -> Dim:
        """How many elements the dilated kernel spans."""
        return reach_of(self.kernel, self.dilation)

    def pads(self, extent: Dim) -> tuple[Dim, Dim]:
        """The padding before and after, with "same" worked out."""
        if self.padding is not None:
            return self.padding
        before, after = same_padding(extent, self.kernel, self.stride, self.dilation)
        return (after, before) if self.rule == ODD_BEFORE else (before, after)

    def positions(self, extent: Dim) -> Dim | None:
        """How many positions there are; None where the window does not fit once.

        Rounded up, Caffe drops a last window that would start in the padding after the map (only when there
        is padding): out = ceil((n + 2p - k) / s) + 1, minus one if (out - 1) s >= n + p. That is the smaller
        of two ceilings over the same divisor, so it needs no comparison that a symbol could not decide.
        """
        if self.padding is None:
            return ceil_div(extent, self.stride)
        before, after = self.padding
        span = extent + before + after - self.reach
        if isinstance(span, int) and span < 0:
            return None
        if not self.ceil:
            return floor_div(span, self.stride) + 1
        if not self.clips:
            return ceil_div(span, self.stride) + 1
        return ceil_div(minimum(span + self.stride, extent + before), self.stride)

    @property
    def clips(self) -> bool:
        """Whether, rounded up, a last window that would begin behind the map is dropped."""
        return self.rule == ALWAYS_CLIPPED or self.padding != (0, 0)

    def spread(self, extent: Dim, more: Dim = 0) -> Dim:
        """How far the output reaches where the kernel is laid at every element of the input, and padding cut off."""
        if self.padding is None:
            return extent * self.stride
        return (extent - 1) * self.stride - sum(self.padding) + self.reach + more

    def taps_on_map(self, extent: Dim) -> tuple[Dim, ...]:
        """For each element of the kernel, the positions at which it falls on the map (floor rounding)."""
        before, after = self.pads(extent)
        span = extent - 1 if self.padding is None else extent + before + after - self.reach
        return taps_on_map(extent, self.kernel, self.stride, before, span, self.dilation)


class Window(NamedTuple):
    """A kernel that slides over a map. `padding` None means "same"; `ceil` rounds positions up."""

    kernel_size: Sides
    stride: Sides
    padding: Pads | None
    dilation: Sides
    ceil: bool = False
    rule: Rule = ""
    """Where another tool's rules differ from Caffe's and TensorFlow's."""

    @property
    def area(self) -> Dim:
        """The number of taps."""
        return product(self.kernel_size)

    @property
    def axes(self) -> tuple[Along, ...]:
        """The window along each axis."""
        paddings = (None,) * len(self.kernel_size) if self.padding is None else self.padding
        sides = zip(self.kernel_size, self.stride, paddings, self.dilation, strict=True)
        return tuple([Along(*side, self.ceil, self.rule) for side in sides])

    def pads(self, sides: Sides) -> Pads:
        """The padding around a map of these sides, with "same" worked out."""
        if self.padding is not None:
            return self.padding
        return tuple(axis.pads(extent) for axis, extent in zip(self.axes, sides, strict=True))

    def room(self, sides: Sides) -> tuple[Dim, ...]:
        """Along each axis, the places that the first window has on the padded map: at least 1 where it fits."""
        if self.padding is None:
            return ()
        return tuple(
            extent + before + after - axis.reach + 1
            for axis, extent, (before, after) in zip(self.axes, sides, self.padding, strict=True)
        )

    def taps_on_map(self, sides: Sides) -> list[tuple[Dim, ...]]:
        """Along each axis, for each element of the kernel, the positions at which it falls on the map (floored)."""
        return [axis.taps_on_map(extent) for axis, extent in zip(self.axes, sides, strict=True)]

    def positions(self, sides: Sides) -> Sides:
        """How many positions it takes along each axis of a map; a `Fault` where it does not fit."""
        found = tuple([axis.positions(extent) for axis, extent in zip(self.axes, sides, strict=True)])
        if None in found:
            padded = sides_text(n + sum(pads) for n, pads in zip(sides, self.pads(sides), strict=True))
            reach = sides_text(axis.reach for axis in self.axes)
            raise Fault(
                "window-too-large",
                f"a window of {reach} does not fit into the padded map of {padded} (map {sides_text(sides)})",
                fix="use a smaller window, more padding ('same') or a larger input",
            )
        return found


def sliding(
    kernel_size: Sides,
    stride: Sides | None = None,
    padding: Pads | None = (),
    dilation: Sides | None = None,
    ceil: bool = False,
) -> Window:
    """A window that moves by one element over a map without padding, unless something else is said."""
    ones = (1,) * len(kernel_size)
    around = ((0, 0),) * len(kernel_size) if padding == () else padding
    return Window(kernel_size, stride or ones, around, dilation or ones, ceil)


def sides_text(sides: Iterable[Dim]) -> str:
    """`3x3`, as people write kernels, strides and maps without their channels."""
    return "x".join(map(str, sides))


def reach_of(kernel: Dim, dilation: Dim) -> Dim:
    """How many elements a dilated kernel spans."""
    return dilation * (kernel - 1) + 1


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
    if not isinstance(kernel, int) or kernel > MOST_TAPS:
        what = f"effective multiply-adds need a window whose size is a number, and at most {MOST_TAPS:,}"
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

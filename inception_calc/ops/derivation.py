"""How a number of a layer arises, as data: a formula in the grammar of specs, and what its names stand for.

Each operator's file says its own; `explain` shows them, and a test evaluates every one of them against the counts.
A quantity that a layer does not derive is that of its input (sizes) or zero (costs).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from inception_calc.dims import Along, Dim, Shape, Window, total

TAPS = {"length": "taps_along", "height": "taps_down", "width": "taps_across", "depth": "taps_through"}
"""For each element of a kernel along an axis the positions at which it falls on the map, added up."""
PADS = {
    "length": ("pad_before", "pad_after"),
    "height": ("pad_top", "pad_bottom"),
    "width": ("pad_left", "pad_right"),
    "depth": ("pad_front", "pad_back"),
}
"""The padding on both sides of an axis."""
COSTS = ("weights", "biases", "affine", "buffers", "multiply_adds", "effective_multiply_adds", "element_ops")


class Derivation(NamedTuple):
    """One quantity of one layer, for one image."""

    quantity: str
    formula: str
    """`kernel_height*kernel_width*input_channels*filters`."""
    values: Mapping[str, Dim]
    """Name in the formula -> its value."""


class Product(NamedTuple):
    """Named factors: how they are written, and what they stand for."""

    values: Mapping[str, Dim]

    @property
    def formula(self) -> str:
        """`output_height*output_width`."""
        return "*".join(self.values)


def each_axis(x: Shape, what: str, sides: Sequence[Dim]) -> Product:
    """`kernel_height*kernel_width` for an image, `kernel_length` for a signal; nothing for a vector."""
    return Product({f"{what}_{axis}": side for axis, side in zip(x.axes, sides, strict=True)})


def elements(y: Shape) -> Product:
    """`channels*output_height*output_width`."""
    return Product({"channels": y.channels, **each_axis(y, "output", y.sides).values})


def of_elements(y: Shape, factor: str, values: Mapping[str, Dim] = MappingProxyType({})) -> Derivation:
    """Element ops: so many for each element of the output."""
    every = elements(y)
    return Derivation("element_ops", f"{factor}*{every.formula}", {**values, **every.values})


def point(y: Shape) -> list[Derivation]:
    """That the output has one place."""
    return [Derivation(axis, "1", {}) for axis in y.axes]


def effective_multiply_adds(
    kernels: str, values: Mapping[str, Dim], x: Shape, taps: Sequence[Sequence[Dim]]
) -> list[Derivation]:
    """Multiply-adds whose tap falls on the map, and where the numbers of taps along each axis come from."""
    sums = {TAPS[axis]: total(each) for axis, each in zip(x.axes, taps, strict=True)}
    derived = [
        Derivation(quantity, " + ".join(map(str, each)), {})
        for quantity, each in zip(sums, taps, strict=True)
        if all(isinstance(count, int) for count in each)
    ]
    return [*derived, Derivation("effective_multiply_adds", "*".join((kernels, *sums)), {**values, **sums})]


def positions(window: Window, x: Shape) -> list[Derivation]:
    """How many positions a window takes along each axis."""
    return [_along(axis, extent, along) for axis, extent, along in zip(x.axes, x.sides, window.axes, strict=True)]


def _along(axis: str, extent: Dim, window: Along) -> Derivation:
    values: dict[str, Dim] = {f"input_{axis}": extent, f"stride_{axis}": window.stride}
    if window.padding is None:
        return Derivation(axis, f"ceil_div(input_{axis}, stride_{axis})", values)
    before, after = PADS[axis]
    values |= {before: window.padding[0], after: window.padding[1], f"kernel_{axis}": window.kernel}
    reach = f"kernel_{axis}"
    if window.dilation != 1:
        values[f"dilation_{axis}"] = window.dilation
        reach = f"(dilation_{axis}*(kernel_{axis} - 1) + 1)"
    span = f"input_{axis} + {before} + {after} - {reach}"
    if not window.ceil:
        return Derivation(axis, f"({span})//stride_{axis} + 1", values)
    if window.padding == (0, 0):
        return Derivation(axis, f"ceil_div({span}, stride_{axis}) + 1", values)
    # Caffe: no window starts in the padding after the map (dims.window.positions)
    inside = f"min({span} + stride_{axis}, input_{axis} + {before})"
    return Derivation(axis, f"ceil_div({inside}, stride_{axis})", values)

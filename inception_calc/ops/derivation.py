"""How a number of a layer arises, as data: a formula in the grammar of specs, and what its names stand for.

Each operator's file says its own; `explain` shows them, and a test evaluates every one of them against the counts.
A quantity that a layer does not derive is that of its input (sizes) or zero (costs).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inception_calc.dims import Dim, FeatureMap, Window, total

SIZES = ("channels", "height", "width")
TAPS = ("taps_down", "taps_across")
"""For each row of a kernel, or column, the positions at which it falls on the map, added up."""
COSTS = ("weights", "biases", "affine", "buffers", "multiply_adds", "effective_multiply_adds", "element_ops")


class Derivation(NamedTuple):
    """One quantity of one layer, for one image."""

    quantity: str
    formula: str
    """`kernel_height*kernel_width*input_channels*filters`."""
    values: Mapping[str, Dim]
    """Name in the formula -> its value."""


ELEMENTS = "channels*output_height*output_width"


def elements(y: FeatureMap) -> dict[str, Dim]:
    """The values of `ELEMENTS`."""
    return {"channels": y.channels, "output_height": y.height, "output_width": y.width}


def effective_multiply_adds(kernels: str, values: Mapping[str, Dim], taps: Sequence[Sequence[Dim]]) -> list[Derivation]:
    """Multiply-adds whose tap falls on the map, and where the numbers of taps down and across come from."""
    sums = {quantity: total(each) for quantity, each in zip(TAPS, taps, strict=True)}
    derived = [
        Derivation(quantity, " + ".join(map(str, each)), {})
        for quantity, each in zip(TAPS, taps, strict=True)
        if all(isinstance(count, int) for count in each)
    ]
    return [*derived, Derivation("effective_multiply_adds", "*".join((kernels, *sums)), {**values, **sums})]


def positions(window: Window, x: FeatureMap) -> tuple[Derivation, Derivation]:
    """How many positions a window takes down and across."""
    pads = window.pads(x)
    height = _along("height", x.height, window, 0, ("pad_top", pads.top), ("pad_bottom", pads.bottom))
    width = _along("width", x.width, window, 1, ("pad_left", pads.left), ("pad_right", pads.right))
    return height, width


def _along(
    side: str, extent: Dim, window: Window, axis: int, before: tuple[str, Dim], after: tuple[str, Dim]
) -> Derivation:
    kernel, stride, dilation = window.kernel_size[axis], window.stride[axis], window.dilation[axis]
    values: dict[str, Dim] = {f"input_{side}": extent, f"stride_{side}": stride}
    if window.padding is None:
        return Derivation(side, f"ceil_div(input_{side}, stride_{side})", values)
    values |= dict([before, after]) | {f"kernel_{side}": kernel}
    reach = f"kernel_{side}"
    if dilation != 1:
        values[f"dilation_{side}"] = dilation
        reach = f"(dilation_{side}*(kernel_{side} - 1) + 1)"
    span = f"input_{side} + {before[0]} + {after[0]} - {reach}"
    if not window.ceil:
        return Derivation(side, f"({span})//stride_{side} + 1", values)
    if before[1] == 0 and after[1] == 0:
        return Derivation(side, f"ceil_div({span}, stride_{side}) + 1", values)
    # Caffe: no window starts in the padding after the map (dims.window.positions)
    inside = f"min({span} + stride_{side}, input_{side} + {before[0]})"
    return Derivation(side, f"ceil_div({inside}, stride_{side})", values)

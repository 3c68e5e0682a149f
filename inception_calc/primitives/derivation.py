"""How a number of a layer arises, as data: a formula in the grammar of specs, and what its names stand for.

Each primitive says its own; `explain` shows them, and a test evaluates every one of them against the counts. A
quantity that a layer does not derive is that of its input (sizes) or zero (costs).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from inception_calc.dims import Along, Dim, Shape, Sides, TensorShape, Window, axis_names, evaluated, total

TAPS = {"length": "taps_along", "height": "taps_down", "width": "taps_across", "depth": "taps_through"}
"""For each element of a kernel along an axis the positions at which it falls on the map, added up."""
PADS = {
    "length": ("pad_before", "pad_after"),
    "height": ("pad_top", "pad_bottom"),
    "width": ("pad_left", "pad_right"),
    "depth": ("pad_front", "pad_back"),
}
"""The padding on both sides of an axis."""
PER_RUN = ("multiply_adds", "effective_multiply_adds", "element_ops")
"""What is done again in each run."""
COSTS = ("weights", "biases", "affine", "buffers", "embeddings", *PER_RUN)
NAME = re.compile(r"[A-Za-z_]\w*")
NOTHING: Mapping[str, Dim] = MappingProxyType({})


class Derivation(NamedTuple):
    """One quantity of one layer, for one image."""

    quantity: str
    formula: str
    """`kernel_height*kernel_width*input_channels*filters`."""
    values: Mapping[str, Dim] = NOTHING
    """Name in the formula -> its value."""

    @property
    def value(self) -> Dim:
        """What the formula comes to."""
        return evaluated(self.formula, self.values)


def product_of(quantity: str, values: Mapping[str, Dim]) -> Derivation:
    """A quantity that is the product of named factors; 1 for none."""
    return Derivation(quantity, "*".join(values) or "1", values)


def each_axis(what: str, sides: Sides) -> dict[str, Dim]:
    """`kernel_height`, `kernel_width` for an image, `kernel_length` for a signal; nothing for a vector."""
    return {f"{what}_{axis}": side for axis, side in zip(axis_names(len(sides)), sides, strict=True)}


def batched(batch: Dim) -> dict[str, Dim]:
    """The batch as a factor, where the sizes of an operation hold more than one sample."""
    return {} if isinstance(batch, int) and batch == 1 else {"batch": batch}


def elements(y: Shape, count: Dim) -> dict[str, Dim]:
    """Elements in the words of the output's axes, where these have names and it is all of them that are counted."""
    if isinstance(y, TensorShape) or y.elements != count:
        return {"elements": count}
    return {"channels": y.channels, **each_axis("output", y.sides)}


def element_ops(factor: str, values: Mapping[str, Dim], every: Mapping[str, Dim]) -> Derivation:
    """Element ops: so many for each of some elements."""
    return Derivation("element_ops", "*".join((factor, *every)), {**values, **every})


def point(y: Shape) -> list[Derivation]:
    """That the output has one place."""
    return [Derivation(axis, "1") for axis in y.axes]


def effective_multiply_adds(kernels: str, values: Mapping[str, Dim], taps: Sequence[Sequence[Dim]]) -> list[Derivation]:
    """Multiply-adds whose tap falls on the map, and where the numbers of taps along each axis come from."""
    names = [TAPS.get(axis, f"taps_{axis}") for axis in axis_names(len(taps))]
    sums = {name: total(each) for name, each in zip(names, taps, strict=True)}
    derived = [
        Derivation(quantity, formula)
        for quantity, each in zip(sums, taps, strict=True)
        if (formula := _taps_text(each)) and all(isinstance(count, int) for count in each)
    ]
    return [*derived, Derivation("effective_multiply_adds", "*".join((kernels, *sums)), {**values, **sums})]


MOST_CHARACTERS = 900
"""Of a sum of taps that is written out: an expression may have 1,000."""


def _taps_text(each: Sequence[Dim]) -> str:
    """`112 + 111 + 112`, runs of equal taps as products where that is too long; empty where these are too."""
    text = " + ".join(map(str, each))
    if len(text) > MOST_CHARACTERS:
        runs = ((count, len(list(group))) for count, group in groupby(each))
        text = " + ".join(f"{times}*{count}" for count, times in runs)
    return text if len(text) <= MOST_CHARACTERS else ""


def added_up(parts: Sequence[Sequence[Derivation]], times: Dim) -> tuple[Derivation, ...]:
    """What several operations derive, in all runs: costs are sums; sizes and params are those of the last to have any.

    A name that stands for different values in two of them has the number of the operation behind it.
    """
    found: dict[str, Derivation] = {}
    for number, part in enumerate(parts, start=1):
        for one in part:
            before = found.get(one.quantity)
            if before is None or one.quantity not in PER_RUN:
                found[one.quantity] = one
                continue
            clashing = {name for name, value in one.values.items() if before.values.get(name, value) != value}
            other = _renamed(one, {name: f"{name}_{number}" for name in clashing})
            values = {**before.values, **other.values}
            found[one.quantity] = Derivation(one.quantity, f"{before.formula} + {other.formula}", values)
    if isinstance(times, int) and times == 1:
        return tuple(found.values())
    return tuple(_again(one, times) if one.quantity in PER_RUN else one for one in found.values())


def _renamed(one: Derivation, names: Mapping[str, str]) -> Derivation:
    formula = NAME.sub(lambda match: names.get(match[0], match[0]), one.formula)
    return Derivation(one.quantity, formula, {names.get(name, name): value for name, value in one.values.items()})


def _again(one: Derivation, times: Dim) -> Derivation:
    return Derivation(one.quantity, f"runs*({one.formula})", {"runs": times, **one.values})


def positions(window: Window, sides: Sides) -> list[Derivation]:
    """How many positions a window takes along each axis."""
    return [_along(*one) for one in zip(axis_names(len(sides)), sides, window.axes, strict=True)]


def _along(axis: str, extent: Dim, window: Along) -> Derivation:
    values: dict[str, Dim] = {f"input_{axis}": extent, f"stride_{axis}": window.stride}
    if window.padding is None:
        return Derivation(axis, f"ceil_div(input_{axis}, stride_{axis})", values)
    before, after = PADS.get(axis, (f"pad_before_{axis}", f"pad_after_{axis}"))
    values |= {before: window.padding[0], after: window.padding[1], f"kernel_{axis}": window.kernel}
    reach = f"kernel_{axis}"
    if window.dilation != 1:
        values[f"dilation_{axis}"] = window.dilation
        reach = f"(dilation_{axis}*(kernel_{axis} - 1) + 1)"
    span = f"input_{axis} + {before} + {after} - {reach}"
    if not window.ceil:
        return Derivation(axis, f"({span})//stride_{axis} + 1", values)
    if not window.clips:
        return Derivation(axis, f"ceil_div({span}, stride_{axis}) + 1", values)
    # no window starts in the padding after the map (dims.window.Along.positions)
    inside = f"min({span} + stride_{axis}, input_{axis} + {before})"
    return Derivation(axis, f"ceil_div({inside}, stride_{axis})", values)


def spreads(window: Window, sides: Sides, added: Sides) -> list[Derivation]:
    """How far the output of a transposed convolution reaches along each axis."""
    return [_spread(*one) for one in zip(axis_names(len(sides)), sides, window.axes, added, strict=True)]


def _spread(axis: str, extent: Dim, window: Along, added: Dim) -> Derivation:
    values: dict[str, Dim] = {f"input_{axis}": extent, f"stride_{axis}": window.stride}
    if window.padding is None:
        return Derivation(axis, f"input_{axis}*stride_{axis}", values)
    values |= {"cut": sum(window.padding), "reach": window.reach, "output_padding": added}
    return Derivation(axis, f"(input_{axis} - 1)*stride_{axis} - cut + reach + output_padding", values)

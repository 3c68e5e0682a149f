"""Transposed convolution: `{transposed convolution: 2x2/2, filters: 64}`; it enlarges the map.

    output         (n - 1) * stride - padding before and after + dilation * (kernel - 1) + 1 + output padding
                   ("same": n * stride)
    weights        kernel height * kernel width * (input channels / groups) * filters
    biases         filters (unless `bias: false`)
    multiply-adds  weights * input height * input width: every input element meets every tap

Taps that fall outside the output (`padding` cuts the edge off) are multiplied by some programs and skipped by
others; effective multiply-adds leave them out. Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep
learning", section 4; U-Net (Ronneberger et al. 2015) uses 2x2/2.
"""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import (
    Along,
    Count,
    Dim,
    Pads,
    Scope,
    Shape,
    Sides,
    Window,
    exact_quotient,
    product,
    sides_text,
    taps_on_map,
    total,
)
from inception_calc.ops.convolution import WindowedSettings, check_groups, kernel_room
from inception_calc.ops.derivation import Derivation, each_axis, effective_multiply_adds
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import EVERYWHERE, MOST_PHASES, Params, Sight, Sights, Unary, all_known, patch_text
from inception_calc.ops.nodes import Array, Attribute, Node, Nodes, all_pads
from inception_calc.ops.operator import Part, at, scaled_at
from inception_calc.ops.per_axis_fields import PerAxisField
from inception_calc.ops.window_fields import WindowField
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class TransposedConv(Unary):
    """A transposed convolution with all its numbers; `window.padding` None is "same"."""

    op: ClassVar[str] = "transposed convolution"
    window: Window
    filters: Dim
    output_padding: Sides
    groups: Dim = 1
    bias: bool = True

    def output(self, x: Shape) -> Shape:
        sides = [_extent(*along) for along in zip(self.window.axes, x.sides, self.output_padding, strict=True)]
        if any(isinstance(extent, int) and extent < 1 for extent in sides):
            what = f"the padding cuts the whole output off ({sides_text(sides)})"
            raise Fault("window-too-large", what, fix="pad by less")
        return Shape(self.filters, *sides)

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        return kernel_room(self.window)

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return (inputs[0].channels, self.groups), (self.filters, self.groups)

    def _cut(self, x: Shape) -> Pads:
        """What is cut off the output; "same" is the padding of the convolution that it transposes."""
        if self.window.padding is not None:
            return self.window.padding
        return self.window.pads(self.output(x))

    def params(self, x: Shape) -> Params:
        inputs = x.channels if self.groups == 1 else exact_quotient(x.channels, self.groups)
        return Params(self.window.area * inputs * self.filters, self.filters if self.bias else 0)

    def multiply_adds(self, x: Shape, y: Shape) -> Dim:
        return self.params(x).weights * x.positions

    def effective_multiply_adds(self, x: Shape, y: Shape) -> Dim:
        inputs = x.channels if self.groups == 1 else exact_quotient(x.channels, self.groups)
        return product(map(total, self._taps(x, y))) * inputs * self.filters

    def _taps(self, x: Shape, y: Shape) -> list[tuple[Dim, ...]]:
        """Along each axis, for each element of the kernel, how many input elements it carries to the output."""
        return [
            taps_on_map(out, axis.kernel, axis.stride, before, (extent - 1) * axis.stride, axis.dilation)
            for axis, (before, _), extent, out in zip(self.window.axes, self._cut(x), x.sides, y.sides, strict=True)
        ]

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        values: dict[str, Dim] = {"input_channels": x.channels, "filters": self.filters}
        kernels = "input_channels*filters"
        if self.groups != 1:
            kernels, values = "(input_channels//groups)*filters", {**values, "groups": self.groups}
        taps, places = each_axis(x, "kernel", self.window.kernel_size), each_axis(x, "input", x.sides)
        weights = f"{taps.formula}*{kernels}"
        kernel = {**taps.values, **values}
        derived = [
            Derivation("channels", "filters", {"filters": self.filters}),
            *(
                _derived_side(*along)
                for along in zip(x.axes, x.sides, self.window.axes, self.output_padding, strict=True)
            ),
            Derivation("weights", weights, kernel),
            Derivation("multiply_adds", f"{weights}*{places.formula}", {**kernel, **places.values}),
        ]
        if all(isinstance(side, int) for side in self.window.kernel_size):
            derived += effective_multiply_adds(kernels, values, x, self._taps(x, y))
        if self.bias:
            derived.append(Derivation("biases", "filters", {"filters": self.filters}))
        return tuple(derived)

    def sight(self, x: Shape) -> Sights | None:
        each = zip(self.window.axes, self._cut(x), x.sides, self.output(x).sides, self.output_padding, strict=True)
        return all_known([_sight_along(*along) for along in each])

    def patch(self, x: Shape) -> str:
        return patch_text(self.window)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        per_group = self.filters if self.groups == 1 else exact_quotient(self.filters, self.groups)
        fan_in = exact_quotient(self.params(x).weights, self.filters)
        weight = Array("weight", (x.channels, per_group, *self.window.kernel_size), "weights", "he", fan_in)
        return (weight, Array("bias", (self.filters,), "biases")) if self.bias else (weight,)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        cut = self._cut(x)
        attributes: dict[str, Attribute] = {
            "kernel_shape": tuple(self.window.kernel_size),
            "strides": tuple(self.window.stride),
            "dilations": tuple(self.window.dilation),
            "pads": all_pads(cut),
            "output_padding": tuple(
                _added(*along) for along in zip(self.window.axes, cut, x.sides, y.sides, strict=True)
            ),
            "group": self.groups,
        }
        arrays = self.arrays(inputs)
        node = Node("ConvTranspose", ("x", *(array.name for array in arrays)), attributes=attributes)
        return Nodes((node,), arrays, takes="map", gives="map")


def _extent(axis: Along, extent: Dim, added: Dim) -> Dim:
    """How far the output reaches along an axis."""
    if axis.padding is None:
        return extent * axis.stride
    return (extent - 1) * axis.stride - sum(axis.padding) + axis.reach + added


def _added(axis: Along, cut: tuple[Dim, Dim], extent: Dim, out: Dim) -> Dim:
    """Elements after the last tap; "same" has some where the stride is wider than the window."""
    return out - ((extent - 1) * axis.stride + axis.reach - sum(cut))


def _derived_side(name: str, extent: Dim, axis: Along, added: Dim) -> Derivation:
    values: dict[str, Dim] = {f"input_{name}": extent, f"stride_{name}": axis.stride}
    if axis.padding is None:
        return Derivation(name, f"input_{name}*stride_{name}", values)
    values |= {"cut": sum(axis.padding), "reach": axis.reach, "output_padding": added}
    return Derivation(name, f"(input_{name} - 1)*stride_{name} - cut + reach + output_padding", values)


def _sight_along(axis: Along, pads: tuple[Dim, Dim], extent: Dim, outputs: Dim, added: Dim) -> Sight | None:
    """Output element o sees input element i where a tap k falls on it: i s + k d = o + cut."""
    kernel, step, dilation, (cut, _) = axis.kernel, axis.stride, axis.dilation, pads
    if not (isinstance(kernel, int) and isinstance(step, int) and isinstance(dilation, int) and isinstance(cut, int)):
        return None
    taps = {tap * dilation - cut for tap in range(kernel)}  # on the output, of input element 0
    if extent == 1 and isinstance(outputs, int) and outputs <= kernel and taps.issuperset(range(outputs)):
        return EVERYWHERE
    if step > MOST_PHASES:
        return None
    seen: list[tuple[Dim, Dim] | None] = []
    for o in range(step):
        places = [o + cut - tap * dilation for tap in range(kernel)]
        sources = [place // step for place in places if place % step == 0]
        seen.append((min(sources), max(sources)) if sources else None)
    return Sight(tuple(seen), is_cut=cut > 0 or axis.reach > step or added != 0)


class TransposedConvolution(WindowedSettings):
    """A transposed convolution as a spec writes it."""

    key: ClassVar[str] = "transposed convolution"
    smallest: ClassVar[dict[str, str]] = {"transposed convolution": "1x1", "filters": "1"}
    not_defaultable: ClassVar[frozenset[str]] = frozenset({"filters"})

    argument: WindowField = Field(alias="transposed convolution")
    filters: CountField
    groups: CountField | None = None
    output_padding: PerAxisField | None = None

    def filter_count(self) -> Count | None:
        return self.filters

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        window = self.window(scope, x)
        filters = scaled_at("filters", scope, self.filters, "filters")
        groups: Dim = 1 if self.groups is None else at("groups", scope, self.groups, "groups")
        check_groups(groups, x.channels, filters)
        added: Sides = (0,) * len(x.sides)
        if self.output_padding is not None:
            added = self.output_padding.at("output padding", scope, x, 0)
            for more, step in zip(added, window.stride, strict=True):
                if isinstance(more, int) and isinstance(step, int) and more >= step:
                    raise Fault(
                        "padding-too-large",
                        f"an output padding of {more} must be smaller than the stride, {step}",
                        path=("output padding",),
                        fix=f"add less than {step}",
                    )
        layer = TransposedConv(window, filters, added, groups, self.bias)
        return [Part("", layer, depth=1), *self.followers()]

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

from inception_calc.dims import Count, Dim, Extent, FeatureMap, Pads, Scope, Window, exact_quotient, taps_on_map, total
from inception_calc.ops.convolution import WindowedSettings, check_groups, pair_at, patch_text
from inception_calc.ops.derivation import Derivation, effective_multiply_adds
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import EVERYWHERE, MOST_PHASES, Params, Sight, Sights, Unary
from inception_calc.ops.nodes import Array, Attribute, Node, Nodes
from inception_calc.ops.operator import Part, at, scaled_at
from inception_calc.ops.window_fields import PairField, WindowField
from inception_calc.problems import Fault

NO_MORE = Extent(0, 0)


@dataclass(frozen=True, slots=True)
class TransposedConv(Unary):
    """A transposed convolution with all its numbers; `window.padding` None is "same"."""

    op: ClassVar[str] = "transposed convolution"
    window: Window
    filters: Dim
    groups: Dim = 1
    bias: bool = True
    output_padding: Extent = NO_MORE

    def output(self, x: FeatureMap) -> FeatureMap:
        height, width = (self._extent(axis, extent) for axis, extent in enumerate((x.height, x.width)))
        for extent in (height, width):
            if isinstance(extent, int) and extent < 1:
                raise Fault(
                    "window-too-large", f"the padding cuts the whole output off ({height}x{width})", fix="pad by less"
                )
        return FeatureMap(self.filters, height, width)

    def _extent(self, axis: int, extent: Dim) -> Dim:
        window = self.window
        if window.padding is None:
            return extent * window.stride[axis]
        cut = window.padding[2 * axis] + window.padding[2 * axis + 1]
        return (extent - 1) * window.stride[axis] - cut + self._reach(axis) + self.output_padding[axis]

    def _reach(self, axis: int) -> Dim:
        return self.window.dilation[axis] * (self.window.kernel_size[axis] - 1) + 1

    def _cut(self, x: FeatureMap) -> Pads:
        """Rows and columns cut off the output; "same" is the padding of the convolution that it transposes."""
        if self.window.padding is not None:
            return self.window.padding
        return self.window.pads(self.output(x))

    def params(self, x: FeatureMap) -> Params:
        inputs = x.channels if self.groups == 1 else exact_quotient(x.channels, self.groups)
        return Params(self.window.area * inputs * self.filters, self.filters if self.bias else 0)

    def multiply_adds(self, x: FeatureMap, y: FeatureMap) -> Dim:
        return self.params(x).weights * x.height * x.width

    def effective_multiply_adds(self, x: FeatureMap, y: FeatureMap) -> Dim:
        inputs = x.channels if self.groups == 1 else exact_quotient(x.channels, self.groups)
        down, across = map(total, self._taps(x, y))
        return down * across * inputs * self.filters

    def _taps(self, x: FeatureMap, y: FeatureMap) -> list[tuple[Dim, ...]]:
        """For each row of the kernel, then for each column, how many input elements it carries to the output."""
        window, cut = self.window, self._cut(x)
        return [
            taps_on_map(
                out,
                window.kernel_size[axis],
                window.stride[axis],
                cut[2 * axis],
                (extent - 1) * window.stride[axis],
                window.dilation[axis],
            )
            for axis, (extent, out) in enumerate(((x.height, y.height), (x.width, y.width)))
        ]

    def derivations(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> tuple[Derivation, ...]:
        (x,) = inputs
        height, width = self.window.kernel_size
        values: dict[str, Dim] = {"input_channels": x.channels, "filters": self.filters}
        kernels = "input_channels*filters"
        if self.groups != 1:
            kernels, values = "(input_channels//groups)*filters", {**values, "groups": self.groups}
        weights = f"kernel_height*kernel_width*{kernels}"
        kernel = {"kernel_height": height, "kernel_width": width, **values}
        on_map = {**kernel, "input_height": x.height, "input_width": x.width}
        derived = [
            Derivation("channels", "filters", {"filters": self.filters}),
            self._derived_side("height", 0, x.height),
            self._derived_side("width", 1, x.width),
            Derivation("weights", weights, kernel),
            Derivation("multiply_adds", f"{weights}*input_height*input_width", on_map),
        ]
        if isinstance(height, int) and isinstance(width, int):
            derived += effective_multiply_adds(kernels, values, self._taps(x, y))
        if self.bias:
            derived.append(Derivation("biases", "filters", {"filters": self.filters}))
        return tuple(derived)

    def _derived_side(self, side: str, axis: int, extent: Dim) -> Derivation:
        window = self.window
        values: dict[str, Dim] = {f"input_{side}": extent, f"stride_{side}": window.stride[axis]}
        if window.padding is None:
            return Derivation(side, f"input_{side}*stride_{side}", values)
        cut = window.padding[2 * axis] + window.padding[2 * axis + 1]
        values |= {"cut": cut, "reach": self._reach(axis), "output_padding": self.output_padding[axis]}
        return Derivation(side, f"(input_{side} - 1)*stride_{side} - cut + reach + output_padding", values)

    def sight(self, x: FeatureMap) -> Sights | None:
        cut, y = self._cut(x), self.output(x)
        rows, columns = (
            self._sight_along(0, cut.top, x.height, y.height),
            self._sight_along(1, cut.left, x.width, y.width),
        )
        return None if rows is None or columns is None else (rows, columns)

    def _sight_along(self, axis: int, cut: Dim, extent: Dim, outputs: Dim) -> Sight | None:
        """Output element o sees input element i where a tap k falls on it: i s + k d = o + cut."""
        kernel, step, dilation = self.window.kernel_size[axis], self.window.stride[axis], self.window.dilation[axis]
        if not (
            isinstance(kernel, int) and isinstance(step, int) and isinstance(dilation, int) and isinstance(cut, int)
        ):
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
        return Sight(tuple(seen), is_cut=cut > 0 or self._reach(axis) > step or self.output_padding[axis] != 0)

    def patch(self, x: FeatureMap) -> str:
        return patch_text(self.window)

    def arrays(self, inputs: tuple[FeatureMap, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        per_group = self.filters if self.groups == 1 else exact_quotient(self.filters, self.groups)
        fan_in = exact_quotient(self.params(x).weights, self.filters)
        weight = Array("weight", (x.channels, per_group, *self.window.kernel_size), "weights", "he", fan_in)
        return (weight, Array("bias", (self.filters,), "biases")) if self.bias else (weight,)

    def onnx_nodes(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> Nodes:
        (x,) = inputs
        cut = self._cut(x)
        attributes: dict[str, Attribute] = {
            "kernel_shape": tuple(self.window.kernel_size),
            "strides": tuple(self.window.stride),
            "dilations": tuple(self.window.dilation),
            "pads": (cut.top, cut.left, cut.bottom, cut.right),
            "output_padding": tuple(self._added(x, y, axis, cut) for axis in (0, 1)),
            "group": self.groups,
        }
        arrays = self.arrays(inputs)
        node = Node("ConvTranspose", ("x", *(array.name for array in arrays)), attributes=attributes)
        return Nodes((node,), arrays, takes="map", gives="map")

    def _added(self, x: FeatureMap, y: FeatureMap, axis: int, cut: Pads) -> Dim:
        """Rows or columns after the last tap; "same" has some where the stride is wider than the window."""
        covered = (x[1 + axis] - 1) * self.window.stride[axis] + self._reach(axis) - cut[2 * axis] - cut[2 * axis + 1]
        return y[1 + axis] - covered


class TransposedConvolution(WindowedSettings):
    """A transposed convolution as a spec writes it."""

    key: ClassVar[str] = "transposed convolution"
    smallest: ClassVar[dict[str, str]] = {"transposed convolution": "1x1", "filters": "1"}
    not_defaultable: ClassVar[frozenset[str]] = frozenset({"filters"})

    argument: WindowField = Field(alias="transposed convolution")
    filters: CountField
    groups: CountField | None = None
    output_padding: PairField | None = None

    def filter_count(self) -> Count | None:
        return self.filters

    def lower(self, scope: Scope, x: FeatureMap) -> list[Part]:
        window = self.window(scope)
        filters = scaled_at("filters", scope, self.filters, "filters")
        groups: Dim = 1 if self.groups is None else at("groups", scope, self.groups, "groups")
        check_groups(groups, x.channels, filters)
        added = NO_MORE
        if self.output_padding is not None:
            added = pair_at("output padding", scope, self.output_padding, 0)
            for more, step in zip(added, window.stride, strict=True):
                if isinstance(more, int) and isinstance(step, int) and more >= step:
                    raise Fault(
                        "padding-too-large",
                        f"an output padding of {more} must be smaller than the stride, {step}",
                        path=("output padding",),
                        fix=f"add less than {step}",
                    )
        layer = TransposedConv(window, filters, groups, self.bias, added)
        return [Part("", layer, depth=1), *self.followers()]

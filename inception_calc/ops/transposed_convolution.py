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

from inception_calc.dims import Along, Count, Dim, Scope, Shape, Sides, Window, sides_text
from inception_calc.ops.convolution import Convolving, WindowedSettings, kernel_room
from inception_calc.ops.fields import CountField
from inception_calc.ops.nodes import Array, Attribute, Node, Nodes, all_pads
from inception_calc.ops.operator import Part
from inception_calc.ops.per_axis_fields import PerAxisField
from inception_calc.ops.window_fields import WindowField
from inception_calc.primitives import conv
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class TransposedConv(Convolving):
    """A transposed convolution with all its numbers; `window.padding` None is "same"."""

    op: ClassVar[str] = "transposed convolution"
    window: Window
    filters: Dim
    output_padding: Sides
    groups: Dim = 1
    bias: bool = True

    def output(self, x: Shape) -> Shape:
        along = zip(self.window.axes, x.sides, self.output_padding, strict=True)
        sides = [axis.spread(extent, more) for axis, extent, more in along]
        if any(isinstance(extent, int) and extent < 1 for extent in sides):
            what = f"the padding cuts the whole output off ({sides_text(sides)})"
            raise Fault("window-too-large", what, fix="pad by less")
        return Shape(self.filters, *sides)

    def room(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        return kernel_room(self.window)

    def does(self, x: Shape, y: Shape) -> conv.TransposedConv:
        depths = x.channels, self.filters, self.groups
        return conv.TransposedConv(
            self.window, x.sides, y.sides, *depths, bias=self.bias, output_padding=self.output_padding
        )

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        shape = (x.channels, self._share(self.filters), *self.window.kernel_size)
        return self._with_bias(Array("weight", shape, "weights", "he", self._share(x.channels) * self.window.area))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        cut = self.window.pads(y.sides)
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


def _added(axis: Along, cut: tuple[Dim, Dim], extent: Dim, out: Dim) -> Dim:
    """Elements after the last tap; "same" has some where the stride is wider than the window."""
    return out - axis._replace(padding=cut).spread(extent)


class TransposedConvolution(WindowedSettings):
    """A transposed convolution as a spec writes it."""

    key: ClassVar[str] = "transposed convolution"
    smallest: ClassVar[dict[str, str]] = {"transposed convolution": "1x1", "filters": "1"}

    argument: WindowField
    filters: CountField
    groups: CountField | None = None
    output_padding: PerAxisField | None = None

    def filter_count(self) -> Count | None:
        return self.filters

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        window, (filters, groups) = self.window(scope, x), self.depths(scope, x)
        added: Sides = (0,) * len(x.sides)
        if self.output_padding is not None:
            added = self.output_padding.at("output padding", scope, x, 0)
            for more, step in zip(added, window.stride, strict=True):
                if isinstance(more, int) and isinstance(step, int) and more >= step:
                    what = f"an output padding of {more} must be smaller than the stride, {step}"
                    raise Fault("padding-too-large", what, path=("output padding",), fix=f"add less than {step}")
        layer = TransposedConv(window, filters, added, groups, self.bias)
        return [Part("", layer, depth=1), *self.followers()]

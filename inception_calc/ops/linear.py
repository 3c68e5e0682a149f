"""Linear (fully connected) layer: `{linear: 1000}`. It flattens what arrives by itself.

    output         count values
    weights        input elements * count
    biases         count (unless `bias: false`)
    multiply-adds  weights; bias additions are not counted

Its params depend on the size of the map that arrives: at another input size they change. `{linear: 128, over:
channels}` is one matrix for every position of the map, as PyTorch's Linear and Keras's Dense apply it to many axes:

    output         the map's height and width, count channels
    weights        input channels * count
    multiply-adds  weights * height * width

Source: Lin, Chen and Yan, "Network in network" (2013), section 3: it is what a 1x1 convolution does.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Scope, Shape, sliding
from inception_calc.ops.convolution import Conv
from inception_calc.ops.fields import OVER, ActivationField, CountField, SwitchField, one_of
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Array, Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part, scaled_at
from inception_calc.ops.register import activation_parts
from inception_calc.primitives import matrix


@dataclass(frozen=True, slots=True)
class LinearLayer(Unary):
    """A matrix product with all elements of the input, or with the channels of each position."""

    op: ClassVar[str] = "linear"
    units: Dim
    bias: bool = True
    over_channels: bool = False

    def output(self, x: Shape) -> Shape:
        return x.deep(self.units) if self.over_channels else x.point(self.units)

    def does(self, x: Shape, y: Shape) -> matrix.Linear:
        return matrix.Linear(x, self.units, self.bias, self.over_channels)

    def fully_convolutional(self, made_for: Shape) -> "Conv | LinearLayer":
        if self.over_channels or not made_for.sides:
            return self
        return Conv(sliding(made_for.sides), self.units, bias=self.bias)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        entering = x.channels if self.over_channels else x.elements
        weight = Array("weight", (self.units, entering), "weights", "he", entering)
        return (weight, Array("bias", (self.units,), "biases")) if self.bias else (weight,)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        arrays = self.arrays(inputs)
        names = tuple(array.name for array in arrays)
        (x,) = inputs
        if not (self.over_channels and x.sides):
            return Nodes(
                (Node("Gemm", ("x", *names), attributes={"transB": 1}),), arrays, takes="vector", gives="vector"
            )
        axes = Constant(" and ".join(x.axes), tuple(range(2, 1 + len(x))))
        kernel = Node("Unsqueeze", ("weight", axes.name), "kernel")  # the matrix as a 1x1 window
        node = Node("Conv", ("x", "kernel", *names[1:]))
        return Nodes((kernel, node), arrays, (axes,), takes="map", gives="map")


class Linear(Operator):
    """A linear layer as a spec writes it."""

    key: ClassVar[str] = "linear"
    smallest: ClassVar[dict[str, str]] = {"linear": "1"}

    argument: CountField
    bias: SwitchField = True
    over: Annotated[str, PlainValidator(one_of(OVER, "axis to go over")), WithJsonSchema({"enum": list(OVER)})] = "map"
    activation: ActivationField = "none"

    def filter_count(self) -> Count | None:
        return self.argument

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        units = scaled_at(self.key, scope, self.argument, "units")
        layer = Part("", LinearLayer(units, self.bias, self.over == "channels"), depth=1)
        return [layer, *activation_parts(self.activation)]

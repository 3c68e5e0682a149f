"""Linear (fully connected) layer: `{linear: 1000}`. It flattens what arrives by itself.

    output         count values
    weights        input elements * count
    biases         count (unless `bias: false`)
    multiply-adds  weights; bias additions are not counted

Its params depend on the size of the map that arrives: at another input size they change.
"""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import Count, Dim, Extent, FeatureMap, Scope, Window
from inception_calc.ops.convolution import Conv
from inception_calc.ops.derivation import Derivation
from inception_calc.ops.fields import ActivationField, CountField, FlagField
from inception_calc.ops.layer import Params, Sights, Unary, whole_map
from inception_calc.ops.nodes import Array, Node, Nodes
from inception_calc.ops.operator import Operator, Part, scaled_at
from inception_calc.ops.register import activation_part


@dataclass(frozen=True, slots=True)
class LinearLayer(Unary):
    """A matrix product with all elements of the input."""

    op: ClassVar[str] = "linear"
    units: Dim
    bias: bool = True

    def output(self, x: FeatureMap) -> FeatureMap:
        return FeatureMap(self.units, 1, 1)

    def params(self, x: FeatureMap) -> Params:
        return Params(weights=x.elements * self.units, biases=self.units if self.bias else 0)

    def multiply_adds(self, x: FeatureMap, y: FeatureMap) -> Dim:
        return x.elements * self.units

    def derivations(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> tuple[Derivation, ...]:
        (x,) = inputs
        values = {"input_channels": x.channels, "units": self.units}
        formula = "input_channels*units"
        if (x.height, x.width) != (1, 1):
            formula = f"input_height*input_width*{formula}"
            values = {"input_height": x.height, "input_width": x.width, **values}
        derived = [
            Derivation("channels", "units", {"units": self.units}),
            Derivation("height", "1", {}),
            Derivation("width", "1", {}),
            Derivation("weights", formula, values),
            Derivation("multiply_adds", formula, values),
            Derivation("effective_multiply_adds", formula, values),
        ]
        if self.bias:
            derived.append(Derivation("biases", "units", {"units": self.units}))
        return tuple(derived)

    def fully_convolutional(self, made_for: FeatureMap) -> Conv:
        window = Window(Extent(made_for.height, made_for.width), Extent(1, 1))
        return Conv(window, self.units, bias=self.bias)

    def sight(self, x: FeatureMap) -> Sights:
        return whole_map(x)

    def onnx_nodes(self, inputs: tuple[FeatureMap, ...], y: FeatureMap) -> Nodes:
        (x,) = inputs
        arrays: tuple[Array, ...] = (Array("weight", (self.units, x.elements), "weights", "he", x.elements),)
        if self.bias:
            arrays += (Array("bias", (self.units,), "biases"),)
        node = Node("Gemm", ("x", *(array.name for array in arrays)), attributes={"transB": 1})
        return Nodes((node,), arrays, takes="vector", gives="vector")


class Linear(Operator):
    """A linear layer as a spec writes it."""

    key: ClassVar[str] = "linear"
    smallest: ClassVar[dict[str, str]] = {"linear": "1"}

    argument: CountField = Field(alias="linear")
    bias: FlagField = True
    activation: ActivationField = "none"

    def filter_count(self) -> Count | None:
        return self.argument

    def lower(self, scope: Scope, x: FeatureMap) -> list[Part]:
        layer = Part("", LinearLayer(scaled_at(self.key, scope, self.argument, "units"), self.bias), depth=1)
        return [layer] if self.activation == "none" else [layer, activation_part(self.activation)]

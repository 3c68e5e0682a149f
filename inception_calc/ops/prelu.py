"""PReLU: `prelu`, or `{prelu: channels}`: below zero the value times a slope that is trained.

    params       one slope; with `channels` one for each channel, as in the paper
    element ops  1 for each element

PyTorch has one slope unless it is told a number of channels; Keras has one for each element unless axes are shared,
`shared_axes=[1, 2]` being one for each channel. Source: He et al., "Delving deep into rectifiers" (2015), section 2.1.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Scope, Shape
from inception_calc.ops.activation_words import PRELU, SLOPES
from inception_calc.ops.fields import one_of
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Array, Node, Nodes
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives import elements


@dataclass(frozen=True, slots=True)
class ParametricRectifier(Elementwise):
    """A rectifier with trained slopes."""

    op: ClassVar[str] = "prelu"
    per_channel: bool = False

    def does(self, x: Shape, y: Shape) -> elements.Scaled:
        return elements.Scaled(y.elements, 1, {"channels": x.channels} if self.per_channel else {})

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        return (Array("slope", tuple(x.point(x.channels if self.per_channel else 1)), "affine"),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return Nodes((Node("PRelu", ("x", "slope")),), self.arrays(inputs), takes="map", gives="map")


class PRelu(Operator):
    """A PReLU as a spec writes it."""

    key: ClassVar[str] = PRELU
    keeps_map: ClassVar[bool] = True

    argument: Annotated[
        str,
        PlainValidator(lambda value: "one" if value == "" else one_of(SLOPES, "number of slopes")(value)),
        WithJsonSchema({"enum": [None, *SLOPES]}),
    ]

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", ParametricRectifier(self.argument == "channels"))]

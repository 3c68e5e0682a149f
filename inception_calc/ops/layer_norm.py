"""Layer normalization: `layer norm`, or `{layer norm: {shift: false}}`: over the channels of each position.

    params       one scale and one shift for each channel; with `over: map`, the whole map together, for each
                 element
    element ops  7 for each element: added up, the mean taken off, squared, added up, divided, scaled and shifted

PyTorch's LayerNorm has scale and shift (`elementwise_affine`, `bias`) and is told the axes; Keras's takes the last one,
the channels. Source: Ba, Kiros and Hinton, "Layer normalization" (2016), equation 3.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Dim, Scope, Shape
from inception_calc.ops.fields import OVER, AffineField, one_of
from inception_calc.ops.nodes import Node, Nodes
from inception_calc.ops.normalization import EPSILON, Normalization
from inception_calc.ops.operator import Operator, Part


@dataclass(frozen=True, slots=True)
class LayerNormalization(Normalization):
    """The mean and variance of each position's channels, or of the whole map."""

    op: ClassVar[str] = "layer norm"
    over_map: bool = False

    def trained(self, x: Shape) -> tuple[Dim, ...]:
        return tuple(x) if self.over_map else (x.channels,)

    @property
    def over_places(self) -> bool:  # type: ignore[override]
        """Whether the whole map is normalized together."""
        return self.over_map

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        arrays = self.arrays(inputs)[: 1 + self.shift]
        trained = tuple(array.name for array in arrays)
        if self.over_map or not x.sides:
            node = Node("LayerNormalization", ("x", *trained), attributes={"axis": 1, "epsilon": EPSILON})
            return Nodes((node,), arrays, takes="map", gives="map")
        last = len(x)
        attributes = {"axis": -1, "epsilon": EPSILON}
        nodes = (
            Node("Transpose", name="channels last", attributes={"perm": (0, *range(2, last + 1), 1)}),
            Node("LayerNormalization", ("channels last", *trained), "normalized", attributes),
            Node("Transpose", ("normalized",), attributes={"perm": (0, last, *range(1, last))}),
        )
        return Nodes(nodes, arrays, takes="map", gives="map")


class LayerNorm(Operator):
    """A layer norm as a spec writes it."""

    key: ClassVar[str] = "layer norm"
    keeps_map: ClassVar[bool] = True

    argument: AffineField
    over: Annotated[str, PlainValidator(one_of(OVER, "axis to go over")), WithJsonSchema({"enum": list(OVER)})] = (
        "channels"
    )

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", LayerNormalization(self.argument.scale, self.argument.shift, self.over == "map"))]

"""L2 normalization: `l2 norm`, or `{l2 norm: {scale: true}}`: each position's channels, divided by their length.

    params       none; with a scale one for each channel
    element ops  3 for each element: squared, added up, divided; 4 with a scale

PyTorch's `normalize` and Keras's UnitNormalization train nothing. Source: Liu, Rabinovich and Berg, "ParseNet" (2015),
section 3.3; SSD has one with 512 scales behind its conv4_3.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import ScaleField
from inception_calc.ops.nodes import Array, Attribute, Node, Nodes
from inception_calc.ops.normalization import Normalization
from inception_calc.ops.operator import Operator, Part


@dataclass(frozen=True, slots=True)
class Euclidean(Normalization):
    """Each position's channels at length 1."""

    op: ClassVar[str] = "l2 norm"
    ops: ClassVar[int] = 4
    ops_unscaled: ClassVar[int] = 3

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        return (Array("scale", tuple(x.point(x.channels)), "affine", "ones"),) if self.scale else ()

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        attributes: dict[str, Attribute] = {"axis": 1, "p": 2}
        nodes = [Node("LpNormalization", ("x",), "normalized" if self.scale else "", attributes)]
        nodes += [Node("Mul", ("normalized", "scale"))] if self.scale else []
        return Nodes(tuple(nodes), self.arrays(inputs), takes="map", gives="map")


class L2Norm(Operator):
    """An L2 norm as a spec writes it."""

    key: ClassVar[str] = "l2 norm"
    keeps_map: ClassVar[bool] = True

    argument: ScaleField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", Euclidean(bool(self.argument), False))]

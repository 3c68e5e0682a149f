"""Softmax: `softmax`; an exponential, an addition and a division for each element, less one addition."""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Nodes, one
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives import elements


@dataclass(frozen=True, slots=True)
class SoftmaxLayer(Unary):
    """exp(x) over the sum of exp(x), across channels at each position."""

    op: ClassVar[str] = "softmax"

    def does(self, x: Shape, y: Shape) -> elements.Softmax:
        return elements.Softmax(x.channels, x.positions)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return one("Softmax", axis=1)


class Softmax(Operator):
    """A softmax as a spec writes it."""

    key: ClassVar[str] = "softmax"

    argument: NothingField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", SoftmaxLayer())]

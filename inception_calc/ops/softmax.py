"""Softmax: `softmax`; an exponential, an addition and a division for each element, less one addition at each position.

`log softmax` is its logarithm, counted alike, as ONNX has a node for either; `softmin` is the softmax of what is
negated, one operation more for each element.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Node, Nodes, one
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives import elements
from inception_calc.primitives.primitive import Several


@dataclass(frozen=True, slots=True)
class SoftmaxLayer(Unary):
    """exp(x) over the sum of exp(x), across channels at each position."""

    op: ClassVar[str] = "softmax"

    def does(self, x: Shape, y: Shape) -> elements.Softmax:
        return elements.Softmax(x.channels, x.positions)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return one("Softmax", axis=1)


class LogSoftmaxLayer(SoftmaxLayer):
    """Its logarithm."""

    op: ClassVar[str] = "log softmax"

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return one("LogSoftmax", axis=1)


@dataclass(frozen=True, slots=True)
class SoftminLayer(Unary):
    """The same of what is negated: the smallest value gets the largest share."""

    op: ClassVar[str] = "softmin"

    def does(self, x: Shape, y: Shape) -> Several:
        return Several((elements.Elementwise(x.elements), elements.Softmax(x.channels, x.positions)))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return Nodes((Node("Neg", name="negated"), Node("Softmax", ("negated",), attributes={"axis": 1})))


class Softmax(Operator):
    """A softmax as a spec writes it."""

    key: ClassVar[str] = "softmax"

    argument: NothingField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", SoftmaxLayer())]


class LogSoftmax(Operator):
    """A log softmax as a spec writes it."""

    key: ClassVar[str] = "log softmax"

    argument: NothingField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", LogSoftmaxLayer())]


class Softmin(Operator):
    """A softmin as a spec writes it."""

    key: ClassVar[str] = "softmin"

    argument: NothingField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", SoftminLayer())]

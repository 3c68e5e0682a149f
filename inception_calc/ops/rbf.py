"""LeNet-5's output layer, radial basis functions with fixed centres: `{rbf: 10}`.

    output       count distances, each sum over inputs of (x - w)^2
    params       none: the centres are fixed
    element ops  3 * inputs - 1 for each unit: differences, squares, additions

Source: LeCun et al. 1998, section II.B, equation 7.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Array, Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part, at
from inception_calc.primitives import matrix


@dataclass(frozen=True, slots=True)
class RadialBasis(Unary):
    """Squared distances to fixed centres."""

    op: ClassVar[str] = "rbf"
    units: Dim

    def output(self, x: Shape) -> Shape:
        return x.point(self.units)

    def does(self, x: Shape, y: Shape) -> matrix.Distances:
        return matrix.Distances(x.elements, self.units)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        nodes = (
            Node("Unsqueeze", ("x", "before units"), "inputs"),
            Node("Sub", ("inputs", "centres"), "differences"),
            Node("Mul", ("differences", "differences"), "squares"),
            Node("ReduceSum", ("squares", "over inputs"), attributes={"keepdims": 0}),
        )
        centres = Array("centres", (self.units, x.elements), "fixed", "he", 2)
        axes = (Constant("before units", (1,)), Constant("over inputs", (2,)))
        return Nodes(nodes, (centres,), axes, takes="vector", gives="vector")


class Rbf(Operator):
    """A radial basis layer as a spec writes it."""

    key: ClassVar[str] = "rbf"
    smallest: ClassVar[dict[str, str]] = {"rbf": "1"}

    argument: CountField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", RadialBasis(at(self.key, scope, self.argument, "units")))]

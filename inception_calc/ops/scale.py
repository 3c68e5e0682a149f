"""A constant factor: `{scale: 0.17}`; one product for each element, no params.

Source: Inception-v4 and Inception-ResNet, section 3.3 (residual scaling).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import DecimalField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part, decimal_at


@dataclass(frozen=True, slots=True)
class ScaleLayer(Elementwise):
    """Every element times the same constant."""

    op: ClassVar[str] = "scale"
    factor: Fraction

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        factor = Constant("factor", (float(self.factor),), ())
        return Nodes((Node("Mul", ("x", "factor")),), constants=(factor,))


class Scale(Operator):
    """A constant factor as a spec writes it."""

    key: ClassVar[str] = "scale"
    keeps_map: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"scale": "0.1"}

    argument: DecimalField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", ScaleLayer(decimal_at(self.key, scope, self.argument)))]

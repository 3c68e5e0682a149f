"""Dropout: `{dropout: 0.4}`. It costs nothing at inference and stores nothing. Source: Srivastava et al. 2014."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import RateField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part, decimal_at


@dataclass(frozen=True, slots=True)
class DropoutLayer(Elementwise):
    """Nothing at inference; the rate is kept for the label and the exported graph."""

    op: ClassVar[str] = "dropout"
    ops_per_element: ClassVar[int] = 0
    moves_nothing: ClassVar[bool] = True
    rate: Fraction

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        rate = Constant("ratio", (float(self.rate),), ())
        return Nodes((Node("Dropout", ("x", "ratio")),), constants=(rate,))


class Dropout(Operator):
    """A dropout layer as a spec writes it."""

    key: ClassVar[str] = "dropout"
    keeps_map: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"dropout": "0.5"}

    argument: RateField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", DropoutLayer(decimal_at(self.key, scope, self.argument)))]

"""Tanh: `tanh`; one function value for each element. Source: LeCun et al. 1998, equation 6."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Nodes, one
from inception_calc.ops.operator import Operator, Part


@dataclass(frozen=True, slots=True)
class HyperbolicTangent(Elementwise):
    """The hyperbolic tangent of the value."""

    op: ClassVar[str] = "tanh"
    ops_per_element: ClassVar[int] = 1

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return one("Tanh")


class Tanh(Operator):
    """The activation as a step of its own."""

    key: ClassVar[str] = "tanh"
    smallest: ClassVar[dict[str, str]] = {"tanh": ""}

    argument: NothingField = Field(alias="tanh")

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", HyperbolicTangent())]

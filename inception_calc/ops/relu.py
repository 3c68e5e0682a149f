"""ReLU: `relu`, max(x, 0); one comparison for each element. Source: Krizhevsky et al. 2012, section 3.1."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Nodes, one
from inception_calc.ops.operator import Operator, Part


@dataclass(frozen=True, slots=True)
class Rectifier(Elementwise):
    """The larger of the value and zero."""

    op: ClassVar[str] = "relu"
    ops_per_element: ClassVar[int] = 1

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return one("Relu")


class Relu(Operator):
    """The activation as a step of its own."""

    key: ClassVar[str] = "relu"
    smallest: ClassVar[dict[str, str]] = {"relu": ""}

    argument: NothingField = Field(alias="relu")

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", Rectifier())]

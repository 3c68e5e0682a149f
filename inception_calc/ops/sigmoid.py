"""Sigmoid: `sigmoid`, 1 / (1 + exp(-x)); counted as one function value for each element."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Nodes, one
from inception_calc.ops.operator import Operator, Part


@dataclass(frozen=True, slots=True)
class Logistic(Elementwise):
    """The logistic function of the value."""

    op: ClassVar[str] = "sigmoid"
    ops_per_element: ClassVar[int] = 1

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return one("Sigmoid")


class Sigmoid(Operator):
    """The activation as a step of its own."""

    key: ClassVar[str] = "sigmoid"
    smallest: ClassVar[dict[str, str]] = {"sigmoid": ""}

    argument: NothingField = Field(alias="sigmoid")

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", Logistic())]

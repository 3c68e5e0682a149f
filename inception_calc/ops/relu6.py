"""ReLU6: `relu6`, min(max(x, 0), 6); two comparisons for each element. Source: MobileNetV2, section 3.3."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Constant, Node, Nodes
from inception_calc.ops.operator import Operator, Part


@dataclass(frozen=True, slots=True)
class Rectifier6(Elementwise):
    """The value cut off at zero and at six."""

    op: ClassVar[str] = "relu6"
    ops_per_element: ClassVar[int] = 2

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        limits = (Constant("min", (0.0,), ()), Constant("max", (6.0,), ()))
        return Nodes((Node("Clip", ("x", "min", "max")),), constants=limits)


class Relu6(Operator):
    """The activation as a step of its own."""

    key: ClassVar[str] = "relu6"
    smallest: ClassVar[dict[str, str]] = {"relu6": ""}

    argument: NothingField = Field(alias="relu6")

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", Rectifier6())]

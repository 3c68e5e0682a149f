"""Residual sum: `{sum: {shortcut: identity, residual: branch}, activation: relu}`.

    output       the size of every branch, which must be the same in channels and along every axis
    element ops  branches - 1 additions for each element

Source: He et al. 2015, equation 1; Inception-v4 and Inception-ResNet, section 3.2.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from inception_calc.dims import Shape
from inception_calc.ops.concat import between_branches, must_agree, of_one_rank
from inception_calc.ops.fields import ActivationField
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.nodes import Node, Nodes
from inception_calc.ops.operator import Operator
from inception_calc.ops.step import BranchesField
from inception_calc.primitives import elements
from inception_calc.problems import listed


@dataclass(frozen=True, slots=True)
class Addition(LayerOp):
    """Maps of one shape, added element by element."""

    op: ClassVar[str] = "sum"
    is_channelwise: ClassVar[bool] = True

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        inputs = of_one_rank(inputs)
        first = inputs[0]
        for x in inputs[1:]:
            must_agree(x, first, f"the branches of a sum must agree in {listed(first.names)}")
        return first

    def primitive(self, inputs: tuple[Shape, ...], y: Shape) -> elements.Elementwise:
        return between_branches(inputs, y)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        op_type = "Add" if len(inputs) == 2 else "Sum"
        return Nodes((Node(op_type, tuple(f"x{index}" for index in range(len(inputs)))),))


class Sum(Operator):
    """A residual sum as a spec writes it; the graph puts it together."""

    key: ClassVar[str] = "sum"
    join: ClassVar[type[LayerOp] | None] = Addition
    smallest: ClassVar[dict[str, Any]] = {"sum": {"a": {"identity": ""}}}

    argument: BranchesField
    activation: ActivationField = "none"

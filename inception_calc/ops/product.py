"""Product of branches: `{product: {map: identity, gate: branch}, activation: relu}`; a gate scales its map.

    output       the size of the branches; a branch of 1x1 per channel (a squeeze-and-excitation gate) is spread
                 over the map, a branch of one channel over the channels
    element ops  branches - 1 products for each element

Source: Hu, Shen and Sun, "Squeeze-and-excitation networks" (2017), equation 4.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from inception_calc.dims import Dim, Shape
from inception_calc.ops.concat import between_branches, must_agree, of_one_rank
from inception_calc.ops.fields import ActivationField
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.nodes import Node, Nodes, one
from inception_calc.ops.operator import Operator
from inception_calc.ops.step import BranchesField
from inception_calc.primitives import elements
from inception_calc.primitives.derivation import Derivation


@dataclass(frozen=True, slots=True)
class Multiplication(LayerOp):
    """Maps multiplied element by element, gates spread out."""

    op: ClassVar[str] = "product"
    is_channelwise: ClassVar[bool] = True

    def shape(self, inputs: tuple[Shape, ...]) -> Shape:
        inputs = of_one_rank(inputs)
        return Shape(*(_spread([x[axis] for x in inputs]) for axis in range(len(inputs[0]))))

    def primitive(self, inputs: tuple[Shape, ...], y: Shape) -> elements.Elementwise:
        return between_branches(inputs, y)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        first = of_one_rank(inputs)[0]
        sizes = (
            Derivation(side, "largest_branch", {"largest_branch": value})
            for side, value, own in zip(y.names, y, first, strict=True)
            if own is not value
        )
        return *sizes, *LayerOp.derivations(self, inputs, y)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        if len(inputs) == 1:
            return one("Identity")
        last = len(inputs) - 1
        nodes = []
        for number in range(1, last + 1):
            before = "x0" if number == 1 else f"product of {number}"
            nodes.append(Node("Mul", (before, f"x{number}"), "" if number == last else f"product of {number + 1}"))
        return Nodes(tuple(nodes))


def _spread(sides: list[Dim]) -> Dim:
    """The one side that all have, sides of 1 apart."""
    wide = [side for side in sides if not (isinstance(side, int) and side == 1)] or sides[:1]
    for side in wide[1:]:
        must_agree([side], wide[:1], "the branches of a product must agree in each dimension, or have 1 there")
    return wide[0]


class Product(Operator):
    """A product as a spec writes it; the graph puts it together."""

    key: ClassVar[str] = "product"
    join: ClassVar[type[LayerOp] | None] = Multiplication
    smallest: ClassVar[dict[str, Any]] = {"product": {"a": {"identity": ""}}}

    argument: BranchesField
    activation: ActivationField = "none"

"""Tokens: `tokens`; the places of a map in one row, row by row: 768x14x14 becomes 768x196. Free of cost.

Source: Dosovitskiy et al., "An image is worth 16x16 words" (2020), section 3.1.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives.derivation import Derivation, each_axis, product_of
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class InARow(Unary):
    """All places along one axis."""

    op: ClassVar[str] = "tokens"
    view: ClassVar[bool] = True
    moves_nothing: ClassVar[bool] = True

    def output(self, x: Shape) -> Shape:
        return x.over((x.positions,))

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        return (product_of("length", each_axis("input", inputs[0].sides)),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        must_be_known((y.channels,), "its channels")
        row = Constant(f"0x{y.channels}x-1", (0, int(y.channels), -1))
        return Nodes((Node("Reshape", ("x", row.name)),), constants=(row,), takes="map", gives="map")


class Tokens(Operator):
    """A map as a row of tokens, as a spec writes it."""

    key: ClassVar[str] = "tokens"
    changes_axes: ClassVar[bool] = True

    argument: NothingField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        if not x.sides:
            raise Fault("wrong-rank", "a vector has no places", path=(self.key,), at_key=True, fix="leave it out")
        return [Part("", InARow())]

"""Map: `{map: 14x14}`; a row of tokens as a map again: 768x196 becomes 768x14x14. Free of cost.

Source: the inverse of `tokens`; Ranftl et al., "Vision transformers for dense prediction" (2021), section 3.1.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape, Sides, product, same, sides_text
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.window_fields import WindowField
from inception_calc.primitives.derivation import Derivation
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class AsMap(Unary):
    """The tokens of a row as the places of a map."""

    op: ClassVar[str] = "map"
    view: ClassVar[bool] = True
    moves_nothing: ClassVar[bool] = True
    sides: Sides = ()

    def output(self, x: Shape) -> Shape:
        return x.over(self.sides)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        return tuple(Derivation(axis, axis, {axis: side}) for axis, side in zip(y.axes, y.sides, strict=True))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        must_be_known(y, "the map's sides")
        shape = Constant("x".join(map(str, y)), (0, *map(int, y)))
        return Nodes((Node("Reshape", ("x", shape.name)),), constants=(shape,), takes="map", gives="map")


class Map(Operator):
    """A row of tokens as a map, as a spec writes it."""

    key: ClassVar[str] = "map"
    changes_axes: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"map": "1x1"}

    argument: WindowField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        sides = tuple(side.value(scope, "a side of the map") for side in self.argument.sides)
        if same(product(sides), x.positions) is False:
            what = f"{x.positions} positions are no map of {sides_text(sides)}, which has {product(sides)}"
            raise Fault("disagree", what, path=(self.key,), fix="write sides whose product is that number")
        return [Part("", AsMap(sides))]

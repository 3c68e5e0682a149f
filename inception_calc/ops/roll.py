"""Roll: `{roll: 3}` or `{roll: [-3, -3]}`; the map moved along its axes, what falls off at one end put on at the other.

    output  as the input
    cost    none but memory traffic

Source: Swin Transformer (Liu et al. 2021), section 3.2 (cyclic shift); PyTorch's and Keras's roll. A receptive field
moves along: the few elements that come from the other end are taken for neighbours.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape, Sides
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.per_axis_fields import PerAxisField
from inception_calc.ops.window_fields import must_have_room
from inception_calc.primitives.sight import Sight, Sights

FARTHEST = -(10**6)
END = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Rolling(Unary):
    """Moved by so many elements along each axis, forwards where the number is positive."""

    op: ClassVar[str] = "roll"
    is_channelwise: ClassVar[bool] = True
    shifts: Sides

    def sight(self, x: Shape, y: Shape) -> Sights:
        return tuple([Sight(((-shift, -shift),)) for shift in self.shifts])

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known((*self.shifts, *x.sides), "how far it is rolled")
        nodes: list[Node] = []
        constants: list[Constant] = []
        rolled = "x"
        for place, (axis, extent, shift) in enumerate(zip(x.axes, x.sides, self.shifts, strict=True), 2):
            if not shift % extent:
                continue
            cut = extent - shift % extent
            limits = [Constant(f"{axis} {number}", (number,)) for number in (0, cut, END)]
            first, middle, last = (limit.name for limit in limits)
            constants += [*limits, Constant(axis, (place,))]
            nodes.append(Node("Slice", (rolled, middle, last, axis), f"end along {axis}"))
            nodes.append(Node("Slice", (rolled, first, middle, axis), f"start along {axis}"))
            rolled, parts = f"along {axis}", (f"end along {axis}", f"start along {axis}")
            nodes.append(Node("Concat", parts, rolled, {"axis": place}))
        if not nodes:
            return Nodes((Node("Identity"),))
        nodes[-1] = nodes[-1]._replace(name="")
        return Nodes(tuple(nodes), constants=tuple(dict.fromkeys(constants)), takes="map", gives="map")


class Roll(Operator):
    """A roll as a spec writes it."""

    key: ClassVar[str] = "roll"
    keeps_map: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"roll": "1"}

    argument: PerAxisField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        must_have_room(x, self.key)
        shifts: tuple[Dim, ...] = self.argument.at(self.key, scope, x, FARTHEST)
        return [Part("", Rolling(shifts))]

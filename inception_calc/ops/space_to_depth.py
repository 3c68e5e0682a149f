"""Space to depth: `{space to depth: 2}`; blocks of r x r places become channels (r in a signal, r x r x r in a volume).

    output  the channels times r * r, each side divided by r
    cost    none but memory traffic

PyTorch's PixelUnshuffle; YOLOv2's passthrough layer and YOLOv5's focus are it. Source: Redmon and Farhadi, "YOLO9000"
(2016), section 2.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape, exact_quotient
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known, rearranged
from inception_calc.ops.operator import Operator, Part, at
from inception_calc.ops.window_fields import must_have_room
from inception_calc.primitives.derivation import Derivation
from inception_calc.primitives.sight import Sight, Sights
from inception_calc.problems import Fault


@dataclass(frozen=True, slots=True)
class SpaceInDepth(Unary):
    """Channels made of blocks of places."""

    op: ClassVar[str] = "space to depth"
    factor: Dim

    def output(self, x: Shape) -> Shape:
        sides = [exact_quotient(side, self.factor) for side in x.sides]
        return Shape(x.channels * self.factor ** len(sides), *sides)

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return tuple((side, self.factor) for side in inputs[0].sides)

    def sight(self, x: Shape, y: Shape) -> Sights:
        return (Sight(((0, self.factor - 1),), self.factor),) * len(x.sides)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        block = "*".join(["input_channels", *["factor"] * len(x.sides)])
        derived = [Derivation("channels", block, {"input_channels": x.channels, "factor": self.factor})]
        for axis, before, after in zip(x.axes, x.sides, y.sides, strict=True):
            if isinstance(before, int):
                values = {f"input_{axis}": before, "factor": self.factor}
                derived.append(Derivation(axis, f"input_{axis}//factor", values))
            else:
                derived.append(Derivation(axis, f"blocks_{axis}", {f"blocks_{axis}": after}))
        return tuple(derived)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known((self.factor, x.channels), "its factor")
        rank = len(x.sides)
        if rank == 2:  # places first, then channels: turned round as PyTorch has them
            block = Constant(f"{self.factor}x{self.factor} of {x.channels}", (0, self.factor**2, x.channels, -1))
            nodes = (
                Node("SpaceToDepth", name="blocks", attributes={"blocksize": self.factor}),
                Node("Shape", ("blocks",), "sizes"),
                Node("Reshape", ("blocks", block.name), "apart"),
                Node("Transpose", ("apart",), "channels first", {"perm": (0, 2, 1, 3)}),
                Node("Reshape", ("channels first", "sizes")),
            )
            return Nodes(nodes, constants=(block,), takes="map", gives="map")
        apart = (x.channels, *(number for side in y.sides for number in (side, self.factor)))
        turns = (*range(3, 2 + 2 * rank, 2), *range(2, 2 + 2 * rank, 2))
        return rearranged(self.op, x, apart, (0, 1, *turns), y)


class SpaceToDepth(Operator):
    """A space to depth as a spec writes it."""

    key: ClassVar[str] = "space to depth"
    smallest: ClassVar[dict[str, str]] = {"space to depth": "1"}

    argument: CountField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        must_have_room(x, self.key)
        factor = at(self.key, scope, self.argument, "factor")
        for axis, side in zip(x.axes, x.sides, strict=True):
            if isinstance(side, int) and isinstance(factor, int) and side % factor:
                what = f"blocks of {factor} do not tile a {axis} of {side}"
                fix = f"let a {axis} of {side - side % factor or factor} enter, or pad it"
                raise Fault("no-multiple", what, path=(self.key,), fix=fix)
        return [Part("", SpaceInDepth(factor))]

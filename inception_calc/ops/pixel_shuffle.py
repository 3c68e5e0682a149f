"""Pixel shuffle: `{pixel shuffle: 2}`; channels become places, blocks of r x r (r in a signal, r x r x r in a volume).

    output  the channels divided by r * r, each side times r
    cost    none but memory traffic

Also called depth to space or sub-pixel convolution. Source: Shi et al., "Real-time single image and video
super-resolution using an efficient sub-pixel convolutional neural network" (2016), equation 4; PyTorch's PixelShuffle.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape, exact_quotient
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Node, Nodes, must_be_known, rearranged
from inception_calc.ops.operator import Operator, Part, at, must_divide
from inception_calc.ops.window_fields import must_have_room
from inception_calc.primitives.derivation import Derivation
from inception_calc.primitives.sight import MOST_PHASES, Sight, Sights


@dataclass(frozen=True, slots=True)
class DepthToSpace(Unary):
    """Blocks of places made of channels."""

    op: ClassVar[str] = "pixel shuffle"
    factor: Dim

    def _block(self, x: Shape) -> Dim:
        return self.factor ** len(x.sides)

    def output(self, x: Shape) -> Shape:
        return Shape(exact_quotient(x.channels, self._block(x)), *(side * self.factor for side in x.sides))

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        (x,) = inputs
        return ((x.channels, self._block(x)),)

    def sight(self, x: Shape, y: Shape) -> Sights | None:
        if not isinstance(self.factor, int) or self.factor > MOST_PHASES:
            return None
        return (Sight(((0, 0),) * self.factor),) * len(x.sides)

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        factor = {"factor": self.factor}
        block = "*".join(["factor"] * len(x.sides))
        channels = Derivation("channels", f"input_channels//({block})", {"input_channels": x.channels, **factor})
        if not isinstance(x.channels, int):
            channels = Derivation("channels", "channels_of_a_place", {"channels_of_a_place": y.channels})
        sides = zip(x.axes, x.sides, strict=True)
        return channels, *(Derivation(a, f"input_{a}*factor", {f"input_{a}": n, **factor}) for a, n in sides)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        must_be_known((self.factor,), "its factor")
        if len(x.sides) == 2:
            node = Node("DepthToSpace", attributes={"blocksize": self.factor, "mode": "CRD"})
            return Nodes((node,), takes="map", gives="map")
        rank = len(x.sides)
        turns = [place for axis in range(rank) for place in (2 + rank + axis, 2 + axis)]
        return rearranged(self.op, x, (y.channels, *[self.factor] * rank, *x.sides), (0, 1, *turns), y)


class PixelShuffle(Operator):
    """A pixel shuffle as a spec writes it."""

    key: ClassVar[str] = "pixel shuffle"
    smallest: ClassVar[dict[str, str]] = {"pixel shuffle": "1"}

    argument: CountField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        must_have_room(x, self.key)
        factor = at(self.key, scope, self.argument, "factor")
        must_divide(self.key, x, factor ** len(x.sides), f"a pixel shuffle by {factor} makes places of channels")
        return [Part("", DepthToSpace(factor))]

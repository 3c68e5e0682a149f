"""Channel shuffle: `{channel shuffle: 2}`; the channels of so many groups take turns.

    output  as the input
    cost    none but memory traffic: every element is written to another place

Source: ShuffleNet (Zhang et al. 2017), section 3.1; PyTorch's ChannelShuffle.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape
from inception_calc.ops.fields import CountField
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part, at, must_divide


@dataclass(frozen=True, slots=True)
class Shuffle(Unary):
    """Channels dealt out: the first of every group, then the second of every group."""

    op: ClassVar[str] = "channel shuffle"
    groups: Dim

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return ((inputs[0].channels, self.groups),)

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        must_be_known((self.groups, y.channels), "its groups")
        grouped = Constant(f"{self.groups} groups of {y.channels}", (0, self.groups, y.channels // self.groups, -1))
        nodes = (
            Node("Shape", name="sizes"),
            Node("Reshape", ("x", grouped.name), "in groups"),
            Node("Transpose", ("in groups",), "in turns", {"perm": (0, 2, 1, 3)}),
            Node("Reshape", ("in turns", "sizes")),
        )
        return Nodes(nodes, constants=(grouped,), takes="map", gives="map")


class ChannelShuffle(Operator):
    """A channel shuffle as a spec writes it."""

    key: ClassVar[str] = "channel shuffle"
    keeps_map: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"channel shuffle": "1"}

    argument: CountField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        groups = at(self.key, scope, self.argument, "groups")
        must_divide(self.key, x, groups, "a channel shuffle divides the channels into groups")
        return [Part("", Shuffle(groups))]

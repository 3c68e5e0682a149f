"""Group normalization: `{group norm: 32}`, or `{group norm: 32, affine: false}`: over channel groups and all positions.

    params       one scale and one shift for each channel; none with `affine: false`
    element ops  7 for each element: added up, the mean taken off, squared, added up, divided, scaled and shifted; 5
                 without scale and shift

PyTorch's GroupNorm must be told the number of groups, Keras's has 32. Source: Wu and He, "Group normalization" (2018),
equation 7.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Scope, Shape
from inception_calc.ops.fields import CountField, SwitchField
from inception_calc.ops.nodes import Array, Constant, Node, Nodes, must_be_known
from inception_calc.ops.normalization import Normalization
from inception_calc.ops.operator import Operator, Part, at, must_divide


@dataclass(frozen=True, slots=True)
class GroupNormalization(Normalization):
    """The mean and variance of each group of channels."""

    op: ClassVar[str] = "group norm"
    ops_unscaled: ClassVar[int] = 5
    over_places: ClassVar[bool] = True
    groups: Dim = 1

    def divided(self, inputs: tuple[Shape, ...]) -> tuple[tuple[Dim, Dim], ...]:
        return ((inputs[0].channels, self.groups),)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        shape = tuple(x.point(x.channels))
        return (Array("scale", shape, "affine", "ones"), Array("shift", shape, "affine")) if self.scale else ()

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        must_be_known((self.groups,), "its groups")
        grouped = Constant(f"{self.groups} groups", (0, int(self.groups), -1))
        nodes = [
            Node("Shape", name="sizes"),
            Node("Reshape", ("x", grouped.name), "in groups"),
            Node("MeanVarianceNormalization", ("in groups",), "normalized", {"axes": (2,)}),
            Node("Reshape", ("normalized", "sizes"), "as it was" if self.scale else ""),
        ]
        if self.scale:
            nodes += [Node("Mul", ("as it was", "scale"), "scaled"), Node("Add", ("scaled", "shift"))]
        return Nodes(tuple(nodes), self.arrays(inputs), (grouped,), takes="map", gives="map")


class GroupNorm(Operator):
    """A group norm as a spec writes it."""

    key: ClassVar[str] = "group norm"
    keeps_map: ClassVar[bool] = True
    smallest: ClassVar[dict[str, str]] = {"group norm": "1"}

    argument: CountField
    affine: SwitchField = True

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        groups = at(self.key, scope, self.argument, "groups")
        must_divide(self.key, x, groups, "a group norm divides the channels into groups")
        return [Part("", GroupNormalization(self.affine, self.affine, groups))]

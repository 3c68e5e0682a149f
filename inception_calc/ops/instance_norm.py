"""Instance normalization: `instance norm`, or `{instance norm: {scale: true, shift: true}}`: each map by itself.

    params       none; one scale, one shift for each map where they are trained
    element ops  5 for each element: added up, the mean taken off, squared, added up, divided; 7 with scale or shift

PyTorch's InstanceNorm trains nothing unless `affine=True` is said; Keras has it as a group norm of one channel a group,
which trains both. Source: Ulyanov, Vedaldi and Lempitsky, "Instance normalization" (2016), equation 1.
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import UntrainedField
from inception_calc.ops.nodes import Node, Nodes
from inception_calc.ops.normalization import EPSILON, Normalization
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.window_fields import must_have_room


@dataclass(frozen=True, slots=True)
class InstanceNormalization(Normalization):
    """The mean and variance of each map."""

    op: ClassVar[str] = "instance norm"
    is_channelwise: ClassVar[bool] = True
    ops_unscaled: ClassVar[int] = 5
    over_places: ClassVar[bool] = True

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        (x,) = inputs
        if not (self.scale or self.shift):
            node = Node("MeanVarianceNormalization", attributes={"axes": tuple(range(2, len(x) + 1))})
            return Nodes((node,), takes="map", gives="map")
        node = Node("InstanceNormalization", ("x", "scale", "shift"), attributes={"epsilon": EPSILON})
        return Nodes((node,), self.arrays(inputs), takes="map", gives="map")


class InstanceNorm(Operator):
    """An instance norm as a spec writes it."""

    key: ClassVar[str] = "instance norm"
    keeps_map: ClassVar[bool] = True

    argument: UntrainedField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        must_have_room(x, self.key)
        return [Part("", InstanceNormalization(self.argument.scale, self.argument.shift))]

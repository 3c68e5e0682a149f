"""Batch normalization: `batch norm`, or `{batch norm: {scale: false}}`.

    params       one scale and one shift per map
    buffers      running mean and variance per map
    element ops  2 for each element: one product, one addition, as at inference

Source: Ioffe and Szegedy 2015, section 3.1 (inference form).
"""

from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import AffineField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Array, Node, Nodes
from inception_calc.ops.operator import Operator, Part
from inception_calc.primitives import elements


@dataclass(frozen=True, slots=True)
class BatchNormalization(Elementwise):
    """A scale and a shift per map, with running statistics."""

    op: ClassVar[str] = "batch norm"
    scale: bool = True
    shift: bool = True

    def does(self, x: Shape, y: Shape) -> elements.BatchNorm:
        trained = {"trained_per_map": self.scale + self.shift, "channels": x.channels}
        return elements.BatchNorm(y.elements, 2, trained, x.channels)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        shape = (inputs[0].channels,)
        return (
            Array("scale", shape, "affine" if self.scale else "fixed", "ones"),
            Array("shift", shape, "affine" if self.shift else "fixed"),
            Array("mean", shape, "buffers"),
            Array("variance", shape, "buffers", "ones"),
        )

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        arrays = self.arrays(inputs)
        node = Node("BatchNormalization", ("x", *(array.name for array in arrays)), attributes={"epsilon": 1e-5})
        return Nodes((node,), arrays)


class BatchNorm(Operator):
    """A batch norm as a step of its own."""

    key: ClassVar[str] = "batch norm"

    argument: AffineField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return [Part("", BatchNormalization(self.argument.scale, self.argument.shift))]

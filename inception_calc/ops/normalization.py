"""What norms without running statistics have in common: scale and shift, and elements that share their statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Shape
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Array
from inception_calc.primitives import elements

EPSILON = 1e-5
"""What is added to a variance, as PyTorch does."""


@dataclass(frozen=True, slots=True)
class Normalization(Unary):
    """Elements brought to a common scale, then scaled and shifted by trained numbers."""

    scale: bool = True
    shift: bool = True
    ops: ClassVar[int] = 7
    """For each element: added up, the mean taken off, squared, added up, divided; scaled and shifted."""
    ops_unscaled: ClassVar[int] = 7
    """The same where nothing is trained."""
    of_each_place: ClassVar[int] = 0
    """Element ops for each position, however many channels."""

    def trained(self, x: Shape) -> tuple[Dim, ...]:
        """The shape of the scale and of the shift."""
        return (x.channels,)

    @property
    def per_element(self) -> int:
        """Element ops for each element."""
        return self.ops if self.scale or self.shift else self.ops_unscaled

    over_places: ClassVar[bool] = False
    """Statistics are those of all positions together."""

    def does(self, x: Shape, y: Shape) -> elements.Normalize:
        shape, arrays = self.trained(x), self.scale + self.shift
        affine = {"trained_arrays": arrays, **dict(zip(_names(x, shape), shape, strict=True))}
        return elements.Normalize(
            y.elements, self.per_element, affine, y.positions, self.of_each_place, self.over_places
        )

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        """Scale and shift; those that are not trained are fixed."""
        shape = self.trained(inputs[0])
        scale = Array("scale", shape, "affine" if self.scale else "fixed", "ones")
        return scale, Array("shift", shape, "affine" if self.shift else "fixed")


def _names(x: Shape, shape: Sequence[Dim]) -> tuple[str, ...]:
    return x.names if len(shape) == len(x) else ("channels",)

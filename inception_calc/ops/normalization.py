"""What norms without running statistics have in common: scale and shift, and elements that share their statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from inception_calc.dims import Dim, Shape, product
from inception_calc.ops.derivation import Derivation, of_elements
from inception_calc.ops.layer import Params, Sight, Sights, Unary
from inception_calc.ops.nodes import Array

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

    def trained(self, x: Shape) -> tuple[Dim, ...]:
        """The shape of the scale and of the shift."""
        return (x.channels,)

    @property
    def per_element(self) -> int:
        """Element ops for each element."""
        return self.ops if self.scale or self.shift else self.ops_unscaled

    def params(self, x: Shape) -> Params:
        return Params(affine=(self.scale + self.shift) * product(self.trained(x)))

    def element_ops(self, x: Shape, y: Shape) -> Dim:
        return self.per_element * y.elements

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        (x,) = inputs
        each = dict(zip(_names(x, self.trained(x)), self.trained(x), strict=True))
        values = {"trained_arrays": self.scale + self.shift, **each}
        return of_elements(y, str(self.per_element)), Derivation("affine", "*".join(values), values)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        """Scale and shift; those that are not trained are fixed."""
        shape = self.trained(inputs[0])
        scale = Array("scale", shape, "affine" if self.scale else "fixed", "ones")
        return scale, Array("shift", shape, "affine" if self.shift else "fixed")


def _names(x: Shape, shape: Sequence[Dim]) -> tuple[str, ...]:
    return x.names if len(shape) == len(x) else ("channels",)


def sees_the_map(x: Shape) -> Sights:
    """Statistics over all positions: every element sees every place."""
    return tuple([Sight(((0, extent - 1),), step=0) for extent in x.sides])

"""What every primitive operation says of itself: params, multiply-adds, element ops, derivations, and what is seen.

A multiply-add is a multiplication whose product is added into a sum; everything else is an element operation. Params
follow the design's words: weights are kernels of convolutions and matrices alone, running statistics are buffers and
no params. Sizes are dimensions: numbers or symbols.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeAlias

from inception_calc.dims import Dim, Shape, Window, total
from inception_calc.primitives.derivation import Derivation, added_up
from inception_calc.primitives.sight import POINT, Sights, points
from inception_calc.problems import Fault


class Params(NamedTuple):
    """Trainable numbers by role, and `buffers`, which are not trained."""

    weights: Dim = 0
    biases: Dim = 0
    affine: Dim = 0
    """Scales and shifts: batch norm's, and the coefficients of subsampling."""
    buffers: Dim = 0
    embeddings: Dim = 0
    """Tables of which rows are looked up."""
    constants: Dim = 0
    """What else a file holds: shape arithmetic, units of quantization. No params."""

    @property
    def trainable(self) -> Dim:
        """All but buffers and constants."""
        return self.weights + self.biases + self.affine + self.embeddings


NO_PARAMS = Params()


class Primitive:
    """One operation on one sample, or on a batch that is part of its sizes. Costs are zero unless it says otherwise."""

    __slots__: tuple[str, ...] = ()

    @property
    def params(self) -> Params:
        """The numbers that it is trained with, where it has them itself and no file says what they are."""
        return NO_PARAMS

    @property
    def multiply_adds(self) -> Dim:
        """Products that are added into sums."""
        return 0

    @property
    def effective_multiply_adds(self) -> Dim:
        """Those whose tap does not fall on padding; raises `Undecided` where the window's size is free."""
        return self.multiply_adds

    @property
    def element_ops(self) -> Dim:
        """Everything else."""
        return 0

    def sight(self, x: Shape) -> Sights | None:
        """What output elements see of the map `x`, along each axis; None where that is not known."""
        return None

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """How sizes and costs arise; `y` is the output, in whose words elements are counted."""
        return ()


Primitives: TypeAlias = tuple[Primitive, ...]


class Move(Primitive):
    """Elements are passed on, renamed or put elsewhere: no operation."""

    __slots__ = ()

    def sight(self, x: Shape) -> Sights | None:
        """Each element by itself."""
        return points(x.sides)


MOVE = Move()


@dataclass(frozen=True, slots=True)
class Shift(Primitive):
    """Elements put elsewhere along the axes: padded around, cut off."""

    sights: Sights

    def sight(self, x: Shape) -> Sights | None:
        """What each sees along each axis."""
        return self.sights


@dataclass(frozen=True, slots=True)
class Several(Primitive):
    """Primitives one after the other, run `times` times: a node of a file may be made of some, in a loop."""

    parts: Primitives
    times: Dim = 1

    @property
    def multiply_adds(self) -> Dim:
        """Of all parts in all runs."""
        return self.times * total(part.multiply_adds for part in self.parts)

    @property
    def effective_multiply_adds(self) -> Dim:
        """Of all parts in all runs."""
        return self.times * total(part.effective_multiply_adds for part in self.parts)

    @property
    def element_ops(self) -> Dim:
        """Of all parts in all runs."""
        return self.times * total(part.element_ops for part in self.parts)

    def sight(self, x: Shape) -> Sights | None:
        """That of the only part that does more than to work on single elements."""
        seen = [part.sight(x) for part in self.parts] or [points(x.sides)]
        wide = [sights for sights in seen if sights is None or any(sight is not POINT for sight in sights)]
        return seen[0] if not wide else wide[0] if len(wide) == 1 else None

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Those of the parts, costs added up."""
        return added_up([part.derivations(y) for part in self.parts], self.times)


def saved(count: Dim, less: Dim) -> Dim:
    """Operations less those that the first element of each result saves; where there is no element, none is saved."""
    left = count - less
    return max(left, 0) if isinstance(left, int) else left


def must_make_sense(primitives: Iterable[Primitive]) -> None:
    """A `Fault` where a size that a cost depends on is below zero: no cost is right."""
    for primitive in primitives:
        for field in fields(primitive):  # type: ignore[arg-type]
            value = getattr(primitive, field.name)
            if isinstance(value, Window):
                value = value.kernel_size
            for size in value if isinstance(value, tuple) else (value,):
                if isinstance(size, int) and size < 0:
                    what = f"a size that its cost depends on is {size}"
                    raise Fault("wrong-size", what, fix="export the model again")

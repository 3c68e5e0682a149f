"""What a node does, as a few primitive operations with their sizes: what its costs are derived from.

A multiply-add is a multiplication whose product is added into a sum; everything else is an element operation.
Sizes are dimensions: numbers or symbols.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from inception_calc.dims import Dim, exact_quotient, product
from inception_calc.problems import Fault

Sizes: TypeAlias = tuple[Dim, ...]


class Primitive:
    """One operation; costs are zero unless it says otherwise. Sizes below zero are a `Fault`: no cost is right."""

    __slots__: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            for size in value if isinstance(value, tuple) else (value,):
                if isinstance(size, int) and size < 0:
                    what = f"a size that its cost depends on is {size}"
                    raise Fault("wrong-size", what, fix="export the model again")

    @property
    def multiply_adds(self) -> Dim:
        """Products that are added into sums."""
        return 0

    @property
    def element_ops(self) -> Dim:
        """Everything else."""
        return 0


@dataclass(frozen=True, slots=True)
class Conv(Primitive):
    """A convolution of any rank: every one of `positions` sees `kernel` taps of its group's channels.

    Transposed, the kernel is laid at every element of the input, and `positions` are those of the input.
    """

    batch: Dim
    in_channels: Dim
    out_channels: Dim
    groups: Dim
    kernel: Sizes
    positions: Sizes
    transposed: bool = False

    @property
    def multiply_adds(self) -> Dim:
        """Batch x positions x kernel x in channels of a group x out channels."""
        per_group = exact_quotient(self.in_channels, self.groups)
        return self.batch * product(self.positions) * product(self.kernel) * per_group * self.out_channels


@dataclass(frozen=True, slots=True)
class MatrixProduct(Primitive):
    """`batch` products of an m x k with a k x n matrix."""

    batch: Dim
    m: Dim
    k: Dim
    n: Dim

    @property
    def multiply_adds(self) -> Dim:
        """Batch x m x k x n."""
        return self.batch * self.m * self.k * self.n


@dataclass(frozen=True, slots=True)
class Contraction(Primitive):
    """A sum of products over named axes that is no plain matrix product: all sizes multiplied."""

    sizes: Sizes

    @property
    def multiply_adds(self) -> Dim:
        """The number of products."""
        return product(self.sizes)


@dataclass(frozen=True, slots=True)
class Elementwise(Primitive):
    """`ops` operations for each of `elements`."""

    kind: str
    elements: Dim
    ops: int = 1

    @property
    def element_ops(self) -> Dim:
        """Elements x ops."""
        return self.elements * self.ops


@dataclass(frozen=True, slots=True)
class Reduce(Primitive):
    """Inputs brought together into fewer results: one operation less than inputs for each result."""

    kind: str
    elements: Dim
    results: Dim

    @property
    def element_ops(self) -> Dim:
        """Inputs less results."""
        return _saved(self.elements, self.results)


@dataclass(frozen=True, slots=True)
class Pool(Primitive):
    """A window without weights over `channels` maps; `ops` operations a tap, less `saved` for each position."""

    kind: str
    channels: Dim
    kernel: Sizes
    positions: Sizes
    saved: int = 0

    @property
    def element_ops(self) -> Dim:
        """Channels x positions x (taps - saved)."""
        return self.channels * product(self.positions) * _saved(product(self.kernel), self.saved)


@dataclass(frozen=True, slots=True)
class Normalize(Primitive):
    """Elements brought to a common scale, `ops` for each; `groups` share their statistics."""

    kind: str
    elements: Dim
    groups: Dim
    ops: int

    @property
    def element_ops(self) -> Dim:
        """Elements x ops."""
        return self.elements * self.ops


@dataclass(frozen=True, slots=True)
class Softmax(Primitive):
    """Exponentials, their sum and a division: three operations an element, less one for each of `rows`."""

    elements: Dim
    rows: Dim

    @property
    def element_ops(self) -> Dim:
        """3 x elements - rows."""
        return _saved(3 * self.elements, self.rows)


@dataclass(frozen=True, slots=True)
class Recurrent(Primitive):
    """Steps of a recurrent layer: `gates` products of the input and of the state with weights, in each direction."""

    kind: str
    steps: Dim
    batch: Dim
    directions: int
    gates: int
    in_features: Dim
    hidden: Dim

    @property
    def multiply_adds(self) -> Dim:
        """Steps x batch x directions x gates x hidden x (in features + hidden)."""
        rows = self.steps * self.batch * self.directions
        return rows * self.gates * self.hidden * (self.in_features + self.hidden)

    @property
    def element_ops(self) -> Dim:
        """One activation for each gate, and the products and sums that join them."""
        return self.steps * self.batch * self.directions * self.hidden * 2 * self.gates


@dataclass(frozen=True, slots=True)
class Trees(Primitive):
    """Decision trees over `rows`: one comparison a level, which the file does not tell; not counted."""

    rows: Dim


Primitives: TypeAlias = tuple[Primitive, ...]


def _saved(count: Dim, saved: Dim) -> Dim:
    """Operations less those that the first element of each result saves; where there is no element, none is saved."""
    left = count - saved
    return max(left, 0) if isinstance(left, int) else left

"""Operations on elements: one by one, brought together, brought to a common scale, spread out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, gcd

from inception_calc.dims import Dim, Shape, Sides, TensorShape, product
from inception_calc.primitives.derivation import Derivation, each_axis, element_ops, elements, product_of
from inception_calc.primitives.primitive import Params, Primitive, saved
from inception_calc.primitives.sight import EVERYWHERE, MOST_PHASES, Sight, Sights, all_known, points, spread


@dataclass(frozen=True, slots=True)
class Elementwise(Primitive):
    """`ops` operations for each of `elements`."""

    elements: Dim
    ops: Dim = 1

    @property
    def element_ops(self) -> Dim:
        """Elements x ops."""
        return self.elements * self.ops

    def sight(self, x: Shape) -> Sights | None:
        """Each element by itself."""
        return points(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Element ops, where there are any."""
        if isinstance(self.ops, int) and self.ops == 0:
            return ()
        factor, values = self._each()
        return (element_ops(factor, values, elements(y, self.elements)),)

    def _each(self) -> tuple[str, Mapping[str, Dim]]:
        """How `ops` arises, as a factor, and what the names in it stand for."""
        return "ops_per_element", {"ops_per_element": self.ops}


@dataclass(frozen=True, slots=True)
class Worked(Elementwise):
    """`ops` operations that follow from settings by a formula: `(2*size + 3)`."""

    formula: str = ""
    values: Mapping[str, Dim] = field(default_factory=dict)

    def _each(self) -> tuple[str, Mapping[str, Dim]]:
        return self.formula, self.values


@dataclass(frozen=True, slots=True)
class Scaled(Elementwise):
    """The same with trained scales, shifts or slopes: as many as the product of `affine`, its factors by name."""

    affine: Mapping[str, Dim] = field(default_factory=dict)

    @property
    def params(self) -> Params:
        """What is trained."""
        return Params(affine=product(self.affine.values()))

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Element ops, and what is trained."""
        return *Elementwise.derivations(self, y), product_of("affine", self.affine)


@dataclass(frozen=True, slots=True)
class BatchNorm(Scaled):
    """A scale and a shift for each of `channels`, whose mean and variance are known beforehand: they are buffers."""

    channels: Dim = 0

    @property
    def params(self) -> Params:
        """What is trained, and statistics."""
        return Params(affine=product(self.affine.values()), buffers=2 * self.channels)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Element ops, what is trained, and statistics."""
        return *Scaled.derivations(self, y), Derivation("buffers", "2*channels", {"channels": self.channels})


@dataclass(frozen=True, slots=True)
class Normalize(Scaled):
    """Elements brought to a common scale by statistics of their own, those of each place or of all places."""

    places: Dim = 0
    of_each_place: int = 0
    """Operations for each of the places, however many channels."""
    over_places: bool | None = False
    """None: it is not known which axes are places."""

    @property
    def element_ops(self) -> Dim:
        """Elements x ops, and what the places need."""
        return self.elements * self.ops + self.of_each_place * self.places

    def sight(self, x: Shape) -> Sights | None:
        """The place alone, or every place."""
        return spread(x.sides) if self.over_places else None if self.over_places is None else points(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Element ops, and what is trained."""
        every = elements(y, self.elements)
        formula = "*".join((str(self.ops), *every))
        if self.of_each_place:
            formula += " + " + "*".join((str(self.of_each_place), *each_axis("output", y.sides)))
        trained = [product_of("affine", self.affine)] if self.affine else []
        return Derivation("element_ops", formula, every), *trained


@dataclass(frozen=True, slots=True)
class Softmax(Primitive):
    """Over `length` elements, `rows` times: exponentials, their sum and a division, less one addition for each row."""

    length: Dim
    rows: Dim

    @property
    def element_ops(self) -> Dim:
        """(3 x length - 1) x rows."""
        return saved(3 * self.length, 1) * self.rows

    def sight(self, x: Shape) -> Sights | None:
        """Across channels, each place by itself."""
        return points(x.sides) if self.rows == x.positions else None

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Element ops."""
        if isinstance(y, TensorShape) or self.rows != y.positions:
            return (element_ops("(3*length - 1)", {"length": self.length}, {"rows": self.rows}),)
        return (element_ops("(3*channels - 1)", {"channels": self.length}, each_axis("output", y.sides)),)


@dataclass(frozen=True, slots=True)
class Reduce(Primitive):
    """Inputs brought together into fewer results: one operation less than inputs for each result."""

    elements: Dim
    results: Dim

    @property
    def element_ops(self) -> Dim:
        """Inputs less results."""
        return saved(self.elements, self.results)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Element ops."""
        values = {"input_elements": self.elements, "results": self.results}
        return (Derivation("element_ops", "max(input_elements - results, 0)", values),)


@dataclass(frozen=True, slots=True)
class Enlarge(Primitive):
    """A map whose sides grow by factors: elements copied, or worked out from two neighbours along each axis.

    Nothing is copied by an operation. Between neighbours, each is multiplied by its share and the products are added:
    shares depend on the place alone and are known beforehand.
    """

    sides: Sides
    factors: Sides
    elements: Dim
    is_linear: bool = False

    @property
    def element_ops(self) -> Dim:
        """Output elements x what one of them needs."""
        return self._ops * self.elements

    @property
    def _ops(self) -> int:
        """Two neighbours along each axis, each times its share, and the additions between them."""
        return 2 * 2 ** len(self.factors) - 1 if self.is_linear else 0

    def sight(self, x: Shape) -> Sights | None:
        """The element copied, or the neighbours."""
        return all_known([self._along(*axis) for axis in zip(self.factors, self.sides, strict=True)])

    def _along(self, factor: Dim, extent: Dim) -> Sight | None:
        """The element copied, or the neighbours of the place (o + 1/2) / f - 1/2 (pixels are squares)."""
        if extent == 1:
            return EVERYWHERE
        if not isinstance(factor, int) or factor > MOST_PHASES:
            return None
        if not self.is_linear:
            return Sight(((0, 0),) * factor)
        places = [Fraction(2 * o + 1 - factor, 2 * factor) for o in range(factor)]
        return Sight(tuple((floor(place), ceil(place)) for place in places), is_cut=True)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Sizes, and element ops where there are any."""
        entering, factors = each_axis("input", self.sides), each_axis("factor", self.factors)
        sizes = (
            product_of(axis.removeprefix("input_"), {axis: extent, factor: times})
            for (axis, extent), (factor, times) in zip(entering.items(), factors.items(), strict=True)
        )
        if not self.is_linear:
            return tuple(sizes)
        return *sizes, element_ops(str(self._ops), {}, elements(y, self.elements))


@dataclass(frozen=True, slots=True)
class Resize(Primitive):
    """A map brought to any size: elements copied, or worked out from two neighbours along each axis that changes."""

    sides: Sides
    size: Sides
    elements: Dim
    is_linear: bool = False

    @property
    def element_ops(self) -> Dim:
        """Output elements x what one of them needs."""
        return self._ops * self.elements

    @property
    def _ops(self) -> int:
        """Two neighbours along each axis that changes, each times its share, and the additions between them."""
        along = zip(self.sides, self.size, strict=True)
        changed = sum(before is not after and before != after for before, after in along)
        return 2 * 2**changed - 1 if self.is_linear and changed else 0

    def sight(self, x: Shape) -> Sights | None:
        """The element copied, or the neighbours."""
        return all_known([self._along(*axis) for axis in zip(self.sides, self.size, strict=True)])

    def _along(self, extent: Dim, wanted: Dim) -> Sight | None:
        """The element copied, or the neighbours of the place (o + 1/2) * extent / wanted - 1/2."""
        if extent == 1:
            return EVERYWHERE
        if not isinstance(extent, int) or not isinstance(wanted, int):
            return None
        shared = gcd(extent, wanted)
        phases, step = wanted // shared, extent // shared
        if phases > MOST_PHASES:
            return None
        if not self.is_linear:
            copied = [o * extent // wanted for o in range(phases)]
            return Sight(tuple((place, place) for place in copied), step)
        places = [Fraction((2 * o + 1) * extent - wanted, 2 * wanted) for o in range(phases)]
        return Sight(tuple((floor(place), ceil(place)) for place in places), step, is_cut=True)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Sizes, and element ops where there are any."""
        sizes = tuple(product_of(axis, {"size": side}) for axis, side in zip(y.axes, self.size, strict=True))
        return (*sizes, element_ops(str(self._ops), {}, elements(y, self.elements))) if self._ops else sizes

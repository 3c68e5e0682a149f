"""Operations on elements: one by one, brought together, brought to a common scale, spread out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, gcd

from inception_calc.dims import Dim, Shape, Sides, TensorShape, axis_names, product
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
        return self.elements * self.ops

    def sight(self, x: Shape) -> Sights | None:
        return points(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
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
        return Params(affine=product(self.affine.values()))

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        return *Elementwise.derivations(self, y), product_of("affine", self.affine)


@dataclass(frozen=True, slots=True)
class Added(Elementwise):
    """One addition for each element, of a trained table: as many numbers as the product of `table`, by name."""

    table: Mapping[str, Dim] = field(default_factory=dict)

    @property
    def params(self) -> Params:
        """The table, where there is one."""
        return Params(embeddings=product(self.table.values())) if self.table else Params()

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """Element ops, and the table."""
        table = [product_of("embeddings", self.table)] if self.table else []
        return *Elementwise.derivations(self, y), *table


@dataclass(frozen=True, slots=True)
class LookUp(Primitive):
    """Rows of a trained table, looked up or put beside what there is: as many numbers as the product of `table`."""

    table: Mapping[str, Dim]
    width: str = ""
    """Which of them is the output's depth."""

    @property
    def params(self) -> Params:
        """The table."""
        return Params(embeddings=product(self.table.values()))

    def sight(self, x: Shape) -> Sights | None:
        """Each place by itself."""
        return points(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """The table, and the output's depth."""
        depth = [product_of("channels", {self.width: self.table[self.width]})] if self.width else []
        return *depth, product_of("embeddings", self.table)


@dataclass(frozen=True, slots=True)
class BatchNorm(Scaled):
    """A scale and a shift for each of `channels`, whose mean and variance are known beforehand: they are buffers."""

    channels: Dim = 0

    @property
    def params(self) -> Params:
        return Params(affine=product(self.affine.values()), buffers=2 * self.channels)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
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
        return self.elements * self.ops + self.of_each_place * self.places

    def sight(self, x: Shape) -> Sights | None:
        return spread(x.sides) if self.over_places else None if self.over_places is None else points(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
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
        return saved(3 * self.length, 1) * self.rows

    def sight(self, x: Shape) -> Sights | None:
        return points(x.sides) if self.rows == x.positions else None

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
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
        return saved(self.elements, self.results)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        if isinstance(self.element_ops, int) and self.element_ops == 0:
            return ()
        values = {"input_elements": self.elements, "results": self.results}
        return (Derivation("element_ops", "input_elements - results", values),)


@dataclass(frozen=True, slots=True)
class Resize(Primitive):
    """A map brought to any size: elements copied, or worked out from two neighbours along each axis that changes.

    Nothing is copied by an operation. Between neighbours, each is multiplied by its share and the products are added:
    shares depend on the place alone and are known beforehand.
    """

    sides: Sides
    size: Sides
    elements: Dim
    is_linear: bool = False

    @property
    def element_ops(self) -> Dim:
        return self._ops * self.elements

    @property
    def _ops(self) -> int:
        """Two neighbours along each axis that changes, each times its share, and the additions between them."""
        return 2 * 2**self._changed - 1 if self.is_linear and self._changed else 0

    @property
    def _changed(self) -> int:
        along = zip(self.sides, self.size, strict=True)
        return sum(before is not after and before != after for before, after in along)

    def sight(self, x: Shape) -> Sights | None:
        return all_known([self._along(*axis) for axis in zip(self.sides, self._ratios(), strict=True)])

    def _ratios(self) -> list[tuple[Dim, Dim]]:
        """How many output elements come from how many input elements, along each axis, in lowest terms."""
        along = zip(self.size, self.sides, strict=True)
        known = ((a, b) if isinstance(a, int) and isinstance(b, int) else None for a, b in along)
        return [(0, 0) if one is None else (one[0] // gcd(*one), one[1] // gcd(*one)) for one in known]

    def _along(self, extent: Dim, ratio: tuple[Dim, Dim]) -> Sight | None:
        """The element copied, or the neighbours of the place (o + 1/2) * step / phases - 1/2: pixels are squares."""
        phases, step = ratio
        if extent == 1:
            return EVERYWHERE
        if not isinstance(phases, int) or not 0 < phases <= MOST_PHASES:
            return None
        if not self.is_linear:
            return Sight(tuple((o * step // phases,) * 2 for o in range(phases)), step)
        places = [Fraction((2 * o + 1) * step - phases, 2 * phases) for o in range(phases)]
        return Sight(tuple((floor(place), ceil(place)) for place in places), step, is_cut=True)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        sizes = self._sizes()
        return (*sizes, element_ops(str(self._ops), {}, elements(y, self.elements))) if self._ops else tuple(sizes)

    def _sizes(self) -> list[Derivation]:
        along = zip(axis_names(len(self.size)), self.size, strict=True)
        return [product_of(axis, {"size": side}) for axis, side in along]


@dataclass(frozen=True, slots=True)
class Enlarge(Resize):
    """The same by whole factors, which may be free."""

    factors: Sides = ()

    @property
    def _changed(self) -> int:
        return len(self.factors)

    def _ratios(self) -> list[tuple[Dim, Dim]]:
        return [(factor, 1) for factor in self.factors]

    def _sizes(self) -> list[Derivation]:
        along = zip(axis_names(len(self.factors)), self.sides, self.factors, strict=True)
        return [product_of(axis, {f"input_{axis}": side, f"factor_{axis}": factor}) for axis, side, factor in along]

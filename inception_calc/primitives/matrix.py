"""Sums of products over named axes: matrix products, linear layers, attention's scores; all sizes multiplied."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from inception_calc.dims import Dim, Shape, exact_quotient, product
from inception_calc.primitives.derivation import Derivation, batched, each_axis, element_ops, point, product_of
from inception_calc.primitives.primitive import Params, Primitive
from inception_calc.primitives.sight import Sights, points, whole_map


class Products(Primitive):
    """As many multiply-adds as the product of all sizes."""

    __slots__ = ()

    @property
    @abstractmethod
    def sizes(self) -> Mapping[str, Dim]:
        """Name of an axis -> its size."""

    @property
    def multiply_adds(self) -> Dim:
        return product(self.sizes.values())

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        return tuple(product_of(count, self.sizes) for count in ("multiply_adds", "effective_multiply_adds"))


@dataclass(frozen=True, slots=True)
class MatrixProduct(Products):
    """`batch` products of an m x k with a k x n matrix."""

    batch: Dim
    m: Dim
    k: Dim
    n: Dim

    @property
    def sizes(self) -> Mapping[str, Dim]:
        return {**batched(self.batch), "rows": self.m, "inner": self.k, "columns": self.n}


@dataclass(frozen=True, slots=True)
class CausalProduct(MatrixProduct):
    """Of as many keys as queries, those behind a query are masked: its product with them is worked out for nothing."""

    depth: Dim = 1
    """The products for each pair of a query and a key."""

    @property
    def effective_multiply_adds(self) -> Dim:
        return self.batch * exact_quotient(self.m * (self.m + 1), 2) * self.depth

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        values = {**batched(self.batch), "queries": self.m, "depth": self.depth}
        formula = "*".join((*batched(self.batch), "(queries*(queries + 1)//2)", "depth"))
        return product_of("multiply_adds", self.sizes), Derivation("effective_multiply_adds", formula, values)


@dataclass(frozen=True, slots=True)
class Contraction(Products):
    """A sum of products that is no plain matrix product, over axes by name: `{"heads": 8, "queries": 77, ...}`."""

    axes: tuple[tuple[str, Dim], ...]

    @property
    def sizes(self) -> Mapping[str, Dim]:
        return dict(self.axes)


@dataclass(frozen=True, slots=True)
class Linear(Products):
    """A matrix of `units` rows times all elements of a map, or times the channels at each of its positions."""

    x: Shape
    units: Dim
    bias: bool = False
    over_channels: bool = False

    @property
    def sizes(self) -> Mapping[str, Dim]:
        x = self.x
        sides = {} if x == x.point(x.channels) else each_axis("input", x.sides)
        return {**sides, "input_channels": x.channels, "units": self.units}

    @property
    def multiply_adds(self) -> Dim:
        return self.x.elements * self.units

    @property
    def params(self) -> Params:
        inputs = self.x.channels if self.over_channels else self.x.elements
        return Params(inputs * self.units, self.units if self.bias else 0)

    def sight(self, x: Shape) -> Sights | None:
        return points(x.sides) if self.over_channels else whole_map(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        units = {"units": self.units}
        weights = {"input_channels": self.x.channels, **units} if self.over_channels else self.sizes
        return (
            product_of("channels", units),
            *([] if self.over_channels else point(y)),
            product_of("weights", weights),
            *([product_of("biases", units)] if self.bias else []),
            *Products.derivations(self, y),
        )


@dataclass(frozen=True, slots=True)
class Attended(Products):
    """Of each head, a product of `head_size` for each pair of a query and a key: attention's scores, and their use.

    A dense kernel works out all pairs. `pairs` of them are not masked, of each head: they are the effective ones.
    """

    heads: Dim
    queries: Dim
    keys: Dim
    head_size: Dim
    pairs: Dim
    pairs_formula: str
    pairs_values: Mapping[str, Dim]
    ops: int = 0
    """Operations for each pair beside the products: its scale, mask and relative position."""
    offsets: Dim = 0
    """Trained numbers of each head for the positions of queries and keys to each other."""
    gives_pairs: bool = False
    """The output has a value for each pair, not for each query."""

    @property
    def params(self) -> Params:
        """A table of which rows are looked up."""
        return Params(embeddings=self.heads * self.offsets)

    @property
    def sizes(self) -> Mapping[str, Dim]:
        """Heads x queries x keys x head size."""
        return {"heads": self.heads, "queries": self.queries, "keys": self.keys, "head_size": self.head_size}

    @property
    def effective_multiply_adds(self) -> Dim:
        """Those of pairs that are not masked."""
        return self.heads * self.pairs * self.head_size

    @property
    def element_ops(self) -> Dim:
        """Heads x queries x keys x ops."""
        return self.heads * self.queries * self.keys * self.ops

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        """The output's sizes, multiply-adds, those of pairs that are not masked, element ops."""
        sizes = self.sizes
        pairs = {name: size for name, size in sizes.items() if name != "head_size"}
        of_pairs = {**self.pairs_values, "heads": self.heads, "head_size": self.head_size}
        shape = (
            [product_of(axis, {name: size}) for axis, (name, size) in zip(y.names, pairs.items(), strict=True)]
            if self.gives_pairs
            else [product_of("channels", {"heads": self.heads, "head_size": self.head_size})]
        )
        effective = f"heads*({self.pairs_formula})*head_size"
        done = [element_ops(str(self.ops), {}, pairs)] if self.ops else []
        if not isinstance(self.offsets, int) or self.offsets:
            done.append(product_of("embeddings", {"heads": self.heads, "offsets": self.offsets}))
        return (
            *shape,
            product_of("multiply_adds", sizes),
            Derivation("effective_multiply_adds", effective, of_pairs),
            *done,
        )


@dataclass(frozen=True, slots=True)
class Distances(Primitive):
    """Squared distances of one vector to each of `units`: differences, squares, additions."""

    length: Dim
    units: Dim

    @property
    def element_ops(self) -> Dim:
        return (3 * self.length - 1) * self.units

    def sight(self, x: Shape) -> Sights:
        return whole_map(x.sides)

    def derivations(self, y: Shape) -> tuple[Derivation, ...]:
        values = {"input_elements": self.length, "units": self.units}
        return (
            Derivation("channels", "units", {"units": self.units}),
            *point(y),
            Derivation("element_ops", "(3*input_elements - 1)*units", values),
        )

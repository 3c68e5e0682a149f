"""Sums of products with exact coefficients: a dictionary of monomials, added and multiplied. What the unknowns are is
the affair of `polynomial`; here they have a key, and a value once all symbols have one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Any, Self, TypeAlias

from inception_calc.dims.bounds import (
    DEEPEST,
    LONGEST_KEY,
    MOST_PARTS,
    MOST_PRODUCTS,
    PRODUCT,
    SORTED,
    spend,
    too_complex,
)

Rational: TypeAlias = int | Fraction


class Factor(ABC):
    """What a monomial is a product of. Equal factors are one object, so they are compared and hashed by identity."""

    key: tuple[int, str]
    """Its place among the factors of a monomial: symbols first, by name."""
    whole: bool
    """Whether its value is an integer."""
    inner: tuple[Any, ...]
    """The sums that it is made of."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The symbols that its value depends on."""
        return frozenset[str]().union(*(one.names for one in self.inner))

    @cached_property
    def extent(self) -> tuple[int, int]:
        """How many parts it has, counted as often as they stand in it, and levels of them."""
        extents = [one.extent for one in self.inner]
        return 1 + sum(parts for parts, _ in extents), 1 + max((levels for _, levels in extents), default=0)

    def bounded(self) -> Self:
        """The factor itself; raises `Undecided` where it has too many parts."""
        parts, levels = self.extent
        if parts > MOST_PARTS or levels > DEEPEST:
            raise too_complex("rounded and compared sizes inside each other")
        return self

    @abstractmethod
    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        """Its number at these values of the symbols."""

    @abstractmethod
    def told(self, teller: Any) -> Any:
        """What a teller makes of it: `symbol(name, whole)`, `quotient(factor)` or `extreme(factor, largest)`."""


Monomial: TypeAlias = tuple[tuple[Any, int], ...]
"""Factors with their powers, in the order of their keys; empty for the constant."""
Terms: TypeAlias = dict[Monomial, Rational]
"""Monomial -> its coefficient, in normal form: never 0, an int where it is whole."""


class Sum:
    """A sum of monomials with rational coefficients. Immutable; equal where the terms are.

    Operators give a plain number where no atom is left.
    """

    terms: Terms

    def __init__(self, terms: Mapping[Monomial, Rational]) -> None:
        self.terms = {monomial: small(coefficient) for monomial, coefficient in terms.items() if coefficient}

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """The sum of terms that are in normal form already."""
        made = cls.__new__(cls)
        made.terms = terms
        return made

    @classmethod
    def plain(cls, terms: Terms) -> Any:
        """The same; a number where no atom is left."""
        if not terms:
            return 0
        if len(terms) == 1 and () in terms:
            return terms[()]
        return cls.of(terms)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.terms,)

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sum):
            return self is other or self.terms == other.terms
        if isinstance(other, int | Fraction):
            return self.terms == ({(): other} if other else {})
        return NotImplemented

    def __add__(self, other: Self | Rational) -> Any:
        if isinstance(other, Sum):
            longer, shorter = (self, other) if len(self.terms) >= len(other.terms) else (other, self)
            spend(len(longer.terms) + len(shorter.terms))
            terms = longer.terms.copy()
            for monomial, coefficient in shorter.terms.items():
                both = terms.get(monomial, 0) + coefficient
                if both:
                    terms[monomial] = both if both.__class__ is int else small(both)
                else:
                    del terms[monomial]
            return self.plain(terms)
        if isinstance(other, int | Fraction):
            if not other:
                return self
            spend(len(self.terms))
            terms = self.terms.copy()
            both = small(terms.pop((), 0) + other)
            if both:
                terms[()] = both
            return self.plain(terms)
        return NotImplemented

    __radd__ = __add__

    def __neg__(self) -> Self:
        return self.of({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Self | Rational) -> Any:
        return self + -other if isinstance(other, Sum | int | Fraction) else NotImplemented

    def __rsub__(self, other: Rational) -> Any:
        return -self + other if isinstance(other, int | Fraction) else NotImplemented

    def __mul__(self, other: Self | Rational) -> Any:
        if isinstance(other, Sum):
            return self.plain(multiplied(self.terms, other.terms))
        if isinstance(other, int | Fraction):
            if other == 1:
                return self
            spend(len(self.terms))
            return self.plain({m: small(c * other) for m, c in self.terms.items()} if other else {})
        return NotImplemented

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Any:
        if not isinstance(exponent, int) or exponent < 0:
            return NotImplemented
        result: Any = 1
        square: Any = self
        while exponent:  # by squaring: what grows too large is met after few steps
            if exponent & 1:
                result = square * result
            exponent >>= 1
            square = square * square if exponent else square
        return result

    @cached_property
    def key(self) -> str:
        """A text that orders polynomials and tells unequal ones apart."""
        text = " + ".join(
            f"{coefficient}*{'*'.join(f'{atom.key}^{power}' for atom, power in monomial)}"
            for monomial, coefficient in self.ordered
        )
        if len(text) > LONGEST_KEY:
            raise too_complex("roundings inside roundings")
        return text

    @cached_property
    def ordered(self) -> tuple[tuple[Monomial, Rational], ...]:
        """The terms, highest degree first, then by their factors (the graded lexicographic order of monomials)."""
        spend(SORTED * len(self.terms))
        return tuple(sorted(self.terms.items(), key=rank))

    @cached_property
    def extent(self) -> tuple[int, int]:
        """How many parts there are, counted as often as they stand in it, and levels of them."""
        parts, levels = len(self.terms), 0
        for monomial in self.terms:
            for atom, _ in monomial:
                inside, below = atom.extent
                parts += inside
                levels = max(levels, below)
        return parts, levels

    @property
    def constant(self) -> Rational | None:
        """The value where no atom is left, else None."""
        if not self.terms:
            return 0
        return self.terms[()] if len(self.terms) == 1 and () in self.terms else None

    @cached_property
    def whole(self) -> bool:
        """Whether every coefficient and every atom is an integer."""
        return all(isinstance(c, int) and all(atom.whole for atom, _ in m) for m, c in self.terms.items())

    @property
    def denominator(self) -> int:
        """The least number that makes every coefficient whole."""
        return lcm(*(coefficient.denominator for coefficient in self.terms.values()))

    def atoms(self) -> Iterator[Any]:
        """Every atom, those inside other atoms before them; some more than once."""
        for monomial, _ in self.ordered:
            for atom, _ in monomial:
                for inner in atom.inner:
                    yield from inner.atoms()
                yield atom

    @cached_property
    def names(self) -> frozenset[str]:
        """The symbols that the value depends on."""
        return frozenset[str]().union(*(atom.names for monomial in self.terms for atom, _ in monomial))

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        """The number at these values of the symbols; a KeyError where one is missing."""
        spend(len(self.terms))
        result: Rational = 0
        for monomial, coefficient in self.terms.items():
            term = coefficient
            for atom, power in monomial:
                term *= atom.value(numbers) ** power
            result += term
        return small(result)


def small(value: Rational) -> Rational:
    """An int where the fraction is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def multiplied(left: Terms, right: Terms) -> Terms:
    """The product; raises `Undecided` where it would have too many terms."""
    if len(left) * len(right) > MOST_PRODUCTS:
        raise too_complex(f"a product of {len(left):,} by {len(right):,} terms")
    spend(PRODUCT * len(left) * len(right))
    terms: Terms = {}
    for one, first in left.items():
        for other, second in right.items():
            monomial = times(one, other)
            coefficient = terms.get(monomial, 0) + first * second
            terms[monomial] = coefficient if coefficient.__class__ is int else small(coefficient)
    return {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}


@lru_cache(maxsize=65536)
def times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials; the layers of a network need few of them, over and over."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=lambda factor: factor[0].key))


def rank(term: tuple[Monomial, Rational]) -> tuple[int, list[tuple[tuple[int, str], int]]]:
    """The place of a term: highest degree first, then by its factors."""
    monomial, _ = term
    return -sum(power for _, power in monomial), [(atom.key, -power) for atom, power in monomial]


def without(monomial: Monomial, factor: Monomial) -> Monomial | None:
    """The monomial divided by another; None where that is no factor of it."""
    powers = dict(monomial)
    for atom, power in factor:
        left = powers.get(atom, 0) - power
        if left < 0:
            return None
        powers[atom] = left
    return tuple((atom, power) for atom, power in powers.items() if power)

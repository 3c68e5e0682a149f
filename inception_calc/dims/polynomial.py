"""Polynomials with exact coefficients: the normal form of every closed form.

sympy carries symbols through the analysis; what comes out is brought into this form once. Two equal counts have
equal polynomials, and derivatives, substitution, evaluation and text need no more than a dictionary of monomials.

The unknowns of a monomial are atoms: a symbol; a quotient rounded down, `floor(dividend / divisor)`; the smaller or
the larger of some polynomials. All symbols are positive integers but for the width multiplier, which may be any
positive fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TypeAlias

from inception_calc.dims.bounds import LONGEST_KEY, MOST_PRODUCTS, too_complex

Rational: TypeAlias = int | Fraction
FRACTIONAL = "width_multiplier"
"""The only symbol that need not be an integer."""


@dataclass(frozen=True)
class Variable:
    """A symbol."""

    name: str

    @cached_property
    def key(self) -> tuple[int, str]:
        """Its place among the factors of a monomial: symbols first, by name."""
        return 0, self.name

    @property
    def whole(self) -> bool:
        """Whether its value is an integer."""
        return self.name != FRACTIONAL


@dataclass(frozen=True)
class Quotient:
    """`floor(dividend / divisor)`; made by `quotient`, which knows equal ones."""

    dividend: Polynomial
    divisor: Polynomial

    whole = True

    @cached_property
    def key(self) -> tuple[int, str]:
        """Its place among the factors of a monomial."""
        return 1, f"({self.dividend.key})//({self.divisor.key})"


@dataclass(frozen=True)
class Extreme:
    """The smallest or largest of some polynomials; made by `extreme`."""

    largest: bool
    arguments: tuple[Polynomial, ...]

    @cached_property
    def key(self) -> tuple[int, str]:
        """Its place among the factors of a monomial."""
        return 2, f"{self.largest}({','.join(argument.key for argument in self.arguments)})"

    @cached_property
    def whole(self) -> bool:
        """Whether its value is an integer."""
        return all(argument.whole for argument in self.arguments)


Atom: TypeAlias = Variable | Quotient | Extreme
Monomial: TypeAlias = tuple[tuple[Atom, int], ...]
"""Atoms with their powers, in the order of their keys; empty for the constant."""


class Polynomial:
    """A sum of monomials with rational coefficients. Immutable; equal where the terms are."""

    def __init__(self, terms: Mapping[Monomial, Rational]) -> None:
        self.terms: dict[Monomial, Rational] = {
            monomial: _small(coefficient) for monomial, coefficient in terms.items() if coefficient
        }

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int | Fraction):
            other = constant(other)
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __repr__(self) -> str:
        return f"Polynomial({self.key})"

    def __add__(self, other: Polynomial | Rational) -> Polynomial:
        terms = dict(self.terms)
        for monomial, coefficient in _made(other).terms.items():
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return Polynomial(terms)

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Polynomial | Rational) -> Polynomial:
        return self + -_made(other)

    def __mul__(self, other: Polynomial | Rational) -> Polynomial:
        if isinstance(other, int | Fraction):
            return Polynomial({monomial: coefficient * other for monomial, coefficient in self.terms.items()})
        if len(self.terms) * len(other.terms) > MOST_PRODUCTS:
            raise too_complex(f"a product of {len(self.terms):,} by {len(other.terms):,} terms")
        terms: dict[Monomial, Rational] = {}
        for left, first in self.terms.items():
            for right, second in other.terms.items():
                monomial = _times(left, right)
                terms[monomial] = terms.get(monomial, 0) + first * second
        return Polynomial(terms)

    def __pow__(self, exponent: int) -> Polynomial:
        result, square = ONE, self
        while exponent:  # by squaring: what grows too large is met after few steps
            if exponent & 1:
                result = result * square
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
        """The terms, highest degree first, then by their factors."""
        return tuple(
            sorted(
                self.terms.items(),
                key=lambda term: (
                    -sum(power for _, power in term[0]),
                    [(atom.key, -power) for atom, power in term[0]],
                ),
            )
        )

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

    def atoms(self) -> Iterator[Atom]:
        """Every atom, those inside other atoms before them; some more than once."""
        for monomial, _ in self.ordered:
            for atom, _ in monomial:
                if isinstance(atom, Quotient):
                    yield from atom.dividend.atoms()
                    yield from atom.divisor.atoms()
                elif isinstance(atom, Extreme):
                    for argument in atom.arguments:
                        yield from argument.atoms()
                yield atom

    @cached_property
    def names(self) -> frozenset[str]:
        """The symbols that the value depends on."""
        return frozenset(atom.name for atom in self.atoms() if isinstance(atom, Variable))

    def mapped(self, change: Callable[[Atom], Polynomial]) -> Polynomial:
        """The polynomial with every atom replaced by what `change` makes of it."""
        made: dict[Atom, Polynomial] = {}

        def changed(monomial: Monomial, coefficient: Rational) -> Polynomial:
            term = constant(coefficient)
            for atom, power in monomial:
                if atom not in made:
                    made[atom] = change(atom)
                term = term * made[atom] ** power
            return term

        return summed(changed(monomial, coefficient) for monomial, coefficient in self.terms.items())

    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        """The polynomial with symbols replaced, also inside quotients and extremes."""
        if not self.names & values.keys():
            return self

        def change(atom: Atom) -> Polynomial:
            if isinstance(atom, Variable):
                return _made(values[atom.name]) if atom.name in values else Polynomial({((atom, 1),): 1})
            if isinstance(atom, Quotient):
                return quotient(atom.dividend.replaced(values), atom.divisor.replaced(values))
            return extreme(atom.largest, [argument.replaced(values) for argument in atom.arguments])

        return self.mapped(change)

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        """The number at these values of the symbols; a KeyError where one is missing."""
        result: Rational = 0
        for monomial, coefficient in self.terms.items():
            term = coefficient
            for atom, power in monomial:
                term *= _atom_value(atom, numbers) ** power
            result += term
        return _small(result)

    def derivative(self, name: str) -> Polynomial | None:
        """The partial derivative; None where the symbol stands inside a quotient or an extreme."""
        result: dict[Monomial, Rational] = {}
        for monomial, coefficient in self.terms.items():
            for index, (atom, power) in enumerate(monomial):
                if isinstance(atom, Variable):
                    if atom.name == name:
                        rest = ((atom, power - 1),) if power > 1 else ()
                        lower = monomial[:index] + rest + monomial[index + 1 :]
                        result[lower] = result.get(lower, 0) + coefficient * power
                elif name in Polynomial({((atom, 1),): 1}).names:
                    return None
        return Polynomial(result)

    def by_power(self, name: str) -> list[Polynomial] | None:
        """Coefficients of the powers 0, 1, 2 ... of a symbol; None where it stands inside another atom."""
        powers: dict[int, dict[Monomial, Rational]] = {}
        for monomial, coefficient in self.terms.items():
            own = 0
            rest: list[tuple[Atom, int]] = []
            for atom, power in monomial:
                if isinstance(atom, Variable) and atom.name == name:
                    own = power
                else:
                    rest.append((atom, power))
            powers.setdefault(own, {})[tuple(rest)] = coefficient
        made = [Polynomial(powers.get(power, {})) for power in range(max(powers, default=0) + 1)]
        return None if any(name in coefficient.names for coefficient in made) else made


def _made(value: Polynomial | Rational) -> Polynomial:
    return value if isinstance(value, Polynomial) else constant(value)


def _small(value: Rational) -> Rational:
    """An int where the fraction is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _times(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    powers = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=lambda factor: factor[0].key))


def _atom_value(atom: Atom, numbers: Mapping[str, Rational]) -> Rational:
    if isinstance(atom, Variable):
        return numbers[atom.name]
    if isinstance(atom, Quotient):
        return atom.dividend.value(numbers) // atom.divisor.value(numbers)
    values = [argument.value(numbers) for argument in atom.arguments]
    return max(values) if atom.largest else min(values)


def constant(value: Rational) -> Polynomial:
    """A number as a polynomial."""
    return Polynomial({(): value})


def variable(name: str) -> Polynomial:
    """A symbol as a polynomial."""
    return Polynomial({((Variable(name), 1),): 1})


def summed(polynomials: Iterable[Polynomial]) -> Polynomial:
    """The sum; 0 for none."""
    terms: dict[Monomial, Rational] = {}
    for polynomial in polynomials:
        for monomial, coefficient in polynomial.terms.items():
            terms[monomial] = terms.get(monomial, 0) + coefficient
    return Polynomial(terms)


def quotient(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    """`floor(dividend / divisor)` in one form.

    Whole multiples of the divisor come out of the floor, and a floor inside a floor melts into one:
    floor((floor(a / b) + c) / d) is floor((a + b c) / (b d)) for whole c and positive b and d.
    """
    by = divisor.constant
    if by is None:
        return Polynomial({((Quotient(dividend, divisor), 1),): 1})
    dividend = dividend * (Fraction(1) / by)
    outside: dict[Monomial, Rational] = {}
    inside: dict[Monomial, Rational] = {}
    for monomial, coefficient in dividend.terms.items():
        if all(atom.whole for atom, _ in monomial):
            whole, rest = divmod(coefficient, 1)
            outside[monomial] = whole
            inside[monomial] = rest
        else:
            inside[monomial] = coefficient
    rest_of = Polynomial(inside)
    value = rest_of.constant
    if value is not None:
        return Polynomial(outside) + constant(value // 1)
    scale = rest_of.denominator
    (monomial, factor), *others = (rest_of * scale).ordered
    atom, power = monomial[0]
    if len(monomial) == power == factor == 1 and isinstance(atom, Quotient) and not any(m for m, _ in others):
        melted = atom.dividend + atom.divisor * sum(int(c) for _, c in others)
        return Polynomial(outside) + quotient(melted, atom.divisor * scale)
    return Polynomial(outside) + Polynomial({((Quotient(rest_of * scale, constant(scale)), 1),): 1})


def extreme(largest: bool, arguments: Iterable[Polynomial]) -> Polynomial:
    """The largest or smallest of some polynomials, those left out that never decide."""
    kept: list[Polynomial] = []
    for argument in arguments:
        sign = 1 if largest else -1
        if any(never_negative((other - argument) * sign) for other in kept):
            continue
        kept = [other for other in kept if not never_negative((argument - other) * sign)]
        kept.append(argument)
    if len(kept) == 1:
        return kept[0]
    return Polynomial({((Extreme(largest, tuple(sorted(kept, key=lambda one: one.key))), 1),): 1})


def never_negative(polynomial: Polynomial) -> bool:
    """Whether it is easily seen that the value is not negative, all symbols being at least 1."""
    least: Rational = 0
    for monomial, coefficient in polynomial.terms.items():
        if not monomial:
            least += coefficient
        elif coefficient < 0 or not all(_positive_atom(atom) for atom, _ in monomial):
            return False
        elif all(isinstance(atom, Variable) and atom.whole for atom, _ in monomial):
            least += coefficient
    return least >= 0


def _positive_atom(atom: Atom) -> bool:
    """Whether the atom is easily seen not to be negative."""
    if isinstance(atom, Variable):
        return True
    if isinstance(atom, Quotient):
        return never_negative(atom.dividend) and never_negative(atom.divisor)
    seen = [never_negative(argument) for argument in atom.arguments]
    return any(seen) if atom.largest else all(seen)


ZERO = Polynomial({})
ONE = constant(1)

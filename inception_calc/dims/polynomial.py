"""Symbolic quantities: polynomials with exact coefficients, in normal form from birth.

Two equal counts have equal polynomials, and derivatives, substitution, evaluation and text need no more than a
dictionary of monomials. The unknowns of a monomial are atoms: a symbol; a quotient rounded down,
`floor(dividend / divisor)`; the smaller or the larger of some polynomials. All symbols are positive integers but for
the width multiplier, which may be any positive fraction.

Operators (`+ - * // % **`) give a plain number where no atom is left, so that whoever asks `isinstance(value, int)`
need not know of polynomials; methods and makers always give polynomials. No order is defined: whether one quantity is
smaller than another may depend on a symbol (`quantity.at_most`, `quantity.same`). sympy takes every polynomial for an
expression of its own: `sympy.sympify(count)`, or `count.to_sympy()`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Any, Self, TypeAlias, cast
from weakref import WeakValueDictionary

from inception_calc.dims.bounds import (
    DEEPEST,
    LARGEST_DIVISOR,
    LONGEST_KEY,
    MOST_PARTS,
    MOST_PRODUCTS,
    PRODUCT,
    SORTED,
    spend,
    too_complex,
)

Rational: TypeAlias = int | Fraction
FRACTIONAL = "width_multiplier"
"""The only symbol that need not be an integer."""


class Atom:
    """What a monomial is a product of. Equal atoms are one object, so they are compared and hashed by identity."""

    key: tuple[int, str]
    """Its place among the factors of a monomial: symbols first, by name."""
    whole: bool
    """Whether its value is an integer."""
    inner: tuple[Polynomial, ...]
    """The polynomials that it is made of."""

    @cached_property
    def extent(self) -> tuple[int, int]:
        """How many parts it has, counted as often as they stand in it, and levels of them."""
        extents = [polynomial.extent for polynomial in self.inner]
        return 1 + sum(parts for parts, _ in extents), 1 + max((levels for _, levels in extents), default=0)

    @cached_property
    def alone(self) -> Polynomial:
        """The atom as a polynomial."""
        return Polynomial({((self, 1),): 1})

    def _bounded(self) -> Self:
        """The atom itself; raises `Undecided` where it has too many parts."""
        parts, levels = self.extent
        if parts > MOST_PARTS or levels > DEEPEST:
            raise too_complex("rounded and compared sizes inside each other")
        return self

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        """Its number at these values of the symbols."""
        raise NotImplementedError

    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        """What it becomes where symbols are replaced."""
        raise NotImplementedError


ATOMS: WeakValueDictionary[tuple[Any, ...], Atom] = WeakValueDictionary()
"""Every atom that is in use, by what it is made of."""


class Variable(Atom):
    """A symbol."""

    name: str
    inner = ()

    def __new__(cls, name: str) -> Variable:
        """The symbol of this name."""
        found = ATOMS.get((cls, name))
        if found is not None:
            return cast(Variable, found)
        made = ATOMS[cls, name] = super().__new__(cls)
        made.name, made.key, made.whole = name, (0, name), name != FRACTIONAL
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Variable, (self.name,)

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        return numbers[self.name]

    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        return polynomial(values[self.name]) if self.name in values else self.alone


class Quotient(Atom):
    """`floor(dividend / divisor)`; made by `quotient`, which knows equal ones."""

    dividend: Polynomial
    divisor: Polynomial
    whole = True

    def __new__(cls, dividend: Polynomial, divisor: Polynomial) -> Quotient:
        """The quotient of these."""
        found = ATOMS.get((cls, dividend, divisor))
        if found is not None:
            return cast(Quotient, found)
        made = super().__new__(cls)
        made.dividend, made.divisor = made.inner = dividend, divisor
        ATOMS[cls, dividend, divisor] = made._bounded()
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Quotient, (self.dividend, self.divisor)

    @cached_property
    def key(self) -> tuple[int, str]:  # type: ignore[override]
        return 1, f"({self.dividend.key})//({self.divisor.key})"

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        return self.dividend.value(numbers) // self.divisor.value(numbers)

    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        return quotient(self.dividend.replaced(values), self.divisor.replaced(values))


class Extreme(Atom):
    """The smallest or largest of some polynomials; made by `extreme`."""

    largest: bool
    arguments: tuple[Polynomial, ...]

    def __new__(cls, largest: bool, arguments: tuple[Polynomial, ...]) -> Extreme:
        """The extreme of these."""
        found = ATOMS.get((cls, largest, arguments))
        if found is not None:
            return cast(Extreme, found)
        made = super().__new__(cls)
        made.largest, made.arguments = largest, arguments
        made.inner = arguments
        ATOMS[cls, largest, arguments] = made._bounded()
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Extreme, (self.largest, self.arguments)

    @cached_property
    def key(self) -> tuple[int, str]:  # type: ignore[override]
        return 2, f"{self.largest}({','.join(argument.key for argument in self.arguments)})"

    @cached_property
    def whole(self) -> bool:  # type: ignore[override]
        return all(argument.whole for argument in self.arguments)

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        values = [argument.value(numbers) for argument in self.arguments]
        return max(values) if self.largest else min(values)

    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        return extreme(self.largest, [argument.replaced(values) for argument in self.arguments])


Monomial: TypeAlias = tuple[tuple[Atom, int], ...]
"""Atoms with their powers, in the order of their keys; empty for the constant."""


class Polynomial:
    """A sum of monomials with rational coefficients. Immutable; equal where the terms are."""

    terms: dict[Monomial, Rational]

    def __init__(self, terms: Mapping[Monomial, Rational]) -> None:
        self.terms = {monomial: _small(coefficient) for monomial, coefficient in terms.items() if coefficient}

    def __reduce__(self) -> tuple[Any, ...]:
        return Polynomial, (self.terms,)

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Polynomial):
            return self is other or self.terms == other.terms
        if isinstance(other, int | Fraction):
            return self.terms == ({(): other} if other else {})
        return NotImplemented

    def __repr__(self) -> str:
        from inception_calc.dims.printing import python_text

        return python_text(self)

    def to_sympy(self) -> Any:
        """The same as an expression of sympy, its symbols positive integers (the width multiplier positive)."""
        from inception_calc.dims.sympy_face import expression

        return expression(self)

    _sympy_ = to_sympy  # what `sympy.sympify` asks for

    def __add__(self, other: Polynomial | Rational) -> Any:
        if isinstance(other, Polynomial):
            longer, shorter = (self, other) if len(self.terms) >= len(other.terms) else (other, self)
            spend(len(longer.terms) + len(shorter.terms))
            terms = longer.terms.copy()
            for monomial, coefficient in shorter.terms.items():
                both = terms.get(monomial, 0) + coefficient
                if both:
                    terms[monomial] = both if both.__class__ is int else _small(both)
                else:
                    del terms[monomial]
            return _dim(terms)
        if isinstance(other, int | Fraction):
            if not other:
                return self
            spend(len(self.terms))
            terms = self.terms.copy()
            both = _small(terms.pop((), 0) + other)
            if both:
                terms[()] = both
            return _dim(terms)
        return NotImplemented

    __radd__ = __add__

    def __neg__(self) -> Polynomial:
        return _made({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Polynomial | Rational) -> Any:
        return self + -other if isinstance(other, Polynomial | int | Fraction) else NotImplemented

    def __rsub__(self, other: Rational) -> Any:
        return -self + other if isinstance(other, int | Fraction) else NotImplemented

    def __mul__(self, other: Polynomial | Rational) -> Any:
        if isinstance(other, Polynomial):
            return _dim(_multiplied(self.terms, other.terms))
        if isinstance(other, int | Fraction):
            if other == 1:
                return self
            spend(len(self.terms))
            return _dim({m: _small(c * other) for m, c in self.terms.items()} if other else {})
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

    def __floordiv__(self, other: Polynomial | Rational) -> Any:
        return _dim(quotient(self, polynomial(other)).terms) if _is_quantity(other) else NotImplemented

    def __rfloordiv__(self, other: Rational) -> Any:
        return _dim(quotient(constant(other), self).terms) if _is_quantity(other) else NotImplemented

    def __mod__(self, other: Polynomial | Rational) -> Any:
        return self - other * (self // other) if _is_quantity(other) else NotImplemented

    def __rmod__(self, other: Rational) -> Any:
        return other - self * (other // self) if _is_quantity(other) else NotImplemented

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
        return tuple(sorted(self.terms.items(), key=_rank))

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

    def atoms(self) -> Iterator[Atom]:
        """Every atom, those inside other atoms before them; some more than once."""
        for monomial, _ in self.ordered:
            for atom, _ in monomial:
                for inner in atom.inner:
                    yield from inner.atoms()
                yield atom

    @cached_property
    def names(self) -> frozenset[str]:
        """The symbols that the value depends on."""
        found: set[str] = set()
        for monomial in self.terms:
            for atom, _ in monomial:
                if isinstance(atom, Variable):
                    found.add(atom.name)
                for inner in atom.inner:
                    found |= inner.names
        return frozenset(found)

    def mapped(self, change: Callable[[Atom], Polynomial]) -> Polynomial:
        """The polynomial with every atom replaced by what `change` makes of it."""
        made: dict[Atom, Polynomial] = {}

        def changed(monomial: Monomial, coefficient: Rational) -> Polynomial:
            term: Any = coefficient
            for atom, power in monomial:
                if atom not in made:
                    made[atom] = change(atom)
                term = made[atom] ** power * term
            return polynomial(term)

        return summed(changed(monomial, coefficient) for monomial, coefficient in self.terms.items())

    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        """The polynomial with symbols replaced, also inside quotients and extremes."""
        return self.mapped(lambda atom: atom.replaced(values)) if self.names & values.keys() else self

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        """The number at these values of the symbols; a KeyError where one is missing."""
        spend(len(self.terms))
        result: Rational = 0
        for monomial, coefficient in self.terms.items():
            term = coefficient
            for atom, power in monomial:
                term *= atom.value(numbers) ** power
            result += term
        return _small(result)

    def derivatives(self, names: Collection[str]) -> dict[str, Polynomial | None]:
        """The partial derivatives; None where a symbol stands inside a quotient or an extreme. One walk for all."""
        slopes: dict[Atom, dict[Monomial, Rational]] = {Variable(name): {} for name in names}
        others: set[Atom] = set()
        spend(len(self.terms))
        for monomial, coefficient in self.terms.items():
            for place, (atom, power) in enumerate(monomial):
                if atom in slopes:
                    lower = ((atom, power - 1),) if power > 1 else ()
                    slopes[atom][monomial[:place] + lower + monomial[place + 1 :]] = coefficient * power
                elif not isinstance(atom, Variable):
                    others.add(atom)
        hidden = {name for atom in others for inner in atom.inner for name in inner.names}
        return {name: None if name in hidden else _made(slopes[Variable(name)]) for name in names}

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


def _is_quantity(value: object) -> bool:
    return isinstance(value, Polynomial | int | Fraction)


def _made(terms: dict[Monomial, Rational]) -> Polynomial:
    """The polynomial of terms that are in normal form already."""
    made = Polynomial.__new__(Polynomial)
    made.terms = terms
    return made


def _dim(terms: dict[Monomial, Rational]) -> Any:
    """The polynomial of terms in normal form; a plain number where no atom is left."""
    if not terms:
        return 0
    if len(terms) == 1 and () in terms:
        return terms[()]
    return _made(terms)


def _small(value: Rational) -> Rational:
    """An int where the fraction is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _multiplied(left: dict[Monomial, Rational], right: dict[Monomial, Rational]) -> dict[Monomial, Rational]:
    if len(left) * len(right) > MOST_PRODUCTS:
        raise too_complex(f"a product of {len(left):,} by {len(right):,} terms")
    spend(PRODUCT * len(left) * len(right))
    terms: dict[Monomial, Rational] = {}
    for one, first in left.items():
        for other, second in right.items():
            monomial = _times(one, other)
            coefficient = terms.get(monomial, 0) + first * second
            terms[monomial] = coefficient if coefficient.__class__ is int else _small(coefficient)
    return {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}


@lru_cache(maxsize=65536)
def _times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials; the layers of a network need few of them, over and over."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=lambda factor: factor[0].key))


def _rank(term: tuple[Monomial, Rational]) -> tuple[int, list[tuple[tuple[int, str], int]]]:
    monomial, _ = term
    return -sum(power for _, power in monomial), [(atom.key, -power) for atom, power in monomial]


def polynomial(value: Polynomial | Rational) -> Polynomial:
    """A quantity as a polynomial, a number too."""
    return value if isinstance(value, Polynomial) else constant(value)


def constant(value: Rational) -> Polynomial:
    """A number as a polynomial."""
    return _made({(): _small(value)} if value else {})


def variable(name: str) -> Polynomial:
    """A symbol as a polynomial."""
    return Variable(name).alone


def summed(polynomials: Iterable[Polynomial]) -> Polynomial:
    """The sum; 0 for none."""
    terms: dict[Monomial, Rational] = {}
    for one in polynomials:
        spend(len(one.terms))
        for monomial, coefficient in one.terms.items():
            terms[monomial] = terms.get(monomial, 0) + coefficient
    return Polynomial(terms)


def divided(dividend: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """The quotient where the division leaves no remainder whatever the symbols are, else None."""
    (leading, by), *_ = divisor.ordered
    result: dict[Monomial, Rational] = {}
    while dividend.terms:
        monomial, coefficient = dividend.ordered[0]
        rest = _without(monomial, leading)
        if rest is None or len(result) > MOST_PARTS:
            return None
        result[rest] = _small(Fraction(coefficient) / by)
        dividend = polynomial(dividend - divisor * Polynomial({rest: result[rest]}))
    return Polynomial(result)


def _without(monomial: Monomial, factor: Monomial) -> Monomial | None:
    """The monomial divided by another; None where that is no factor of it."""
    powers = dict(monomial)
    for atom, power in factor:
        left = powers.get(atom, 0) - power
        if left < 0:
            return None
        powers[atom] = left
    return tuple((atom, power) for atom, power in powers.items() if power)


@lru_cache(maxsize=65536)
def quotient(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    """`floor(dividend / divisor)` in one form.

    Whole multiples of the divisor come out of the floor, and a floor inside a floor melts into one:
    floor((floor(a / b) + c) / d) is floor((a + b c) / (b d)) for whole c and positive b and d.
    """
    outside, inside = _whole_multiples(dividend, divisor)
    by = divisor.constant
    if by is None:
        if not inside.terms:
            return outside
        if (plain := divided(inside, divisor)) is not None and plain.whole:
            return summed([outside, plain])
        return summed([outside, Quotient(inside, divisor).alone])
    rest = polynomial(inside * (Fraction(1) / by))
    value = rest.constant
    if value is not None:
        return summed([outside, constant(value // 1)])
    scale = rest.denominator
    if scale > LARGEST_DIVISOR:
        raise too_complex(f"a divisor of {len(str(scale))} digits")
    (monomial, factor), *others = polynomial(rest * scale).ordered
    atom, power = monomial[0]
    if len(monomial) == power == factor == 1 and isinstance(atom, Quotient) and not any(m for m, _ in others):
        melted = atom.dividend + atom.divisor * sum(int(c) for _, c in others)
        return summed([outside, quotient(polynomial(melted), polynomial(atom.divisor * scale))])
    return summed([outside, Quotient(polynomial(rest * scale), constant(scale)).alone])


def _whole_multiples(dividend: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """What divides without remainder, divided; and the rest of the dividend. For a divisor of one term."""
    if len(divisor.terms) != 1:
        return constant(0), dividend
    ((factor, by),) = divisor.terms.items()
    spend(len(dividend.terms))
    outside: dict[Monomial, Rational] = {}
    inside: dict[Monomial, Rational] = {}
    for monomial, coefficient in dividend.terms.items():
        rest = _without(monomial, factor)
        if rest is not None and all(atom.whole for atom, _ in rest):
            outside[rest], left = divmod(coefficient, by)
            inside[monomial] = left
        else:
            inside[monomial] = coefficient
    return Polynomial(outside), Polynomial(inside)


def extreme(largest: bool, arguments: Iterable[Polynomial]) -> Polynomial:
    """The largest or smallest of some polynomials, those left out that never decide."""
    kept: list[Polynomial] = []
    sign = 1 if largest else -1
    for argument in arguments:
        if any(never_negative((other - argument) * sign) for other in kept):
            continue
        kept = [other for other in kept if not never_negative((argument - other) * sign)]
        kept.append(argument)
    if len(kept) == 1:
        return kept[0]
    return Extreme(largest, tuple(sorted(kept, key=lambda one: one.key))).alone


def never_negative(value: Polynomial | Rational) -> bool:
    """Whether it is easily seen that the value is not negative, all symbols being at least 1."""
    if not isinstance(value, Polynomial):
        return value >= 0
    least: Rational = 0
    for monomial, coefficient in value.terms.items():
        if not monomial:
            least += coefficient
        elif coefficient < 0 or not all(_positive_atom(atom) for atom, _ in monomial):
            return False
        elif all(isinstance(atom, Variable) and atom.whole for atom, _ in monomial):
            least += coefficient
    return least >= 0


def _positive_atom(atom: Atom) -> bool:
    """Whether the atom is easily seen not to be negative."""
    if isinstance(atom, Extreme):
        seen = [never_negative(argument) for argument in atom.arguments]
        return any(seen) if atom.largest else all(seen)
    return all(never_negative(inner) for inner in atom.inner)


ZERO = constant(0)
ONE = constant(1)

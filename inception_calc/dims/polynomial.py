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

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, cast
from weakref import WeakValueDictionary

from inception_calc.dims.bounds import LARGEST_DIVISOR, MOST_PARTS, spend, too_complex
from inception_calc.dims.ring import Factor, Monomial, Rational, Sum, Terms, small, without

FRACTIONAL = "width_multiplier"
"""The only symbol that need not be an integer."""


class Atom(Factor):
    """An unknown of polynomials: a symbol, a quotient or an extreme. Equal atoms are one object."""

    inner: tuple[Polynomial, ...]
    """The polynomials that it is made of."""

    @cached_property
    def alone(self) -> Polynomial:
        """The atom as a polynomial."""
        return Polynomial.of({((self, 1),): 1})

    @abstractmethod
    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        """What it becomes where symbols are replaced."""


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
        made.names = frozenset((name,))
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Variable, (self.name,)

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        return numbers[self.name]

    def told(self, teller: Any) -> Any:
        return teller.symbol(self.name, self.whole)

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
        ATOMS[cls, dividend, divisor] = made.bounded()
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Quotient, (self.dividend, self.divisor)

    @cached_property
    def key(self) -> tuple[int, str]:  # type: ignore[override]
        return 1, f"({self.dividend.key})//({self.divisor.key})"

    def value(self, numbers: Mapping[str, Rational]) -> Rational:
        return self.dividend.value(numbers) // self.divisor.value(numbers)

    def told(self, teller: Any) -> Any:
        return teller.quotient(self)

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
        ATOMS[cls, largest, arguments] = made.bounded()
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

    def told(self, teller: Any) -> Any:
        return teller.extreme(self, self.largest)

    def replaced(self, values: Mapping[str, Polynomial | Rational]) -> Polynomial:
        return extreme(self.largest, [argument.replaced(values) for argument in self.arguments])


class Polynomial(Sum):
    """A symbolic quantity: a sum of products of symbols, rounded quotients and extremes."""

    def __repr__(self) -> str:
        from inception_calc.dims.printing import python_text

        return python_text(self)

    def to_sympy(self) -> Any:
        """The same as an expression of sympy, its symbols positive integers (the width multiplier positive)."""
        from inception_calc.dims.sympy_face import expression

        return expression(self)

    _sympy_ = to_sympy  # what `sympy.sympify` asks for

    def __floordiv__(self, other: Polynomial | Rational) -> Any:
        return self.plain(quotient(self, polynomial(other)).terms) if _is_quantity(other) else NotImplemented

    def __rfloordiv__(self, other: Rational) -> Any:
        return self.plain(quotient(constant(other), self).terms) if _is_quantity(other) else NotImplemented

    def __mod__(self, other: Polynomial | Rational) -> Any:
        return self - other * (self // other) if _is_quantity(other) else NotImplemented

    def __rmod__(self, other: Rational) -> Any:
        return other - self * (other // self) if _is_quantity(other) else NotImplemented

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

    def derivatives(self, names: Collection[str]) -> dict[str, Polynomial | None]:
        """The partial derivatives; None where a symbol stands inside a quotient or an extreme. One walk for all."""
        slopes: dict[Atom, Terms] = {Variable(name): {} for name in names}
        others: set[Atom] = set()
        spend(len(self.terms))
        for monomial, coefficient in self.terms.items():
            for place, (atom, power) in enumerate(monomial):
                if atom in slopes:
                    lower = ((atom, power - 1),) if power > 1 else ()
                    slopes[atom][monomial[:place] + lower + monomial[place + 1 :]] = coefficient * power
                elif not isinstance(atom, Variable):
                    others.add(atom)
        hidden = frozenset[str]().union(*(atom.names for atom in others))
        return {name: None if name in hidden else Polynomial.of(slopes[Variable(name)]) for name in names}

    def by_power(self, name: str) -> list[Polynomial] | None:
        """Coefficients of the powers 0, 1, 2 ... of a symbol; None where it stands inside another atom."""
        powers: dict[int, Terms] = {}
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


def polynomial(value: Polynomial | Rational) -> Polynomial:
    """A quantity as a polynomial, a number too."""
    return value if isinstance(value, Polynomial) else constant(value)


def constant(value: Rational) -> Polynomial:
    """A number as a polynomial."""
    return Polynomial.of({(): small(value)} if value else {})


def variable(name: str) -> Polynomial:
    """A symbol as a polynomial."""
    return Variable(name).alone


def summed(polynomials: Iterable[Polynomial]) -> Polynomial:
    """The sum; 0 for none."""
    terms: Terms = {}
    for one in polynomials:
        spend(len(one.terms))
        for monomial, coefficient in one.terms.items():
            terms[monomial] = terms.get(monomial, 0) + coefficient
    return Polynomial(terms)


def divided(dividend: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """The quotient where the division leaves no remainder whatever the symbols are, else None."""
    (leading, by), *_ = divisor.ordered
    result: Terms = {}
    while dividend.terms:
        monomial, coefficient = dividend.ordered[0]
        rest = without(monomial, leading)
        if rest is None or len(result) > MOST_PARTS:
            return None
        result[rest] = small(Fraction(coefficient) / by)
        dividend = polynomial(dividend - divisor * Polynomial({rest: result[rest]}))
    return Polynomial(result)


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
    outside: Terms = {}
    inside: Terms = {}
    for monomial, coefficient in dividend.terms.items():
        rest = without(monomial, factor)
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

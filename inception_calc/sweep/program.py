"""Closed forms as a list of steps that runs on numbers, on arrays and on intervals.

A form is written nested, the last axis outermost: `P0 + z P1 + z^2 P2`, each P a form in the axes before. On arrays
that lie along one axis each, numpy then works on the whole grid in the last few steps alone; whatever does not vary in
a box is a number, worked out once. Equal parts of all forms are one step. The bounds of every step over a box say
whether 64 bits hold everything that is ever added or multiplied there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, TypeAlias

from inception_calc.dims.polynomial import Atom, Extreme, Polynomial, Quotient, Variable
from inception_calc.dims.ring import Monomial, Rational

AXIS, CONSTANT, ADD, TIMES, QUOTIENT, LARGEST, SMALLEST = range(7)
MOST_OF_INT64 = 2**63 - 1

Interval: TypeAlias = tuple[int, int]
Step: TypeAlias = tuple[int, int, int]
"""What is done, and with the results of which two steps; the axis, or the place of the constant."""


class Indivisible(ValueError):
    """A form divides by what may be zero or negative: it says nothing there."""


class Program:
    """Some forms over named axes. A form's value is its result divided by its `divisors` entry, without remainder."""

    def __init__(self, forms: Iterable[Sequence[Polynomial]], axes: Sequence[str]) -> None:
        """The program of some values, each the largest of some forms; `axes` name the variables, slowest first."""
        self.steps: list[Step] = []
        self.constants: list[int] = []
        self._rank = {name: place for place, name in enumerate(axes)}
        self._known: dict[Any, int] = {}
        self._forms: dict[Polynomial, tuple[int, int]] = {}
        self._atoms: dict[Atom, tuple[int, int]] = {}
        results = [self._largest(one, LARGEST) for one in forms]
        self.results = [result for result, _ in results]
        self.divisors = [divisor for _, divisor in results]

    @cached_property
    def steering(self) -> tuple[int, ...]:
        """The axes that some result depends on."""
        return tuple(one for what, one, _ in self.steps if what == AXIS)

    def numbers(self, values: Sequence[int]) -> list[int]:
        """The results at one point."""
        found: list[int] = self._run(values, max, min)
        return found

    def arrays(self, values: Sequence[Any]) -> list[Any]:
        """The results on numbers and arrays that can be broadcast; `fits` says with which type of integers."""
        import numpy

        return self._run(values, numpy.maximum, numpy.minimum)

    def _run(self, values: Sequence[Any], largest: Callable[..., Any], smallest: Callable[..., Any]) -> list[Any]:
        made: list[Any] = []
        put = made.append
        for what, one, other in self.steps:
            if what == ADD:
                put(made[one] + made[other])
            elif what == TIMES:
                put(made[one] * made[other])
            elif what == AXIS:
                put(values[one])
            elif what == CONSTANT:
                put(self.constants[one])
            elif what == QUOTIENT:
                put(made[one] // made[other])
            else:
                put((largest if what == LARGEST else smallest)(made[one], made[other]))
        return [made[result] for result in self.results]

    def intervals(self, values: Sequence[Interval]) -> list[Interval]:
        """Bounds of every step where each axis lies between two numbers; raises `Indivisible`."""
        made: list[Interval] = []
        for what, one, other in self.steps:
            if what == AXIS:
                made.append(values[one])
                continue
            if what == CONSTANT:
                made.append((self.constants[one], self.constants[one]))
                continue
            (low, high), (least, most) = made[one], made[other]
            if what == ADD:
                made.append((low + least, high + most))
            elif what == TIMES:
                made.append(_times(low, high, least, most))
            elif what == QUOTIENT:
                if least < 1:
                    raise Indivisible
                made.append((low // (most if low >= 0 else least), high // (least if high >= 0 else most)))
            elif what == LARGEST:
                made.append((max(low, least), max(high, most)))
            else:
                made.append((min(low, least), min(high, most)))
        return made

    def bounds(self, values: Sequence[Interval]) -> list[Interval]:
        """Bounds of the results over a box."""
        made = self.intervals(values)
        return [made[result] for result in self.results]

    def fits(self, values: Sequence[Interval]) -> bool:
        """Whether 64 bits hold every step's result, wherever the axes lie in the box."""
        return all(low >= -MOST_OF_INT64 and high <= MOST_OF_INT64 for low, high in self.intervals(values))

    # -----------------------------------------------------------------------------------------------------------------
    # Compiling

    def _step(self, what: int, one: int, other: int = 0) -> int:
        """The place of a step, made where there is no such one yet."""
        if what in (ADD, TIMES, LARGEST, SMALLEST) and one > other:
            one, other = other, one
        key = (what, one, other)
        if key not in self._known:
            self._known[key] = len(self.steps)
            self.steps.append(key)
        return self._known[key]

    def _constant(self, value: int) -> int:
        key = ("constant", value)
        if key not in self._known:
            self.constants.append(value)
            self._known[key] = len(self.steps)
            self.steps.append((CONSTANT, len(self.constants) - 1, 0))
        return self._known[key]

    def _times(self, one: int, factor: int) -> int:
        """A step's result, a whole number of times."""
        return one if factor == 1 else self._step(TIMES, self._constant(factor), one)

    def _largest(self, forms: Sequence[Polynomial], what: int) -> tuple[int, int]:
        """The largest or smallest of some forms, and its divisor."""
        parts = [self._form(form) for form in forms]
        divisor = lcm(*(own for _, own in parts))
        result, *rest = (self._times(part, divisor // own) for part, own in parts)
        for other in rest:
            result = self._step(what, result, other)
        return result, divisor

    def _form(self, form: Polynomial) -> tuple[int, int]:
        """A form's step, and what its result is to be divided by."""
        if form not in self._forms:
            terms: dict[Monomial, Rational] = {}
            for monomial, coefficient in form.terms.items():
                scale = 1
                for atom, power in monomial:
                    scale *= self._atom(atom)[1] ** power
                terms[monomial] = Fraction(coefficient) / scale
            divisor = lcm(*(Fraction(coefficient).denominator for coefficient in terms.values()))
            whole = {monomial: int(coefficient * divisor) for monomial, coefficient in terms.items()}
            self._forms[form] = self._nested(whole), divisor
        return self._forms[form]

    def _nested(self, terms: Mapping[Monomial, int]) -> int:
        """The step of a sum of products, written nested in what varies with the last axis."""
        last = max((self._last(atom) for monomial in terms for atom, _ in monomial), default=-1)
        if last < 0:
            return self._constant(sum(terms.values()))
        parts: dict[Monomial, dict[Monomial, int]] = {}
        for monomial, coefficient in terms.items():
            inner = tuple(factor for factor in monomial if self._last(factor[0]) == last)
            rest = tuple(factor for factor in monomial if self._last(factor[0]) != last)
            parts.setdefault(inner, {})[rest] = coefficient
        plain = parts.pop((), None)
        result = None if plain is None else self._nested(plain)
        for inner, rest_terms in parts.items():
            own = set(rest_terms) == {()}
            product = self._times(self._product(inner), rest_terms[()]) if own else self._step(
                TIMES, self._nested(rest_terms), self._product(inner)
            )  # fmt: skip
            result = product if result is None else self._step(ADD, result, product)
        assert result is not None
        return result

    def _product(self, monomial: Monomial) -> int:
        """The step of a product of atoms."""
        result: int | None = None
        for atom, power in monomial:
            step = self._atom(atom)[0]
            for _ in range(power):
                result = step if result is None else self._step(TIMES, result, step)
        assert result is not None
        return result

    def _last(self, atom: Atom) -> int:
        """The last axis that an atom depends on; -1 for none, as of the floor of a number."""
        return max((self._rank[name] for name in atom.names), default=-1)

    def _atom(self, atom: Atom) -> tuple[int, int]:
        """An atom's step and divisor."""
        if atom not in self._atoms:
            self._atoms[atom] = self._made(atom)
        return self._atoms[atom]

    def _made(self, atom: Atom) -> tuple[int, int]:
        if isinstance(atom, Variable):
            return self._step(AXIS, self._rank[atom.name]), 1
        if isinstance(atom, Quotient):
            (dividend, under), (divisor, below) = self._form(atom.dividend), self._form(atom.divisor)
            common = lcm(under, below)
            over = self._times(dividend, common // under)
            return self._step(QUOTIENT, over, self._times(divisor, common // below)), 1
        assert isinstance(atom, Extreme)
        return self._largest(atom.arguments, LARGEST if atom.largest else SMALLEST)


def _times(low: int, high: int, least: int, most: int) -> Interval:
    """The bounds of a product."""
    if low >= 0 and least >= 0:
        return low * least, high * most
    corners = (low * least, low * most, high * least, high * most)
    return min(corners), max(corners)

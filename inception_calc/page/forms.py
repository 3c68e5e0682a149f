"""Closed forms as plain data, for a program in another language that evaluates them in exact integers.

An entry of `forms` is a number, or `[divisor, [coefficient, atom, power, atom, power, ...], ...]`: the sum of the
products, over the divisor, which leaves no remainder. An atom is the name of a symbol, `["//", dividend, divisor]` or
`["max" | "min", form, ...]`, the parts of it being places in `forms`. Equal forms stand once: the layers of a network
need few of them. Integers that a double would round are texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from inception_calc.dims.polynomial import Atom, Extreme, Polynomial, Quotient, Variable, polynomial
from inception_calc.dims.ring import Rational

LARGEST_EXACT = 2**53 - 1
"""What a double still holds with all its neighbours."""


@dataclass
class Forms:
    """The forms of one network, gathered."""

    replaced: Mapping[str, Polynomial] = field(default_factory=dict)
    """What is put in for symbols whose values are no integers: `t/8` for the width multiplier, and t is one."""
    entries: list[Any] = field(default_factory=list)
    atoms: list[Any] = field(default_factory=list)
    _places: dict[Polynomial | Rational, int] = field(default_factory=dict)
    _atom_places: dict[Atom, int] = field(default_factory=dict)

    def place(self, value: Polynomial | Rational) -> int:
        """Where the form stands in `entries`."""
        if value not in self._places:
            form = polynomial(value).replaced(self.replaced)
            made = self._entry(form)
            self.entries.append(made)
            self._places[value] = len(self.entries) - 1
        return self._places[value]

    def _entry(self, form: Polynomial) -> Any:
        number = form.constant
        if number is not None and not isinstance(number, Fraction):
            return exact(number)
        divisor = form.denominator
        terms = []
        for monomial, coefficient in form.terms.items():
            term: list[Any] = [exact(int(coefficient * divisor))]
            for atom, power in monomial:
                term += [self._atom(atom), power]
            terms.append(term)
        return [exact(divisor), *terms]

    def _atom(self, atom: Atom) -> int:
        if atom not in self._atom_places:
            if isinstance(atom, Variable):
                made: Any = atom.name
            elif isinstance(atom, Quotient):
                made = ["//", self._inner(atom.dividend), self._inner(atom.divisor)]
            else:
                assert isinstance(atom, Extreme)
                made = ["max" if atom.largest else "min", *map(self._inner, atom.arguments)]
            self.atoms.append(made)
            self._atom_places[atom] = len(self.atoms) - 1
        return self._atom_places[atom]

    def _inner(self, form: Polynomial) -> int:
        """The place of a form that stands inside an atom, whose symbols are replaced already."""
        self.entries.append(None)
        place = len(self.entries) - 1
        self.entries[place] = self._entry(form)
        return place


def exact(value: int) -> int | str:
    """An integer, as a text where a double would round it."""
    return value if abs(value) <= LARGEST_EXACT else str(value)

"""The values that a symbol may take, one step after the other: 1, 2, 3 ..., or 5, 37, 69 ..., or 1/8, 2/8, 3/8 ..."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inception_calc.dims.polynomial import Polynomial, polynomial, variable
from inception_calc.dims.ring import Rational

COUNT = "(count)"
"""What counts the steps, where a polynomial is one in steps; no symbol can be called so."""


@dataclass(frozen=True, slots=True)
class Progression:
    """The values `before + step * count` for count 1, 2, 3 ..."""

    step: Rational = 1
    before: Rational = 0

    def value(self, count: int) -> Rational:
        """The value after so many steps."""
        value = Fraction(self.before + self.step * count)
        return int(value) if value.denominator == 1 else value

    @property
    def form(self) -> Polynomial:
        """The value as a polynomial in the steps."""
        return polynomial(variable(COUNT) * self.step + self.before)

    def starting_at(self, lowest: Rational) -> Progression:
        """The values that are not below `lowest`."""
        skipped = max(0, -((self.before - lowest) / Fraction(self.step)).__floor__() - 1)
        return Progression(self.step, self.value(skipped)) if skipped else self

"""Does a formula grow with its symbols? Then its largest value over a range stands at the range's upper end.

The proof goes by structure, never by trying. Every atom is written as its lowest value and what it lies above it,
which is never negative and, where the atom grows, never falls; a polynomial in these with no negative coefficient
grows. Where the structure says nothing, the answer is "not known", not "no".
"""

from __future__ import annotations

from collections.abc import Mapping

from inception_calc.dims.polynomial import Atom, Extreme, Polynomial, Quotient, Variable, constant, summed
from inception_calc.dims.quantity import Dim


class Growth:
    """Judges formulas over one range; every symbol in it lies at or above its lower end."""

    def __init__(self, low: Mapping[str, int]) -> None:
        self.low = dict(low)
        self.known: dict[Polynomial, bool] = {}

    def grows(self, value: Dim) -> bool:
        """True where `value` is proven never to fall when a symbol rises."""
        if not isinstance(value, Polynomial):
            return True
        if value not in self.known:
            self.known[value] = self._grows(value)
        return self.known[value]

    def _grows(self, form: Polynomial) -> bool:
        atoms = {atom for monomial in form.terms for atom, _ in monomial}
        if not all(map(self._rises, atoms)):
            return False
        above = form.mapped(lambda atom: summed([atom.alone, constant(atom.value(self.low))]))
        return all(coefficient > 0 for monomial, coefficient in above.terms.items() if monomial)

    def _rises(self, atom: Atom) -> bool:
        if isinstance(atom, Variable):
            return atom.name in self.low
        if isinstance(atom, Quotient):
            divisor = atom.divisor.constant
            return divisor is not None and divisor > 0 and self.grows(atom.dividend)
        assert isinstance(atom, Extreme)
        return all(map(self.grows, atom.arguments))

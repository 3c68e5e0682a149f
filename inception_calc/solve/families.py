"""Values of a symbol at which a network has one closed form.

Most networks have one for all values. In some, branches meet in one size for some values only (U-Net: multiples of
16). Whether they do depends on the remainder of the value by the network's total stride, so each remainder is a family
of its own, where it must be told from others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from inception_calc.analysis import Analysis
from inception_calc.analysis.receptive_field import total_stride
from inception_calc.analysis.widths import whole_steps
from inception_calc.dims import Dim, symbol
from inception_calc.dims.polynomial import FRACTIONAL, Polynomial, polynomial, variable
from inception_calc.dims.progression import COUNT, Progression
from inception_calc.problems import InputError, Undecided
from inception_calc.solve.network import Network

MOST_FAMILIES = 256
"""Remainders that are looked at; each is a network of its own to analyse."""


@dataclass(frozen=True, slots=True)
class Family:
    """The values of a progression, and the network at them with the symbol left free."""

    values: Progression
    analysis: Analysis
    over: str
    symbol_form: Polynomial
    """What the symbol of the analysis is in steps of the progression."""

    def form(self, count: Dim) -> Polynomial:
        """A count of the analysis as a polynomial in the steps."""
        return polynomial(count).replaced({self.over: self.symbol_form})

    def steps_up_to(self, value: int | Fraction) -> int:
        """How many steps there are up to a value."""
        return ((value - self.values.before) / Fraction(self.values.step)).__floor__()

    def values_before(self, value: int | Fraction, most: int | None = None) -> Iterator[int | Fraction]:
        """The values below another one, the largest first."""
        last = self.steps_up_to(value)
        last -= last > 0 and self.values.value(last) == value
        return map(self.values.value, range(last, 0 if most is None else max(0, last - most), -1))


def families(network: Network) -> list[Family]:
    """The families of a network; raises `Undecided` where no remainder decides whether branches meet."""
    try:
        free = network.free()
    except Undecided as stop:
        if stop.problems[0].code != "undecided-join" or network.over == FRACTIONAL:
            raise
        return _by_remainder(network, stop)
    values = Progression(Fraction(1, whole_steps(free))) if network.over == FRACTIONAL else Progression()
    return [Family(values, free, network.over, values.form)]


def _by_remainder(network: Network, stop: Undecided) -> list[Family]:
    """A family for each remainder at which branches meet; remainders are told apart only where they must be."""
    stride = total_stride(network.as_written().graph)
    waiting = [(1, 0)]
    found: list[Family] = []
    refused: InputError | None = None
    tried = 0
    while waiting:
        tried += 1
        period, shortfall = waiting.pop()
        value = symbol(network.over) * period - shortfall
        try:
            free = network.free(value)
        except Undecided:
            factor = next(_prime_factors(stride // period), None)
            if factor is None or tried > MOST_FAMILIES:
                raise stop from None
            waiting += [(period * factor, shortfall + period * part) for part in range(factor)]
        except InputError as error:
            refused = error
        else:
            found.append(Family(Progression(period, -shortfall), free, network.over, variable(COUNT)))
    if not found:
        raise refused or stop
    return found


def _prime_factors(number: int) -> Iterator[int]:
    """From the smallest."""
    factor = 2
    while number > 1 and factor <= MOST_FAMILIES:
        while number % factor == 0:
            yield factor
            number //= factor
        factor += 1

"""Where a closed form holds: the values of its symbols at which the network can be built.

What one symbol decides alone is said as the values that it may take. The rest, which several decide together, stays
as it is: a formula that must be at least 1, or a multiple of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from inception_calc.analysis import Analysis
from inception_calc.analysis.needs import Need, needs
from inception_calc.analysis.widths import whole_steps
from inception_calc.dims.intervals import Interval, common, where
from inception_calc.dims.polynomial import FRACTIONAL, Polynomial
from inception_calc.dims.progression import COUNT, Progression
from inception_calc.dims.ring import Rational
from inception_calc.dims.signs import LONGEST_PERIOD, rises, sign_regions
from inception_calc.formula.assumption import Assumption

MOST_RUNS = 16
"""Runs of one symbol that are told apart; where there are more, what makes them stays a condition."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a symbol may take: some runs of steps of a progression."""

    progression: Progression
    runs: tuple[Interval, ...] = ((1, None),)
    layer: str = ""
    """The layer that decides the first value; empty where every step from the first on is allowed."""

    @property
    def first(self) -> Rational | None:
        """The smallest value; None where there is none."""
        return self.progression.value(self.runs[0][0]) if self.runs else None

    @property
    def is_every(self) -> bool:
        """Whether these are all positive integers."""
        return self == Values(Progression())


@dataclass(frozen=True, slots=True)
class Domain:
    """The values at which a network can be built, its closed forms written in the free symbols."""

    values: Mapping[str, Values]
    """For each free symbol what it may be, whatever the others are."""
    conditions: tuple[Need, ...]
    """What must hold besides."""


def domain_of(free: Analysis, names: Iterable[str], assumptions: Iterable[Assumption]) -> Domain:
    """Where a network with free symbols can be built; forms of the analysis are written in the assumed multiples."""
    assumed = {one.name: one for one in assumptions}
    inner = {name: assumed[name].multiple if name in assumed else name for name in names}
    waiting = list(needs(free))
    values: dict[str, Values] = {}
    lowest: dict[str, Rational] = {}
    for name, written in inner.items():
        step = Fraction(1, whole_steps(free)) if written == FRACTIONAL else 1
        alone = [need for need in waiting if _names(need) == {written}]
        found, left = _values(written, Progression(step), alone)
        waiting = [need for need in waiting if need not in alone or need in left]
        lowest[written] = 1 if found.first is None else found.first
        values[name] = _outside(found, assumed.get(name))
    back = {one.multiple: one.back for one in assumed.values()}
    return Domain(values, tuple(_written(need, back) for need in waiting if not _always(need, lowest)))


def _names(need: Need) -> frozenset[str]:
    return need.value.names | (need.multiple_of.names if need.multiple_of is not None else frozenset())


def _values(name: str, steps: Progression, alone: Iterable[Need]) -> tuple[Values, list[Need]]:
    """What a symbol may be for the needs that it decides alone, and those of which that cannot be said."""
    left: list[Need] = []
    for need in alone:
        if need.multiple_of is not None:
            thinned = _thinned(steps, need, name)
            steps = thinned or steps
            left += [] if thinned else [need]
    runs: list[Interval] = [(1, None)]
    layer = ""
    for need in alone:
        if need.multiple_of is not None:
            continue
        regions = sign_regions(need.value.replaced({name: steps.form}) - 1, COUNT)
        fitting = [] if regions is None else common(runs, where(regions, (0, 1)))
        if regions is None or len(fitting) > MOST_RUNS:
            left.append(need)
            continue
        first, runs = runs[0][0], fitting
        if not runs or runs[0][0] > first:
            layer = need.layer
        if not runs:
            break
    return Values(steps, tuple(runs), layer), left


def _thinned(steps: Progression, need: Need, name: str) -> Progression | None:
    """The steps at which a value is a multiple, where every so many of them are; None where that is not so."""
    divisor = need.multiple_of.constant if need.multiple_of is not None else None
    powers = need.value.replaced({name: steps.form}).by_power(COUNT)
    if divisor is None or powers is None or len(powers) != 2:
        return None
    ratios = [Fraction(power.constant or 0) / divisor for power in powers if power.constant is not None]
    if len(ratios) != 2:
        return None
    constant, slope = ratios
    period = slope.denominator
    if period > LONGEST_PERIOD or lcm(period, constant.denominator) != period:
        return None
    remainder = next((count for count in range(period) if (slope * count + constant).denominator == 1), None)
    if remainder is None:
        return None
    shortfall = -remainder % period
    return Progression(steps.step * period, steps.before - steps.step * shortfall)


def _outside(found: Values, assumption: Assumption | None) -> Values:
    """The values of the symbol itself, where they were told of the multiple that an assumption makes it."""
    if assumption is None:
        return found
    inside = found.progression
    step, before = inside.step * assumption.divisor, inside.before * assumption.divisor - assumption.shortfall
    return replace(found, progression=Progression(step, before))


def _written(need: Need, back: Mapping[str, Polynomial]) -> Need:
    multiple_of = None if need.multiple_of is None else need.multiple_of.replaced(back)
    return replace(need, value=need.value.replaced(back), multiple_of=multiple_of)


def _always(need: Need, lowest: Mapping[str, Rational]) -> bool:
    """Whether it is easily seen that a need holds wherever every symbol is at its lowest value or above."""
    return need.multiple_of is None and rises(need.value) and need.value.value(lowest) >= 1

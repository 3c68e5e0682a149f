"""The cost model: time = a * multiply_adds + b * bytes + c, for each kind of unit by itself.

Relative least squares, so that a layer of a tenth of the time weighs as much; no coefficient below zero, because
more work never takes less time. A kind without multiply-adds (pools, LRN, concatenation) has a = 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from inception_calc.latency.statistics import jackknife_error, median, non_negative_least_squares
from inception_calc.latency.units import TimedUnit, Unit

RESOLUTION = 0.02
"""Milliseconds. Relative errors below this do not count in full: the profile's clock ticks in microseconds."""

TWO_SIGMA = 2.0
LEAST_TO_LEAVE_OUT = 5
"""Units of a kind: with fewer, the others hardly determine three coefficients."""


@dataclass(frozen=True, slots=True)
class KindFit:
    """The coefficients of one kind, in milliseconds, and how well they do for layers left out."""

    kind: str
    units: int
    per_multiply_add: float
    per_byte: float
    constant: float
    standard_errors: tuple[float, float, float] | None
    """Of the three coefficients in this order, by the jackknife; None for too few units."""
    left_out_errors: tuple[float, ...]
    """(predicted - measured) / measured of each unit, predicted by a fit to the others; empty for too few units."""
    without_one: tuple[tuple[float, float, float], ...] = ()
    """The coefficients of the fits to all units but one: how they change says how uncertain a sum of many is."""

    def sum_error(self, units: Sequence[Unit]) -> float:
        """The standard error in milliseconds of the sum over units, as far as the coefficients are uncertain."""
        if not self.without_one:
            return 0.0
        return jackknife_error([sum(_time(without, unit) for unit in units) for without in self.without_one])

    def predict(self, unit: Unit) -> float:
        """Milliseconds."""
        return self.per_multiply_add * unit.multiply_adds + self.per_byte * unit.bytes + self.constant

    @property
    def coefficients(self) -> tuple[float, float, float]:
        """Milliseconds per multiply-add, per byte, and for each unit."""
        return self.per_multiply_add, self.per_byte, self.constant

    def interval(self, place: int) -> tuple[float, float] | None:
        """About 95 % for a coefficient, by its place among `coefficients`; none is below zero."""
        if self.standard_errors is None:
            return None
        value = self.coefficients[place]
        margin = TWO_SIGMA * self.standard_errors[place]
        return max(value - margin, 0.0), value + margin

    @property
    def error(self) -> float | None:
        """The root mean square of the errors of left-out units."""
        errors = self.left_out_errors
        return sqrt(sum(error**2 for error in errors) / len(errors)) if errors else None

    @property
    def median_error(self) -> float | None:
        """The middle one of the absolute errors of left-out units."""
        return median([abs(error) for error in self.left_out_errors]) if self.left_out_errors else None


@dataclass(frozen=True, slots=True)
class Fit:
    """The cost model. `overhead` is what the whole run takes for each millisecond in kernels of our layers."""

    kinds: Mapping[str, KindFit]
    overhead: float = 1.0
    network_error: float | None = None
    """Root mean square of the relative errors of whole networks, each predicted from the others; None for too few."""


def fit_units(units: Iterable[TimedUnit], overhead: float = 1.0) -> Fit:
    """The model of measured units. Units that took no time of their own (computed elsewhere) say nothing."""
    kinds: dict[str, list[TimedUnit]] = {}
    for timed in units:
        if timed.milliseconds > 0:
            kinds.setdefault(timed.unit.kind, []).append(timed)
    return Fit({kind: _fit_kind(kind, members) for kind, members in kinds.items()}, overhead)


def _fit_kind(kind: str, members: Sequence[TimedUnit]) -> KindFit:
    a, b, c = _coefficients(members)
    if len(members) < LEAST_TO_LEAVE_OUT:
        return KindFit(kind, len(members), a, b, c, None, ())
    others = [_coefficients([*members[:index], *members[index + 1 :]]) for index in range(len(members))]
    errors = [
        (_time(without, left_out.unit) - left_out.milliseconds) / _scale(left_out)
        for without, left_out in zip(others, members, strict=True)
    ]
    per_multiply_add, per_byte, constant = (jackknife_error(values) for values in zip(*others, strict=True))
    return KindFit(kind, len(members), a, b, c, (per_multiply_add, per_byte, constant), tuple(errors), tuple(others))


def _coefficients(members: Sequence[TimedUnit]) -> tuple[float, float, float]:
    """a, b, c. Columns of zeros get zero. One or two units cannot tell the columns apart: bytes explain them."""
    few = len(members) < 3
    rows, targets = [], []
    for timed in members:
        scale = _scale(timed)
        row = (timed.unit.bytes, 0, 0) if few else (timed.unit.bytes, timed.unit.multiply_adds, 1)
        rows.append([value / scale for value in row])
        targets.append(timed.milliseconds / scale)
    b, a, c = non_negative_least_squares(rows, targets)
    return a, b, c


def _time(coefficients: tuple[float, float, float], unit: Unit) -> float:
    a, b, c = coefficients
    return a * unit.multiply_adds + b * unit.bytes + c


def _scale(timed: TimedUnit) -> float:
    """What an error is relative to."""
    return max(timed.milliseconds, RESOLUTION)

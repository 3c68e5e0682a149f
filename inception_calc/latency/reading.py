"""What a measurement says: how well counts explain time, what bounds each layer, which layers stand out and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inception_calc.latency.fit import Fit, fit_units
from inception_calc.latency.measured import Measurement, Roof
from inception_calc.latency.predict import Prediction, predict
from inception_calc.latency.statistics import r_squared, spearman
from inception_calc.latency.units import COMPUTING, TimedUnit, by_kind

CLOCK = 0.02
"""Milliseconds: twenty ticks of the profile's clock."""
FAR_OFF = 1.5
"""A layer stands out where its time is so many times more, or less, than the model's."""
COSTLY = 0.02
"""Of the whole: a layer without multiply-adds that takes so much stands out."""
OVERHEAD = 0.3
"""Of its time: where the machine's roof explains less, something else bounds the layer."""


@dataclass(frozen=True, slots=True)
class UnitReading:
    """One unit: what bounds it, what the model says of it, and why it stands out (or an empty text)."""

    timed: TimedUnit
    bound: str
    roof_share: float | None
    predicted: float
    error: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Relation:
    """How time goes with counts, over some layers; None where there are too few."""

    r_squared: float | None
    """Of the model."""
    spearman: float | None
    """The rank correlation of time with multiply-adds alone."""


@dataclass(frozen=True, slots=True)
class KindShare:
    """One kind: its share of the multiply-adds and of the time in kernels."""

    kind: str
    units: int
    multiply_adds: float
    time: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A measurement, read."""

    units: tuple[UnitReading, ...]
    fit: Fit
    convolutions: Relation
    computing: Relation
    """Of convolutions of all kinds and linear layers."""
    left_out_error: float | None
    """The median absolute error of a convolution that was left out of the fit."""
    kinds: tuple[KindShare, ...]
    total: Prediction
    """What the model says of the whole run."""


def read(measurement: Measurement) -> Reading:
    """The reading of a measurement."""
    fit = fit_units(measurement.units, measurement.overhead)
    computing = [timed for timed in measurement.units if timed.unit.kind in COMPUTING and timed.milliseconds > 0]
    convolution = fit.kinds.get("convolution")
    total = measurement.in_units
    return Reading(
        tuple(_read_unit(timed, fit, measurement.roof, total) for timed in measurement.units),
        fit,
        _relation([timed for timed in computing if timed.unit.kind == "convolution"], fit),
        _relation(computing, fit),
        convolution.median_error if convolution else None,
        tuple(_shares(measurement.units)),
        predict([timed.unit for timed in measurement.units if timed.milliseconds > 0], fit, seen=True),
    )


def _relation(units: list[TimedUnit], fit: Fit) -> Relation:
    times = [timed.milliseconds for timed in units]
    guesses = [fit.kinds[timed.unit.kind].predict(timed.unit) for timed in units]
    counts = [float(timed.unit.multiply_adds) for timed in units]
    return Relation(r_squared(times, guesses), spearman(counts, times))


def _shares(units: tuple[TimedUnit, ...]) -> Iterable[KindShare]:
    work = sum(timed.unit.multiply_adds for timed in units) or 1
    time = sum(timed.milliseconds for timed in units) or 1.0
    for kind, members in by_kind(units).items():
        yield KindShare(
            kind,
            len(members),
            sum(timed.unit.multiply_adds for timed in members) / work,
            sum(timed.milliseconds for timed in members) / time,
        )


def _read_unit(timed: TimedUnit, fit: Fit, roof: Roof, total: float) -> UnitReading:
    unit, time = timed.unit, timed.milliseconds
    model = fit.kinds.get(unit.kind)
    predicted = model.predict(unit) if model else 0.0
    if time == 0:
        return UnitReading(timed, "no kernel", None, predicted, None, "")
    computing, moving = unit.multiply_adds / roof.peak, unit.bytes / roof.bandwidth
    bound = "compute" if computing > moving else "memory"
    if max(computing, moving) < OVERHEAD * time:
        bound = "overhead" if unit.multiply_adds else "element ops"
    share = computing / time if unit.multiply_adds else None
    off = max(predicted / time, time / predicted) if predicted > 0 else 1.0
    stands_out = off > FAR_OFF or (unit.multiply_adds == 0 and time > COSTLY * total)
    reason = reason_of(timed, bound, total) if stands_out else ""
    return UnitReading(timed, bound, share, predicted, predicted / time - 1, reason)


def reason_of(timed: TimedUnit, bound: str, total: float) -> str:
    """The first that holds of the reasons why counts say little about a layer."""
    unit, time = timed.unit, timed.milliseconds
    reasons = (
        (time < CLOCK, "below the clock's resolution"),
        (unit.multiply_adds == 0 and time > COSTLY * total, "no multiply-adds but costly"),
        (unit.kind == "depthwise convolution", "depthwise: little work for each byte"),
        (unit.is_first, "first convolution: few input channels"),
        (unit.multiply_adds > 0 and unit.input_channels < 32, "few channels"),
        (unit.multiply_adds > 0 and bound == "memory", "bound by memory"),
        (unit.positions <= 49, "tiny map"),
        (timed.high > FAR_OFF * time, "its rounds differ"),
        (bound == "overhead", "neither compute nor memory explains it"),
    )
    return next((text for holds, text in reasons if holds), "no reason found")

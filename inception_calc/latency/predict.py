"""The latency of a network that was not run, from a cost model, with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from inception_calc.latency.fit import TWO_SIGMA, Fit
from inception_calc.latency.units import Unit

LEAST_ERROR = 0.05
"""Of a kind's time: two runs of one network on one machine differ by so much."""
UNKNOWN_ERROR = 0.5
"""Of a kind's time, where too few layers of the kind were measured to leave one out."""


@dataclass(frozen=True, slots=True)
class PredictedUnit:
    """A unit with its predicted milliseconds; None for a kind that the model has not seen."""

    unit: Unit
    milliseconds: float | None


@dataclass(frozen=True, slots=True)
class Prediction:
    """Milliseconds of a whole run, about 95 % between `low` and `high`, for the units of kinds that were seen."""

    units: tuple[PredictedUnit, ...]
    milliseconds: float
    low: float
    high: float
    unseen: tuple[str, ...]
    """Kinds that were not in the fit: their time is in none of the numbers."""


def predict(units: Sequence[Unit], fit: Fit) -> Prediction:
    """The latency. The errors of one kind's layers are taken as one common error: they share the model's faults.

    So the interval is two times sqrt(sum over kinds of (error * time)^2), the errors those of left-out layers.
    """
    predicted = []
    sums: dict[str, float] = {}
    for unit in units:
        model = fit.kinds.get(unit.kind)
        time = None if model is None else model.predict(unit)
        predicted.append(PredictedUnit(unit, time))
        if time is not None:
            sums[unit.kind] = sums.get(unit.kind, 0.0) + time
    total = sum(sums.values()) * fit.overhead
    variance = 0.0
    for kind, time in sums.items():
        error = fit.kinds[kind].error
        variance += (max(UNKNOWN_ERROR if error is None else error, LEAST_ERROR) * time) ** 2
    margin = TWO_SIGMA * sqrt(variance) * fit.overhead
    unseen = dict.fromkeys(unit.kind for unit in units if unit.kind not in fit.kinds)
    return Prediction(tuple(predicted), total, max(total - margin, 0.0), total + margin, tuple(unseen))

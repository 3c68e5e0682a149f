"""The latency of a network that was not run, from a cost model, with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from inception_calc.latency.fit import TWO_SIGMA, Fit, KindFit
from inception_calc.latency.units import Unit

LEAST_ERROR = 0.05
"""Of the whole: two runs of one network on one machine differ by so much."""
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
    overhead: float = 1.0
    """The whole run for each millisecond in kernels."""

    @property
    def inside(self) -> float:
        """Milliseconds in kernels."""
        return sum(each.milliseconds or 0.0 for each in self.units)


def predict(units: Sequence[Unit], fit: Fit, seen: bool = False) -> Prediction:
    """The latency, about 95 % of it between `low` and `high`; `seen` where the fit is to these very units.

    Variances add up: each layer's own error, independent of the others', so that those of a hundred layers even out;
    the coefficients', common to a kind; and what whole networks are off by, common to all. A kind with too few
    layers to leave one out is uncertain by half, as one, unless its own times were seen.
    """
    predicted = []
    kinds: dict[str, list[Unit]] = {}
    for unit in units:
        model = fit.kinds.get(unit.kind)
        predicted.append(PredictedUnit(unit, None if model is None else model.predict(unit)))
        if model is not None:
            kinds.setdefault(unit.kind, []).append(unit)
    inside = sum(each.milliseconds or 0.0 for each in predicted)
    variance = (max(fit.network_error or 0.0, LEAST_ERROR) * inside) ** 2
    variance += sum(_variance(members, fit.kinds[kind], seen) for kind, members in kinds.items())
    total, margin = inside * fit.overhead, TWO_SIGMA * sqrt(variance) * fit.overhead
    unseen = dict.fromkeys(unit.kind for unit in units if unit.kind not in fit.kinds)
    return Prediction(tuple(predicted), total, max(total - margin, 0.0), total + margin, tuple(unseen), fit.overhead)


def _variance(units: Sequence[Unit], model: KindFit, seen: bool) -> float:
    """Of the sum over the units of one kind, in square milliseconds."""
    times = [model.predict(unit) for unit in units]
    if model.error is None:
        return 0.0 if seen else (UNKNOWN_ERROR * sum(times)) ** 2
    return sum((model.error * time) ** 2 for time in times) + model.sum_error(units) ** 2

"""The two pictures of a measurement: time against multiply-adds, and the roofline."""

from __future__ import annotations

from inception_calc.latency.measured import Measurement
from inception_calc.latency.reading import Reading
from inception_calc.latency.statistics import median
from inception_calc.latency.units import TimedUnit, by_kind
from inception_calc.report.plot import Dots, Line, Plot, draw
from inception_calc.report.text import short
from inception_calc.report.validation import doubts_of, machine_of, milliseconds, relations_of, whole_percent

STEPS = 60
"""Points of a curve."""


def scatter(title: str, measurement: Measurement, reading: Reading) -> str:
    """Milliseconds against multiply-adds of each layer that has any, the model and the roof."""
    kinds = _computing(measurement)
    dots = [
        Dots(
            kind, [(timed.unit.multiply_adds, timed.milliseconds) for timed in units], [_tip(timed) for timed in units]
        )
        for kind, units in kinds.items()
    ]
    lines, landmarks = [], []
    work = [timed.unit.multiply_adds for units in kinds.values() for timed in units]
    if work:
        curve = _between(min(work), max(work))
        lines.append(Line("roof", [(x, x / measurement.roof.peak) for x in curve]))
        landmarks.append((max(work), max(work) / measurement.roof.peak))
        if "convolution" in kinds and "convolution" in reading.fit.kinds:
            model = reading.fit.kinds["convolution"]
            # Bytes are no axis of this picture: the line is drawn for convolutions of the middle intensity.
            intensity = median([timed.unit.intensity for timed in kinds["convolution"]])
            slope = model.per_multiply_add + model.per_byte / intensity
            lines.append(Line("model, convolutions", [(x, slope * x + model.constant) for x in curve], dashed=True))
    what = "time against multiply-adds"
    return draw(
        Plot(title, what, "multiply-adds", "milliseconds", dots, lines, landmarks, _notes(measurement, reading))
    )


def roofline(title: str, measurement: Measurement, reading: Reading) -> str:
    """G multiply-adds/s against multiply-adds per byte, under what the machine can do."""
    kinds = _computing(measurement)
    dots = [
        Dots(
            kind,
            [(timed.unit.intensity, timed.unit.multiply_adds / timed.milliseconds / 1e6) for timed in units],
            [_tip(timed) for timed in units],
        )
        for kind, units in kinds.items()
    ]
    intensities = [timed.unit.intensity for units in kinds.values() for timed in units]
    lines, landmarks = [], []
    if intensities:
        roof = measurement.roof
        ridge = roof.peak / roof.bandwidth
        ends = min(*intensities, ridge) / 10, max(*intensities, ridge) * 10
        lines.append(Line("roof", [(x, roof.at(x) / 1e6) for x in (ends[0], ridge, ends[1])]))
        landmarks.append((ridge, roof.peak / 1e6))
    across, up = "multiply-adds per byte", "G multiply-adds/s"
    return draw(Plot(title, "roofline", across, up, dots, lines, landmarks, _notes(measurement, reading)))


def _notes(measurement: Measurement, reading: Reading) -> list[str]:
    """Where it was measured, how the model does, what casts doubt on it, and what has no place on the picture."""
    absent = [kind for kind in reading.kinds if not kind.multiply_adds and kind.time > 0]
    absent.sort(key=lambda kind: -kind.time)
    named = ", ".join(f"{kind.units} {kind.kind} ({whole_percent(kind.time)})" for kind in absent)
    missing = [f"not here, without multiply-adds (of the time): {named}"] if absent else []
    return [machine_of(measurement), *relations_of(reading), *doubts_of(measurement), *missing]


def _computing(measurement: Measurement) -> dict[str, list[TimedUnit]]:
    """Layers with multiply-adds and a time, by kind."""
    units = tuple(timed for timed in measurement.units if timed.unit.multiply_adds > 0 and timed.milliseconds > 0)
    return dict(by_kind(units))


def _tip(timed: TimedUnit) -> str:
    return f"{timed.unit.name}: {short(timed.unit.multiply_adds)}, {milliseconds(timed.milliseconds)} ms"


def _between(low: float, high: float) -> list[float]:
    """Points at equal steps of the logarithm, beyond both ends, where the picture cuts them off."""
    low, high = low / 10, high * 10
    return [low * (high / low) ** (step / STEPS) for step in range(STEPS + 1)]

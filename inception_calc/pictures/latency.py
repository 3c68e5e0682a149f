"""The two pictures of a measurement: time against multiply-adds, and the roofline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inception_calc.latency.measured import Measurement
from inception_calc.latency.reading import Reading
from inception_calc.latency.statistics import median
from inception_calc.latency.units import TimedUnit, by_kind
from inception_calc.pictures.theme import DOTS, LOG_LABEL, SHAPES, SOFT, at, axis, mark, picture, signal
from inception_calc.pictures.vega import Spec, with_data
from inception_calc.report.text import short, visible
from inception_calc.report.validation import doubts_of, machine_of, milliseconds, relations_of, whole_percent

STEPS = 60
"""Points of a curve."""
ROOM = 1.1
"""Between the outermost dots and the edge."""
LONGEST_NOTE = 130
"""Characters; at 10 pixels they fit beside one another."""
LONGEST_TITLE = 100

Point = tuple[float, float]


def scatter(title: str, measurement: Measurement, reading: Reading) -> Spec:
    """Milliseconds against multiply-adds of each layer that has any, the model and the roof."""
    kinds = _computing(measurement)
    dots = [
        _dot(kind, timed.unit.multiply_adds, timed.milliseconds, timed)
        for kind, units in kinds.items()
        for timed in units
    ]
    lines: list[dict[str, Any]] = []
    landmarks: list[Point] = []
    work = [timed.unit.multiply_adds for units in kinds.values() for timed in units]
    if work:
        curve = _between(min(work), max(work))
        lines += _line("roof", [(x, x / measurement.roof.peak) for x in curve])
        landmarks.append((max(work), max(work) / measurement.roof.peak))
        if "convolution" in kinds and "convolution" in reading.fit.kinds:
            model = reading.fit.kinds["convolution"]
            # Bytes are no axis of this picture: the line is drawn for convolutions of the middle intensity.
            intensity = median([timed.unit.intensity for timed in kinds["convolution"]])
            slope = model.per_multiply_add + model.per_byte / intensity
            lines += _line("model, convolutions", [(x, slope * x + model.constant) for x in curve])
    what = "time against multiply-adds"
    notes = _notes(measurement, reading)
    return _drawn(title, what, ("multiply-adds", "milliseconds"), dots, lines, landmarks, notes)


def roofline(title: str, measurement: Measurement, reading: Reading) -> Spec:
    """G multiply-adds/s against multiply-adds per byte, under what the machine can do."""
    kinds = _computing(measurement)
    dots = [
        _dot(kind, timed.unit.intensity, timed.unit.multiply_adds / timed.milliseconds / 1e6, timed)
        for kind, units in kinds.items()
        for timed in units
    ]
    lines: list[dict[str, Any]] = []
    landmarks: list[Point] = []
    intensities = [dot["x"] for dot in dots]
    if intensities:
        roof = measurement.roof
        ridge = roof.peak / roof.bandwidth
        ends = min(*intensities, ridge) / 10, max(*intensities, ridge) * 10
        lines += _line("roof", [(x, roof.at(x) / 1e6) for x in (ends[0], ridge, ends[1])])
        landmarks.append((ridge, roof.peak / 1e6))
    across = ("multiply-adds per byte", "G multiply-adds/s")
    return _drawn(title, "roofline", across, dots, lines, landmarks, _notes(measurement, reading))


def spec() -> Spec:
    """`dots`: x, y, kind, tip; `lines`: x, y, name; `within`: x, y, the points that the axes reach. Signal `notes`."""
    label = {"labels": {"update": {"text": signal(LOG_LABEL)}}}

    def scale(name: str, field: str, extent: str) -> dict[str, Any]:
        domain = {"data": "within", "field": field}
        return {"name": name, "type": "log", "domain": domain, "range": extent, "nice": True}

    made = picture(
        "Layers of a measured network",
        (860, 460),
        ["dots", "lines", "within"],
        [
            {
                "type": "group",
                "clip": True,
                "encode": {"update": {"width": signal("width"), "height": signal("height")}},
                "marks": [
                    {
                        "type": "group",
                        "from": {"facet": {"name": "one", "data": "lines", "groupby": "name"}},
                        "marks": [
                            mark(
                                "line",
                                "one",
                                {
                                    **at("x", "y"),
                                    "stroke": signal("ink"),
                                    "strokeWidth": {"value": 1.6},
                                    "strokeDash": {"scale": "dash", "field": "name"},
                                },
                            )
                        ],
                    }
                ],
            },
            mark(
                "symbol",
                "dots",
                {
                    **at("x", "y"),
                    "size": {"value": 55},
                    "shape": {"scale": "shape", "field": "kind"},
                    "fill": {"scale": "color", "field": "kind"},
                    "fillOpacity": {"value": 0.75},
                    "description": {"field": "tip"},
                    "tooltip": {"field": "tip"},
                },
                aria=True,
            ),
        ],
        scales=[
            scale("x", "x", "width"),
            scale("y", "y", "height"),
            {"name": "color", "type": "ordinal", "domain": {"data": "dots", "field": "kind"}, "range": list(DOTS)},
            {"name": "shape", "type": "ordinal", "domain": {"data": "dots", "field": "kind"}, "range": list(SHAPES)},
            {
                "name": "dash",
                "type": "ordinal",
                "domain": {"data": "lines", "field": "name"},
                "range": [[1, 0], [6, 4]],
            },
        ],
        axes=[axis("bottom", "x", "across", encode=label), axis("left", "y", "up", encode=label)],
        legends=[
            {"fill": "color", "shape": "shape", "orient": "right", "labelLimit": 170, "symbolStrokeWidth": 0},
            {"strokeDash": "dash", "orient": "right", "symbolType": "stroke", "labelLimit": 170},
        ],
        signals={"notes": []},
    )
    made["title"] |= {
        "subtitle": signal("notes"),
        "subtitleColor": SOFT,
        "subtitleFontSize": 10,
        "subtitleLineHeight": 14,
        "subtitlePadding": 6,
    }
    return made


def _drawn(
    title: str,
    what: str,
    axes: tuple[str, str],
    dots: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    landmarks: Sequence[Point],
    notes: Sequence[str],
) -> Spec:
    """The picture; of lines the landmarks must lie inside, the rest may leave it."""
    points = [*((dot["x"], dot["y"]) for dot in dots), *landmarks] or [(1.0, 1.0)]
    within = [{"x": x * room, "y": y * room} for x, y in points for room in (1 / ROOM, ROOM)]
    name = visible(title)
    room = LONGEST_TITLE - len(what) - 2
    signals = {
        "title": f"{name if len(name) <= room else f'{name[: room - 3]}...'}: {what}",
        "across": axes[0],
        "up": axes[1],
        "notes": [_cut(visible(note)) for note in notes],
    }
    return with_data(spec(), {"dots": dots, "lines": lines, "within": within}, signals)


def _cut(note: str) -> str:
    return note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 3]}..."


def _dot(kind: str, x: float, y: float, timed: TimedUnit) -> dict[str, Any]:
    tip = f"{timed.unit.name}: {short(timed.unit.multiply_adds)}, {milliseconds(timed.milliseconds)} ms"
    return {"kind": visible(kind), "x": x, "y": y, "tip": visible(tip)}


def _line(name: str, points: Sequence[Point]) -> list[dict[str, Any]]:
    return [{"name": name, "x": x, "y": y} for x, y in points if x > 0 and y > 0]


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


def _between(low: float, high: float) -> list[float]:
    """Points at equal steps of the logarithm, beyond both ends, where the picture cuts them off."""
    low, high = low / 10, high * 10
    return [low * (high / low) ** (step / STEPS) for step in range(STEPS + 1)]

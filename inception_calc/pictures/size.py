"""Cost over a symbol, with its steps, and the limits of a budget: where it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from inception_calc.dims.polynomial import Polynomial, polynomial, summed
from inception_calc.dims.ring import Rational
from inception_calc.formula import Values
from inception_calc.formula.varied import Varied
from inception_calc.pictures.numbers import said
from inception_calc.pictures.theme import BYTE_LABEL, COUNT_LABEL, at, axis, mark, picture, signal, text
from inception_calc.pictures.vega import Spec

REACH = 4
"""How many times its own value a curve reaches."""
MOST_POINTS = 900


def spec() -> Spec:
    """`curve`: series, x, y; `limits`: y, said; `breaks`, `here`, `ends`: x, y, said. Signal `bytes`: y is bytes."""
    number = signal(f"bytes ? ({BYTE_LABEL}) : ({COUNT_LABEL})")
    return picture(
        "Cost over size",
        (820, 320),
        ["curve", "limits", "breaks", "here", "ends"],
        [
            {
                "type": "group",
                "from": {"facet": {"name": "one", "data": "curve", "groupby": "series"}},
                "marks": [
                    mark(
                        "line",
                        "one",
                        {
                            **at("x", "y"),
                            "interpolate": {"value": "step-after"},
                            "stroke": signal("datum.series % 2 ? soft : accent"),
                            "strokeWidth": {"value": 1.8},
                            "strokeDash": {"scale": "dash", "field": "series"},
                        },
                        interactive=False,
                    )
                ],
            },
            mark(
                "rule",
                "limits",
                {
                    "x": {"value": 0},
                    "x2": signal("width"),
                    "y": {"scale": "y", "field": "y"},
                    "stroke": signal("alarm"),
                    "strokeDash": {"value": [6, 3]},
                },
                interactive=False,
            ),
            text(
                "limits",
                {"x": {"value": 4}, "y": {"scale": "y", "field": "y", "offset": -8}, "text": {"field": "said"}},
            ),
            mark(
                "symbol",
                "breaks",
                {
                    **at("x", "y"),
                    "shape": {"value": "cross"},
                    "angle": {"value": 45},
                    "size": {"value": 110},
                    "fill": signal("alarm"),
                },
                interactive=False,
            ),
            text(
                "breaks",
                {
                    **at("x", "y", right=9, down=12),
                    "text": {"field": "said"},
                },
            ),
            mark(
                "symbol",
                "here",
                {
                    **at("x", "y"),
                    "shape": {"value": "circle"},
                    "size": {"value": 70},
                    "fill": signal("accent"),
                    "stroke": signal("paper"),
                },
                interactive=False,
            ),
            text(
                "ends",
                {
                    **at("x", "y", right=-6, down=-9),
                    "align": {"value": "right"},
                    "text": {"field": "said"},
                },
            ),
            text(
                "here",
                {
                    **at("x", "y", right=9, down=14),
                    "text": {"field": "said"},
                },
            ),
        ],
        scales=[
            {
                "name": "x",
                "domain": {"data": "curve", "field": "x"},
                "range": "width",
                "zero": False,
                "nice": False,
            },
            {
                "name": "y",
                "domain": {"fields": [{"data": "curve", "field": "y"}, {"data": "limits", "field": "y"}]},
                "range": "height",
                "zero": True,
                "nice": True,
            },
            {
                "name": "dash",
                "type": "ordinal",
                "domain": {"data": "curve", "field": "series", "sort": True},
                "range": [[1, 0], [7, 3], [2, 2], [9, 2, 2, 2]],
            },
        ],
        axes=[
            axis("bottom", "x", "across", grid=False),
            axis("left", "y", "up", encode={"labels": {"update": {"text": number}}}),
        ],
        signals={"bytes": False},
    )


def tables(
    varied: Sequence[tuple[str, Varied]], metric: str, over: str, limits: Sequence[tuple[str, int]] = ()
) -> dict[str, list[dict[str, Any]]]:
    """A curve for each network, all other symbols staying where they are; and where the first one breaks each limit."""
    curve: list[dict[str, Any]] = []
    here, ends = [], []
    for series, (name, one) in enumerate(varied):
        total = summed(polynomial(getattr(cost, metric)) for cost in one.analysis.layers)
        known = dict(one.at)
        points = [
            {"series": series, "x": float(value), "y": float(number)}
            for value in _values(one.values[over], one.at[over])
            if (number := _at(one, total, {**known, over: value})) is not None
        ]
        now = _at(one, total, known)
        assert now is not None
        text = "" if len(varied) > 1 else f"{one.at[over]}: {said(int(now), metric)}"
        here.append({"x": float(one.at[over]), "y": float(now), "said": text})
        if len(varied) > 1 and points:
            ends.append({**points[-1], "said": name})
        curve += points
    breaks = []
    for _, limit in limits:
        broken = next((one for one in curve if one["series"] == 0 and one["y"] > limit), None)
        if broken is not None:
            breaks.append({"x": broken["x"], "y": broken["y"], "said": f"over from {over} {broken['x']:g}"})
    lines = [{"y": limit, "said": text} for text, limit in limits]
    return {"curve": curve, "limits": lines, "breaks": breaks, "here": here, "ends": ends}


def _values(values: Values, now: Rational) -> Iterator[Rational]:
    """The values up to the reach, as many as a curve needs."""
    steps = values.progression
    most = int((now * REACH - steps.before) // steps.step) if now > 1 else int((64 - steps.before) // steps.step)
    every = max(1, most // MOST_POINTS)
    for low, high in values.runs:
        for count in range(low, min(most, high or most) + 1, every):
            yield steps.value(count)


def _at(one: Varied, total: Polynomial, values: dict[str, Rational]) -> Rational | None:
    """The total at a setting; None where the network cannot be built there."""
    inner = dict(values)
    for assumed in one.assumptions:
        inner[assumed.multiple] = assumed.back.value(values)
    for need in one.conditions:
        value = need.value.value(inner)
        fits = value >= 1 if need.multiple_of is None else value % need.multiple_of.value(inner) == 0
        if not fits:
            return None
    return total.value(inner)

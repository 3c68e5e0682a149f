"""The networks of a space: two costs against each other, the front over a cloud of those that fit."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from inception_calc.analysis.metrics import METRICS
from inception_calc.pictures.theme import COUNT_LABEL, axis, mark, picture, signal
from inception_calc.pictures.vega import Spec, with_data
from inception_calc.report.text import exact, visible
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.question import ALWAYS
from inception_calc.sweep.run import sweep
from inception_calc.sweep.sample import sample

LONGEST_TITLE = 100
CLOUD = 1000
"""Networks that stand for all of those that fit."""
MOST_DOTS = 4000
"""More are one smear, and a large file."""


def spec() -> Spec:
    """`cloud` and `front`: x, y, tip."""

    def dots(source: str, color: str, size: int, opacity: float) -> dict[str, Any]:
        return mark(
            "symbol",
            source,
            {
                "x": {"scale": "x", "field": "x"},
                "y": {"scale": "y", "field": "y"},
                "size": {"value": size},
                "fill": signal(color),
                "fillOpacity": {"value": opacity},
                "tooltip": {"field": "tip"},
                "description": {"field": "tip"},
            },
        )

    def scale(name: str, extent: str) -> dict[str, Any]:
        fields = [{"data": source, "field": name} for source in ("cloud", "front")]
        return {
            "name": name,
            "type": "linear",
            "zero": False,
            "nice": True,
            "domain": {"fields": fields},
            "range": extent,
        }

    label = {"labels": {"update": {"text": signal(COUNT_LABEL)}}}
    return picture(
        "Networks of a space: two costs of each",
        (860, 460),
        ["cloud", "front"],
        [
            dots("cloud", "soft", 14, 0.35),
            mark(
                "line",
                "front",
                {
                    "x": {"scale": "x", "field": "x"},
                    "y": {"scale": "y", "field": "y"},
                    "stroke": signal("accent"),
                    "strokeWidth": {"value": 1.4},
                    "interpolate": {"value": "step-after"},
                },
            ),
            dots("front", "accent", 30, 1.0),
        ],
        scales=[scale("x", "width"), scale("y", "height")],
        axes=[axis("bottom", "x", "across", encode=label), axis("left", "y", "up", encode=label)],
    )


def space_picture(answer: Answer) -> Spec:
    """The picture of an answer: its front over a cloud of those that fit; without one, the networks that were found.

    The axes are the first two metrics of the front, else params over multiply-adds.
    """
    setup = answer.setup
    asked = setup.asked
    keys = [key.metric for key in asked.pareto][:2]
    up, across = keys if len(keys) == 2 else ALWAYS
    cloud = answer
    if asked.pareto:
        whole = replace(setup, asked=replace(asked.without_order(), columns=asked.metrics))
        found, _ = sample(whole, CLOUD, 0, lambda: sweep(whole, counting=True).found)
        cloud = Answer(whole, found, sampled=CLOUD)
    name = visible(f"{setup.networks.name}: {METRICS[up].label} against {METRICS[across].label}")
    signals = {
        "title": name if len(name) <= LONGEST_TITLE else f"{name[: LONGEST_TITLE - 3]}...",
        "across": METRICS[across].label,
        "up": METRICS[up].label,
    }
    front = _dots(answer, (up, across)) if asked.pareto else []
    return with_data(spec(), {"cloud": _dots(cloud, (up, across)), "front": front}, signals)


def _dots(answer: Answer, shown: tuple[str, str]) -> list[dict[str, Any]]:
    """The networks of an answer, from left to right."""
    metrics = answer.setup.asked.metrics
    up, across = (metrics.index(metric) for metric in shown)
    dots: list[dict[str, Any]] = []
    for point in islice(answer.networks(), MOST_DOTS):
        values = ", ".join(
            f"{axis.name} = {value}" for axis, value in zip(answer.axes, answer.values(point), strict=True)
        )
        costs = ", ".join(f"{exact(point.metrics[place])} {METRICS[metrics[place]].label}" for place in (up, across))
        tip = visible(f"{values}: {costs}")
        dots.append({"x": point.metrics[across], "y": point.metrics[up], "tip": tip})
    return sorted(dots, key=lambda dot: (dot["x"], dot["y"]))

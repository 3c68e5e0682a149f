"""The roofline: flops per byte of each layer, and what a machine can reach at it.

Source: Williams, Waterman and Patterson, "Roofline: an insightful visual performance model" (CACM 2009).
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from inception_calc.analysis import Analysis
from inception_calc.latency.calibration import Calibration
from inception_calc.pictures.numbers import counts
from inception_calc.pictures.theme import DOTS, LOG_LABEL, SHAPES, at, axis, mark, picture, signal, text
from inception_calc.pictures.vega import Spec
from inception_calc.problems import InputError, Problem

MOST_KINDS = 7
"""Kinds of layers that have a colour and a shape of their own, by flops."""


class Roof(NamedTuple):
    """What a machine can do at best: flops and bytes a second, and where that is known from."""

    peak: float
    bandwidth: float
    said: str = ""


def roof_of(known: Calibration) -> Roof:
    """The best that any layer of a calibration reached: 2 flops for a multiply-add, and the bytes that it moved."""
    timed = [one for network in known.networks.values() for one in network.units if one.milliseconds > 0]
    peak = max((2000 * one.unit.multiply_adds / one.milliseconds for one in timed), default=0.0)
    bandwidth = max((1000 * one.unit.bytes / one.milliseconds for one in timed), default=0.0)
    if not peak or not bandwidth:
        raise InputError(
            Problem("no-calibration", "the calibration has no layer that computes", None, "--roof 1.5T:100GB")
        )
    return Roof(peak, bandwidth, str(known.environment.get("machine", known.provider)))


def spec() -> Spec:
    """`dots`: x (flops per byte), y, share (of the flops), kind, tip, row; `roof`: x, y; `ridge`: x, y, said.

    Without a roof, y is the layer's flops; with one, the flops per second that the roof leaves it.
    """
    label = {"labels": {"update": {"text": signal(LOG_LABEL)}}}
    return picture(
        "Flops per byte of each layer, and the roof of a machine",
        (820, 400),
        ["dots", "roof", "ridge"],
        [
            mark(
                "line",
                "roof",
                {
                    **at("x", "y"),
                    "stroke": signal("ink"),
                    "strokeWidth": {"value": 1.8},
                },
                interactive=False,
                clip=True,
            ),
            mark(
                "rule",
                "ridge",
                {
                    "x": {"scale": "x", "field": "x"},
                    "y": {"value": 0},
                    "y2": signal("height"),
                    "stroke": signal("soft"),
                    "strokeDash": {"value": [3, 3]},
                },
                interactive=False,
            ),
            text(
                "ridge",
                {
                    "x": {"scale": "x", "field": "x", "offset": -5},
                    "y": signal("height - 10"),
                    "align": {"value": "right"},
                    "text": {"field": "said"},
                },
            ),
            mark(
                "symbol",
                "dots",
                {
                    **at("x", "y"),
                    "size": signal("20 + 900 * datum.share"),
                    "shape": {"scale": "shape", "field": "kind"},
                    "fill": {"scale": "color", "field": "kind"},
                    "fillOpacity": {"value": 0.7},
                    "stroke": signal("paper"),
                    "strokeWidth": {"value": 0.5},
                    "tooltip": {"field": "tip"},
                    "cursor": {"value": "pointer"},
                },
            ),
        ],
        scales=[
            {
                "name": "x",
                "type": "log",
                "domain": {"fields": [{"data": "dots", "field": "x"}, {"data": "ridge", "field": "x"}]},
                "range": "width",
                "nice": True,
            },
            {
                "name": "y",
                "type": "log",
                "domain": {"fields": [{"data": "dots", "field": "y"}, {"data": "ridge", "field": "y"}]},
                "range": "height",
                "nice": True,
            },
            {"name": "color", "type": "ordinal", "domain": {"data": "dots", "field": "kind"}, "range": list(DOTS)},
            {"name": "shape", "type": "ordinal", "domain": {"data": "dots", "field": "kind"}, "range": list(SHAPES)},
        ],
        axes=[
            axis("bottom", "x", "across", encode=label),
            axis("left", "y", "up", encode=label),
        ],
        legends=[
            {
                "fill": "color",
                "shape": "shape",
                "orient": "bottom",
                "direction": "horizontal",
                "columns": signal("max(1, floor(width / 170))"),
                "labelColor": signal("ink"),
                "labelLimit": 150,
                "symbolStrokeWidth": 0,
            }
        ],
    )


def tables(analysis: Analysis, roof: Roof | None) -> dict[str, list[dict[str, Any]]]:
    """The layers that compute and move bytes; raises `InputError` or `Undecided` where either is not known."""
    flops, traffic = counts(analysis, "flops"), counts(analysis, "traffic_bytes")
    kinds: Counter[str] = Counter()
    for layer, count in zip(analysis.graph.layers, flops, strict=True):
        kinds[layer.op.op] += count
    own = {kind for kind, _ in kinds.most_common(MOST_KINDS)}
    dots: list[dict[str, Any]] = []
    for layer, count, moved in zip(analysis.graph.layers, flops, traffic, strict=True):
        if count and moved:
            x = count / moved
            y = count if roof is None else min(roof.peak, roof.bandwidth * x)
            kind = layer.op.op if layer.op.op in own else "others"
            dots.append({"x": x, "y": y, "share": count / (sum(flops) or 1), "kind": kind})
    if roof is None or not dots:
        return {"dots": dots, "roof": [], "ridge": []}
    ridge = roof.peak / roof.bandwidth
    ends = min(ridge, *(dot["x"] for dot in dots)) / 2, ridge, max(ridge, *(dot["x"] for dot in dots)) * 2
    return {
        "dots": dots,
        "roof": [{"x": x, "y": min(roof.peak, roof.bandwidth * x)} for x in ends],
        "ridge": [{"x": ridge, "y": roof.peak, "said": f"{ridge:.3g} flops per byte"}],
    }

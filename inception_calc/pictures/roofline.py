"""The roofline: flops per byte of each layer, and what a machine can reach at it.

Source: Williams, Waterman and Patterson, "Roofline: an insightful visual performance model" (CACM 2009).
"""

from __future__ import annotations

from inception_calc.pictures.theme import DOTS, LOG_LABEL, SHAPES, axis, mark, picture, signal, text
from inception_calc.pictures.vega import Spec


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
                    "x": {"scale": "x", "field": "x"},
                    "y": {"scale": "y", "field": "y"},
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
                    "x": {"scale": "x", "field": "x"},
                    "y": {"scale": "y", "field": "y"},
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

"""Memory over time: the live bytes while each layer runs, stacked by tensor, the peak marked with what is alive."""

from __future__ import annotations

from inception_calc.pictures.theme import (
    BYTE_LABEL,
    HUES,
    ROOM_FOR_ROWS,
    ROW_NAMES,
    axis,
    mark,
    picture,
    signal,
    text,
)
from inception_calc.pictures.vega import Spec


def spec() -> Spec:
    """`pieces`: start, stop (layers), low, high (bytes), hue, tip, row; `live`: at, bytes; `rows`: start, stop, name;
    `peak`: start, stop, bytes, lines.
    """
    return picture(
        "Live bytes while each layer runs, stacked by tensor",
        (820, 380),
        ["pieces", "live", "rows", "peak"],
        [
            *ROW_NAMES,
            mark(
                "area",
                "live",
                {
                    "x": {"scale": "x", "field": "at"},
                    "y": {"scale": "y", "field": "bytes"},
                    "y2": {"scale": "y", "value": 0},
                    "interpolate": {"value": "step-after"},
                    "fill": signal("soft"),
                    "fillOpacity": {"value": 0.35},
                },
                interactive=False,
            ),
            mark(
                "rect",
                "pieces",
                {
                    "x": {"scale": "x", "field": "start"},
                    "x2": {"scale": "x", "field": "stop"},
                    "y": {"scale": "y", "field": "low"},
                    "y2": {"scale": "y", "field": "high"},
                    "fill": {"scale": "hue", "field": "hue"},
                    "stroke": signal("paper"),
                    "strokeWidth": signal("min(0.7, (scale('x', datum.stop) - scale('x', datum.start)) / 8)"),
                    "tooltip": {"field": "tip"},
                    "cursor": {"value": "pointer"},
                },
            ),
            mark(
                "rule",
                "peak",
                {
                    "x": {"value": 0},
                    "x2": signal("width"),
                    "y": {"scale": "y", "field": "bytes"},
                    "stroke": signal("alarm"),
                    "strokeDash": {"value": [5, 3]},
                },
                interactive=False,
            ),
            mark(
                "symbol",
                "peak",
                {
                    "x": signal("(scale('x', datum.start) + scale('x', datum.stop)) / 2"),
                    "y": {"scale": "y", "field": "bytes"},
                    "shape": {"value": "triangle-down"},
                    "size": {"value": 90},
                    "fill": signal("alarm"),
                },
                interactive=False,
            ),
            text(
                "peak",
                {
                    "x": signal("scale('x', datum.start) < width * 0.5 ? width - 4 : 4"),
                    "align": signal("scale('x', datum.start) < width * 0.5 ? 'right' : 'left'"),
                    "y": signal("scale('y', datum.bytes) + 12"),
                    "text": {"field": "lines"},
                    "lineHeight": {"value": 14},
                    "limit": signal("width * 0.48"),
                },
            ),
        ],
        scales=[
            {"name": "x", "type": "linear", "domain": {"data": "live", "field": "at"}, "range": "width", "nice": False},
            {"name": "y", "domain": {"data": "live", "field": "bytes"}, "range": "height", "zero": True, "nice": True},
            {"name": "hue", "type": "ordinal", "domain": list(range(len(HUES))), "range": list(HUES)},
        ],
        axes=[
            axis("left", "y", "up", encode={"labels": {"update": {"text": signal(BYTE_LABEL)}}}),
        ],
        padding=ROOM_FOR_ROWS,
    )

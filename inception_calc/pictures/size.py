"""Cost over a symbol, with its steps, and the limits of a budget: where it breaks."""

from __future__ import annotations

from inception_calc.pictures.theme import BYTE_LABEL, COUNT_LABEL, axis, mark, picture, signal, text
from inception_calc.pictures.vega import Spec


def spec() -> Spec:
    """`curve`: series, x, y; `limits`: y, said; `breaks`, `here`: x, y, said. Signal `bytes`: y is bytes."""
    number = signal(f"bytes ? ({BYTE_LABEL}) : ({COUNT_LABEL})")
    return picture(
        "Cost over size",
        (820, 320),
        ["curve", "limits", "breaks", "here"],
        [
            {
                "type": "group",
                "from": {"facet": {"name": "one", "data": "curve", "groupby": "series"}},
                "marks": [
                    mark(
                        "line",
                        "one",
                        {
                            "x": {"scale": "x", "field": "x"},
                            "y": {"scale": "y", "field": "y"},
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
                    "x": {"scale": "x", "field": "x"},
                    "y": {"scale": "y", "field": "y"},
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
                    "x": {"scale": "x", "field": "x", "offset": 9},
                    "y": {"scale": "y", "field": "y", "offset": 12},
                    "text": {"field": "said"},
                },
            ),
            mark(
                "symbol",
                "here",
                {
                    "x": {"scale": "x", "field": "x"},
                    "y": {"scale": "y", "field": "y"},
                    "shape": {"value": "circle"},
                    "size": {"value": 70},
                    "fill": signal("accent"),
                    "stroke": signal("paper"),
                },
                interactive=False,
            ),
            text(
                "here",
                {
                    "x": {"scale": "x", "field": "x", "offset": 9},
                    "y": {"scale": "y", "field": "y", "offset": 14},
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

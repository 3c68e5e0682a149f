"""The network itself, top to bottom, with each box's share of the cost."""

from __future__ import annotations

from typing import Any

from inception_calc.analysis import Analysis
from inception_calc.pictures.layout import Drawing, drawing_of
from inception_calc.pictures.numbers import counts, share_said
from inception_calc.pictures.theme import mark, picture, signal, text
from inception_calc.pictures.vega import Spec

EMPTY, FULL = "#eef3f8", "#5b9bd5"
"""The fill of a box without a share, and of the one with the largest."""


def spec() -> Spec:
    """`boxes`: x, y, width, height, name, kind, said, heat (0 to 1), layer, row; `frames` the same; `paths`: path."""
    corner = {"x": {"field": "x"}, "y": {"field": "y"}, "width": {"field": "width"}, "height": {"field": "height"}}
    made = picture(
        "The network: modules as boxes of branches, repeated ones folded, with their shares of the cost",
        (600, 1000),
        ["boxes", "frames", "paths"],
        [
            mark(
                "rect",
                "frames",
                {
                    **corner,
                    "stroke": signal("soft"),
                    "strokeDash": {"value": [4, 3]},
                    "fill": {"value": "transparent"},
                    "cornerRadius": {"value": 6},
                    "tooltip": {"field": "tip"},
                    "cursor": {"value": "pointer"},
                },
            ),
            mark(
                "path",
                "paths",
                {
                    "path": {"field": "path"},
                    "x": {"field": "x"},
                    "stroke": signal("soft"),
                    "strokeWidth": {"value": 1.2},
                },
                interactive=False,
            ),
            *(
                text(
                    "frames",
                    {
                        "x": signal("datum.x + 8"),
                        "y": signal("datum.y + 11"),
                        "text": signal("datum.name + '  ' + datum.said"),
                        "fontWeight": {"value": "bold"},
                        "limit": signal("datum.width - 16"),
                        **around,
                    },
                )
                for around in ({"stroke": signal("paper"), "strokeWidth": {"value": 4}}, {})  # arrows pass behind it
            ),
            mark(
                "rect",
                "boxes",
                {
                    **corner,
                    "fill": {"scale": "heat", "field": "heat"},
                    "stroke": signal("soft"),
                    "strokeWidth": {"value": 0.8},
                    "cornerRadius": {"value": 4},
                    "tooltip": {"field": "tip"},
                    "cursor": {"value": "pointer"},
                },
            ),
            *(
                text(
                    "boxes",
                    {
                        "x": signal("datum.x + datum.width / 2"),
                        "y": signal(f"datum.y + {y} + (datum.kind ? 0 : 6)"),
                        "align": {"value": "center"},
                        "fill": {"value": "#16202a"},
                        "text": signal(said),
                        "limit": signal("datum.width - 8"),
                        "fontSize": {"value": size},
                    },
                )
                for y, said, size in (
                    (12, "datum.name + (datum.said ? '  ' + datum.said : '')", 11),
                    (26, "datum.kind", 9),
                )
            ),
        ],
        scales=[{"name": "heat", "type": "linear", "domain": [0, 1], "range": [EMPTY, FULL], "interpolate": "rgb"}],
    )
    made["autosize"] = {"type": "none"}
    return made


def tables(analysis: Analysis, metric: str) -> tuple[dict[str, list[dict[str, Any]]], Drawing]:
    """The drawing with the shares of a metric."""
    values, drawn = counts(analysis, metric), drawing_of(analysis)
    whole = sum(values)
    sums = {one: sum(values[index] for index in one.layers) for one in (*drawn.boxes, *drawn.frames)}
    most = max((sums[box] for box in drawn.boxes), default=0) or 1
    middle = drawn.width / 2

    def entries(placed: tuple[Any, ...]) -> list[dict[str, Any]]:
        return [
            {
                "x": one.x + middle,
                "y": one.y,
                "width": one.width,
                "height": one.height,
                "name": one.name,
                "kind": one.kind,
                "said": share_said(sums[one], whole) if sums[one] else "",
                "heat": sums[one] / most,
            }
            for one in placed
        ]

    paths = [{"path": path, "x": middle} for path in drawn.paths]
    return {"boxes": entries(drawn.boxes), "frames": entries(drawn.frames), "paths": paths}, drawn

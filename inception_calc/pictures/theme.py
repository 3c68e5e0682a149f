"""What all pictures share: colours, type, axes, and a specification around the marks of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inception_calc.pictures.vega import Spec

FONT = "Helvetica, Arial, Liberation Sans, sans-serif"
INK, SOFT, PAPER, LINE = "#16202a", "#5a6672", "#ffffff", "#d5dae0"
ACCENT, ALARM = "#1f6fb4", "#b3261e"
"""Dark enough to be read on white; a page on dark paper gives them other values."""
HUES = ("#5b9bd5", "#e8a33d", "#6fb06f", "#d97b86", "#9a86cc", "#58b3ad", "#c9a27a", "#8f9aa8")
"""Neighbours are told apart in grey too, and by the lines between them."""
TINTS = (0.0, 0.3, 0.55)
"""How much white a stage, a row and a layer of one hue have in them."""
DOTS = ("#1f6fb4", "#d1495b", "#2e8b57", "#b8860b", "#7d4fa8", "#4a4a4a", "#c9732b", "#2aa1a1")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
"""A kind of layer has a colour and a shape: no colour alone says which it is."""
COUNT_LABEL = (
    "replace(datum.value > -1 && datum.value < 1 ? format(datum.value, '.3~g') : "
    "replace(format(datum.value, '.3~s'), 'k', 'K'), '\\u2212', '-')"
)
"""Ticks as the program writes numbers: 1.5M, 200K."""
LOG_LABEL = (
    "indexof([1, 2, 5], round(datum.value / pow(10, floor(log(datum.value) / LN10 + 1e-9)))) < 0 ? '' : " + COUNT_LABEL
)
"""The same where steps grow: 1, 2, 5, 10, 20, 50."""
BYTE_LABEL = "format(datum.value, '.3~s') + 'B'"
"""10MB, 500kB."""

Marks = list[dict[str, Any]]


def tints() -> list[str]:
    """Every hue at every tint: hue 0 of a stage, of a row, of a layer, hue 1 of a stage ..."""
    return [_lighter(hue, white) for hue in HUES for white in TINTS]


def _lighter(color: str, white: float) -> str:
    parts = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * white):02x}" for part in parts)


def signal(expression: str) -> dict[str, str]:
    """A value that an expression gives."""
    return {"signal": expression}


def picture(
    description: str,
    size: tuple[int, int],
    tables: Sequence[dict[str, Any] | str],
    marks: Marks,
    *,
    signals: dict[str, Any] | None = None,
    **more: Any,
) -> Spec:
    """A specification with empty tables by these names, its title and colours as signals."""
    colors = {"ink": INK, "soft": SOFT, "paper": PAPER, "line": LINE, "accent": ACCENT, "alarm": ALARM}
    values = {"title": "", "across": "", "up": "", **colors, **(signals or {})}
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "description": description,
        "width": size[0],
        "height": size[1],
        "padding": 6,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": signal("paper"),
        "title": {
            "text": signal("title"),
            "anchor": "start",
            "color": signal("ink"),
            "fontSize": 14,
            "font": FONT,
            "limit": signal("width"),
            "offset": 10,
        },
        "config": {"text": {"font": FONT, "fontSize": 11}},
        "signals": [{"name": name, "value": value} for name, value in values.items()],
        "data": [{"name": one, "values": []} if isinstance(one, str) else one for one in tables],
        "marks": marks,
        **more,
    }


def axis(orient: str, scale: str, title: str, **more: Any) -> dict[str, Any]:
    """An axis with a grid; `title` is an expression."""
    return {
        "orient": orient,
        "scale": scale,
        "title": signal(title),
        "grid": True,
        "gridColor": signal("line"),
        "domainColor": signal("soft"),
        "tickColor": signal("soft"),
        "labelColor": signal("soft"),
        "titleColor": signal("ink"),
        "titleFont": FONT,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelFont": FONT,
        "labelOverlap": "greedy",
        "labelFlush": False,
        **more,
    }


def at(x: str, y: str, right: float = 0, down: float = 0) -> dict[str, Any]:
    """Where two fields say on the scales x and y, and some pixels beside."""
    return {
        name: {"scale": name, "field": field, **({"offset": offset} if offset else {})}
        for name, field, offset in (("x", x, right), ("y", y, down))
    }


def text(source: str, encode: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A text mark in ink, which no reader of a screen hears twice: the data stand beside the picture."""
    return {
        "type": "text",
        "from": {"data": source},
        "interactive": False,
        "aria": False,
        "encode": {"update": {"fill": signal("ink"), "baseline": {"value": "middle"}, **encode}},
        **more,
    }


def mark(kind: str, source: str, encode: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A mark with one set of encodings."""
    return {"type": kind, "from": {"data": source}, "aria": False, "encode": {"update": encode}, **more}


ROW_NAMES: Marks = [
    mark(
        "rule",
        "rows",
        {
            "x": {"scale": "x", "field": "start"},
            "y": {"value": 0},
            "y2": signal("height"),
            "stroke": signal("line"),
            "strokeWidth": signal("scale('x', datum.stop) - scale('x', datum.start) >= 3 ? 1 : 0"),
        },
        interactive=False,
    ),
    text(
        "rows",
        {
            "x": signal("(scale('x', datum.start) + scale('x', datum.stop)) / 2"),
            "y": signal("height + 6"),
            "angle": {"value": -90},
            "align": {"value": "right"},
            "fill": signal("soft"),
            "limit": {"value": 84},
            "fontSize": {"value": 10},
            "text": signal("scale('x', datum.stop) - scale('x', datum.start) >= 11 ? datum.name : ''"),
        },
    ),
]
"""The rows below a picture whose x axis counts layers: each name where there is room for it."""
ROOM_FOR_ROWS = {"bottom": 8, "left": 6, "right": 10, "top": 6}

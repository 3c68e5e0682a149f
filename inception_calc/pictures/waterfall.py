"""Differences as a waterfall: from the reference's total to the other's, row by row or cause by cause."""

from __future__ import annotations

from inception_calc.pictures.theme import BYTE_LABEL, COUNT_LABEL, axis, mark, picture, signal, text
from inception_calc.pictures.vega import Spec

STEP = 20
"""Pixels of a bar with its gap."""


def spec() -> Spec:
    """`bars`: place, name, start, stop, kind (total, rise or fall), said, tip, row. The height follows their number."""
    number = signal(f"bytes ? ({BYTE_LABEL}) : ({COUNT_LABEL})")
    made = picture(
        "Differences from one network to another, as a waterfall",
        (820, 400),
        ["bars"],
        [
            mark(
                "rect",
                "bars",
                {
                    "x": {"scale": "x", "field": "start"},
                    "x2": {"scale": "x", "field": "stop"},
                    "y": {"scale": "y", "field": "place"},
                    "height": {"scale": "y", "band": 1},
                    "fill": signal("datum.kind == 'total' ? soft : datum.kind == 'rise' ? alarm : accent"),
                    "tooltip": {"field": "tip"},
                    "cursor": {"value": "pointer"},
                },
            ),
            text(
                "bars",
                {
                    "x": signal("max(scale('x', datum.start), scale('x', datum.stop)) + 5"),
                    "y": {"scale": "y", "field": "place", "band": 0.5},
                    "text": {"field": "said"},
                    "fontSize": {"value": 10},
                },
            ),
            text(
                "bars",
                {
                    "x": {"value": -8},
                    "y": {"scale": "y", "field": "place", "band": 0.5},
                    "align": {"value": "right"},
                    "limit": {"value": 170},
                    "text": {"field": "name"},
                },
            ),
        ],
        scales=[
            {
                "name": "x",
                "domain": {"data": "bars", "fields": ["start", "stop"]},
                "range": signal("[0, width - 60]"),
                "zero": True,
            },
            {
                "name": "y",
                "type": "band",
                "domain": {"data": "bars", "field": "place"},
                "range": "height",
                "padding": 0.25,
            },
        ],
        axes=[axis("bottom", "x", "across", encode={"labels": {"update": {"text": number}}})],
        signals={"bytes": False, "bars": 1},
    )
    made["padding"] = {"left": 190, "right": 10, "top": 6, "bottom": 6}
    made["autosize"] = {"type": "pad"}
    return made

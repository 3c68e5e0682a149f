"""Where the cost sits: an icicle, network > stage > row > layer, each as tall as its share."""

from __future__ import annotations

from typing import Any

from inception_calc.analysis import Analysis
from inception_calc.analysis.metrics import METRICS
from inception_calc.pictures.numbers import counts, said, share_said, shown
from inception_calc.pictures.theme import HUES, mark, picture, signal, text, tints
from inception_calc.pictures.vega import Spec
from inception_calc.problems import InputError, Problem

NARROW = 22
"""Pixels of a level above the one that is looked at."""

X = f"(datum.level < focus ? datum.level * {NARROW} : focus * {NARROW} + (datum.level - focus) * wide)"
X2 = f"(datum.level < focus ? (datum.level + 1) * {NARROW} : focus * {NARROW} + (datum.level + 1 - focus) * wide)"


def spec() -> Spec:
    """`nodes`: level (0 to 3), start and stop (shares of the whole), hue, name, said (its number and share), tip, id.

    Signals: `low`, `high` the part that is looked at, `focus` the level of its own column.
    """
    nodes = {
        "name": "nodes",
        "values": [],
        "transform": [
            {"type": "filter", "expr": "datum.stop > low && datum.start < high"},
            {"type": "formula", "as": "y", "expr": "height * (max(datum.start, low) - low) / (high - low)"},
            {"type": "formula", "as": "y2", "expr": "height * (min(datum.stop, high) - low) / (high - low)"},
            {"type": "filter", "expr": "datum.y2 - datum.y > 0.4"},
            {"type": "formula", "as": "x", "expr": X},
            {"type": "formula", "as": "x2", "expr": X2},
        ],
    }
    seen = {
        "name": "named",
        "source": "nodes",
        "transform": [{"type": "filter", "expr": "datum.y2 - datum.y >= 12 && datum.x2 - datum.x > 40"}],
    }
    made = picture(
        "Where the cost sits: network, stages, rows and layers, each as tall as its share",
        (820, 560),
        [nodes, seen],
        [
            mark(
                "rect",
                "nodes",
                {
                    "x": {"field": "x"},
                    "x2": {"field": "x2"},
                    "y": {"field": "y"},
                    "y2": {"field": "y2"},
                    "fill": {"scale": "tint", "signal": "datum.level ? datum.hue * 3 + datum.level - 1 : -1"},
                    "stroke": signal("datum.chosen ? ink : paper"),
                    "strokeWidth": signal("datum.chosen ? 2.5 : min(1, (datum.y2 - datum.y) / 4)"),
                    "zindex": signal("datum.chosen ? 1 : 0"),
                    "cursor": {"value": "pointer"},
                    "tooltip": {"field": "tip"},
                },
            ),
            text(
                "named",
                {
                    "x": signal("datum.x + 5"),
                    "y": signal("(datum.y + datum.y2) / 2"),
                    "fill": {"value": "#16202a"},
                    "limit": signal("datum.x2 - datum.x - 9"),
                    "text": signal("datum.name + '  ' + datum.said"),
                },
            ),
        ],
        signals={"low": 0, "high": 1, "focus": 1},
        scales=[
            {"name": "tint", "type": "ordinal", "domain": [-1, *range(len(tints()))], "range": ["#c4ccd4", *tints()]}
        ],
    )
    made["signals"].append({"name": "wide", "update": f"(width - focus * {NARROW}) / (4 - focus)"})
    return made


def tables(analysis: Analysis, metric: str) -> dict[str, list[dict[str, Any]]]:
    """The nodes of a network by a metric, in the order of the file, each below what it is a part of."""
    values = counts(analysis, metric)
    whole = sum(values)
    if not whole:
        what = f"'{analysis.source}' has no {METRICS[metric].label}: there is nothing to draw"
        raise InputError(Problem("bad-usage", what, None, "choose another --metric"))
    nodes: list[dict[str, Any]] = []

    def add(level: int, name: str, start: int, value: int, hue: int) -> None:
        share = share_said(value, whole)
        nodes.append(
            {
                "id": len(nodes),
                "level": level,
                "name": shown(name),
                "said": f"{said(value, metric)} ({share})",
                "start": start / whole,
                "stop": (start + value) / whole,
                "hue": hue,
            }
        )

    add(0, analysis.name, 0, whole, 0)
    place, stages = 0, analysis.rows_of_stages if analysis.graph.known is None else (analysis.graph.rows,)
    for number, rows in enumerate(stages):
        hue, begin, first = number % len(HUES), place, len(nodes)
        add(1, stage_name([row.name for row in rows]), place, 0, hue)
        for row in rows:
            at = len(nodes)
            add(2, row.name, place, 0, hue)
            start = place
            for index in row.layers:
                add(3, analysis.graph.layers[index].name, place, values[index], hue)
                place += values[index]
            _close(nodes[at], start, place, whole, metric)
        _close(nodes[first], begin, place, whole, metric)
    return {"nodes": [node for node in nodes if node["stop"] > node["start"]]}


def stage_name(rows: list[str]) -> str:
    """`3a to 3b`; the row alone where there is one."""
    return rows[0] if len(rows) == 1 else f"{rows[0]} to {rows[-1]}"


def _close(node: dict[str, Any], start: int, stop: int, whole: int, metric: str) -> None:
    """What a node comes to, once its parts are known."""
    node["said"] = f"{said(stop - start, metric)} ({share_said(stop - start, whole)})"
    node["start"], node["stop"] = start / whole, stop / whole

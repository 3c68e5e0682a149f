"""Memory over time: the live bytes while each layer runs, stacked by tensor, the peak marked with what is alive."""

from __future__ import annotations

from typing import Any

from inception_calc.analysis import Analysis
from inception_calc.analysis.memory import INPUT_NAME, Tensor, tensors
from inception_calc.pictures.numbers import bytes_said, check_bytes, rows_of_layers, shown
from inception_calc.pictures.theme import (
    BYTE_LABEL,
    HUES,
    ROOM_FOR_ROWS,
    ROW_NAMES,
    at,
    axis,
    mark,
    picture,
    signal,
    text,
)
from inception_calc.pictures.vega import Spec

MOST_ALIVE = 6
"""Tensors that are named at the peak."""


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
                    **at("at", "bytes"),
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


def tables(analysis: Analysis) -> dict[str, list[dict[str, Any]]]:
    """The live tensors of a network; raises `Undecided` or `InputError` where bytes or sizes are not known."""
    check_bytes(analysis)
    graph = analysis.graph
    stop, all_of_them = graph.stop, tensors(graph, analysis.element_size)
    live = [sum(int(one.bytes) for one in all_of_them if one.first <= layer <= one.last) for layer in range(stop)]
    most, at = max(((size, -layer) for layer, size in enumerate(live)), default=(0, 0))
    alive = sorted((one for one in all_of_them if one.first <= -at <= one.last), key=lambda one: -int(one.bytes))
    names = [f"{shown(graph.name_of(one.written, INPUT_NAME))} {bytes_said(int(one.bytes))}" for one in alive]
    more = [f"and {len(names) - MOST_ALIVE} more"] if len(names) > MOST_ALIVE else []
    lines = [f"peak {bytes_said(most)} at {shown(graph.name_of(-at, INPUT_NAME))}", *names[:MOST_ALIVE], *more]
    return {
        "pieces": list(_pieces(all_of_them, stop)),
        "live": [{"at": index, "bytes": value} for index, value in enumerate([*live, *live[-1:]])],
        "rows": rows_of_layers(analysis, stop),
        "peak": [{"start": -at, "stop": 1 - at, "bytes": most, "lines": lines}],
    }


def _pieces(alive_at_all: tuple[Tensor, ...], stop: int) -> list[dict[str, Any]]:
    """Tensors stacked in the order of writing; a piece is as long as nothing below it dies."""
    pieces: list[dict[str, Any]] = []
    stack: list[tuple[int, Tensor]] = []
    begun: dict[int, tuple[int, int]] = {}

    def close(number: int, tensor: Tensor, until: int) -> None:
        start, low = begun.pop(number)
        if start < until:
            high = low + int(tensor.bytes)
            pieces.append({"start": start, "stop": until, "low": low, "high": high, "hue": number % len(HUES)})

    for layer in range(stop + 1):
        for number, tensor in [pair for pair in stack if pair[1].last < layer]:
            close(number, tensor, layer)
            stack.remove((number, tensor))
        stack += [(number, tensor) for number, tensor in enumerate(alive_at_all) if tensor.first == layer < stop]
        low = 0
        for number, tensor in stack:
            if number in begun and begun[number][1] != low:
                close(number, tensor, layer)
            begun.setdefault(number, (layer, low))
            low += int(tensor.bytes)
    return pieces

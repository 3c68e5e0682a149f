"""What a unit sees: the receptive field and the stride of each layer, in elements of the image."""

from __future__ import annotations

from typing import Any

from inception_calc.analysis import Analysis
from inception_calc.analysis.receptive_field import receptive_fields
from inception_calc.pictures.numbers import rows_of_layers
from inception_calc.pictures.theme import LOG_LABEL, ROOM_FOR_ROWS, ROW_NAMES, at, axis, mark, picture, signal, text
from inception_calc.pictures.vega import Spec
from inception_calc.problems import InputError, Problem


def spec() -> Spec:
    """`fields`: at, size, stride (null where there is none), tip, row; `rows`; `image`: size, said; `ends`: at, value,
    said, the names of the two lines.
    """

    def line(field: str, color: str, dash: list[int]) -> dict[str, Any]:
        return mark(
            "line",
            "fields",
            {
                "x": {"scale": "x", "field": "at", "offset": signal("step / 2")},
                "y": {"scale": "y", "field": field},
                "defined": signal(f"datum.{field} != null && datum.{field} > 0"),
                "stroke": signal(color),
                "strokeWidth": {"value": 1.5},
                "strokeDash": {"value": dash},
                "interpolate": {"value": "step"},
            },
            interactive=False,
        )

    def dots(field: str, color: str, shape: str) -> dict[str, Any]:
        return mark(
            "symbol",
            "fields",
            {
                "x": {"scale": "x", "field": "at", "offset": signal("step / 2")},
                "y": {"scale": "y", "field": field},
                "opacity": signal(f"datum.{field} != null && datum.{field} > 0 ? 1 : 0"),
                "shape": {"value": shape},
                "size": signal("max(6, min(40, step * step))"),
                "fill": signal(color),
                "tooltip": {"field": "tip"},
                "cursor": {"value": "pointer"},
            },
        )

    made = picture(
        "Receptive field and stride of each layer, in elements of the image",
        (820, 320),
        ["fields", "rows", "image", "ends"],
        [
            *ROW_NAMES,
            mark(
                "rule",
                "image",
                {
                    "x": {"value": 0},
                    "x2": signal("width"),
                    "y": {"scale": "y", "field": "size"},
                    "stroke": signal("soft"),
                    "strokeDash": {"value": [2, 3]},
                },
                interactive=False,
            ),
            text(
                "image",
                {"x": {"value": 4}, "y": {"scale": "y", "field": "size", "offset": -8}, "text": {"field": "said"}},
            ),
            line("size", "accent", [1, 0]),
            line("stride", "alarm", [6, 3]),
            dots("size", "accent", "circle"),
            dots("stride", "alarm", "square"),
            text(
                "ends",
                {
                    **at("at", "value", right=-4, down=-11),
                    "align": {"value": "right"},
                    "text": {"field": "said"},
                },
            ),
        ],
        scales=[
            {"name": "x", "type": "linear", "domain": signal("[0, steps]"), "range": "width"},
            {
                "name": "y",
                "type": "log",
                "domain": {
                    "fields": [
                        {"data": "fields", "field": "size"},
                        {"data": "image", "field": "size"},
                        [1],
                    ]
                },
                "range": "height",
                "nice": True,
            },
        ],
        axes=[axis("left", "y", "up", encode={"labels": {"update": {"text": signal(LOG_LABEL)}}})],
        signals={"steps": 1},
        padding=ROOM_FOR_ROWS,
    )
    made["signals"].append({"name": "step", "update": "width / steps"})
    return made


def tables(analysis: Analysis) -> dict[str, list[dict[str, Any]]]:
    """What the layers of a network see, of several axes the largest; raises `InputError` where none is known."""
    graph = analysis.graph
    fields: list[dict[str, Any]] = [
        {"at": index, "size": max(field.size), "stride": None if field.stride is None else float(max(field.stride))}
        for index, field in enumerate(receptive_fields(graph)[: graph.stop])
        if field is not None and field.size and all(isinstance(size, int) for size in field.size)
    ]
    if not fields:
        what = f"no receptive field is known in '{analysis.source}'"
        fix = "set every size; a file whose axes have no roles has none"
        raise InputError(Problem("bad-usage", what, None, fix))
    image = max(graph.input.sides, default=0)
    ends: list[dict[str, Any]] = []
    for key, name in (("size", "receptive field"), ("stride", "stride")):
        known = [field for field in fields if field[key]]
        ends += [{"at": one["at"] + 1, "value": one[key], "said": f"{name} {one[key]:g}"} for one in known[-1:]]
    return {
        "fields": fields,
        "rows": rows_of_layers(analysis, graph.stop),
        "image": [{"size": image, "said": f"the input: {image}"}] if image else [],
        "ends": ends,
    }

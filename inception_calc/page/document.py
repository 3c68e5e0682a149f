"""The data of a page: networks in closed forms, from which its scripts work out every number and picture.

Counts are those that `analyze` gives, as forms (`page.forms`): at the setting that was asked for they are what `table`
prints, and at another one what `table --set` prints there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inception_calc.analysis import CONVENTION, Analysis, LayerCost
from inception_calc.analysis.memory import tensors
from inception_calc.analysis.receptive_field import ReceptiveField, receptive_fields
from inception_calc.dims import Shape, UnknownShape
from inception_calc.dims.polynomial import polynomial, summed
from inception_calc.formula.varied import Varied
from inception_calc.graph import IMAGE
from inception_calc.page.forms import Forms
from inception_calc.page.symbols import condition_entries, entries, replacements
from inception_calc.pictures.layout import Placed, drawing_of
from inception_calc.report.cost_table import title_of
from inception_calc.report.notes import network_notes
from inception_calc.report.text import visible

COUNTS = ("params", "weights", "biases", "buffers", "multiply_adds", "element_ops", "activation_elements")
"""What is counted for each layer; flops and, where all numbers have one size, most bytes follow."""
BYTES = ("param_bytes", "activation_bytes", "traffic_bytes")
DERIVED = ("weights", "biases", "affine", "multiply_adds", "element_ops")
"""The quantities whose formula a layer shows."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One network of a page."""

    analysis: Analysis
    varied: Varied | None
    why_fixed: str
    printed: Mapping[str, Any] | None = None
    budget: tuple[Mapping[str, Any], ...] = ()


def counts_of(analysis: Analysis) -> tuple[str, ...]:
    """What is counted: bytes that are known, those of params and activations only where no one size gives them."""
    if not analysis.has_bytes:
        return COUNTS
    return (*COUNTS, "traffic_bytes") if analysis.element_size else (*COUNTS, *BYTES)


def costs_of(analysis: Analysis, free: Analysis) -> Sequence[LayerCost]:
    """The costs with free symbols, in the type of the numbers that was asked for."""
    return [cost._replace(element_size=analysis.element_size) for cost in free.layers]


class Words:
    """Texts that stand once, however often they are used; all are made visible."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """Where the text stands."""
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(visible(text))
        return self._places[text]


def network_entry(subject: Subject) -> dict[str, Any]:
    """Everything about one network."""
    analysis, varied = subject.analysis, subject.varied
    free = analysis if varied is None else varied.analysis
    forms = Forms({} if varied is None else replacements(varied))
    words = Words()
    setting = analysis.setting
    entry = {
        "name": visible(analysis.name),
        "title": visible(title_of(analysis)),
        "source": visible(analysis.source),
        "variant": visible(analysis.variant),
        "training": setting.training,
        "dtype": analysis.dtype,
        "element_size": analysis.element_size,
        "has_bytes": analysis.has_bytes,
        "convention": CONVENTION,
        "depth": [analysis.totals.depth, analysis.totals.depth_with_pools],
        "notes": [visible(note) for note in network_notes(analysis)],
        "incomplete": bool(analysis.graph.known and analysis.graph.known.gaps),
        "symbols": [] if varied is None else entries(varied),
        "conditions": [] if varied is None else condition_entries(varied, forms),
        "fixed": subject.why_fixed,
        "inputs": [
            {"name": visible(free.graph.name_of(IMAGE - place, "input")), "shape": _shape(x, forms)}
            for place, x in enumerate(free.graph.entering)
        ],
        "sides": [forms.place(side) for side in free.graph.input.sides],
        "layers": _layers(analysis, free, forms, words),
        "rows": _rows(analysis),
        "stages": _stages(analysis),
        "drawing": _drawing(analysis),
        "totals": _totals(analysis, free, forms),
        "tensors": _tensors(analysis, free, forms),
        "stop": analysis.graph.stop,
        "printed": subject.printed,
        "budget": list(subject.budget),
    }
    return {**entry, "words": words.texts, "atoms": forms.atoms, "forms": forms.entries}


def _layers(analysis: Analysis, free: Analysis, forms: Forms, words: Words) -> dict[str, Any]:
    """The layers, column by column: a name stands once and not five thousand times."""
    graph, costs = analysis.graph, costs_of(analysis, free)
    rows = {index: place for place, row in enumerate(graph.rows) for index in row.layers}
    columns: dict[str, Any] = {
        "name": [visible(layer.name) for layer in graph.layers],
        "op": [words.place(layer.op.op) for layer in graph.layers],
        "row": [rows.get(index, -1) for index in range(len(graph.layers))],
        "branch": [words.place(layer.branch) for layer in graph.layers],
        "inputs": [list(layer.inputs) for layer in graph.layers],
        "patch": [_patch(*pair, words) for pair in zip(analysis.layers, costs, strict=True)],
        "shape": [_shape(layer.output, forms) for layer in free.graph.layers],
        "derivations": [_derivations(cost, forms, words) for cost in costs],
    }
    columns |= {name: [forms.place(getattr(cost, name)) for cost in costs] for name in counts_of(analysis)}
    fields, free_fields = receptive_fields(graph), receptive_fields(free.graph)
    columns["field"] = [_field(*pair, forms) for pair in zip(fields, free_fields, strict=True)]
    return columns


def _shape(shape: Shape, forms: Forms) -> list[int] | None:
    """The sides as papers print them; None where nothing is known."""
    return None if isinstance(shape, UnknownShape) else [forms.place(side) for side in shape.in_print]


def _drawing(analysis: Analysis) -> dict[str, Any]:
    """The boxes of the network at their places; what share each has, the page works out."""
    drawn = drawing_of(analysis)

    def placed(one: Placed) -> list[Any]:
        return [one.x, one.y, one.width, one.height, one.name, one.kind, _runs(sorted(one.layers))]

    return {
        "boxes": list(map(placed, drawn.boxes)),
        "frames": list(map(placed, drawn.frames)),
        "paths": list(drawn.paths),
        "width": drawn.width,
        "height": drawn.height,
        "left_out": drawn.left_out,
    }


def _totals(analysis: Analysis, free: Analysis, forms: Forms) -> dict[str, int]:
    """The whole network in one form for each count, for curves of many points."""
    costs = costs_of(analysis, free)
    sums = {name: summed(polynomial(getattr(cost, name)) for cost in costs) for name in counts_of(analysis)}
    return {name: forms.place(form) for name, form in sums.items()}


def _patch(cost: LayerCost, free: LayerCost, words: Words) -> int | list[int]:
    """The window in words; where a free symbol decides it, also as a formula."""
    texts = [each.layer.op.patch(each.inputs[0]) if each.inputs else "" for each in (cost, free)]
    return words.place(texts[0]) if texts[0] == texts[1] else [words.place(text) for text in texts]


def _derivations(cost: LayerCost, forms: Forms, words: Words) -> list[list[int]]:
    """Quantity, formula, and what the names in it stand for, in the order of their first use."""
    layer, found = cost.layer, []
    for one in layer.op.derivations(cost.inputs, layer.output):
        if one.quantity in DERIVED:
            values = [part for name, value in one.values.items() for part in (words.place(name), forms.place(value))]
            found.append([words.place(one.quantity), words.place(one.formula), *values])
    return found


def _field(at: ReceptiveField | None, free: ReceptiveField | None, forms: Forms) -> list[Any] | None:
    """The size seen along each axis, as a form where one says it, and the strides; None where there is no one field."""
    if at is None or not all(isinstance(size, int) for size in at.size):
        return None
    sizes = [forms.place(size) for size in (at if free is None else free).size]
    strides = None if at.stride is None else [float(stride) for stride in at.stride]
    return [sizes, strides, free is not None]


def _rows(analysis: Analysis) -> list[dict[str, Any]]:
    return [
        {
            "name": visible(group.name),
            "label": visible(group.label),
            "type": visible(group.type),
            "patch": visible(group.patch),
            "layers": _runs(row.layers),
            "result": row.result,
            "depth": group.totals.depth,
            "head": row.is_head,
            "cells": {visible(name): visible(str(value)) for name, value in row.cells_read.items()},
        }
        for group in analysis.rows
        if (row := group.row) is not None
    ]


def _runs(indices: Iterable[int]) -> list[list[int]]:
    """Indices as runs, `[first, last]`: rows of specs are one each, those of files of other tools interleave."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and runs[-1][1] == index - 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return runs


def _stages(analysis: Analysis) -> list[dict[str, Any]]:
    """Each stage's name and the places of its rows; one stage where axes have no roles."""
    if analysis.graph.known is not None:
        return [{"name": "all rows", "rows": list(range(len(analysis.graph.rows)))}]
    found: list[dict[str, Any]] = []
    place = 0
    for stage, rows in zip(analysis.stages, analysis.rows_of_stages, strict=True):
        found.append({"name": visible(stage.name), "rows": list(range(place, place + len(rows)))})
        place += len(rows)
    return found


def _tensors(analysis: Analysis, free: Analysis, forms: Forms) -> list[list[int]]:
    """Who writes each tensor (an input below zero), its bytes, and the layers between which it is alive."""
    if not analysis.has_bytes:
        return []
    found = tensors(free.graph, analysis.element_size)
    return [[one.written, forms.place(one.bytes), one.first, one.last] for one in found]


def document_text(document: Mapping[str, Any]) -> str:
    """JSON that is text inside a script element, whatever a name holds: no `<`, and ASCII alone."""
    text = json.dumps(document, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

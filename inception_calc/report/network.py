"""Analysis -> boxes and arrows, before any drawing language writes them."""

from __future__ import annotations

from dataclasses import dataclass

from inception_calc.analysis import Analysis
from inception_calc.dims import Dim, Shape
from inception_calc.graph import IMAGE, Known
from inception_calc.report.table_json import INPUT


@dataclass(frozen=True, slots=True)
class Box:
    """A layer, a row, or the input. `group` is the row of a layer."""

    name: str
    kind: str
    group: str
    output: Shape
    params: Dim
    multiply_adds: Dim


@dataclass(frozen=True, slots=True)
class Network:
    """Boxes in execution order, the inputs first; arrows are pairs of their indices."""

    name: str
    variant: str
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int], ...]
    known: Known | None = None
    """Of a file that others wrote: what was assumed, and what is not known."""


def network_of(analysis: Analysis, by: str = "layer") -> Network:
    """The network layer by layer, or row by row."""
    graph = analysis.graph
    inputs = [Box(graph.name_of(IMAGE - at, INPUT), INPUT, "", x, 0, 0) for at, x in enumerate(graph.entering)]
    boxes, arrows = _layers(analysis) if by == "layer" else _rows(analysis)
    return Network(analysis.name, analysis.variant, (*inputs, *boxes), tuple(arrows), graph.known)


def _layers(analysis: Analysis) -> tuple[list[Box], list[tuple[int, int]]]:
    boxes = [
        Box(cost.layer.name, cost.layer.op.op, cost.layer.row, cost.layer.output, cost.params, cost.multiply_adds)
        for cost in analysis.layers
    ]
    inputs = len(analysis.graph.entering)  # their boxes stand first
    arrows = [
        (source + inputs if source >= 0 else IMAGE - source, index + inputs)
        for index, cost in enumerate(analysis.layers)
        for source in dict.fromkeys(cost.layer.inputs)
    ]
    return boxes, arrows


def _rows(analysis: Analysis) -> tuple[list[Box], list[tuple[int, int]]]:
    owner = {IMAGE - place: place for place in range(len(analysis.graph.entering))}
    boxes, arrows = [], []
    for place, group in enumerate(analysis.rows, len(owner)):
        row = group.row
        assert row is not None
        owner.update(dict.fromkeys(row.layers, place))
        boxes.append(Box(group.name, group.label, "", row.output, group.totals.params, group.totals.multiply_adds))
        if not row.layers:  # a row without layers hands on what enters it
            arrows.append((owner[row.source], place))
    for index, cost in enumerate(analysis.layers):
        arrows += [(owner[source], owner[index]) for source in cost.layer.inputs if owner[source] != owner[index]]
    return boxes, list(dict.fromkeys(arrows))

"""Analysis -> units: what a runtime computes as one kernel, with the two numbers that its time may depend on.

Runtimes fold batch norm into a convolution and compute activation and residual sum on the way out. So a
convolution with what follows it is one unit, and its time is compared with the sum of its layers' counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from inception_calc.analysis import Analysis
from inception_calc.graph import Graph
from inception_calc.ops.activation_words import ACTIVATIONS
from inception_calc.ops.layer import LayerOp
from inception_calc.problems import Problem, Undecided, listed

COMPUTING = frozenset({"convolution", "depthwise convolution", "linear", "transposed convolution"})
"""Layers that others may be folded into."""
FREE = frozenset({"dropout", "flatten", "identity"})
"""Nothing at inference: part of whatever comes before."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One kernel's work. `layers` are indices; `bytes` counts every input, output and array once."""

    name: str
    kind: str
    layers: tuple[int, ...]
    multiply_adds: int
    params: int
    bytes: int
    input_channels: int
    positions: int
    """Places of the output map, its channels left out."""
    is_first: bool
    """It reads the network's input."""

    @property
    def intensity(self) -> float:
        """Multiply-adds per byte."""
        return self.multiply_adds / self.bytes


def units_of(analysis: Analysis) -> tuple[Unit, ...]:
    """The units in execution order; raises `Undecided` where a symbol is free, or bytes are not known."""
    if any(cost.element_size == 0 for cost in analysis.layers):
        what = f"tensors in '{analysis.source}' are of several types: their bytes are not counted yet"
        raise Undecided(Problem("not-counted", what, None, "inception-calc validate measures it"))
    if analysis.free:
        raise Undecided(
            Problem(
                "free-symbol",
                f"{listed(analysis.free)} is free, and a latency needs numbers",
                None,
                f"set it: --set {analysis.free[0]}=...",
            )
        )
    groups = _grouped(analysis.graph)
    return tuple(_unit(analysis, members) for members in groups)


def _grouped(graph: Graph) -> list[list[int]]:
    """Indices of layers by unit."""
    readers: dict[int, int] = {}
    for layer in graph.layers:
        for source in layer.inputs:
            readers[source] = readers.get(source, 0) + 1
    groups: list[list[int]] = []
    group_of: dict[int, int] = {}
    for index, layer in enumerate(graph.layers):
        host = None
        if layer.op.moves_nothing and not layer.inputs:
            continue  # constants and shapes, which are known before anything runs
        for source in reversed(layer.inputs):
            if source < 0 or readers[source] != 1:
                continue
            members = groups[group_of[source]]
            if members[-1] == source and _folds(graph, members, layer.op):
                host = group_of[source]
                break
        if host is None:
            host = len(groups)
            groups.append([])
        groups[host].append(index)
        group_of[index] = host
    return groups


def _folds(graph: Graph, members: list[int], layer: LayerOp) -> bool:
    """Whether a layer is computed with the unit that it reads."""
    op, ops = layer.op, [graph.layers[member].op.op for member in members]
    if op in FREE or layer.view:
        return True
    if ops[0] not in COMPUTING or not set(ACTIVATIONS).isdisjoint(ops):
        return False
    if op in ACTIVATIONS:
        return True
    return ops[0] != "linear" and ((op == "batch norm" and len(ops) == 1) or (op == "sum" and "sum" not in ops))


def _unit(analysis: Analysis, members: list[int]) -> Unit:
    graph, costs = analysis.graph, [analysis.layers[member] for member in members]
    first, last = costs[0].layer, costs[-1].layer
    inside = set(members)
    read = sum(graph.map_of(source).elements for cost in costs for source in cost.layer.inputs if source not in inside)
    params = sum(cost.used.trainable for cost in costs)
    elements = (read + last.output.elements) * graph.batch + params
    return Unit(
        name=first.name,
        kind=first.op.op,
        layers=tuple(members),
        multiply_adds=sum(cost.multiply_adds for cost in costs),
        params=params,
        bytes=costs[0].element_size * elements,
        input_channels=graph.map_of(first.inputs[0]).channels if first.inputs else 1,
        positions=last.output.positions,
        is_first=any(source < 0 for source in first.inputs),
    )


@dataclass(frozen=True, slots=True)
class TimedUnit:
    """A unit with its time: `milliseconds` is a low percentile over the rounds, `high` a high one."""

    unit: Unit
    milliseconds: float
    high: float

    def renamed(self, name: str) -> TimedUnit:
        """The same under another name."""
        return replace(self, unit=replace(self.unit, name=name))


def by_kind(units: tuple[TimedUnit, ...]) -> Mapping[str, list[TimedUnit]]:
    """Units by kind, in order of first appearance."""
    kinds: dict[str, list[TimedUnit]] = {}
    for timed in units:
        kinds.setdefault(timed.unit.kind, []).append(timed)
    return kinds

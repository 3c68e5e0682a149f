"""Graph -> analysis."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from inception_calc.analysis.model import Analysis, LayerCost, longest_path, summed
from inception_calc.dims import Dim
from inception_calc.graph import Graph, Setting, build, setting_of
from inception_calc.problems import Fault, Faults, InputError
from inception_calc.spec_file import LoadedSpec, SpecError, load
from inception_calc.spec_file.load import in_file_order


def analyze(
    spec: LoadedSpec | str,
    *,
    input: tuple[int, int, int] | None = None,  # noqa: A002 - the word of the spec
    batch: int | None = None,
    symbols: Mapping[str, int | Fraction | str | None] | None = None,
    training: bool = False,
    round_to: int | None = None,
) -> Analysis:
    """Shapes, params and multiply-adds of a spec.

    `spec` is what `load` returned, or anything that `load` takes. `input` is (channels, height, width) of an
    image. `symbols` sets symbols of the spec or `batch`, `height`, `width`, `size`, `width_multiplier`; None
    leaves one free, and what depends on it becomes a sympy expression. With `training`, heads are counted.
    `round_to` rounds filter counts under a width multiplier to a multiple, as mobile networks do.

    Raises `InputError` where the network cannot be built, with every problem found.
    """
    try:
        loaded = load(spec) if isinstance(spec, str) else spec
    except SpecError as error:  # what is wrong with sizes belongs to the same answer
        if error.rest is None:
            raise
        try:
            _graph_of(error.rest, input, batch, symbols, training, round_to)
        except InputError as more:
            raise InputError(*in_file_order([*error.problems, *more.problems])) from None
        raise
    setting, graph = _graph_of(loaded, input, batch, symbols, training, round_to)
    layers = costs_of(graph)
    body = (
        range(len(graph.layers))
        if not graph.rows
        else range(max((row.stop for row in graph.rows if not row.is_head), default=0))
    )
    end = next((row.result for row in reversed(graph.rows) if not row.is_head), -1)
    totals = summed(layers, *longest_path(graph, body, end))
    return Analysis(graph.name, loaded.source, loaded.variant, loaded.spec, setting, graph, layers, totals)


def _graph_of(
    loaded: LoadedSpec,
    size: tuple[int, int, int] | None,
    batch: int | None,
    symbols: Mapping[str, int | Fraction | str | None] | None,
    training: bool,
    round_to: int | None,
) -> tuple[Setting, Graph]:
    """The network at a setting; raises `InputError` with every fault of its sizes."""
    setting = setting_of(loaded.spec, size, batch, symbols, training, round_to)
    try:
        return setting, build(loaded.spec, setting, loaded.place)
    except (Fault, Faults) as fault:
        raise loaded.error(fault) from None


def costs_of(graph: Graph) -> tuple[LayerCost, ...]:
    """Every layer's cost for the whole batch."""
    batch = graph.batch
    stored = stored_elements(graph)
    costs = []
    for layer, elements in zip(graph.layers, stored, strict=True):
        cost = layer.op.cost(graph.inputs_of(layer), layer.output)
        costs.append(
            LayerCost(layer, cost.params, cost.multiply_adds * batch, cost.element_ops * batch, elements * batch)
        )
    return tuple(costs)


def stored_elements(graph: Graph) -> list[Dim]:
    """For each layer the elements of its output that need memory of their own, for one image.

    A layer that can overwrite its input does so where nobody else reads that input. A concatenation needs no
    memory where every input was written for it alone: each branch writes its part in place (design, section 2).
    """
    readers = [0] * len(graph.layers)
    for layer in graph.layers:
        for source in layer.inputs:
            if source >= 0:
                readers[source] += 1
    stored: list[Dim] = []
    for layer in graph.layers:
        alone = all(source >= 0 and readers[source] == 1 for source in layer.inputs)
        free = layer.op.view or ((layer.op.in_place or layer.op.op == "concat") and alone)
        stored.append(0 if free else layer.output.elements)
    return stored

"""Graph -> analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from inception_calc.analysis.memory import needs_memory
from inception_calc.analysis.model import DTYPES, Analysis, LayerCost, longest_path, summed
from inception_calc.dims import FeatureMap
from inception_calc.graph import Graph, Setting, build, setting_of
from inception_calc.problems import Fault, Faults, InputError, Problem, listed, nearest
from inception_calc.spec_file import LoadedSpec, load


def analyze(
    spec: LoadedSpec | str,
    *,
    input: tuple[int, int, int] | None = None,  # noqa: A002 - the word of the spec
    batch: int | None = None,
    symbols: Mapping[str, int | Fraction | str | None] | None = None,
    training: bool = False,
    round_to: int | None = None,
    dtype: str = "fp32",
    fully_convolutional: bool = False,
) -> Analysis:
    """Shapes, params and multiply-adds of a spec.

    `spec` is what `load` returned, or anything that `load` takes. `input` is (channels, height, width) of an
    image. `symbols` sets symbols of the spec or `batch`, `height`, `width`, `size`, `width_multiplier`; None
    leaves one free, and what depends on it becomes a sympy expression. With `training`, heads are counted.
    `round_to` rounds filter counts under a width multiplier to a multiple, as mobile networks do. `dtype` (fp32,
    fp16, bf16, int8) decides bytes, nothing else. `fully_convolutional` reads linear layers and global pools as
    windows of the size that the spec's own input gives them, so that a larger input leaves a larger output map.

    Raises `InputError` where the network cannot be built, with every problem found.
    """
    if dtype not in DTYPES:
        hint = nearest(dtype, DTYPES) or f"there are {listed(DTYPES)}"
        raise InputError(Problem("bad-value", f"there is no data type '{dtype}'", None, hint))
    loaded = load(spec) if isinstance(spec, str) else spec
    setting = setting_of(loaded.spec, input, batch, symbols, training, round_to)
    try:
        if fully_convolutional:
            setting = replace(setting, made_for=_maps_at_own_size(loaded, setting))
        graph = build(loaded.spec, setting, loaded.place)
    except (Fault, Faults) as fault:
        raise loaded.error(fault) from None
    layers = costs_of(graph, DTYPES[dtype])
    body = (
        range(len(graph.layers))
        if not graph.rows
        else range(max((row.stop for row in graph.rows if not row.is_head), default=0))
    )
    end = next((row.result for row in reversed(graph.rows) if not row.is_head), -1)
    totals = summed(layers, *longest_path(graph, body, end))
    return Analysis(graph.name, loaded.source, loaded.variant, loaded.spec, setting, graph, layers, totals, dtype)


def _maps_at_own_size(loaded: LoadedSpec, setting: Setting) -> dict[str, FeatureMap]:
    """Layer -> the map that enters it at the spec's own input size."""
    own_size = replace(setting, input=loaded.spec.input._replace(channels=setting.input.channels), made_for={})
    graph = build(loaded.spec, own_size, loaded.place)
    return {layer.name: graph.map_of(layer.inputs[0]) for layer in graph.layers}


def costs_of(graph: Graph, element_size: int) -> tuple[LayerCost, ...]:
    """Every layer's cost for the whole batch."""
    batch = graph.batch
    own = needs_memory(graph)
    costs = []
    for layer, stored in zip(graph.layers, own, strict=True):
        inputs = graph.inputs_of(layer)
        cost = layer.op.cost(inputs, layer.output)
        costs.append(
            LayerCost(
                layer,
                cost.params,
                cost.multiply_adds * batch,
                cost.element_ops * batch,
                layer.output.elements * batch if stored else 0,
                inputs,
                batch,
                element_size,
            )
        )
    return tuple(costs)

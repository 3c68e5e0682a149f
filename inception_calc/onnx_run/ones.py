"""The all-ones proof: with weights and inputs of ones, the sum of a layer's outputs is the number of multiplications
that touched real data. Without padding that is the layer's multiply-adds; with padding, the effective ones.
"""

from __future__ import annotations

from collections.abc import Callable

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.dims import Dim
from inception_calc.onnx_export.arrays import Floats, filled
from inception_calc.onnx_export.plan import Plan, PlannedArray, part
from inception_calc.onnx_run.runtime import Options, feeds_of, open_session
from inception_calc.ops.recurrent import RecurrentLayer

LARGEST_EXACT = {"fp32": 2**24, "fp16": 2**11}
"""A type holds every integer up to here, and no output of a layer of ones may be larger."""

SURELY_NEAREST = 0.1


def check_ones(
    analysis: Analysis, planned: Plan, options: Options, on_layer: Callable[[str], None]
) -> tuple[int, list[tuple[str, int, int]]]:
    """How many layers were run on ones, and (layer, counted, ran) where the sum is another. Equal layers run once."""
    covered = 0
    wrong = []
    known: dict[object, int] = {}
    for index, cost in enumerate(analysis.layers):
        if cost.used.weights == 0 or fan_in(cost) > LARGEST_EXACT[options.dtype]:
            continue
        (x,) = analysis.graph.inputs_of(cost.layer)
        if isinstance(cost.layer.op, RecurrentLayer):  # a step's sum goes through its gates
            continue
        key = (cost.layer.op, x)
        if key not in known:
            on_layer(cost.layer.name)
            known[key] = sum_on_ones(part(planned, frozenset({index})), options)
        covered += 1
        if known[key] != cost.effective_multiply_adds:
            wrong.append((cost.layer.name, cost.effective_multiply_adds, known[key]))
    return covered, wrong


def sum_on_ones(planned: Plan, options: Options) -> int:
    """The sum of one layer's outputs where weights and inputs are ones and biases zero.

    Each output is a count. A kernel that transforms its inputs first comes near it: the nearest integer is meant,
    unless one is so far off that it may be another.
    """
    y = run_alike(planned, options, 1.0).astype("float64")
    counts = y.round()
    return int((counts if abs(y - counts).max() < SURELY_NEAREST else y).sum())


def run_alike(planned: Plan, options: Options, weight: float) -> Floats:
    """A layer's outputs where inputs are ones, biases zero and weights all of one value."""

    def array_of(array: PlannedArray) -> Floats:
        return filled(array, weight if array.array.role in ("weights", "embeddings") else 0.0)

    (y,) = open_session(planned, options, array_of).run(feeds_of(planned, None, options.dtype))
    return y


def fan_in(cost: LayerCost) -> Dim:
    """The largest possible output of the layer on ones."""
    return cost.used.weights // cost.layer.output.channels

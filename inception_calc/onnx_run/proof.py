"""The exact proof: one run of the whole graph, and from what really ran shape, params and multiply-adds again.

Nothing here asks an operator what it costs. Multiply-adds follow from the shapes that a kernel was given and gave
(a convolution's output elements times the elements of one filter), params from the arrays that it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import NamedTuple

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.dims import Dim
from inception_calc.onnx_export.arrays import filled
from inception_calc.onnx_export.plan import Plan, PlannedArray, PlannedNode, plan
from inception_calc.onnx_run.made_inputs import MadeInput
from inception_calc.onnx_run.ones import check_ones
from inception_calc.onnx_run.profile import NodeRun, Shape
from inception_calc.onnx_run.runtime import Options, check_nodes, feeds_of, profiled_session
from inception_calc.ops.nodes import NOTHING
from inception_calc.primitives.primitive import Params
from inception_calc.problems import Problem, Undecided, listed


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A number that we count and that did not run so."""

    layer: str
    what: str
    counted: object
    ran: object


class Open(NamedTuple):
    """What could not be compared about a layer, and why."""

    layer: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What ran, against what is counted. `ones` are the layers that the all-ones proof covered."""

    layers: int
    ones: int
    mismatches: tuple[Mismatch, ...]
    open: tuple[Open, ...] = ()
    """What could not be compared: nothing, of a graph that we made."""


@dataclass(frozen=True, slots=True)
class ModelProof:
    """What ran of a user's own file, against what is counted."""

    layers: int
    """Layers of the table whose output shapes and multiply-adds were compared."""
    nodes: int
    """Nodes of the file of which that is so: those of shape arithmetic too."""
    computing: int
    """Those of them that multiply and add."""
    constants: int
    """Constants whose numbers of elements were compared where a kernel got them."""
    unseen: int
    """Layers that get theirs cut, joined, or through a function: not compared."""
    mismatches: tuple[Mismatch, ...]
    open: tuple[Open, ...]
    inputs: tuple[MadeInput, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Sizes that only a run knows, as they came out."""


def _convolution(inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> int:
    """Every output element takes a product with each element of its filter (channels of one group x window)."""
    return prod(outputs[0]) * prod(inputs[1][1:])


def _transposed(inputs: tuple[Shape, ...], _: tuple[Shape, ...]) -> int:
    """Every input element is multiplied with each element of its filters (filters of one group x window)."""
    return prod(inputs[0]) * prod(inputs[1][1:])


def _product(inputs: tuple[Shape, ...], _: tuple[Shape, ...]) -> int:
    """N x K times K x M, or its transpose: every element of the matrix once for each of the N rows."""
    return inputs[0][0] * prod(inputs[1])


def _matrices(inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> int:
    """Every output element takes a product with each element of a row of the first matrix."""
    return prod(outputs[0]) * inputs[0][-1]


def _recurrent(inputs: tuple[Shape, ...], _: tuple[Shape, ...]) -> int:
    """Every step of every sequence takes a product with each element of both matrices."""
    return prod(inputs[0][:2]) * (prod(inputs[1]) + prod(inputs[2]))


MULTIPLY_ADDS: dict[str, Callable[[tuple[Shape, ...], tuple[Shape, ...]], int]] = {
    "Conv": _convolution,
    "ConvTranspose": _transposed,
    "Gemm": _product,
    "MatMul": _matrices,
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "RNN": _recurrent,
}
"""ONNX operator -> its multiply-adds from the shapes that ran; all others have none."""


def prove(analysis: Analysis, options: Options, on_layer: Callable[[str], None] = lambda _: None) -> Proof:
    """Runs the network once without optimization, then each convolution and linear layer on ones."""
    if analysis.free:
        raise Undecided(
            Problem(
                "free-symbol",
                f"{listed(analysis.free)} is free, and only numbers can run",
                None,
                f"set it: --set {analysis.free[0]}=...",
            )
        )
    planned = plan(analysis)
    exact = replace(options, optimized=False)
    on_layer("the whole network")
    with profiled_session(planned, exact, lambda array: filled(array, 0.0)) as (session, runs):
        session.run(feeds_of(planned, dtype=options.dtype))
        nodes = runs()
    check_nodes(options.provider, nodes)
    mismatches = list(compare(analysis, planned, nodes[0]))
    ones, more = check_ones(analysis, planned, exact, on_layer)
    mismatches += [Mismatch(layer, "effective multiply-adds", counted, ran) for layer, counted, ran in more]
    return Proof(len(analysis.layers), ones, tuple(mismatches))


def compare(analysis: Analysis, planned: Plan, nodes: list[NodeRun]) -> Iterator[Mismatch]:
    """Every number of every layer that did not come out."""
    ran = {node.name: node for node in nodes}
    arrays = {array.name: array for array in planned.arrays}
    parts: dict[int, list[PlannedNode]] = {}
    for node in planned.nodes:
        parts.setdefault(node.layer, []).append(node)
    for index, cost in enumerate(analysis.layers):
        missing = [node.name for node in parts[index] if node.name not in ran]
        if missing:
            yield Mismatch(cost.layer.name, "nodes that ran", len(parts[index]), len(parts[index]) - len(missing))
            continue
        for what, counted, found in _numbers(analysis, index, parts[index], ran, arrays):
            if counted != found:
                yield Mismatch(cost.layer.name, what, counted, found)


def _numbers(
    analysis: Analysis, index: int, parts: list[PlannedNode], ran: dict[str, NodeRun], arrays: dict[str, PlannedArray]
) -> Iterator[tuple[str, object, object]]:
    """(what, counted, ran) for one layer. An array that several layers read counts where it is held."""
    cost = analysis.layers[index]
    counts: dict[str, int] = {"weights": 0, "biases": 0, "affine": 0, "buffers": 0, "embeddings": 0}
    shared = 0
    multiply_adds = 0
    for part in parts:
        run = ran[part.name]
        given = [name for name in part.inputs if name != NOTHING]
        for name, shape in zip(given, run.inputs, strict=True):
            if name in arrays and arrays[name].layer != index:
                shared += prod(shape)
            elif name in arrays and arrays[name].array.role != "fixed":
                counts[arrays[name].array.role] += prod(shape)
        count = MULTIPLY_ADDS.get(run.op_type)
        multiply_adds += count(run.inputs, run.outputs) if count else 0
    result = next(part for part in parts if part.is_result)
    yield "output", _shape(analysis.graph.batch, cost, ran[result.name].outputs[0]), ran[result.name].outputs[0]
    yield "params", cost.params, sum(counts.values()) - counts["buffers"]
    yield "weights", cost.weights, counts["weights"]
    yield "buffers", cost.buffers, counts["buffers"]
    yield "shared params and buffers", _numbers_in(cost.used) - _numbers_in(cost.param_counts), shared
    yield "multiply-adds", cost.multiply_adds, multiply_adds


def _numbers_in(params: Params) -> Dim:
    return params.trainable + params.buffers


def _shape(batch: Dim, cost: LayerCost, ran: Shape) -> Shape:
    """Our output in the form that ran: batch, channels and spatial axes, or batch and elements where it is a vector."""
    y = cost.layer.output
    return (batch, *y) if len(ran) == 1 + len(y) else (batch, y.elements)

"""How often a loop runs, in closed form: counters that grow by a fixed step until they reach a limit.

TensorFlow writes `while counter < length` as a loop with the largest integer as its number of trips. The body is
walked with every counter at its value in trip t; the comparison behind the condition is then solved for t.
"""

from __future__ import annotations

from inception_calc.dims import Dim, ceil_div, maximum, minimum, substitute, symbol
from inception_calc.onnx_file.messages import Node
from inception_calc.onnx_graph.body import Body, scalar_of
from inception_calc.onnx_graph.env import Env
from inception_calc.onnx_ops.arithmetic import Scalar, numeric
from inception_calc.onnx_ops.value import BOOL, INT64, INTEGERS, Outputs, Tensor, Value

TRIP = "trip number"  # no name of a size has a space in it
PASSED_ON = frozenset({"Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape"})
DEEPEST = 16


def trips_of(body: Body, start: Scalar, first: Outputs, states: Outputs) -> Dim | None:
    """The number of trips; None where it does not follow. `first` are the states before the loop, `states` in it.

    `start` is whether the loop is entered at all, where that is known.
    """
    trip = symbol(TRIP)
    steps = _steps(body, first, states)
    counting = tuple(
        state if step is None else _counter(value, step, trip)
        for value, state, step in zip(first, states, steps, strict=True)
    )
    env = body.look((Tensor((), INT64, (trip - 1,)), Tensor((), BOOL, (True,)), *counting))
    makers = {name: node for node in body.graph.nodes for name in node.outputs}
    return _solved(body.graph.outputs[0].name, makers, env, start, 0)


def _steps(body: Body, first: Outputs, states: Outputs) -> list[int | None]:
    """By how much each state grows in a trip, None where it is no counter."""
    env = body.look((Tensor((), INT64, (0,)), Tensor((), BOOL, (True,)), *first))
    after = [env[info.name] for info in body.graph.outputs[1 : 1 + len(states)]]
    steps: list[int | None] = []
    for value, later in zip(first, after, strict=True):
        a, b = scalar_of(value), scalar_of(later)
        whole = isinstance(value, Tensor) and value.data_type in INTEGERS
        grown = b - a if whole and a is not None and b is not None else None
        steps.append(grown if isinstance(grown, int) and grown else None)
    return steps


def _counter(value: Value, step: int, trip: Dim) -> Value:
    """A counter at its value in front of a trip, the first trip being 1."""
    assert isinstance(value, Tensor)
    return value._replace(values=(scalar_of(value) + step * (trip - 1),))


def _solved(name: str, makers: dict[str, Node], env: Env, start: Scalar, depth: int) -> Dim | None:
    """After how many trips the condition called `name` no longer holds."""
    node = makers.get(name)
    if node is None or depth > DEEPEST:
        return None
    if node.op_type in PASSED_ON:
        return _solved(node.inputs[0], makers, env, start, depth + 1)
    if node.op_type in {"And", "ReduceMin"}:
        return _first_to_fail(node, makers, env, start, depth)
    if len(node.inputs) != 2:
        return None
    a, b = (scalar_of(env[one]) for one in node.inputs)
    if a is None or b is None:
        return None
    match node.op_type:
        case "Less":
            return _reached(b - a, start)
        case "LessOrEqual":
            return _reached(b - a + 1, start)
        case "Greater":
            return _reached(a - b, start)
        case "GreaterOrEqual":
            return _reached(a - b + 1, start)
    return None


def _first_to_fail(node: Node, makers: dict[str, Node], env: Env, start: Scalar, depth: int) -> Dim | None:
    """The smaller number of trips of several conditions; one that always holds does not count."""
    fewest: Dim | None = None
    for one in node.inputs:
        if scalar_of(env[one]) is True:
            continue
        trips = _solved(one, makers, env, start, depth + 1)
        if trips is None:
            return None
        fewest = trips if fewest is None else minimum(fewest, trips)
    return fewest


def _reached(left: Scalar, start: Scalar) -> Dim | None:
    """The first trip after which `left`, which shrinks evenly from trip to trip, is not above 0."""
    if numeric(left):
        return None
    one, two, three = (substitute(left, {TRIP: trip}) for trip in (1, 2, 3))
    slope = two - one
    if not isinstance(slope, int) or slope >= 0 or three - two != slope:
        return None
    return maximum(ceil_div(one, -slope) + 1, 1 if start is True else 0)

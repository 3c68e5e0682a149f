"""Operators that bring the elements along some axes together, and those that run along one axis."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate, takewhile

from inception_calc.dims import maximum, minimum, product, total
from inception_calc.onnx_ops.arithmetic import Scalar, Sizes
from inception_calc.onnx_ops.elements import kept, places, row_major, small
from inception_calc.onnx_ops.elementwise import each
from inception_calc.onnx_ops.kind import Call, Kind, axis_of, integer, integers
from inception_calc.onnx_ops.value import INT64, Outputs, Tensor
from inception_calc.primitives.elements import Reduce
from inception_calc.primitives.primitive import Primitives

Gather = Callable[[list[Scalar]], Scalar]


def _fold(function: Callable[[Scalar, Scalar], Scalar]) -> Gather:
    def gather(values: list[Scalar]) -> Scalar:
        result = values[0]
        for value in values[1:]:
            result = function(result, value)
        return result

    return gather


def _mean(values: list[Scalar]) -> Scalar:
    return total(values) * Fraction(1, len(values)) if all(isinstance(v, int | Fraction) for v in values) else None


def reducing(gather: Gather | None, axes_input: bool) -> Callable[[Call], Outputs]:
    """The axes of `axes` become 1 or go away; all of them where none is named (or none, if that is asked for)."""

    def rule(call: Call) -> Outputs:
        x = call.tensor(0)
        axes = (_axes(call, 1) if call.has(1) else None) if axes_input else call.integers("axes")
        if not axes and call.settings["noop_with_empty_axes"]:
            return (Tensor(x.shape, x.data_type),)
        return (_reduced(x, axes, bool(call.settings["keepdims"]), gather),)

    return rule


def _axes(call: Call, slot: int) -> tuple[int, ...]:
    given = call.tensor(slot)
    return () if given.shape == (0,) else call.numbers(slot)


def _reduced(x: Tensor, axes: tuple[int, ...] | None, keep: bool, gather: Gather | None) -> Tensor:
    gone = set(range(x.rank)) if not axes else {axis_of(axis, x.rank) for axis in axes}
    shape = tuple(1 if axis in gone else size for axis, size in enumerate(x.shape) if keep or axis not in gone)
    return Tensor(shape, x.data_type).with_values(_gathered(x, gone, gather))


def _gathered(x: Tensor, gone: set[int], gather: Gather | None) -> tuple[Scalar, ...] | None:
    if gather is None or x.values is None or not x.values or not small(x.shape):
        return None
    steps = row_major(x.shape)
    outer = [axis for axis in range(x.rank) if axis not in gone]
    inner = [axis for axis in range(x.rank) if axis in gone]

    def along(axes: list[int], start: int) -> list[int]:
        shape: Sizes = tuple(x.shape[axis] for axis in axes)
        return list(places(shape, tuple(steps[axis] for axis in axes), start))

    groups = [[x.values[place] for place in along(inner, start)] for start in along(outer, 0)]
    return tuple(None if any(value is None for value in group) else kept(gather(group)) for group in groups)


def reduced_cost(call: Call, outputs: Outputs) -> Primitives:
    """All elements brought together into those of the first output."""
    y = outputs[0]
    assert isinstance(y, Tensor)
    return (Reduce(call.tensor(0).elements, y.elements),)


def _arg(call: Call) -> Outputs:
    x = call.tensor(0)
    reduced = _reduced(x, (call.settings["axis"],), bool(call.settings["keepdims"]), None)
    return (Tensor(reduced.shape, INT64),)


def _running(call: Call) -> Outputs:
    """A sum along an axis; known up to the first element that is not, in lists."""
    x = call.tensor(0)
    values: tuple[Scalar, ...] | None = None
    if x.values is not None and x.rank == 1 and not call.settings["exclusive"] and not call.settings["reverse"]:
        known = tuple(takewhile(lambda value: value is not None, x.values))
        values = *accumulate(known), *(None,) * (len(x.values) - len(known))
    return (Tensor(x.shape, x.data_type, values),)


GATHERS: tuple[tuple[str, int, Gather | None], ...] = (
    ("ReduceL1", 18, None),
    ("ReduceL2", 18, None),
    ("ReduceLogSum", 18, None),
    ("ReduceLogSumExp", 18, None),
    ("ReduceMax", 18, _fold(maximum)),
    ("ReduceMean", 18, _mean),
    ("ReduceMin", 18, _fold(minimum)),
    ("ReduceProd", 18, product),
    ("ReduceSum", 13, total),
    ("ReduceSumSquare", 18, None),
)
"""Name, the opset whose axes are an input, and what becomes of known elements."""

OLD = {"axes": integers(), "keepdims": integer(1), "noop_with_empty_axes": integer(0)}
NEW = {"keepdims": integer(1), "noop_with_empty_axes": integer(0)}
ARG = {"axis": integer(0), "keepdims": integer(1)}
RUN = {"exclusive": integer(0), "reverse": integer(0)}

KINDS: tuple[Kind, ...] = (
    *(Kind(name, 1, reducing(gather, False), reduced_cost, OLD) for name, _, gather in GATHERS),
    *(Kind(name, since, reducing(gather, True), reduced_cost, NEW) for name, since, gather in GATHERS),
    Kind("ArgMax", 1, _arg, reduced_cost, ARG),
    Kind("ArgMin", 1, _arg, reduced_cost, ARG),
    Kind("CumSum", 11, _running, each(), RUN),
    Kind("CumProd", 26, lambda call: (Tensor(call.shape(0), call.tensor(0).data_type),), each(), RUN),
)

"""Slices: starts and ends counted from either end, brought into the axis, whatever is a symbol."""

from __future__ import annotations

from inception_calc.dims import Dim, ceil_div, maximum
from inception_calc.onnx_ops.arithmetic import Scalar, clamp, less
from inception_calc.onnx_ops.elements import row_major, small, strided
from inception_calc.onnx_ops.kind import Call, Kind, Unresolved, axis_of, integers
from inception_calc.onnx_ops.move import replaced
from inception_calc.onnx_ops.value import Outputs, Tensor
from inception_calc.problems import Fault

FAR = 1 << 31
"""Exporters write this and larger numbers for "up to the end"."""


def _slice_old(call: Call) -> Outputs:
    x = call.tensor(0)
    starts, ends = call.integers("starts") or (), call.integers("ends") or ()
    return (_sliced(call, x, starts, ends, call.integers("axes"), None),)


def _slice(call: Call) -> Outputs:
    x, starts, ends = call.tensor(0), call.tensor(1), call.tensor(2)
    axes = call.numbers(3) if call.has(3) else None
    steps = call.numbers(4) if call.has(4) else None
    count = starts.shape[0] if starts.rank == 1 else None
    if not isinstance(count, int):
        raise Unresolved
    unknowns = (None,) * count
    return (_sliced(call, x, starts.values or unknowns, ends.values or unknowns, axes, steps),)


def _sliced(
    call: Call,
    x: Tensor,
    starts: tuple[Scalar, ...],
    ends: tuple[Scalar, ...],
    axes: tuple[int, ...] | None,
    steps: tuple[int, ...] | None,
) -> Tensor:
    axes = tuple(range(len(starts))) if axes is None else tuple(axis_of(axis, x.rank) for axis in axes)
    steps = (1,) * len(starts) if steps is None else steps
    if not len(starts) == len(ends) == len(axes) == len(steps):
        raise Fault("shapes", "starts, ends, axes and steps of a slice are not equally many")
    shape = x.shape
    begins: dict[int, tuple[Dim, int]] = {}
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        if step == 0:
            raise Fault("wrong-value", "a slice has a step of 0")
        if axis >= x.rank:
            raise Fault("axis", f"axis {axis} is none of {x.rank} axes")
        first, size = _run(call, start, end, x.shape[axis], step)
        shape = replaced(shape, axis, size)
        begins[axis] = first, step
    values = None
    if x.values is not None and small(shape) and all(isinstance(first, int) for first, _ in begins.values()):
        own = row_major(x.shape)
        start = sum(int(first) * own[axis] for axis, (first, _) in begins.items())
        values = strided(x, shape, tuple(own[axis] * begins.get(axis, (0, 1))[1] for axis in range(x.rank)), start)
    return Tensor(shape, x.data_type).with_values(values)


def _run(call: Call, start: Scalar, end: Scalar, size: Dim, step: int) -> tuple[Dim, Dim]:
    """Where a slice along one axis begins and how many elements it has."""
    if start is None or end is None:
        return None, call.fresh()
    if step > 0:
        first, last = _bound(start, size, 0, size), _bound(end, size, 0, size)
        if first is None or last is None:
            return None, call.fresh()
        return first, _steps(maximum(last - first, 0), step)
    first, last = _bound(start, size, 0, size - 1), _bound(end, size, -1, size - 1)
    if first is None or last is None:
        return None, call.fresh()
    return first, _steps(maximum(first - last, 0), -step)


def _steps(length: Dim, step: int) -> Dim:
    return length if step == 1 else ceil_div(length, step)


def _bound(place: Scalar, size: Dim, low: Dim, high: Dim) -> Dim | None:
    """A start or end, counted from behind where it is negative, brought into the axis."""
    if isinstance(place, int):
        if place >= FAR:
            return high
        if place <= -FAR:
            return low
    below = less(place, 0)
    if below is None:
        return None
    return clamp(place + size if below else place, low, high)


KINDS: tuple[Kind, ...] = (
    Kind(
        "Slice",
        1,
        _slice_old,
        settings={"starts": integers(required=True), "ends": integers(required=True), "axes": integers()},
        carries=(0,),
    ),
    Kind("Slice", 10, _slice, carries=(0,)),
)

"""Operators that move elements: what goes where is one index function for shapes and for known values."""

from __future__ import annotations

from itertools import product as every

from inception_calc.dims import Dim, ceil_div, exact_quotient, floor_div, product, total
from inception_calc.onnx_ops.arithmetic import (
    Scalar,
    Sizes,
    numeric,
)
from inception_calc.onnx_ops.elements import row_major, small, spread, strided, taken
from inception_calc.onnx_ops.kind import EVERY, Call, Kind, Unresolved, axis_of, integer, integers, text
from inception_calc.onnx_ops.value import Outputs, Tensor
from inception_calc.primitives.primitive import Primitives, Shift
from inception_calc.primitives.sight import Sight
from inception_calc.problems import Fault


def replaced(shape: Sizes, axis: int, size: Dim) -> Sizes:
    """The shape with another size along one axis."""
    return (*shape[:axis], size, *shape[axis + 1 :])


def _transpose(call: Call) -> Outputs:
    x = call.tensor(0)
    order = call.integers("perm")
    order = tuple(reversed(range(x.rank))) if order is None else tuple(axis_of(axis, x.rank) for axis in order)
    if sorted(order) != list(range(x.rank)):
        raise Fault("axis", f"perm {list(order)} is no order of {x.rank} axes")
    shape = tuple(x.shape[axis] for axis in order)
    values = None
    if x.values is not None:
        steps = row_major(x.shape)
        values = strided(x, shape, tuple(steps[axis] for axis in order))
    return (Tensor(shape, x.data_type, values),)


def _gather(call: Call) -> Outputs:
    x, indices = call.tensor(0), call.tensor(1)
    axis = axis_of(call.settings["axis"], x.rank)
    shape = x.shape[:axis] + indices.shape + x.shape[axis + 1 :]
    values = None
    if x.values is not None and indices.values is not None and small(shape):
        inner = int(product(x.shape[axis + 1 :]))
        size = int(x.shape[axis])
        found: list[Scalar] = []
        for outer in range(int(product(x.shape[:axis]))):
            for index in indices.values:
                if not isinstance(index, int) or not -size <= index < size:
                    found += [None] * inner
                    continue
                start = (outer * size + index % size) * inner
                found += x.values[start : start + inner]
        values = tuple(found)
    return (Tensor(shape, x.data_type).with_values(values),)


def _gather_elements(call: Call) -> Outputs:
    return (Tensor(call.shape(1), call.tensor(0).data_type),)


def _gather_nd(call: Call) -> Outputs:
    x, indices = call.tensor(0), call.tensor(1)
    depth = indices.shape[-1] if indices.shape else 1
    if not isinstance(depth, int):
        raise Unresolved
    return (Tensor(indices.shape[:-1] + x.shape[call.settings["batch_dims"] + depth :], x.data_type),)


def _concat(call: Call) -> Outputs:
    inputs = [call.tensor(slot) for slot in range(len(call.inputs))]
    return (joined(inputs, call.settings["axis"]),)


def joined(inputs: list[Tensor], axis: int) -> Tensor:
    """Tensors one behind the other along an axis."""
    if not inputs:
        raise Fault("missing-input", "nothing to join")
    rank = inputs[0].rank
    axis = axis_of(axis, rank)
    for x in inputs:
        if x.rank != rank:
            raise Fault("shapes", f"tensors of {rank} and {x.rank} axes cannot be joined")
    others = [0 if index == axis else _agreed(index, inputs) for index in range(rank)]
    shape = replaced(tuple(others), axis, total(x.shape[axis] for x in inputs))
    values = None
    if small(shape) and any(x.values is not None for x in inputs):
        inner = int(product(shape[axis + 1 :]))
        found: list[Scalar] = []
        for outer in range(int(product(shape[:axis]))):
            for x in inputs:
                block = int(x.shape[axis]) * inner
                found += [None] * block if x.values is None else x.values[outer * block : (outer + 1) * block]
        values = tuple(found)
    return Tensor(shape, inputs[0].data_type).with_values(values)


def _agreed(axis: int, inputs: list[Tensor]) -> Dim:
    """The size along an axis that all share: a number where one says it; a `Fault` where two say different ones."""
    sizes = [x.shape[axis] for x in inputs]
    numbers = list(dict.fromkeys(size for size in sizes if isinstance(size, int)))
    if len(numbers) > 1:
        what = f"tensors of {numbers[0]} and {numbers[1]} along axis {axis} cannot be joined along another"
        raise Fault("shapes", what, fix="give the inputs other sizes")
    return numbers[0] if numbers else sizes[0]


def _expand(call: Call) -> Outputs:
    x = call.tensor(0)
    shape = call.broadcast(x.shape, call.sizes(1))
    return (Tensor(shape, x.data_type, spread(x, shape)),)


def _tile(call: Call) -> Outputs:
    x = call.tensor(0)
    counts = call.vector(1) or (None,) * x.rank
    return (_tiled(call, x, counts),)


def _tile_old(call: Call) -> Outputs:
    """The first opset repeats along one axis."""
    x, times, axis = call.tensor(0), call.scalar(1), call.scalar(2)
    if not isinstance(axis, int):
        raise Unresolved
    return (_tiled(call, x, tuple(times if index == axis else 1 for index in range(x.rank))),)


def _tiled(call: Call, x: Tensor, counts: tuple[Scalar, ...]) -> Tensor:
    if len(counts) != x.rank:
        raise Fault("shapes", f"{len(counts)} repeats for {x.rank} axes")
    shape = tuple(call.fresh() if count is None else size * count for size, count in zip(x.shape, counts, strict=True))
    values = None
    if x.values is not None and small(shape):
        steps = row_major(x.shape)
        sizes = [int(size) for size in x.shape]
        indices = every(*(range(int(size)) for size in shape))
        values = taken(
            x, shape, [sum(i % n * s for i, n, s in zip(index, sizes, steps, strict=True)) for index in indices]
        )
    return Tensor(shape, x.data_type, values)


def _split_old(call: Call) -> Outputs:
    parts = call.integers("split")
    if parts is None and len(call.inputs) > 1 and call.has(1):
        parts = call.numbers(1)
    return split_into(call, parts)


def _split(call: Call) -> Outputs:
    parts = call.vector(1) if call.has(1) else None
    if call.has(1) and parts is None:
        parts = (None,) * call.outputs
    return split_into(call, parts)


def split_into(call: Call, parts: tuple[Scalar, ...] | None) -> Outputs:
    """The outputs of a split: of the given sizes, or of equal ones, the last the smaller where it does not come out."""
    x = call.tensor(0)
    axis = axis_of(call.settings["axis"], x.rank)
    if parts is None:
        size = x.shape[axis]
        uneven = isinstance(size, int) or call.settings.get("num_outputs") is not None
        each = ceil_div(size, call.outputs) if uneven else exact_quotient(size, call.outputs)
        parts = (*(each,) * (call.outputs - 1), size - each * (call.outputs - 1))
    outputs = []
    start: Dim = 0
    for size in parts:
        shape = replaced(x.shape, axis, call.fresh() if size is None else size)
        values = None
        if x.values is not None and isinstance(start, int) and small(shape):
            steps = row_major(x.shape)
            values = strided(x, shape, steps, start * steps[axis])
        outputs.append(Tensor(shape, x.data_type, values))
        start = start + shape[axis]
    return tuple(outputs)


def _pad_old(call: Call) -> Outputs:
    pads = call.integers("pads") or call.integers("paddings") or ()
    return (_padded(call, call.tensor(0), pads, None),)


def _pad(call: Call) -> Outputs:
    x = call.tensor(0)
    axes = call.numbers(3) if call.has(3) else None
    pads = call.vector(1) or (None,) * 2 * (x.rank if axes is None else len(axes))
    return (_padded(call, x, pads, axes),)


def _padded(call: Call, x: Tensor, pads: tuple[Scalar, ...], axes: tuple[int, ...] | None) -> Tensor:
    axes = tuple(range(x.rank)) if axes is None else tuple(axis_of(axis, x.rank) for axis in axes)
    if len(pads) != 2 * len(axes):
        raise Fault("shapes", f"{len(pads)} pads for {len(axes)} axes")
    shape = x.shape
    for index, axis in enumerate(axes):
        before, after = pads[index], pads[index + len(axes)]
        size = call.fresh() if before is None or after is None else shape[axis] + before + after
        shape = replaced(shape, axis, size)
    return Tensor(shape, x.data_type)


def _pad_cost(call: Call, outputs: Outputs) -> Primitives:
    """Nothing; where the axes behind the second alone are padded, by known amounts, how far elements are moved."""
    rank = call.tensor(0).rank
    axes = call.numbers(3) if call.has(3) else tuple(range(rank))
    pads = (call.vector(1) if call.has(1) else call.integers("pads") or call.integers("paddings")) or ()
    around = {axis_of(axis, rank): pair for axis, *pair in zip(axes, pads, pads[len(axes) :], strict=False)}
    known = all(isinstance(amount, int) for pair in around.values() for amount in pair)
    if rank < 3 or not known or any(any(around.get(axis, ())) for axis in (0, 1)):
        return ()
    along = [around.get(axis, (0, 0)) for axis in range(2, rank)]
    return (Shift(tuple([Sight(((-before, -before),), 1, (before, after)) for before, after in along])),)


def _like_first(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(x.shape, x.data_type),)


def _depth_to_space(call: Call) -> Outputs:
    x, side = call.tensor(0), call.settings["blocksize"]
    batch, channels, *spatial = x.shape
    depth = exact_quotient(channels, side ** len(spatial))
    return (Tensor((batch, depth, *(size * side for size in spatial)), x.data_type),)


def _space_to_depth(call: Call) -> Outputs:
    x, side = call.tensor(0), call.settings["blocksize"]
    batch, channels, *spatial = x.shape
    sizes = tuple(floor_div(size, side) for size in spatial)
    return (Tensor((batch, channels * side ** len(spatial), *sizes), x.data_type),)


def _center_crop_pad(call: Call) -> Outputs:
    x = call.tensor(0)
    axes = call.integers("axes")
    axes = tuple(range(x.rank)) if axes is None else tuple(axis_of(axis, x.rank) for axis in axes)
    sizes = call.vector(1) or (None,) * len(axes)
    shape = x.shape
    for axis, size in zip(axes, sizes, strict=True):
        shape = replaced(shape, axis, call.fresh() if size is None else size)
    return (Tensor(shape, x.data_type),)


def _compress(call: Call) -> Outputs:
    x, condition = call.tensor(0), call.vector(1)
    axis = call.settings["axis"]
    known = condition is not None and all(numeric(value) for value in condition)
    size = sum(map(bool, condition)) if known and condition is not None else call.fresh()
    if axis is None:
        return (Tensor((size,), x.data_type),)
    return (Tensor(replaced(x.shape, axis_of(axis, x.rank), size), x.data_type),)


def _top_k_old(call: Call) -> Outputs:
    return _first(call, call.settings["k"])


def _top_k(call: Call) -> Outputs:
    count = call.scalar(1)
    return _first(call, call.fresh() if count is None else count)


def _first(call: Call, count: Dim) -> Outputs:
    x = call.tensor(0)
    shape = replaced(x.shape, axis_of(call.settings["axis"], x.rank), count)
    return Tensor(shape, x.data_type), Tensor(shape, 7)


BLOCK = {"blocksize": integer(required=True)}

KINDS: tuple[Kind, ...] = (
    Kind("Transpose", 1, _transpose, settings={"perm": integers()}, carries=(0,)),
    Kind("Gather", 1, _gather, settings={"axis": integer(0)}, roles={0: "embeddings"}, carries=()),
    Kind("GatherElements", 11, _gather_elements, settings={"axis": integer(0)}),
    Kind("GatherND", 11, _gather_nd, settings={"batch_dims": integer(0)}),
    Kind("Concat", 1, _concat, settings={"axis": integer(1)}, carries=EVERY),
    Kind("Concat", 4, _concat, settings={"axis": integer(required=True)}, carries=EVERY),
    Kind("Expand", 8, _expand, carries=(0,)),
    Kind("Tile", 1, _tile_old, carries=(0,)),
    Kind("Tile", 6, _tile, carries=(0,)),
    Kind("Split", 1, _split_old, settings={"axis": integer(0), "split": integers()}, carries=(0,)),
    Kind("Split", 13, _split, settings={"axis": integer(0), "num_outputs": integer()}, carries=(0,)),
    Kind("Pad", 1, _pad_old, _pad_cost, {"paddings": integers(required=True)}),
    Kind("Pad", 2, _pad_old, _pad_cost, {"pads": integers(required=True), "mode": text("constant")}),
    Kind("Pad", 11, _pad, _pad_cost, {"mode": text("constant")}),
    Kind("TensorScatter", 24, _like_first),
    Kind("ReverseSequence", 10, _like_first),
    Kind("Trilu", 14, _like_first, carries=(0,)),
    Kind("DepthToSpace", 1, _depth_to_space, settings={**BLOCK, "mode": text("DCR")}),
    Kind("SpaceToDepth", 1, _space_to_depth, settings=BLOCK),
    Kind("CenterCropPad", 18, _center_crop_pad, settings={"axes": integers()}),
    Kind("Compress", 9, _compress, settings={"axis": integer()}),
    Kind("TopK", 1, _top_k_old, settings={"axis": integer(-1), "k": integer(required=True)}),
    Kind("TopK", 10, _top_k, settings={"axis": integer(-1)}),
)

"""Operators that make tensors out of settings, sizes or data: constants, ranges, random numbers, indices."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from inception_calc.dims import ceil_div, maximum, product
from inception_calc.onnx_ops.arithmetic import Scalar, exact, less, numeric
from inception_calc.onnx_ops.elements import small
from inception_calc.onnx_ops.elementwise import each
from inception_calc.onnx_ops.kind import (
    Call,
    Kind,
    Long,
    Setting,
    axis_of,
    integer,
    integers,
    real,
    reals,
    tensor,
    texts,
)
from inception_calc.onnx_ops.value import FLOAT, INT32, INT64, STRING, Outputs, Tensor
from inception_calc.primitives.matrix import MatrixProduct
from inception_calc.primitives.primitive import Primitives
from inception_calc.problems import Fault


def _constant(call: Call) -> Outputs:
    settings = call.settings
    for name in ("value", "sparse_value"):
        if settings[name] is not None:
            return (settings[name],)
    for name, data_type in (("value_int", INT64), ("value_float", FLOAT), ("value_string", STRING)):
        if settings[name] is not None:
            return (Tensor((), data_type, None if data_type == STRING else (exact(settings[name]),)),)
    for name, data_type in (("value_ints", INT64), ("value_floats", FLOAT), ("value_strings", STRING)):
        if (found := settings[name]) is not None:
            if isinstance(found, Long):
                return (Tensor((found.length,), data_type),)
            values = None if data_type == STRING else tuple(map(exact, found))
            return (Tensor((len(found),), data_type, values),)
    raise Fault("missing-key", "the constant has no value", fix="export the model again")


def _constant_of_shape(call: Call) -> Outputs:
    shape = call.sizes(0)
    fill: Tensor | None = call.settings["value"]
    data_type, value = (FLOAT, (Fraction(0),)) if fill is None else (fill.data_type, fill.values)
    values = value * int(product(shape)) if value is not None and small(shape) else None
    return (Tensor(shape, data_type, values),)


def _range(call: Call) -> Outputs:
    data_type = call.tensor(0).data_type
    start, limit, delta = (call.scalar(slot) for slot in range(3))
    if start is None or limit is None or not numeric(delta) or not delta:
        return (Tensor((call.fresh(),), data_type),)
    if numeric(start) and numeric(limit):
        count = max(ceil((Fraction(limit) - start) / delta), 0)
        values = tuple(start + step * delta for step in range(count)) if small((count,)) else None
        return (Tensor((count,), data_type, values),)
    span = limit - start if delta > 0 else start - limit
    if abs(delta) != int(abs(delta)):
        return (Tensor((call.fresh(),), data_type),)
    return (Tensor((maximum(ceil_div(span, int(abs(delta))), 0),), data_type),)


def _random(call: Call) -> Outputs:
    return (Tensor(call.integers("shape") or (), call.settings["dtype"]),)


def _random_like(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(x.shape, x.data_type if call.settings["dtype"] is None else call.settings["dtype"]),)


def _multinomial(call: Call) -> Outputs:
    return (Tensor((call.shape(0)[0], call.settings["sample_size"]), call.settings["dtype"]),)


def _one_hot(call: Call) -> Outputs:
    indices, depth = call.tensor(0), call.scalar(1)
    axis = axis_of(call.settings["axis"], indices.rank + 1)
    size = call.fresh() if depth is None else int(depth) if numeric(depth) else depth
    return (Tensor((*indices.shape[:axis], size, *indices.shape[axis:]), call.tensor(2).data_type),)


def _non_zero(call: Call) -> Outputs:
    x = call.tensor(0)
    if x.values is None or not all(numeric(value) for value in x.values):
        return (Tensor((x.rank, call.fresh()), INT64),)
    found = [index for index, value in enumerate(x.values) if value]
    columns: list[list[int]] = []
    for size in reversed(x.shape):
        columns.append([index % int(size) for index in found])
        found = [index // int(size) for index in found]
    values = tuple(value for column in reversed(columns) for value in column)
    return (Tensor((x.rank, len(found)), INT64, values),)


def _unique(call: Call) -> Outputs:
    x = call.tensor(0)
    count = call.fresh()
    axis = call.settings["axis"]
    if axis is None:
        flat = x.elements
        if x.values is not None and all(numeric(value) for value in x.values):
            count = len(set(x.values))
        return Tensor((count,), x.data_type), Tensor((count,), 7), Tensor((flat,), 7), Tensor((count,), 7)
    axis = axis_of(axis, x.rank)
    shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
    return Tensor(shape, x.data_type), Tensor((count,), 7), Tensor((x.shape[axis],), 7), Tensor((count,), 7)


def _affine_grid(call: Call) -> Outputs:
    batch, _, *spatial = call.sizes(1)
    return (Tensor((batch, *spatial, len(spatial)), call.tensor(0).data_type),)


def _affine_cost(call: Call, outputs: Outputs) -> Primitives:
    """Each place of the grid times the matrix."""
    (grid,) = outputs
    assert isinstance(grid, Tensor)
    rank = grid.rank - 2
    return (MatrixProduct(grid.shape[0], product(grid.shape[1:-1]), rank + 1, rank),)


def _scalar_or_fresh(call: Call, slot: int) -> Scalar:
    value = call.scalar(slot)
    return call.fresh() if value is None or less(value, 0) else value


def _window(call: Call) -> Outputs:
    return (Tensor((_scalar_or_fresh(call, 0),), call.settings["output_datatype"]),)


def _mel_weights(call: Call) -> Outputs:
    bins, length = _scalar_or_fresh(call, 0), _scalar_or_fresh(call, 1)
    return (Tensor((length // 2 + 1, bins), call.settings["output_datatype"]),)


SHAPED = {"shape": integers(required=True), "dtype": integer(FLOAT)}
LIKE = {"dtype": integer()}
WINDOW = {"output_datatype": integer(FLOAT)}

KINDS: tuple[Kind, ...] = (
    Kind(
        "Constant",
        1,
        _constant,
        settings={
            "value": tensor(),
            "sparse_value": Setting(11),
            "value_int": integer(),
            "value_ints": integers(),
            "value_float": real(),
            "value_floats": reals(),
            "value_string": Setting(3),
            "value_strings": texts(),
        },
    ),
    Kind("ConstantOfShape", 9, _constant_of_shape, settings={"value": tensor()}),
    Kind("ConstantFill", 1, _random, settings={"shape": integers(), "dtype": integer(FLOAT)}),
    Kind("Range", 11, _range),
    Kind("RandomNormal", 1, _random, each(), SHAPED),
    Kind("RandomUniform", 1, _random, each(), SHAPED),
    Kind("RandomNormalLike", 1, _random_like, each(), LIKE),
    Kind("RandomUniformLike", 1, _random_like, each(), LIKE),
    Kind("Bernoulli", 15, _random_like, each(), LIKE),
    Kind("EyeLike", 9, _random_like, settings={"dtype": integer()}),
    Kind("Multinomial", 7, _multinomial, each(), {"dtype": integer(INT32), "sample_size": integer(1)}),
    Kind("OneHot", 9, _one_hot, settings={"axis": integer(-1)}),
    Kind("NonZero", 9, _non_zero),
    Kind("Unique", 11, _unique, settings={"axis": integer()}),
    Kind("AffineGrid", 20, _affine_grid, _affine_cost),
    Kind("BlackmanWindow", 17, _window, each(4), WINDOW),
    Kind("HammingWindow", 17, _window, each(2), WINDOW),
    Kind("HannWindow", 17, _window, each(2), WINDOW),
    Kind("MelWeightMatrix", 17, _mel_weights, each(4), WINDOW),
)

"""The types of the numbers in a file, as far as bytes depend on them."""

from __future__ import annotations

from inception_calc.dims import Dim, ceil_div, product
from inception_calc.graph.model import Bytes
from inception_calc.graph.onnx.arithmetic import are_arithmetic
from inception_calc.graph.onnx.layers import Made, names_read, outputs_read
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.arithmetic import Sizes
from inception_calc.onnx_ops.value import Sequence, Tensor, Value

BYTE = 8
BITS = {
    1: ("fp32", 32), 2: ("uint8", 8), 3: ("int8", 8), 4: ("uint16", 16), 5: ("int16", 16), 6: ("int32", 32),
    7: ("int64", 64), 9: ("bool", 8), 10: ("fp16", 16), 11: ("fp64", 64), 12: ("uint32", 32), 13: ("uint64", 64),
    14: ("complex64", 64), 15: ("complex128", 128), 16: ("bf16", 16), 17: ("float8e4m3fn", 8),
    18: ("float8e4m3fnuz", 8), 19: ("float8e5m2", 8), 20: ("float8e5m2fnuz", 8), 21: ("uint4", 4), 22: ("int4", 4),
    23: ("float4e2m1", 4), 24: ("float8e8m0", 8), 25: ("uint2", 2), 26: ("int2", 2), 27: ("float6e2m3", 6),
    28: ("float6e3m2", 6),
}  # fmt: skip
"""Number of a type in files -> its name, and the bits of one number; texts have none."""


def data_type_of(walked: Walked) -> tuple[str, int]:
    """The one type of all params and tensors, and its bytes; empty and 0 where bytes differ from tensor to tensor."""
    types = [origin.data_type for origin in walked.origins.values() if origin.role]
    types += [value.data_type for value in walked.inputs.values() if isinstance(value, Tensor)]
    read = names_read(walked)
    for step, folded in zip(walked.steps, are_arithmetic(walked), strict=True):
        if step.times != 1:
            return "", 0  # what a loop keeps from trip to trip is not followed
        if not folded:
            types += [value.data_type for value in outputs_read(step, read) if isinstance(value, Tensor)]
    sizes = {BITS.get(number, ("", 0)) for number in types}
    if len({size for _, size in sizes}) != 1:
        return "", 0
    name, bits = BITS.get(types[0], ("", 0))
    return (name, bits // BYTE) if bits % BYTE == 0 else ("", 0)


def bytes_of(walked: Walked, made: Made) -> Bytes | None:
    """The bytes of each tensor in its own type; None where one is a text, or a loop keeps it from trip to trip."""
    if any(step.times != 1 for step in walked.steps):
        return None
    outputs = [_of_outputs(value) for values in made.written for value in values]
    inputs = [_of_outputs(value)[:1] or [0] for value in walked.inputs.values()]
    arrays = {name: _packed(origin.dims, origin.elements, origin.data_type) for name, origin in walked.origins.items()}
    sizes = [*(size for found in (*outputs, *inputs) for size in found), *arrays.values()]
    if any(size is None for size in sizes):
        return None
    parted = iter(outputs)
    return Bytes(
        tuple(found[0] for found in inputs),
        tuple(tuple(size for _ in values for size in next(parted)) or (0,) for values in made.written),
        arrays,
    )


def _of_outputs(value: Value) -> list[Dim | None]:
    """One for each shape that a layer shows (`layers.shapes_of`); 0 for what nothing is known of, as its elements."""
    if isinstance(value, Tensor):
        return [_bytes(value.elements, value.data_type)]
    if isinstance(value, Sequence) and value.elements:
        return [size for element in value.elements for size in _of_outputs(element)]
    return [0]


def _packed(dims: Sizes, elements: Dim, data_type: int) -> Dim | None:
    """A constant as it stands in the file: numbers that are packed into bytes are no more bytes than these."""
    return _bytes(product(dims) if dims else elements, data_type)


def _bytes(elements: Dim, data_type: int) -> Dim | None:
    """Numbers of less than a byte are packed, and the last byte is filled up."""
    if data_type not in BITS:
        return None
    _, bits = BITS[data_type]
    return elements * (bits // BYTE) if bits % BYTE == 0 else ceil_div(elements * bits, BYTE)

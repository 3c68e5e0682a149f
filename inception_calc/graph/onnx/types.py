"""The types of the numbers in a file, as far as bytes depend on them."""

from __future__ import annotations

from inception_calc.graph.onnx.layers import is_arithmetic, names_read, outputs_read
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.value import Tensor

SIZES = {
    1: ("fp32", 4),
    2: ("uint8", 1),
    3: ("int8", 1),
    6: ("int32", 4),
    7: ("int64", 8),
    9: ("bool", 1),
    10: ("fp16", 2),
    11: ("fp64", 8),
    12: ("uint32", 4),
    16: ("bf16", 2),
}
"""Number of a type in files -> its name, and the bytes of one number."""


def data_type_of(walked: Walked) -> tuple[str, int]:
    """The one type of all params and tensors, and its bytes; empty and 0 where bytes differ from tensor to tensor."""
    types = [origin.data_type for origin in walked.origins.values() if origin.role]
    types += [value.data_type for value in walked.inputs.values() if isinstance(value, Tensor)]
    read = names_read(walked)
    for step in walked.steps:
        if step.times != 1:
            return "", 0  # what a loop keeps from trip to trip is not followed
        if not is_arithmetic(step):
            types += [value.data_type for value in outputs_read(step, read) if isinstance(value, Tensor)]
    sizes = {SIZES.get(number, ("", 0)) for number in types}
    if len({size for _, size in sizes}) != 1:
        return "", 0
    name, size = SIZES.get(types[0], ("", 0))
    return name, size

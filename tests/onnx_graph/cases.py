"""Cases with stored inputs and outputs: what a walk is given of them, and what it must find."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import onnx

from inception_calc.dims import Dim, substitute, symbol
from inception_calc.onnx_file import read_bytes
from inception_calc.onnx_graph import walk
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.value import Map, Optional, Sequence, Tensor, Unknown, Value

MOST_INTEGERS = 1024
MOST_FLOATS = 16


def plain(value: Any) -> Any:
    """A message of onnx as an array, a list of arrays or None."""
    if isinstance(value, onnx.TensorProto):
        return onnx.numpy_helper.to_array(value)
    return value


def known(value: Any, size: Callable[[int], Dim] = int) -> Value:
    """An input as a walk is given it: the shape, and the elements of small ones. `size` frees sizes of floats."""
    value = plain(value)
    if value is None:
        return Optional(None)
    if isinstance(value, list):
        elements = tuple(known(one, size) for one in value)
        return Sequence(elements, elements[0] if elements else Unknown(), len(elements))
    if isinstance(value, dict):
        return Map()
    array = np.asarray(value)
    data_type = 8 if array.dtype.kind in "OUS" else onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
    if array.dtype.kind == "b" and array.size <= MOST_INTEGERS:
        return Tensor(array.shape, data_type, tuple(bool(one) for one in array.ravel()))
    if array.dtype.kind in "iu" and array.size <= MOST_INTEGERS:
        return Tensor(array.shape, data_type, tuple(int(one) for one in array.ravel()))
    shape = tuple(size(one) for one in array.shape)
    if array.dtype.kind not in "OUSc" and array.size <= MOST_FLOATS and shape == array.shape:
        floats = array.astype(np.float64).ravel().tolist()
        return Tensor(shape, data_type, tuple(Fraction(one) if np.isfinite(one) else None for one in floats))
    return Tensor(shape, data_type)


class Free:
    """Sizes above 1 as symbols, equal ones as the same; remembers the numbers."""

    def __init__(self) -> None:
        self.numbers: dict[str, int | Fraction] = {}

    def __call__(self, size: int) -> Dim:
        if size <= 1:
            return size
        name = f"s{size}"
        self.numbers[name] = size
        return symbol(name)


def found(value: Value, numbers: dict[str, int | Fraction]) -> Any:
    """A shape with symbols replaced; a list of them for a sequence; its length where no more is known."""
    match value:
        case Optional(inner):
            return None if inner is None else found(inner, numbers)
        case Sequence(None, like, length):
            count = length if length is None or isinstance(length, int) else substitute(length, numbers)
            return [found(like, numbers)] * count if isinstance(count, int) else "a list"
        case Sequence(elements):
            return [found(one, numbers) for one in elements or ()]
        case Tensor(shape):
            return tuple(size if isinstance(size, int) else substitute(size, numbers) for size in shape)
        case Map():
            return "a map"
    return "unknown"


def expected(value: Any) -> Any:
    """The same of a stored output."""
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, list):
        return ["a map" if isinstance(one, dict) else expected(one) for one in value]
    return "a map" if isinstance(value, dict) else np.asarray(value).shape


NOT_SIZES = frozenset({"scales", "roi"})
"""Short lists of floats that decide sizes are no data whose sizes could be free."""


def walked(data: bytes, inputs: list[Any], free: Free | None = None) -> Walked:
    """A model walked with the stored inputs, sizes of floats free where asked for."""
    model = read_bytes(data, "case")
    given = {
        info.name: known(value, int if free is None or info.name in NOT_SIZES else free)
        for info, value in zip(model.graph.inputs, inputs, strict=False)
    }
    return walk(model, "case", given)


def agree(have: Any, want: Any) -> bool | None:
    """Whether a shape is the stored one; None where a symbol leaves it open."""
    if isinstance(have, list) and isinstance(want, list) and len(have) == len(want):
        each = [agree(a, b) for a, b in zip(have, want, strict=True)]
        return False if False in each else None if None in each else True
    if have == want:
        return True
    if isinstance(have, tuple) and isinstance(want, tuple) and len(have) == len(want):
        return None if all(a == b or not isinstance(a, int) for a, b in zip(have, want, strict=True)) else False
    return False


def difference(walked: Walked, outputs: list[Any], numbers: dict[str, int | Fraction]) -> str:
    """What differs from the stored outputs: empty, "a symbol is left", or both shapes."""
    undecided = ""
    for (name, value), output in zip(walked.outputs.items(), outputs, strict=True):
        have, want = found(value, numbers), expected(output)
        same = agree(have, want)
        if same is False:
            return f"{name}: {have}, stored {want}"
        undecided = "a symbol is left" if same is None else undecided
    return undecided

"""Multiply-adds of a kernel from the shapes that it was given and gave, and from nothing else that we count with.

Shapes stand at the slots of the node: None for an input that was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

Shape = tuple[int, ...]
Shapes = Sequence[Shape | None]
Count = Callable[[Shapes, Shapes, Mapping[str, Any]], int]


def _at(shapes: Shapes, slot: int) -> Shape:
    """The shape at a slot that must be there."""
    shape = shapes[slot] if slot < len(shapes) else None
    if shape is None:
        raise LookupError(slot)
    return shape


def _convolution(kernel: int) -> Count:
    """Every output element takes a product with each element of its filter (channels of one group x window)."""
    return lambda x, y, _: prod(_at(y, 0)) * prod(_at(x, kernel)[1:])


def _transposed(x: Shapes, _: Shapes, __: Mapping[str, Any]) -> int:
    """Every input element is multiplied with each element of its filters (filters of one group x window)."""
    return prod(_at(x, 0)) * prod(_at(x, 1)[1:])


def _matrices(x: Shapes, y: Shapes, _: Mapping[str, Any]) -> int:
    """Every output element is a sum over the last axis of the first factor."""
    return prod(_at(y, 0)) * _at(x, 0)[-1]


def _turned_matrices(x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int:
    """The axis that is summed over is the last but one where the first factor is turned round."""
    a = _at(x, 0)
    turned = facts.get("transA", 0) and len(a) > 1
    summed = a[-1] if not turned else a[0] if facts.get("transBatchA", 0) else a[-2]
    return prod(_at(y, 0)) * summed


def _matrix(x: Shapes, y: Shapes, _: Mapping[str, Any]) -> int:
    """All elements of the first factor, once for each column of the output."""
    return prod(_at(x, 0)) * _at(y, 0)[1]


def _packed_bits(x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int:
    return prod(_at(y, 0)) * int(facts["K"])


def _recurrent(gates: int) -> Count:
    """In each step and direction the input and the state meet the weights of each gate."""

    def count(x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int:
        steps, batch, features = _at(x, 0)
        if facts.get("layout", 0):
            steps, batch = batch, steps
        hidden = int(facts["hidden_size"])
        directions = 2 if facts.get("direction", b"forward") == b"bidirectional" else 1
        return steps * batch * directions * gates * hidden * (features + hidden)

    return count


def _einsum(x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int:
    """Two factors at most: every combination of the letters is one product."""
    left, _, right = facts["equation"].decode().replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) > 2 or "." in left:
        raise LookupError("einsum")
    sizes: dict[str, int] = {}
    for slot, term in enumerate(terms):
        for letter, size in zip(term, _at(x, slot), strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    summed = len(terms) == 2 and any(letter not in right for letter in sizes)
    return prod(sizes.values()) if summed else 0


def _packed_attention(x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int:
    """The projection of a packed matrix, scores, and the sums that they weigh; without a past."""
    batch, length, width = _at(x, 0)
    columns, value = _at(x, 1)[1], _at(y, 0)[2]
    query = (columns - value) // 2
    return batch * length * (width * columns + length * (query + value))


def _attention(x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int:
    """Scores and the sums that they weigh, from queries, all keys and the output; the present keys where there are."""
    q, k, out = _at(x, 0), _at(x, 1), _at(y, 0)
    past = x[4] if len(x) > 4 else None
    keys = (k[-2] if len(k) == 4 else k[1]) + (past[2] if past else 0)
    return keys * (prod(q) + prod(out))


def _heads(x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int:
    """ONNX Runtime's attention of queries with keys that lie apart: batch x length x hidden, without a past."""
    q, k, out = _at(x, 0), _at(x, 1), _at(y, 0)
    if len(q) != 3 or any(slot is not None for slot in x[6:8]):
        raise LookupError("attention")
    return (k[2] if len(k) == 4 else k[1]) * (prod(q) + prod(out))


def _grid(_: Shapes, y: Shapes, __: Mapping[str, Any]) -> int:
    """Every place of the grid, with a one behind, times the matrix."""
    return prod(_at(y, 0)) * (_at(y, 0)[-1] + 1)


MULTIPLY_ADDS: dict[str, Count] = {
    "Conv": _convolution(1),
    "FusedConv": _convolution(1),
    "ConvInteger": _convolution(1),
    "QLinearConv": _convolution(3),
    "DeformConv": _convolution(1),
    "ConvTranspose": _transposed,
    "MatMul": _matrices,
    "MatMulInteger": _matrices,
    "QLinearMatMul": _matrices,
    "MatMulIntegerToFloat": _matrices,
    "DynamicQuantizeMatMul": _matrices,
    "MatMulNBits": _packed_bits,
    "FusedMatMul": _turned_matrices,
    "Gemm": _matrix,
    "FusedGemm": _matrix,
    "QGemm": _matrix,
    "Einsum": _einsum,
    "RNN": _recurrent(1),
    "GRU": _recurrent(3),
    "LSTM": _recurrent(4),
    "DynamicQuantizeLSTM": _recurrent(4),
    "Attention": _attention,
    "MultiHeadAttention": _heads,
    "AffineGrid": _grid,
}
"""Operator -> its multiply-adds from what ran. Where one is missing, only its shapes are compared."""


def multiply_adds_of(op_type: str, x: Shapes, y: Shapes, facts: Mapping[str, Any]) -> int | None:
    """The multiply-adds of one kernel; 0 for operators that have none, None where its shapes do not tell."""
    count = MULTIPLY_ADDS.get(op_type)
    if count is None:
        return 0
    if op_type == "Attention" and len(x) > 1 and x[1] is not None and len(x[1]) == 2:
        count = _packed_attention  # ONNX Runtime's own
    try:
        return count(x, y, facts)
    except (LookupError, ValueError, AttributeError):
        return None

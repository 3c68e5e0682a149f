"""Attention: products of queries with keys, softmax, products with values; and what belongs to it."""

from __future__ import annotations

from inception_calc.dims import Dim, exact_quotient, sliding
from inception_calc.onnx_ops.arithmetic import Sizes, equal
from inception_calc.onnx_ops.elementwise import each, like
from inception_calc.onnx_ops.kind import Call, Kind, integer, text
from inception_calc.onnx_ops.value import Outputs, Tensor
from inception_calc.primitives.conv import Conv
from inception_calc.primitives.elements import Elementwise, Softmax
from inception_calc.primitives.matrix import CausalProduct, Contraction, MatrixProduct
from inception_calc.primitives.primitive import Primitives


def scores_and_values(
    batch: Dim, heads: Dim, queries: Dim, keys: Dim, size: Dim, value_size: Dim, causal: bool = False
) -> Primitives:
    """The three steps of scaled dot-product attention.

    A causal mask saves nothing, for all scores are worked out, but what it hides is not effective. With other keys
    than queries runtimes lay the mask in two ways: then all are taken for effective.
    """
    pairs = batch * heads
    if causal and equal(queries, keys):
        scores: MatrixProduct = CausalProduct(pairs, queries, size, keys, size)
        values: MatrixProduct = CausalProduct(pairs, queries, keys, value_size, value_size)
    else:
        scores, values = MatrixProduct(pairs, queries, size, keys), MatrixProduct(pairs, queries, keys, value_size)
    return scores, Softmax(keys, pairs * queries), values


def _split(shape: Sizes, heads: int | None) -> Sizes:
    """Batch, heads, length and size of a head, whether heads are an axis or packed into the last one."""
    if len(shape) == 4:
        return shape
    batch, length, hidden = shape
    return batch, heads or 1, length, exact_quotient(hidden, heads or 1)


def _parts(call: Call) -> tuple[Sizes, Sizes, Sizes, Dim]:
    q = _split(call.shape(0, 3, 4), call.settings["q_num_heads"])
    k = _split(call.shape(1, 3, 4), call.settings["kv_num_heads"])
    v = _split(call.shape(2, 3, 4), call.settings["kv_num_heads"])
    past = call.shape(4, 4)[2] if call.has(4) else 0
    return q, k, v, past + k[2]


def _attention(call: Call) -> Outputs:
    q, k, v, total = _parts(call)
    kind = call.tensor(0).data_type
    y = (*q[:3], v[3]) if call.tensor(0).rank == 4 else (q[0], q[2], q[1] * v[3])
    key, value = (k[0], k[1], total, k[3]), (v[0], v[1], total, v[3])
    scores = Tensor((*q[:3], total), kind)
    return Tensor(y, kind), Tensor(key, kind), Tensor(value, kind), scores


def _attention_cost(call: Call, outputs: Outputs) -> Primitives:
    q, _, v, total = _parts(call)
    return scores_and_values(q[0], q[1], q[2], total, q[3], v[3], bool(call.settings["is_causal"]))


def _flex_attention(call: Call) -> Outputs:
    return (Tensor((*call.shape(0, 4)[:3], call.shape(2, 4)[3]), call.tensor(0).data_type),)


def _flex_cost(call: Call, outputs: Outputs) -> Primitives:
    q, v = call.shape(0, 4), call.shape(2, 4)
    return scores_and_values(q[0], q[1], q[2], v[2], q[3], v[3])


def _linear_sizes(call: Call) -> tuple[Dim, Dim, Dim, Dim, Dim, Dim]:
    """Batch, length, query heads, state heads, sizes of a key and of a value."""
    heads, kv_heads = call.settings["q_num_heads"], call.settings["kv_num_heads"]
    batch, length, width = call.shape(0, 3)
    return batch, length, heads, kv_heads, exact_quotient(width, heads), exact_quotient(call.shape(2, 3)[2], kv_heads)


def _linear_attention(call: Call) -> Outputs:
    batch, length, heads, kv_heads, key, value = _linear_sizes(call)
    kind = call.tensor(0).data_type
    return Tensor((batch, length, heads * value), kind), Tensor((batch, kv_heads, key, value), kind)


def _linear_cost(call: Call, outputs: Outputs) -> Primitives:
    """A step updates the state by an outer product; the query reads it, and with the delta rules the key too."""
    batch, length, heads, kv_heads, key, value = _linear_sizes(call)
    steps = (("batch", batch), ("steps", length))
    reads = 2 if "delta" in call.settings["update_rule"] else 1
    return (
        Contraction((*steps, ("state_heads", kv_heads), ("key_size", key), ("value_size", value), ("reads", reads))),
        Contraction((*steps, ("heads", heads), ("key_size", key), ("value_size", value))),
    )


def _causal_convolution(call: Call) -> Outputs:
    x, kernel = call.tensor(0), call.shape(1, 3)
    return Tensor(x.shape, x.data_type), Tensor((*x.shape[:2], kernel[2] - 1), x.data_type)


def _causal_cost(call: Call, outputs: Outputs) -> Primitives:
    batch, channels, length = call.shape(0, 3)
    kernel = call.shape(1, 3)
    before = kernel[2] - 1  # elements of the state that is given, else padding
    window = sliding(kernel[2:], padding=((0 if call.has(3) else before, 0),))
    sides = length + before if call.has(3) else length
    conv = Conv(window, (sides,), (length,), channels, channels, channels, batch)
    if call.settings["activation"] in {"silu", "swish"}:
        return conv, Elementwise(batch * channels * length)
    return (conv,)


HEADS = {"q_num_heads": integer(), "kv_num_heads": integer()}

KINDS: tuple[Kind, ...] = (
    Kind("Attention", 23, _attention, _attention_cost, {**HEADS, "is_causal": integer(0)}),
    Kind("FlexAttention", 1, _flex_attention, _flex_cost, domain="ai.onnx.preview"),
    Kind(
        "LinearAttention",
        27,
        _linear_attention,
        _linear_cost,
        {name: integer(required=True) for name in HEADS} | {"update_rule": text("gated_delta")},
    ),
    Kind(
        "CausalConvWithState",
        27,
        _causal_convolution,
        _causal_cost,
        {"activation": text("none")},
        {1: "weights", 2: "biases"},
    ),
    Kind("RotaryEmbedding", 23, like, each(3)),
)

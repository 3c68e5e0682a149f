"""ONNX Runtime's own operators (`com.microsoft`): fused, quantized and attention ones that its tools write."""

from __future__ import annotations

from dataclasses import replace

from inception_calc.dims import Dim, exact_quotient, maximum, product
from inception_calc.onnx_ops.arithmetic import Sizes
from inception_calc.onnx_ops.attention import scores_and_values
from inception_calc.onnx_ops.elementwise import GELU, GELU_TANH, each, like
from inception_calc.onnx_ops.kind import Call, Cost, Kind, Rule, integer, integers, text
from inception_calc.onnx_ops.matmul import GEMM, gemm_cost, matrix_shapes, multiplying, multiplying_cost
from inception_calc.onnx_ops.move import joined
from inception_calc.onnx_ops.normalize import AXIS, LAYER, normalizing, softmax_cost
from inception_calc.onnx_ops.value import FLOAT, INT32, Outputs, Tensor
from inception_calc.onnx_ops.window import CONV, POOL, convolution, convolution_cost, pooled
from inception_calc.primitives.elements import Elementwise
from inception_calc.primitives.matrix import MatrixProduct
from inception_calc.primitives.primitive import Primitives

DOMAIN = "com.microsoft"


def _fused_conv_cost(call: Call, outputs: Outputs) -> Primitives:
    """A sum with another input, and an activation, are one operation more an element each."""
    more = call.has(3) + bool(call.settings["activation"])
    return *convolution_cost(1)(call, outputs), *(each(more)(call, outputs) if more else ())


def _turned(shape: Sizes, last: bool, batch: bool) -> Sizes:
    """A shape with its matrices turned, or with the rows in front of the batch."""
    if batch:
        shape = (*shape[1:-1], shape[0], shape[-1])
    return (*shape[:-2], shape[-1], shape[-2]) if last and len(shape) > 1 else shape


def _fused_shapes(call: Call) -> tuple[Sizes, MatrixProduct]:
    settings = call.settings
    a = _turned(call.shape(0), bool(settings["transA"]), bool(settings["transBatchA"]))
    b = _turned(call.shape(1), bool(settings["transB"]), bool(settings["transBatchB"]))
    return matrix_shapes(call, a, b)


def _fused_matmul(call: Call) -> Outputs:
    return (Tensor(_fused_shapes(call)[0], call.tensor(0).data_type),)


def _fused_matmul_cost(call: Call, outputs: Outputs) -> Primitives:
    return (_fused_shapes(call)[1],)


def _n_bits(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor((*x.shape[:-1], call.settings["N"]), x.data_type),)


def _n_bits_cost(call: Call, outputs: Outputs) -> Primitives:
    rows = product(call.shape(0)[:-1])
    return (MatrixProduct(1, rows, call.settings["K"], call.settings["N"]),)


def _float_product(call: Call) -> Outputs:
    shape, _ = matrix_shapes(call, call.shape(0), call.shape(1))
    return (Tensor(shape, FLOAT),)


def _q_gemm_shapes(call: Call) -> tuple[Dim, Dim, Dim]:
    a, b = call.shape(0, 2), call.shape(3, 2)
    m, k = a[::-1] if call.settings["transA"] else a
    return m, k, b[0] if call.settings["transB"] else b[1]


def _q_gemm(call: Call) -> Outputs:
    m, _, n = _q_gemm_shapes(call)
    kind = call.tensor(8).data_type if call.has(8) else FLOAT
    return (Tensor((m, n), kind),)


def _q_gemm_cost(call: Call, outputs: Outputs) -> Primitives:
    return (MatrixProduct(1, *_q_gemm_shapes(call)),)


def _fused_gemm(call: Call) -> Outputs:
    (product_,) = gemm_cost(call, ())
    assert isinstance(product_, MatrixProduct)
    return (Tensor((product_.m, product_.n), call.tensor(0).data_type),)


def _q_binary(call: Call) -> Outputs:
    return (Tensor(call.broadcast(call.shape(0), call.shape(3)), call.tensor(0).data_type),)


def _q_where(call: Call) -> Outputs:
    shapes = (call.shape(0), call.shape(1), call.shape(4))
    return (Tensor(call.broadcast(*shapes), call.tensor(1).data_type),)


def _q_concat(call: Call) -> Outputs:
    inputs = [call.tensor(slot) for slot in range(2, len(call.inputs), 3)]
    return (joined(inputs, call.settings["axis"]),)


def _q_pool(call: Call) -> Outputs:
    return (Tensor(pooled(call, bool(call.settings["channels_last"]))[0], call.tensor(0).data_type),)


def _q_global(call: Call) -> Outputs:
    x = call.tensor(0)
    ones = (1,) * (x.rank - 2)
    shape = (x.shape[0], *ones, x.shape[-1]) if call.settings["channels_last"] else (*x.shape[:2], *ones)
    return (Tensor(shape, x.data_type),)


def _pool_cost(call: Call, outputs: Outputs) -> Primitives:
    """One addition for each element that is averaged."""
    if "kernel_shape" in call.settings:
        return (pooled(call, bool(call.settings["channels_last"]))[1],)
    return (Elementwise(call.tensor(0).elements),)


def _skip_norm(call: Call) -> Outputs:
    x = call.tensor(0)
    rows = Tensor((*x.shape[:-1], 1), FLOAT)
    return Tensor(x.shape, x.data_type), rows, rows, Tensor(x.shape, x.data_type)


def _skip_cost(ops: int) -> Cost:
    def cost(call: Call, outputs: Outputs) -> Primitives:
        x = call.tensor(0)
        return Elementwise(x.elements), *normalizing(ops)(call, outputs)

    return cost


def _embed(call: Call) -> Outputs:
    ids = call.shape(0, 2)
    hidden = call.shape(2, 2)[1]
    shape = (*ids, hidden)
    return Tensor(shape, FLOAT), Tensor(ids[:1], INT32), Tensor(shape, FLOAT)


# attention in its several forms


def _qkv_sizes(call: Call) -> tuple[Dim, Dim, Dim]:
    """Hidden sizes of queries, keys and values in packed weights."""
    given = call.integers("qkv_hidden_sizes")
    if given:
        return given[0], given[1], given[2]
    each_of = exact_quotient(call.shape(1, 2)[1], 3)
    return each_of, each_of, each_of


def _packed_attention(past: int) -> Rule:
    def rule(call: Call) -> Outputs:
        x = call.tensor(0)
        batch, length, _ = x.shape
        query, _, value = _qkv_sizes(call)
        heads = call.settings["num_heads"]
        kind = FLOAT if past == 8 else x.data_type  # the quantized form gives floats
        before = call.shape(past, 5)[3] if call.has(past) else 0
        present = Tensor((2, batch, heads, before + length, exact_quotient(query, heads)), kind)
        return Tensor((batch, length, value), kind), present

    return rule


def _packed_cost(past: int) -> Cost:
    def cost(call: Call, outputs: Outputs) -> Primitives:
        batch, length, width = call.shape(0, 3)
        query, key, value = _qkv_sizes(call)
        heads = call.settings["num_heads"]
        total = length + (call.shape(past, 5)[3] if call.has(past) else 0)
        sizes = exact_quotient(query, heads), exact_quotient(value, heads)
        projection = MatrixProduct(1, batch * length, width, query + key + value)
        return projection, *scores_and_values(
            batch, heads, length, total, *sizes, bool(call.settings["unidirectional"])
        )

    return cost


def _multi_head_sizes(call: Call) -> tuple[Dim, Dim, Dim, Dim, Dim, Dim]:
    """Batch, heads, queries, keys (with the past), sizes of a head and of a value's head."""
    heads = call.settings["num_heads"]
    q = call.shape(0, 3, 5)
    if len(q) == 5:  # queries, keys and values side by side
        keys, size = q[1], q[4]
        value: Dim = size
    else:
        size = exact_quotient(q[2], heads)
        k = call.shape(1, 3, 4, 5)
        keys = k[2] if len(k) == 4 else k[1]
        v = call.shape(2, 3, 4) if call.has(2) else None
        value = size if v is None else v[3] if len(v) == 4 else exact_quotient(v[2], heads)
    past = call.shape(6, 4)[2] if call.has(6) else 0
    return q[0], heads, q[1], keys + past, size, value


def _multi_head(call: Call) -> Outputs:
    batch, heads, queries, keys, size, value = _multi_head_sizes(call)
    kind = call.tensor(0).data_type
    present = (Tensor((batch, heads, keys, one), kind) for one in (size, value))
    return Tensor((batch, queries, heads * value), kind), *present


def _multi_head_cost(call: Call, outputs: Outputs) -> Primitives:
    return scores_and_values(*_multi_head_sizes(call), bool(call.settings["unidirectional"]))


def _grouped_sizes(call: Call) -> tuple[Dim, Dim, Dim, Dim, Dim, Dim]:
    """Batch, heads, heads of keys, queries, keys in all, size of a head."""
    heads, kv_heads = call.settings["num_heads"], call.settings["kv_num_heads"]
    batch, queries, width = call.shape(0, 3)
    size = exact_quotient(width, heads if call.has(1) else heads + 2 * kv_heads)
    past = call.shape(3, 4)[2] if call.has(3) else 0
    total = call.scalar(6) if call.has(6) else None
    keys = past + queries if total is None else maximum(past, total)
    return batch, heads, kv_heads, queries, keys, size


def _grouped(call: Call) -> Outputs:
    batch, heads, kv_heads, queries, keys, size = _grouped_sizes(call)
    kind = call.tensor(0).data_type
    present = Tensor((batch, kv_heads, keys, size), kind)
    return Tensor((batch, queries, heads * size), kind), present, present


def _grouped_cost(call: Call, outputs: Outputs) -> Primitives:
    batch, heads, _, queries, keys, size = _grouped_sizes(call)
    return scores_and_values(batch, heads, queries, keys, size, size, causal=True)


def _fast_gelu_cost(call: Call, outputs: Outputs) -> Primitives:
    """With the tanh; a bias is one addition more."""
    return each(GELU_TANH + call.has(1))(call, outputs)


def _gather_blocks(call: Call) -> Outputs:
    x, indices = call.tensor(0), call.shape(1)
    axis = call.settings["gather_axis"] % x.rank
    return (Tensor((*x.shape[:axis], *indices, *x.shape[axis + 1 :]), call.tensor(2).data_type),)


HEADS = {"num_heads": integer(required=True), "unidirectional": integer(0)}
BATCHES = {**GEMM, "transBatchA": integer(0), "transBatchB": integer(0)}
ACTIVATION = {"activation": text()}
LAST = {"channels_last": integer(0)}
PRODUCT = {1: "weights"}
EMBEDDINGS = {2: "embeddings", 3: "embeddings", 4: "embeddings", 5: "affine", 6: "affine"}
PACKED = {**HEADS, "qkv_hidden_sizes": integers()}


OWN: tuple[Kind, ...] = tuple(
    replace(kind, domain=DOMAIN)
    for kind in (
        Kind("FusedConv", 1, convolution(1), _fused_conv_cost, {**CONV, **ACTIVATION}, {1: "weights", 2: "biases"}),
        Kind("NhwcFusedConv", 1, convolution(1), _fused_conv_cost, {**CONV, **ACTIVATION}, {1: "weights", 2: "biases"}),
        Kind("FusedMatMul", 1, _fused_matmul, _fused_matmul_cost, BATCHES, {0: "weights", 1: "weights"}),
        Kind("FusedGemm", 1, _fused_gemm, gemm_cost, {**GEMM, **ACTIVATION}, {1: "weights", 2: "biases"}),
        Kind(
            "MatMulNBits",
            1,
            _n_bits,
            _n_bits_cost,
            {"K": integer(required=True), "N": integer(required=True)},
            {1: "weights", 5: "biases"},
            lambda call: {1: call.settings["K"] * call.settings["N"]},
        ),
        Kind("MatMulIntegerToFloat", 1, _float_product, multiplying_cost(1), roles={1: "weights", 6: "biases"}),
        Kind("DynamicQuantizeMatMul", 1, _float_product, multiplying_cost(1), roles={1: "weights", 4: "biases"}),
        Kind("MatMulInteger16", 1, multiplying(1, INT32), multiplying_cost(1), roles=PRODUCT),
        Kind("QGemm", 1, _q_gemm, _q_gemm_cost, GEMM, {3: "weights", 6: "biases"}),
        Kind("QLinearAdd", 1, _q_binary, each(4)),
        Kind("QLinearMul", 1, _q_binary, each(4)),
        Kind("QLinearWhere", 1, _q_where, each(2)),
        Kind("QLinearConcat", 1, _q_concat, settings={"axis": integer(required=True)}),
        Kind("QLinearSigmoid", 1, like, each()),
        Kind("QLinearLeakyRelu", 1, like, each()),
        Kind("QLinearSoftmax", 1, like, softmax_cost, AXIS),
        Kind("QLinearAveragePool", 1, _q_pool, _pool_cost, {**POOL, **LAST}),
        Kind("QLinearGlobalAveragePool", 1, _q_global, _pool_cost, LAST),
        Kind("Gelu", 1, like, each(GELU)),
        Kind("FastGelu", 1, like, _fast_gelu_cost, roles={1: "biases"}),
        Kind("BiasGelu", 1, like, each(GELU + 1), roles={1: "biases"}),
        Kind("QuickGelu", 1, like, each(3)),
        Kind("SkipLayerNormalization", 1, _skip_norm, _skip_cost(7), roles={2: "affine", 3: "affine", 4: "biases"}),
        Kind("SkipSimplifiedLayerNormalization", 1, _skip_norm, _skip_cost(4), roles={2: "affine", 3: "biases"}),
        Kind("SimplifiedLayerNormalization", 1, _skip_norm, normalizing(4), LAYER, {1: "affine"}),
        Kind("EmbedLayerNormalization", 1, _embed, each(2 + 7), roles=EMBEDDINGS),
        Kind("Attention", 1, _packed_attention(4), _packed_cost(4), PACKED, {1: "weights", 2: "biases"}),
        Kind("QAttention", 1, _packed_attention(8), _packed_cost(8), PACKED, {1: "weights", 2: "biases"}),
        Kind("MultiHeadAttention", 1, _multi_head, _multi_head_cost, HEADS, {3: "biases"}),
        Kind(
            "GroupQueryAttention",
            1,
            _grouped,
            _grouped_cost,
            {**HEADS, "kv_num_heads": integer(required=True)},
            {7: "other", 8: "other"},
        ),
        Kind("RotaryEmbedding", 1, like, each(3)),
        Kind("BiasAdd", 1, like, each(2), roles={1: "biases"}),
        Kind("BiasSoftmax", 1, like, softmax_cost, AXIS),
        Kind("GatherBlockQuantized", 1, _gather_blocks, settings={"gather_axis": integer(0)}, roles={0: "embeddings"}),
        Kind("Inverse", 1, like, each()),
        Kind("Trilu", 1, like),
    )
)

SIMPLE_NORM = next(kind for kind in OWN if kind.name == "SimplifiedLayerNormalization")
KINDS: tuple[Kind, ...] = (*OWN, replace(SIMPLE_NORM, domain=""))  # exporters write it in ONNX's own domain too

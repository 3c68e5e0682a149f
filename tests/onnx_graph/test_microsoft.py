"""ONNX Runtime's own operators, one model each, run by it: shapes of all outputs, also with sizes left free."""
# ruff: noqa: E501  (a table of models, one a line)

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper

from inception_calc.onnx_ops.register import declared
from inception_calc.primitives.conv import Conv
from inception_calc.primitives.matrix import MatrixProduct
from tests.onnx_graph.cases import Free, difference, walked

DOMAIN = "com.microsoft"


def f(*shape: int) -> Any:
    return np.random.default_rng(0).random(shape).astype(np.float32)


def q(*shape: int) -> Any:
    return np.ones(shape, np.uint8)


def s8(*shape: int) -> Any:
    return np.ones(shape, np.int8)


def i(*shape: int, value: int = 1, kind: Any = np.int32) -> Any:
    return np.full(shape, value, kind)


UNIT, ZERO = np.float32(0.5), np.uint8(1)

MODELS: dict[str, tuple[str, list[Any], int, dict[str, Any]]] = {
    "fused conv": ("FusedConv", [f(2, 4, 9, 9), f(6, 4, 3, 3), f(6)], 1, {"activation": "Relu", "strides": [2, 2]}),
    "fused conv and sum": (
        "FusedConv", [f(1, 4, 5, 5), f(4, 4, 1, 1), f(4), f(1, 4, 5, 5)], 1, {"activation": "Relu"},
    ),
    "fused matmul": ("FusedMatMul", [f(3, 5, 7), f(3, 5, 4)], 1, {"transA": 1}),
    "fused matmul turned": ("FusedMatMul", [f(3, 5, 7), f(2, 7)], 1, {"transB": 1}),
    "fused gemm": ("FusedGemm", [f(5, 7), f(2, 7), f(2)], 1, {"transB": 1, "activation": "Relu"}),
    "matmul n bits": (
        "MatMulNBits", [f(2, 5, 64), q(16, 2, 16), f(32)], 1, {"K": 64, "N": 16, "bits": 4, "block_size": 32},
    ),
    "dynamic quantize matmul": ("DynamicQuantizeMatMul", [f(3, 5, 7), q(7, 4), UNIT, ZERO], 1, {}),
    "integer to float": ("MatMulIntegerToFloat", [q(3, 5, 7), q(7, 4), UNIT, UNIT], 1, {}),
    "q gemm": ("QGemm", [q(5, 7), UNIT, ZERO, q(7, 4), UNIT, ZERO, None, UNIT, ZERO], 1, {}),
    "q add": ("QLinearAdd", [q(3, 1, 7), UNIT, ZERO, q(5, 7), UNIT, ZERO, UNIT, ZERO], 1, {}),
    "q mul": ("QLinearMul", [q(3, 5, 7), UNIT, ZERO, q(7), UNIT, ZERO, UNIT, ZERO], 1, {}),
    "q concat": ("QLinearConcat", [UNIT, ZERO, q(3, 5), UNIT, ZERO, q(3, 2), UNIT, ZERO], 1, {"axis": 1}),
    "q sigmoid": ("QLinearSigmoid", [q(3, 5), UNIT, ZERO, UNIT, ZERO], 1, {}),
    "q leaky relu": ("QLinearLeakyRelu", [q(3, 5), UNIT, ZERO, UNIT, ZERO], 1, {"alpha": 0.1}),
    "q average pool": (
        "QLinearAveragePool", [q(1, 3, 9, 9), UNIT, ZERO, UNIT, ZERO], 1, {"kernel_shape": [3, 3], "strides": [2, 2]},
    ),
    "q global average pool": ("QLinearGlobalAveragePool", [q(2, 3, 9, 9), UNIT, ZERO, UNIT, ZERO], 1, {"channels_last": 0}),
    "q global average pool last": (
        "QLinearGlobalAveragePool", [q(2, 9, 9, 3), UNIT, ZERO, UNIT, ZERO], 1, {"channels_last": 1},
    ),
    "q softmax": ("QLinearSoftmax", [q(3, 5), UNIT, ZERO, UNIT, ZERO], 1, {"opset": 13, "axis": -1}),
    "gelu": ("Gelu", [f(3, 5)], 1, {}),
    "fast gelu": ("FastGelu", [f(3, 5), f(5)], 1, {}),
    "bias gelu": ("BiasGelu", [f(3, 5), f(5)], 1, {}),
    "quick gelu": ("QuickGelu", [f(3, 5)], 1, {"alpha": 1.7}),
    "skip layer norm": ("SkipLayerNormalization", [f(2, 5, 8), f(2, 5, 8), f(8), f(8), f(8)], 4, {}),
    "skip simplified": ("SkipSimplifiedLayerNormalization", [f(2, 5, 8), f(2, 5, 8), f(8)], 4, {}),
    "embed": (
        "EmbedLayerNormalization", [i(2, 5), i(2, 5, value=0), f(9, 8), f(7, 8), f(2, 8), f(8), f(8), i(2, 5)], 2, {},
    ),
    "attention": ("Attention", [f(2, 5, 8), f(8, 24), f(24)], 2, {"num_heads": 2}),
    "attention with a past": (
        "Attention", [f(2, 5, 8), f(8, 24), f(24), None, f(2, 2, 2, 3, 4)], 2, {"num_heads": 2, "unidirectional": 1},
    ),
    "attention of unequal sizes": (
        "Attention", [f(2, 5, 8), f(8, 8 + 8 + 12), f(28)], 1, {"num_heads": 2, "qkv_hidden_sizes": [8, 8, 12]},
    ),
    "q attention": (
        "QAttention", [q(2, 5, 8), q(8, 24), f(24), UNIT, UNIT, None, ZERO, ZERO], 1, {"num_heads": 2},
    ),
    "multi head": ("MultiHeadAttention", [f(2, 5, 8), f(2, 7, 8), f(2, 7, 12)], 1, {"num_heads": 2}),
    "multi head with a past": (
        "MultiHeadAttention",
        [f(2, 5, 8), f(2, 5, 8), f(2, 5, 8), None, None, None, f(2, 2, 3, 4), f(2, 2, 3, 4)], 3, {"num_heads": 2},
    ),
    "grouped query": (
        "GroupQueryAttention",
        [f(2, 5, 32), f(2, 5, 16), f(2, 5, 16), f(2, 2, 0, 8), f(2, 2, 0, 8), i(2, value=4), np.int32(5)], 3,
        {"num_heads": 4, "kv_num_heads": 2},
    ),
    "grouped query with a past": (
        "GroupQueryAttention",
        [f(1, 1, 32), f(1, 1, 16), f(1, 1, 16), f(1, 2, 6, 8), f(1, 2, 6, 8), i(1, value=6), np.int32(7)], 3,
        {"num_heads": 4, "kv_num_heads": 2},
    ),
    "grouped query, packed": (
        "GroupQueryAttention",
        [f(1, 5, 64), None, None, f(1, 2, 0, 8), f(1, 2, 0, 8), i(1, value=4), np.int32(5)], 3,
        {"num_heads": 4, "kv_num_heads": 2},
    ),
    "rotary": ("RotaryEmbedding", [f(2, 5, 32), i(2, 5, kind=np.int64), f(9, 4), f(9, 4)], 1, {"num_heads": 4}),
    "quantize": ("QuantizeLinear", [f(3, 5), UNIT, ZERO], 1, {}),
    "dequantize": ("DequantizeLinear", [q(3, 5), UNIT, ZERO], 1, {}),
    "lstm": (
        "DynamicQuantizeLSTM",
        [f(7, 2, 8), s8(1, 8, 24), s8(1, 6, 24), f(1, 48), None, None, None, None, f(1), np.int8([0]), f(1), np.int8([0])],
        3, {"hidden_size": 6},
    ),
    "inverse": ("Inverse", [f(2, 3, 3)], 1, {}),
    "trilu": ("Trilu", [f(2, 3, 3)], 1, {}),
    "gather of blocks": (
        "GatherBlockQuantized", [q(8, 16), i(2, 3, kind=np.int64), f(8, 1)], 1,
        {"gather_axis": 0, "quantize_axis": 1, "block_size": 16, "bits": 8},
    ),
}  # fmt: skip
NOT_RUN = frozenset(
    {"NhwcFusedConv", "QLinearWhere", "MatMulInteger16", "BiasAdd", "BiasSoftmax", "SimplifiedLayerNormalization"}
)
"""Kernels that ONNX Runtime has on accelerators only, or under another name."""


def model_of(name: str) -> tuple[bytes, dict[str, Any]]:
    operator, inputs, outputs, attributes = MODELS[name]
    feed = {f"x{slot}": np.asarray(value) for slot, value in enumerate(inputs) if value is not None}
    names = [f"x{slot}" if value is not None else "" for slot, value in enumerate(inputs)]
    made = [f"y{slot}" for slot in range(outputs)]
    if operator.startswith("Skip"):
        made[1] = made[2] = ""  # only a run in training has them
    node = helper.make_node(operator, names, made, domain=DOMAIN, **attributes)
    infos = [
        helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)
        for key, value in feed.items()
    ]
    values = [helper.make_tensor_value_info(one, TensorProto.UNDEFINED, None) for one in made if one]
    graph = helper.make_graph([node], "g", infos, values)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(DOMAIN, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    for info in model.graph.output:
        info.ClearField("type")
    data: bytes = model.SerializeToString()
    return data, feed


@pytest.mark.parametrize("name", MODELS)
def test_shapes_are_those_of_a_run(name):
    data, feed = model_of(name)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    outputs = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"]).run(None, feed)
    result = walked(data, list(feed.values()))
    assert not result.gaps
    assert difference(result, outputs, {}) == ""
    free = Free()
    assert difference(walked(data, list(feed.values()), free), outputs, free.numbers) == ""


def test_every_operator_is_run_or_named():
    own = {kind.name for kind in declared() if kind.domain == DOMAIN}
    assert own == {operator for operator, *_ in MODELS.values()} | NOT_RUN


HEADS_OF_8 = {"scores": MatrixProduct(4, 5, 4, 5), "values": MatrixProduct(4, 5, 5, 4)}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("fused conv", 2 * 6 * 4 * 4 * 4 * 9),
        ("fused matmul", 3 * 7 * 5 * 4),
        ("matmul n bits", 2 * 5 * 64 * 16),
        ("q gemm", 5 * 7 * 4),
        ("attention", 2 * 5 * 8 * 24 + 2 * (2 * 2) * 5 * 5 * 4),
        ("attention with a past", 2 * 5 * 8 * 24 + 2 * (2 * 2) * 5 * 8 * 4),
        ("multi head", (2 * 2) * 5 * 7 * (4 + 6)),
        ("grouped query with a past", 4 * 1 * 7 * 8 * 2),
        ("lstm", 7 * 2 * 4 * 6 * (8 + 6)),
    ],
)
def test_multiply_adds_by_hand(name, count):
    data, feed = model_of(name)
    assert walked(data, list(feed.values())).multiply_adds == count


def test_nodes_say_what_they_are_made_of():
    data, feed = model_of("attention")
    (step,) = walked(data, list(feed.values())).steps
    projection, scores, _, values = step.primitives
    assert projection == MatrixProduct(1, 10, 8, 24)
    assert {"scores": scores, "values": values} == HEADS_OF_8
    data, feed = model_of("fused conv")
    (step,) = walked(data, list(feed.values())).steps
    assert step.element_ops == 2 * 6 * 4 * 4  # the activation
    conv = step.primitives[0]
    assert isinstance(conv, Conv)
    assert (conv.batch, conv.in_channels, conv.out_channels, conv.groups) == (2, 4, 6, 1)
    assert (conv.window.kernel_size, conv.sides, conv.positions) == ((3, 3), (9, 9), (4, 4))


def test_what_is_fused_into_a_convolution_counts_beside_it():
    data, feed = model_of("fused conv and sum")
    assert walked(data, list(feed.values())).element_ops == 2 * (4 * 5 * 5)  # the sum, and the activation

"""Multiply-adds of a model as ONNX Runtime runs it: from the shapes that its kernels saw, each node as often as it ran.

Graph optimizations are off, so kernels are the file's nodes. A kernel may have packed its weights away and not name
their shape; then the file says it.
"""

from __future__ import annotations

import json
import os
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1, "DynamicQuantizeLSTM": 4}
PRODUCTS = frozenset({"MatMul", "MatMulInteger", "FusedMatMul", "QLinearMatMul", "MatMulIntegerToFloat"})
NOT_JUDGED = frozenset({"Einsum", "LinearClassifier", "LinearRegressor", "Attention", "DeformConv"})
"""Kernels whose products these shapes do not tell."""

TYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
}

VALUES = {"sr": 16000}
"""Inputs for which one is no sensible value: a sampling rate."""
STATES = frozenset({"state", "h", "c"})
"""States of recurrent layers: their free axis is the batch."""


class NotJudged(Exception):
    """A kernel ran whose products cannot be told from shapes."""


def inputs_like(declared: list[Any], sizes: tuple[int, ...]) -> dict[str, Any]:
    """Inputs of the declared types; free axes take `sizes` by their place, the last one again and again."""
    generator = np.random.default_rng(0)
    feed = {}
    for one in declared:
        kind = TYPES[one.type]
        free = sizes[:1] if one.name in STATES else sizes
        shape = [
            size if isinstance(size, int) and size > 0 else free[min(axis, len(free) - 1)]
            for axis, size in enumerate(one.shape)
        ]
        if np.issubdtype(kind, np.floating):
            feed[one.name] = generator.random(shape).astype(kind)
        else:
            feed[one.name] = np.full(shape, VALUES.get(one.name, 1), kind)
    return feed


def multiply_adds(
    path: Path, feed: dict[str, Any] | None, folder: Path, sizes: tuple[int, ...] = ()
) -> tuple[int, Any]:
    """The count and the inputs with which it came about. Raises `NotJudged`, or what ONNX Runtime raises."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_profiling = True
    options.profile_file_prefix = str(folder / "profile")
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feed = inputs_like(session.get_inputs(), sizes) if feed is None else feed
    session.run(None, feed)
    profile = Path(session.end_profiling())
    events = json.loads(profile.read_text())
    profile.unlink()
    weights = _weights(path)
    ran = [event for event in events if event.get("cat") == "Node" and "output_type_shape" in event.get("args", {})]
    return sum(_products(event, weights) for event in ran), feed


def _weights(path: Path) -> dict[str, list[int]]:
    """Node -> the shape of its second input, where that is a constant."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            shapes[node.output[0]] = list(node.attribute[0].t.dims)
    return {
        node.name or f"{node.op_type}_{index}": shapes[node.input[1]]
        for index, node in enumerate(graph.node)
        if len(node.input) > 1 and node.input[1] in shapes
    }


def _products(event: dict[str, Any], weights: dict[str, list[int]]) -> int:
    """The multiply-adds of one kernel that ran."""
    args = event["args"]
    kind = args["op_name"]
    x, *others = [next(iter(one.values())) for one in args["input_type_shape"]] or [[]]
    y = next(iter(args["output_type_shape"][0].values())) if args["output_type_shape"] else []

    def kernel() -> list[int]:
        fitting = [shape for shape in others if len(shape) == len(x)]
        return fitting[0] if fitting else weights[event["name"].removesuffix("_kernel_time")]

    if kind in NOT_JUDGED:
        raise NotJudged(kind)
    if kind in {"Conv", "FusedConv", "ConvInteger", "QLinearConv"}:
        return prod(y) * prod(kernel()[1:])
    if kind == "ConvTranspose":
        return prod(x) * prod(kernel()[1:])
    if kind in PRODUCTS:
        return prod(y) * x[-1]
    if kind == "Gemm":
        return prod(x) * y[1]
    if kind in GATES:
        steps, batch, features = x
        _, directions, _, hidden = y
        return steps * batch * directions * GATES[kind] * hidden * (features + hidden)
    return 0


os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

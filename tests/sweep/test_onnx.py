"""A file with free sizes is swept over them, as `analyze` counts it at each."""

from __future__ import annotations

from pathlib import Path

import pytest

from inception_calc import analyze
from inception_calc.sweep.run import sweep
from inception_calc.sweep.wording import Wording

onnx = pytest.importorskip("onnx")


@pytest.fixture
def model(tmp_path: Path) -> str:
    """Two convolutions, the first of stride 2, and a pool, on images of free size."""
    from onnx import TensorProto, helper

    weights = [
        helper.make_tensor(name, TensorProto.FLOAT, shape, [0.5] * (shape[0] * shape[1] * shape[2] * shape[3]))
        for name, shape in (("w", (8, 3, 3, 3)), ("v", (4, 8, 1, 1)))
    ]
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "v"], ["c"]),
        helper.make_node("MaxPool", ["c"], ["y"], kernel_shape=[3, 3], strides=[3, 3]),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, "height", "width"])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "g", [x], [y], weights)
    path = tmp_path / "free.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), path)
    return str(path)


def test_free_sizes_are_axes(model: str):
    wording = Wording(model, {"height": "1:14:3", "batch": "1,5"}, set={"width": "17"}, columns="peak_activation_bytes")
    answer = sweep(wording.setup())
    found = {point.values: point.metrics for point in answer.networks()}
    assert answer.found.refused.count == 10 - len(found)
    for values, metrics in found.items():
        symbols = dict(zip((axis.name for axis in answer.setup.networks.axes), values, strict=True))
        totals = analyze(model, symbols={**symbols, "width": 17}).totals
        assert metrics[:2] == (totals.params, totals.multiply_adds)
    assert set(found) == {(height, batch) for height in (7, 10, 13) for batch in (1, 5)}

"""Linear models of `ai.onnx.ml`: their params stand in attributes. Counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper  # noqa: E402

from inception_calc.analysis import Analysis, analyze  # noqa: E402
from inception_calc.explain import explain  # noqa: E402


def counted(path: Path, nodes: list[onnx.NodeProto], rows: int | str = 2, features: int = 4) -> Analysis:
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [rows, features])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(helper.make_graph(nodes, "g", [x], [y]), opset_imports=opsets)
    onnx.save(model, path / "net.onnx")
    return analyze(str(path / "net.onnx"))


def node(kind: str, inputs: list[str], outputs: list[str], **attributes) -> onnx.NodeProto:
    return helper.make_node(kind, inputs, outputs, domain="ai.onnx.ml", **attributes)


def test_a_regressor_of_three_targets(tmp_path: Path):
    """4 features x 3 targets: 12 weights, 3 biases, 12 multiply-adds for each of 2 rows."""
    one = node("LinearRegressor", ["x"], ["y"], coefficients=[0.5] * 12, intercepts=[1.0] * 3, targets=3)
    found = counted(tmp_path, [one])
    totals = found.totals
    assert (totals.weights, totals.biases, totals.params, totals.multiply_adds) == (12, 3, 15, 24)
    assert (totals.depth, totals.param_bytes) == (1, 60)
    assert tuple(found.layers[0].layer.output) == (2, 3)
    values = {line.quantity: (line.value, line.why) for line in explain(found, "LinearRegressor_0").lines}
    assert values["weights"] == (12, "in the file: coefficients of node 0 (LinearRegressor) (12)")
    assert values["multiply_adds"][0] == 24


@pytest.mark.parametrize("rows", [2, 5])
def test_a_classifier_of_two_classes_by_one_line(tmp_path: Path, rows: int):
    """One row of 4 coefficients and an intercept decide between two classes."""
    one = node(
        "LinearClassifier", ["x"], ["label", "y"], coefficients=[0.5] * 4, intercepts=[1.0], classlabels_ints=[0, 1]
    )
    found = counted(tmp_path, [one], rows)
    assert (found.totals.weights, found.totals.biases, found.totals.multiply_adds) == (4, 1, 4 * rows)
    assert [tuple(found.layers[0].layer.output), *map(tuple, found.layers[0].layer.others)] == [(rows,), (rows, 2)]


def test_a_scaler_in_front_and_lists_that_are_too_long_to_keep(tmp_path: Path):
    """5,000 features: a shift and a scale of each, then one unit."""
    scaler = node("Scaler", ["x"], ["h"], offset=[0.0] * 5000, scale=[1.0] * 5000)
    regressor = node("LinearRegressor", ["h"], ["y"], coefficients=[0.5] * 5000)
    found = counted(tmp_path, [scaler, regressor], 1, 5000)
    scaled, linear = (cost.param_counts for cost in found.layers)
    assert (scaled.affine, linear.weights, linear.biases) == (10_000, 5_000, 0)
    assert found.totals.multiply_adds == 5_000
    assert found.totals.element_ops == 2 * 5_000


def test_nodes_of_one_name_count_each(tmp_path: Path):
    first = node("LinearRegressor", ["x"], ["h"], coefficients=[0.5] * 16, targets=4, name="same")
    second = node("LinearRegressor", ["h"], ["y"], coefficients=[0.5] * 4, name="same")
    assert counted(tmp_path, [first, second]).totals.weights == 20


def test_trees_and_support_vectors_are_not_counted_and_said_so(tmp_path: Path):
    tree = node(
        "TreeEnsembleRegressor",
        ["x"],
        ["y"],
        n_targets=1,
        nodes_values=[0.5, 0.0, 0.0],
        target_ids=[0, 0],
        target_weights=[1.0, 2.0],
    )
    found = counted(tmp_path, [tree])
    assert (found.totals.params, found.totals.multiply_adds) == (0, 0)
    known = found.graph.known
    assert known is not None
    assert known.assumptions == (
        "node 0 (TreeEnsembleRegressor): trees are not counted, neither what they compare nor what they hold",
    )

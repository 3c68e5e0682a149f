"""Every derivation of a node evaluates to its count, and every cost of a node is derived."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import LayerCost, analyze
from inception_calc.onnx_export.model import write_model
from inception_calc.onnx_export.plan import plan
from tests.formula.restricted import evaluate
from tests.graph.onnx.models import write

COSTS = ("multiply_adds", "effective_multiply_adds", "element_ops")


def assert_derived(cost: LayerCost) -> None:
    derived = {one.quantity: one for one in cost.layer.op.derivations(cost.inputs, cost.layer.output)}
    for quantity in COSTS:
        one = derived.get(quantity)
        assert (0 if one is None else evaluate(one.formula, one.values)) == getattr(cost, quantity), cost.layer.name
    for role in ("weights", "biases", "affine", "buffers"):
        if role in derived:
            assert evaluate(derived[role].formula, derived[role].values) == getattr(cost.used, role)


def test_nodes_of_an_exported_spec(tmp_path: Path):
    write_model(plan(analyze("googlenet", batch=2)), tmp_path / "m.onnx", "constant", 0)
    costs = analyze(str(tmp_path / "m.onnx")).layers
    for cost in costs:
        assert_derived(cost)
    first = {one.quantity: one.formula for one in costs[0].layer.op.derivations(costs[0].inputs, costs[0].layer.output)}
    assert (
        first["multiply_adds"] == "batch*kernel_height*kernel_width*input_channels*filters*output_height*output_width"
    )
    assert first["weights"] == "kernel_height*kernel_width*input_channels*filters"


def test_several_primitives_and_several_runs_add_up(tmp_path: Path):
    import onnx

    text = """g (float[2, 8, 16] q) => (float[2, 8, 16] y) {
        y = Attention <q_num_heads = 4, kv_num_heads = 4> (q, q, q)
    }"""
    file = write(tmp_path / "m.onnx", text)
    model = onnx.load(file)
    model.opset_import[0].version = 23  # the first that has it
    onnx.save(model, file)
    (cost,) = analyze(file).layers
    assert cost.multiply_adds == 2 * (2 * 4) * 8 * 8 * 4
    assert_derived(cost)
    text = """g (float[1, 3, 8] x, int64 n) => (float[1, 3, 8] y) {
        c = Constant <value = bool {1}> ()
        times = Constant <value = int64 {5}> ()
        y = Loop (times, c, x) <
            body = b (int64 i, bool go, float[1, 3, 8] s) => (bool on, float[1, 3, 8] t) {
                on = Identity (go)
                t = Conv <pads = [1, 1]> (s, w)
            }
        >
    }"""
    costs = analyze(write(tmp_path / "l.onnx", text, w=(3, 3, 3))).layers
    assert sum(cost.multiply_adds for cost in costs) == 5 * 8 * 3 * 3 * 3
    assert sum(cost.effective_multiply_adds for cost in costs) == 5 * (8 * 3 - 2) * 3 * 3
    for cost in costs:
        assert_derived(cost)

"""Kernels of a user's own file: what each computes, and that nothing is lost. No milliseconds are judged."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from inception_calc.analysis import analyze
from inception_calc.latency.reading import read
from inception_calc.onnx_run.measure import measure_pair
from inception_calc.onnx_run.model_measure import measure_model
from inception_calc.onnx_run.model_proof import prove_model
from inception_calc.onnx_run.runtime import Options
from tests.graph.onnx.models import write
from tests.helpers import shipped_analysis

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
CPU = Options()


def quiet(*_: object) -> None:
    """No progress."""


def measured(path: str):  # type: ignore[no-untyped-def]
    analysis = analyze(path)
    return analysis, measure_model(analysis, prove_model(analysis, CPU, 0, quiet), CPU, 3, 0, quiet)


def test_every_layer_that_multiplies_has_a_kernel():
    """ShuffleNet: grouped convolutions in another layout, batch norms folded, weights that nodes make."""
    analysis, found = measured(str(LIGHT / "light_shufflenet.onnx"))
    units = [timed.unit for timed in found.units]
    assert sum(unit.multiply_adds for unit in units) == analysis.totals.multiply_adds
    assert sum(unit.params for unit in units) == analysis.totals.params
    assert [timed.unit.name for timed in found.units if timed.unit.multiply_adds and not timed.milliseconds] == []
    assert all(name.startswith("Reorder") for name in found.inserted)
    parts = sum(timed.milliseconds for timed in found.units) + sum(found.inserted.values()) + found.rest
    assert parts == pytest.approx(found.milliseconds)
    assert sum(share.multiply_adds for share in read(found).kinds) == pytest.approx(1)


FUSED = """g (float[1, 8, 16] x) => (float[A, B, C] y, float[A, B, C] z) {
    t = Transpose <perm = [0, 2, 1]> (x)
    s = MatMul (x, t)
    p = Softmax (s)
    y = MatMul (p, x)
    h = MatMul (x, w)
    b = Add (h, v)
    z = Relu (b)
}"""


def test_nodes_that_run_as_one_stand_as_one(tmp_path: Path):
    """What they are depends on the runtime: a transpose goes into the product that reads it."""
    path = write(tmp_path / "m.onnx", FUSED, w=(16, 4), v=(4,))
    analysis, found = measured(path)
    by_name = {timed.unit.name: timed.unit for timed in found.units}
    ops = {name: [analysis.layers[index].layer.op.op for index in unit.layers] for name, unit in by_name.items()}
    assert ops["MatMul_1"] == ["transpose", "matrix product"]
    assert by_name["MatMul_1"].multiply_adds == 8 * 16 * 8
    assert by_name["MatMul_1"].bytes == 4 * (8 * 16 + 8 * 8)  # x is read once, s is written; t is never made
    assert sum(unit.multiply_adds for unit in by_name.values()) == 2 * 8 * 8 * 16 + 8 * 16 * 4
    assert sorted(index for unit in by_name.values() for index in unit.layers) == list(range(len(analysis.layers)))


def test_shape_arithmetic_has_a_line_of_its_own(tmp_path: Path):
    text = """g (float[2, 3] x, int64 k) => (float[N, M] y) {
        s = Shape (x)  d = Mul (s, k)  r = Expand (x, d)  y = MatMul (r, w) }"""
    analysis = analyze(write(tmp_path / "m.onnx", text, w=(3, 4)), symbols={"k": "1"})
    found = measure_model(analysis, prove_model(analysis, CPU, 0, quiet), CPU, 3, 0, quiet)
    assert found.inserted == {}
    assert [timed.unit.kind for timed in found.units] == ["expand", "linear", "shape arithmetic"]


def test_a_file_and_a_spec_run_in_turns(tmp_path: Path):
    file = analyze(write(tmp_path / "m.onnx", FUSED, w=(16, 4), v=(4,)))
    pairs = measure_pair(file, shipped_analysis("lenet5"), CPU, 3, 0, quiet)
    assert len(pairs) == 3
    assert all(first.cpu > 0 and second.cpu > 0 for first, second in pairs)

"""Bytes of files whose tensors have types of their own, counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper  # noqa: E402

from inception_calc.analysis import Analysis, analyze  # noqa: E402
from inception_calc.analysis.measures import Measures  # noqa: E402
from inception_calc.analysis.metrics import METRICS  # noqa: E402
from inception_calc.graph.onnx.types import BITS  # noqa: E402
from inception_calc.report.cost_table import cost_table  # noqa: E402
from inception_calc.report.table_json import table_document  # noqa: E402
from inception_calc.report.view import View  # noqa: E402
from tests.graph.onnx.models import write  # noqa: E402

LOOKED_UP = """g (int64[N, 5] ids) => (float[N, 5, 3] z) {
    e = Gather (t, ids)
    h = Cast <to = 10> (e)
    r = Relu (h)
    f = Cast <to = 1> (r)
    z = MatMul (f, w)
}"""


def all_bytes(analysis: Analysis) -> dict[str, object]:
    names = ("param_bytes", "activation_bytes", "peak_activation_bytes", "traffic_bytes")
    return {name: METRICS[name].of(analysis) for name in names}


@pytest.mark.parametrize("n", [1, 3])
def test_each_tensor_in_its_own_type(tmp_path: Path, n: int):
    """ids int64 40n; e fp32 80n; h fp16 40n, relu in place; f fp32 80n; z fp32 60n; t fp32 160, w fp32 48."""
    found = analyze(write(tmp_path / "m.onnx", LOOKED_UP, t=(10, 4), w=(4, 3)), symbols={"N": n})
    assert (found.dtype, found.element_size, found.has_bytes) == ("", 0, True)
    assert all_bytes(found) == {
        "param_bytes": 160 + 48,
        "activation_bytes": (80 + 40 + 80 + 60) * n,
        "peak_activation_bytes": 140 * n,  # f and z; before it e and h with 120, ids and e with 120
        "traffic_bytes": (40 + 80 + 80 + 40 + 40 + 40 + 40 + 80 + 80 + 60) * n + 160 + 48,
    }
    flops = 2 * found.totals.multiply_adds + found.totals.element_ops
    assert METRICS["arithmetic_intensity"].of(found) == pytest.approx(flops / (580 * n + 208))
    shown = cost_table(found, View(columns=("row", "traffic_bytes", "arithmetic_intensity")))
    assert "bytes of each tensor in its own type" in shown.notes
    peak = Measures(found).peak
    assert (peak.layer, dict(peak.alive)) == ("MatMul_4", {"Cast_3": 20 * n, "MatMul_4": 15 * n})


def test_free_sizes_make_formulas(tmp_path: Path):
    file = write(tmp_path / "m.onnx", LOOKED_UP, t=(10, 4), w=(4, 3))
    free = analyze(file, symbols={"N": None})
    assert str(METRICS["activation_bytes"].of(free)) == "260*N"
    (table,) = json.loads(table_document([free], View()))["tables"]
    assert (table["totals"]["activation_bytes"], table["layers"][2]["activation_bytes"]) == ("260*N", 0)


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        (TensorProto.INT4, 8), (TensorProto.UINT4, 8), (TensorProto.INT8, 15), (TensorProto.FLOAT16, 30),
        (TensorProto.BFLOAT16, 30), (TensorProto.FLOAT8E4M3FN, 15), (TensorProto.FLOAT, 60), (TensorProto.DOUBLE, 120),
    ],
)  # fmt: skip
def test_params_of_every_type(tmp_path: Path, kind: int, size: int):
    """3 x 5 numbers, read by a cast into the fp32 of the rest; halves of bytes are filled up."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    w = helper.make_tensor("w", kind, [3, 5], vals=bytes(size), raw=True)
    nodes = [helper.make_node("Cast", ["w"], ["c"], to=1), helper.make_node("MatMul", ["x", "c"], ["y"])]
    model = helper.make_model(helper.make_graph(nodes, "g", [x], [y], [w]), opset_imports=[helper.make_opsetid("", 23)])
    onnx.save(model, tmp_path / "m.onnx")
    found = analyze(str(tmp_path / "m.onnx"))
    assert found.totals.weights == 15
    assert METRICS["param_bytes"].of(found) == size
    assert METRICS["activation_bytes"].of(found) == 2 * 5 * 4


def test_texts_have_no_bytes(tmp_path: Path):
    found = analyze(
        write(tmp_path / "m.onnx", "g (string[3] a, string[3] b) => (string[3] c) {\n c = StringConcat (a, b)\n}")
    )
    assert (found.has_bytes, set(all_bytes(found).values())) == (False, {None})


def test_every_type_of_the_format_has_bits_but_texts():
    """The names of types in the format say their bits; quotients are checked against onnx's own sizes."""
    known = {number for name, number in TensorProto.DataType.items() if name not in ("UNDEFINED", "STRING")}
    assert set(BITS) == known
    for number, (_, bits) in BITS.items():
        dtype = helper.tensor_dtype_to_np_dtype(number)
        assert bits in (dtype.itemsize * 8, 2, 4, 6), dtype

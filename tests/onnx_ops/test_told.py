"""Custom operators counted as told: the same network in the operators that they stand for is the judge."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import Analysis, analyze, with_operators
from inception_calc.onnx_ops.told import WAYS, read_told
from inception_calc.problems import Fault, InputError
from tests.graph.onnx.models import write

PLAIN = """g (float[N, 3, 8, 8] x) => (float[N, 10] z) {
    a = Conv <kernel_shape = [3, 3], group = 1> (x, w, b)
    r = Gelu <approximate = "none"> (a)
    g = GlobalAveragePool (r)
    f = Flatten (g)
    z = MatMul (f, v)
}"""
CUSTOM = (
    PLAIN.replace("Conv <", "com.acme.Dense2D <").replace("Gelu <", "com.acme.Act <").replace("MatMul", "com.acme.MM")
)
TOLD = {"com.acme::Dense2D": "conv", "com.acme::Act": "onnx::Gelu", "com.acme::MM": "matmul"}
WEIGHTS = {"w": (16, 3, 3, 3), "b": (16,), "v": (16, 10)}


def costs(analysis: Analysis) -> list[tuple[object, ...]]:
    return [
        (cost.layer.op.op, cost.layer.output, cost.param_counts, cost.multiply_adds, cost.element_ops, cost.layer.depth)
        for cost in analysis.layers
    ]


def test_as_the_operators_that_they_stand_for(tmp_path: Path):
    plain = analyze(write(tmp_path / "plain.onnx", PLAIN, **WEIGHTS), symbols={"N": 2})
    custom = write(tmp_path / "custom.onnx", CUSTOM, **WEIGHTS)
    assert analyze(custom).graph.known.gaps  # type: ignore[union-attr]
    told = analyze(with_operators(custom, TOLD), symbols={"N": 2})
    assert costs(told) == costs(plain)
    known = told.graph.known
    assert known is not None
    assert not known.gaps
    assert known.assumptions == tuple(f"{name} is counted as told: {way}" for name, way in TOLD.items())


SHAPES = """g (float[2, 3] x, float[4] y) => (float[2, 3] z) {
    a, b = com.acme.Two (x, y)
    c = com.acme.Declared (a)
    d = Relu (c)
    z = com.acme.Copy (d)
}"""


@pytest.mark.parametrize(("way", "ops"), [("elementwise", 1), ("elementwise=5", 5), ("elementwise=0", 0), ("free", 0)])
def test_so_many_operations_for_each_element(tmp_path: Path, way: str, ops: int):
    """Outputs are as the file declares them, else as the first input."""
    import onnx

    path = tmp_path / "net.onnx"
    write(path, SHAPES)
    model = onnx.load(path)
    model.graph.value_info.append(onnx.helper.make_tensor_value_info("c", onnx.TensorProto.FLOAT, [7, 5]))
    onnx.save(model, path)
    found = analyze(
        with_operators(
            str(path), {"com.acme::Two": "elementwise=2", "com.acme::Declared": way, "com.acme::Copy": "free"}
        )
    )
    by_name = {cost.layer.name: cost for cost in found.layers}
    assert by_name["Two_0"].element_ops == 2 * (6 + 6)  # both outputs
    assert by_name["Declared_1"].element_ops == ops * 35
    assert tuple(by_name["Relu_2"].layer.output) == (7, 5)
    assert by_name["Copy_3"].element_ops == 0
    assert by_name["Copy_3"].layer.op.op == "com.acme::Copy"
    assert found.totals.multiply_adds == 0


def test_a_node_of_a_function_is_told_too_and_one_that_is_known(tmp_path: Path):
    file = write(tmp_path / "net.onnx", "g (float[2, 3] x) => (float[2, 3] z) {\n z = Relu (x)\n}")
    assert analyze(file).totals.element_ops == 6
    assert analyze(with_operators(file, {"onnx::Relu": "elementwise=3"})).totals.element_ops == 18


def test_what_is_told_in_vain_is_said_with_the_nearest(tmp_path: Path):
    file = write(tmp_path / "net.onnx", CUSTOM, **WEIGHTS)
    known = analyze(with_operators(file, {"com.acme::Dense2B": "conv", "com.acme::Akt": "free"})).graph.known
    assert known is not None
    assert any("no node is a com.acme::Akt; did you mean 'com.acme::Act'?" in what for what in known.assumptions)
    assert len(known.gaps) == 3


@pytest.mark.parametrize(
    ("operator", "way", "fix"),
    [
        ("com.acme::Foo", "elementwize", "did you mean 'elementwise'?"),
        ("com.acme::Foo", "sum", "write elementwise, elementwise=4, free, matmul, conv, or a known operator"),
        ("com.acme::Foo", "", "write elementwise, elementwise=4, free, matmul, conv, or a known operator"),
        ("com.acme::Foo", "elementwise=-1", "elementwise=4"),
        ("com.acme::Foo", "elementwise=", "elementwise=4"),
        ("com.acme::Foo", "elementwise=1e3", "elementwise=4"),
        ("com.acme::Foo", "elementwise=" + "9" * 400, "elementwise=4"),
        ("com.acme::Foo", "free=2", "write elementwise, elementwise=4, free, matmul, conv, or a known operator"),
        ("com.acme::Foo", "onnx::Convv", "did you mean 'onnx::Conv'?"),
        ("com.acme::Foo", "onnx::", "write DOMAIN::NAME, com.acme::Foo"),
        ("::Foo", "free", "write DOMAIN::NAME, com.acme::Foo"),
        ("", "free", "write DOMAIN::NAME, com.acme::Foo"),
        ("com.acme::Foo Bar", "free", "write DOMAIN::NAME, com.acme::Foo"),
    ],
)
def test_what_is_no_way_to_count_is_an_error(operator: str, way: str, fix: str, tmp_path: Path):
    with pytest.raises(Fault) as fault:
        read_told(operator, way)
    assert fault.value.fix.startswith(fix)
    file = write(tmp_path / "net.onnx", "g (float[2, 3] x) => (float[2, 3] z) {\n z = Relu (x)\n}")
    with pytest.raises(InputError) as error:
        with_operators(file, {operator: way})
    assert error.value.exit_code == 2


def test_inputs_that_do_not_fit_are_told_with_the_node(tmp_path: Path):
    file = write(tmp_path / "net.onnx", CUSTOM, w=(16, 4, 3, 3), b=(16,), v=(16, 10))
    with pytest.raises(InputError) as error:
        analyze(with_operators(file, TOLD))
    assert "node 0 (Dense2D)" in error.value.problems[0].what


def test_every_way_is_a_way():
    assert {read_told("a::B", way).text for way in WAYS} == set(WAYS)

"""Every node of the files of the onnx package explained: each formula comes to its value, the values to the costs."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import Analysis, analyze
from inception_calc.dims import evaluated, same
from inception_calc.explain import Explanation, explain
from inception_calc.explain.nodes import TRAINED
from inception_calc.problems import InputError, Stop
from inception_calc.report.explain import document, text
from tests.graph.onnx.models import write
from tests.graph.onnx.test_files import DATA

NET = """g (float[N, 3, 8, 8] x, float[N, 2, 6, 6] y) => (float[N, 10] z) {
    a = Conv <kernel_shape = [3, 3]> (x, w, b)
    c = Concat <axis = -3> (a, y)
    f = com.acme.Foo (c, v)
    d = Conv <kernel_shape = [3, 3]> (x, w)
    z = Relu (f)
}"""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    file = write(tmp_path_factory.mktemp("explain") / "net.onnx", NET, w=(4, 3, 3, 3), b=(4,), v=(7,))
    return analyze(file, symbols={"N": 2})


def lines(found: Explanation) -> dict[str, tuple[str, object]]:
    return {line.quantity: (line.formula, line.value) for line in found.lines}


@pytest.mark.parametrize("folder", ["light", "pytorch-converted", "pytorch-operator", "simple"])
def test_formulas_come_to_their_values_and_values_to_the_costs(folder: str):
    seen = 0
    for path in sorted((DATA / folder).rglob("*.onnx")):
        try:
            analysis = analyze(str(path))
        except Stop:
            continue
        for cost in analysis.layers:
            found = explain(analysis, cost.layer.name)
            if found.kind != "layer":
                continue
            values = {line.quantity: line.value for line in found.lines}
            for line in found.lines:
                assert not line.formula or same(evaluated(line.formula, line.values), line.value), (path, line)
            assert same(sum(values.get(role, 0) for role in TRAINED), cost.params), (path, found.name)
            for quantity in ("multiply_adds", "element_ops"):
                assert same(values.get(quantity, 0), getattr(cost, quantity)), (path, found.name, quantity)
            seen += 1
    assert seen > 20


def test_a_convolution_by_hand(net: Analysis):
    found = lines(explain(net, "Conv_0"))
    assert found["weights"] == ("kernel_height*kernel_width*input_channels*filters", 4 * 3 * 3 * 3)
    assert found["height"][1] == 6
    assert found["multiply_adds"][1] == 2 * 4 * 27 * 6 * 6
    assert found["params"] == ("weights + biases", 112)
    said = text(explain(net, "Conv_0"))
    assert "input  2x3x8x8 from x" in said
    assert "in the file: w (4x3x3x3)" in said


def test_what_a_join_adds_up(net: Analysis):
    assert lines(explain(net, "Concat_1"))["axis 1"] == ("4 + 2", 6)


def test_what_another_node_holds_counts_there(net: Analysis):
    found = explain(net, "Conv_3")
    assert "weights" not in lines(found)
    assert found.notes[-1:] == ("it uses the w (4x3x3x3) of Conv_0, whose params count there",)


def test_what_is_not_known_is_said_and_not_called_free(net: Analysis):
    found = explain(net, "Foo_2")
    assert "what it costs is not known" in found.notes
    assert lines(found)["constants"] == ("7", 7)
    assert "com.acme::Foo" in text(found)
    whole = json.loads(document(explain(net)))
    assert [gap["node"] for gap in whole["incomplete"]["nodes"]] == ["node 2 (Foo)"]
    assert whole["assumptions"] == []
    assert [one["name"] for one in whole["inputs"]] == ["x", "y"]


def test_rows_are_sums_and_unknown_names_get_the_nearest(net: Analysis):
    for row in net.graph.rows:
        found = explain(net, f"row {row.name}")
        assert found.kind == "row"
        for each in found.sums:
            assert each.value == sum(term.value for term in each.terms)
    with pytest.raises(InputError) as error:
        explain(net, "Cnov_0")
    assert error.value.problems[0].fix == "did you mean 'Conv_0'?"

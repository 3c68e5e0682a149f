"""The plan of an ONNX graph: names from the spec, arrays that are what is counted, and no onnx needed."""

from __future__ import annotations

import subprocess
import sys
from math import prod

import pytest

from inception_calc.analysis import analyze
from inception_calc.onnx_export.plan import part, plan
from inception_calc.problems import InputError
from tests.helpers import rows, shipped_analysis


def test_every_layer_is_a_node_of_its_own_name():
    analysis = shipped_analysis("googlenet", training=True)
    results = [node.name for node in plan(analysis).nodes if node.is_result]
    assert results == [cost.layer.name for cost in analysis.layers]
    assert "3a/5x5 reduce" in results


def test_what_a_layer_needs_beside_its_value_is_named_below_it():
    planned = plan(rows("rows: {conv: {convolution: 3x3, filters: 4, batch norm: true}, fc: {linear: 2}}"))
    assert [array.name for array in planned.arrays] == [
        "conv/weight", "conv/bias",
        "conv/batch norm/scale", "conv/batch norm/shift", "conv/batch norm/mean", "conv/batch norm/variance",
        "fc/weight", "fc/bias",
    ]  # fmt: skip
    assert "fc/flatten" in [node.name for node in planned.nodes]


def test_a_layer_may_be_called_like_anything_that_the_graph_needs():
    analysis = rows(
        "rows:\n  input: {convolution: 1x1, filters: 2}\n  input/weight: {convolution: 1x1, filters: 2}\n"
        "  constant/ratio: {dropout: 0.5}\n"
    )
    planned = plan(analysis)
    names = [planned.inputs[0], *(node.name for node in planned.nodes), *(array.name for array in planned.arrays)]
    names += [constant.name for constant in planned.constants]
    assert len(names) == len(set(names))


def test_the_arrays_of_a_connection_table_have_just_the_weights_that_count():
    """LeNet-5, Table I: C3 has 60 kernels of 5x5 and 16 biases, 1,516 params."""
    analysis = shipped_analysis("lenet5")
    index = next(i for i, cost in enumerate(analysis.layers) if cost.layer.name == "C3")
    arrays = [array.array for array in plan(analysis).arrays if array.layer == index]
    assert sum(prod(array.shape) for array in arrays) == 1516


def test_fixed_centres_are_no_params():
    analysis = shipped_analysis("lenet5")
    fixed = [array for array in plan(analysis).arrays if array.array.role == "fixed"]
    assert [array.array.shape for array in fixed] == [(10, 84)]


def test_a_free_batch_reaches_every_shape():
    planned = plan(analyze("googlenet", symbols={"batch": None}))
    assert {str(shape[0]) for shape in planned.shapes.values()} == {"batch"}


def test_params_that_depend_on_a_free_symbol_are_named_each():
    with pytest.raises(InputError) as caught:
        plan(analyze("alexnet", symbols={"size": None}))
    (problem,) = caught.value.problems
    assert problem.code == "free-symbol"
    assert problem.what.startswith("fc6: the shape of its weight")


def test_a_pyramid_needs_a_size():
    with pytest.raises(InputError, match="bins lie"):
        plan(rows("rows: {p: {spatial pyramid pool: [2, 1]}}", symbols={"size": None}))


def test_a_window_that_sees_nothing_cannot_be_exported():
    """Rounded up without padding, Caffe lets the last window start behind the map: 1x1/3 on 5 starts at 0, 3 and 6."""
    with pytest.raises(InputError, match="outside the map"):
        plan(rows("rows: {p: {max pool: 1x1/3, rounding: ceil}}", 1, 5, 5))


def test_a_part_takes_what_is_made_before_it_and_gives_what_is_read_behind_it():
    analysis = shipped_analysis("inception_module@naive")
    planned = plan(analysis)
    names = [cost.layer.name for cost in analysis.layers]
    join = part(planned, frozenset({names.index("module/concat")}))
    assert join.inputs == ("module/1x1", "module/3x3", "module/5x5", "module/pool")
    assert join.outputs == ("module/concat",)
    assert join.arrays == ()


def test_neither_planning_nor_drawing_imports_onnx():
    code = (
        "import sys\n"
        "sys.modules['onnx'] = sys.modules['numpy'] = None\n"
        "from inception_calc.analysis import analyze\n"
        "from inception_calc.onnx_export.plan import plan\n"
        "from inception_calc.report import dot, graph_json, mermaid, network\n"
        "analysis = analyze('googlenet')\n"
        "plan(analysis)\n"
        "for language in (dot, graph_json, mermaid):\n"
        "    language.draw(network.network_of(analysis))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

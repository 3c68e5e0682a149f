"""Layers made of nodes: what counts where, what is not known, what was assumed."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import Analysis, analyze
from inception_calc.dims import formula_text
from inception_calc.problems import InputError
from tests.graph.onnx.models import write


def words(found: Analysis) -> list[str]:
    return [cost.layer.op.op for cost in found.layers]


def test_a_vector_that_is_added_behind_a_product_is_its_bias_and_no_element_op(tmp_path: Path):
    text = """g (float[2, 8] x) => (float[2, 4] y) {
        a = MatMul (x, w)
        y = Add (a, b)
    }"""
    found = analyze(write(tmp_path / "m.onnx", text, w=(8, 4), b=(4,)))
    assert words(found) == ["linear", "bias"]
    assert (found.totals.weights, found.totals.biases, found.totals.element_ops) == (32, 4, 0)
    assert found.totals.multiply_adds == 2 * 8 * 4


def test_shape_arithmetic_is_one_layer_that_nobody_reads(tmp_path: Path):
    text = """g (float[2, 3, 4] x) => (float[2, 12] y) {
        s = Shape (x)
        zero = Constant <value = int64[1] {0}> ()
        n = Gather (s, zero)
        rest = Constant <value = int64[1] {-1}> ()
        target = Concat <axis = 0> (n, rest)
        y = Reshape (x, target)
    }"""
    found = analyze(write(tmp_path / "m.onnx", text))
    assert words(found) == ["reshape", "shape arithmetic"]
    assert tuple(found.layers[0].layer.output) == (2, 12)
    assert found.layers[0].layer.inputs == (-1,)
    assert found.layers[1].param_counts.constants == 2


def test_several_outputs_and_inputs_have_edges_of_their_own(tmp_path: Path):
    text = """g (float[2, 6] x, float[2, 4] z) => (float[2, 4] y) {
        sizes = Constant <value = int64[2] {2, 4}> ()
        a, b = Split <axis = 1> (x, sizes)
        y = Mul (b, z)
        unread = Relu (a)
    }"""
    found = analyze(write(tmp_path / "m.onnx", text))
    split, product = found.layers[0], found.layers[1]
    assert [tuple(shape) for shape in (split.layer.output, *split.layer.others)] == [(2, 2), (2, 4)]
    assert product.layer.inputs == (0, -2)
    assert [tuple(shape) for shape in product.inputs] == [(2, 4), (2, 4)]
    assert split.activation_elements == 12


def test_the_branch_that_is_not_taken_keeps_its_params(tmp_path: Path):
    text = """g (bool c, float[2, 8] x) => (float[2, 8] y) {
        y = If (c) <
            then_branch = t () => (float[2, 8] p) { q = MatMul (x, w)
                p = MatMul (q, w) },
            else_branch = e () => (float[2, 8] r) { r = MatMul (x, v) }
        >
    }"""
    found = analyze(write(tmp_path / "m.onnx", text, w=(8, 8), v=(8, 8)))
    assert found.totals.multiply_adds == 2 * 2 * 64
    assert found.totals.params == 128
    assert words(found)[-1] == "branches not taken"
    assert found.totals.depth == 2  # through the branch
    assert found.graph.known is not None
    assert len(found.graph.known.assumptions) == 1


def test_an_unknown_operator_is_a_gap_with_its_place(tmp_path: Path):
    text = """g (float[2, 8] x) => (float[2, 8] y) {
        a = com.acme.Foo (x)
        y = Relu (a)
    }"""
    found = analyze(write(tmp_path / "m.onnx", text))
    assert found.graph.known is not None
    ((place, what),) = found.graph.known.gaps
    assert place.startswith("node 0")
    assert "com.acme::Foo" in what
    assert found.graph.known.nodes == 2


CONV = """g (float[N, 3, H, 8] x) => (float[N, 4, H, 8] y) {
    y = Conv <pads = [1, 1, 1, 1]> (x, w)
}"""
LONE = CONV.replace("H", "8")


def test_a_lone_batch_is_one_and_that_is_said(tmp_path: Path):
    file = write(tmp_path / "m.onnx", LONE, w=(4, 3, 3, 3))
    each = 64 * 9 * 3 * 4
    found = analyze(file)
    assert found.totals.multiply_adds == each
    assert found.graph.known is not None
    assert "batch 'N'" in found.graph.known.assumptions[0]
    for chosen in ({"symbols": {"N": 5}}, {"batch": 5}, {"input": (5, 3, 8, 8)}, {"input": {"x": (5, 3, 8, 8)}}):
        found = analyze(file, **chosen)
        assert found.totals.multiply_adds == 5 * each
        assert not found.graph.known.assumptions
    assert formula_text(analyze(file, symbols={"N": None}).totals.multiply_adds) == f"{each}*N"


def test_free_sizes_stay_symbols_and_are_bound_wherever_they_stand(tmp_path: Path):
    file = write(tmp_path / "m.onnx", CONV, w=(4, 3, 3, 3))
    assert analyze(file).free == ("H", "N")
    assert formula_text(analyze(file).totals.multiply_adds) == "864*H*N"
    assert analyze(file, symbols={"H": 8, "N": 2}).totals.multiply_adds == 2 * 64 * 108
    assert analyze(file, input=(2, 3, 8, 16)).totals.multiply_adds == 2 * 128 * 108  # a size of the file, overruled


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"input": (3, 8, 8)}, "bad-input"),
        ({"input": {"z": (1, 3, 8, 8)}}, "unknown-input"),
        ({"symbols": {"M": 3}}, "unknown-size"),
        ({"symbols": {"N": "many"}}, "bad-value"),
        ({"batch": 2, "symbols": {"N": 3}}, "two-sizes"),
        ({"input": (2, 3, 8, 8), "symbols": {"N": 3}}, "two-sizes"),
        ({"training": True}, "needs-spec"),
        ({"round_to": 8}, "needs-spec"),
        ({"dtype": "fp16"}, "needs-spec"),
        ({"fully_convolutional": True}, "needs-spec"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, chosen: dict, code: str):
    file = write(tmp_path / "m.onnx", LONE, w=(4, 3, 3, 3))
    with pytest.raises(InputError) as caught:
        analyze(file, **chosen)
    assert caught.value.problems[0].code == code


def test_windows_are_printed_as_in_papers_and_settings_are_those_of_the_node(tmp_path: Path):
    text = """g (float[1, 4, 8, 8] x) => (float[1, 4, 2, 3] z) {
        y = Conv <strides = [2, 2], pads = [1, 1, 1, 1], group = 2> (x, w)
        z = MaxPool <kernel_shape = [3, 2], strides = [1, 1]> (y)
    }"""
    convolution, pool = analyze(write(tmp_path / "m.onnx", text, w=(4, 2, 3, 3))).single_layers
    assert (convolution.patch, pool.patch) == ("3x3/2", "3x2/1")
    facts = convolution.layers[0].layer.op.facts()
    assert facts is not None
    assert (facts["kernel size"], facts["groups"], facts["filters"], facts["pads"]) == ("3x3", 2, 4, (1, 1, 1, 1))


def test_the_value_of_an_integer_input_decides_a_branch(tmp_path: Path):
    text = """g (int64 rate, float[2, 8] x) => (float[2, 8] y) {
        limit = Constant <value = int64 {8000}> ()
        c = Greater (rate, limit)
        y = If (c) <
            then_branch = t () => (float[2, 8] p) { q = MatMul (x, w)
                p = MatMul (q, w) },
            else_branch = e () => (float[2, 8] r) { r = MatMul (x, w) }
        >
    }"""
    file = write(tmp_path / "m.onnx", text, w=(8, 8))
    for rate, products in ((16000, 2), ("16000", 2), (0, 1)):
        found = analyze(file, symbols={"rate": rate})
        assert found.totals.multiply_adds == products * 2 * 64
        assert found.graph.known is not None
        assert not found.graph.known.assumptions
    with pytest.raises(InputError, match="integer input"):
        analyze(file, symbols={"rate": "fast"})


def test_tensors_of_several_types_have_no_one_type(tmp_path: Path):
    text = """g (int64[5] ids) => (float[5, 4] y) {
        y = Gather (t, ids)
    }"""
    found = analyze(write(tmp_path / "m.onnx", text, t=(10, 4)))
    assert (found.dtype, found.element_size) == ("", 0)
    assert found.layers[0].param_counts.embeddings == found.totals.params == 40

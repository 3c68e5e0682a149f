"""What elements of a file's tensors see: behind windows, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import analyze
from inception_calc.analysis.receptive_field import receptive_fields
from inception_calc.onnx_export.model import write_model
from inception_calc.onnx_export.plan import plan
from tests.graph.onnx.models import write
from tests.helpers import rows


def sizes(path: str) -> list[tuple[object, ...] | None]:
    return [field and field.size for field in receptive_fields(analyze(path).graph)]


def test_places_are_those_of_a_window_that_reads_the_input(tmp_path: Path):
    text = """g (float[1, 3, 9, 9] x) => (float[1, 4] y) {
        a = Relu (x)
        b = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (a, w)
        c = MaxPool <kernel_shape = [2, 3]> (b)
        d = GlobalAveragePool (c)
        e = Flatten (d)
        y = MatMul (e, v)
    }"""
    found = sizes(write(tmp_path / "m.onnx", text, w=(4, 3, 3, 3), v=(4, 4)))
    assert found == [(1, 1), (3, 3), (5, 7), (11, 11), (11, 11), (11, 11)]  # 5 + (4 - 1) 2 down, 7 + (3 - 1) 2 across


def test_without_a_window_no_axis_is_a_place(tmp_path: Path):
    text = """g (float[1, 7, 8] tokens) => (float[1, 7, 8] y) {
        a = Relu (tokens)
        b = MatMul (a, w)
        y = Add (b, tokens)
    }"""
    assert sizes(write(tmp_path / "m.onnx", text, w=(8, 8))) == [None, None, None]


def test_behind_what_moves_axes_nothing_is_said(tmp_path: Path):
    text = """g (float[1, 3, 9, 9] x) => (float[1, 81, 4] y) {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        shape = Constant <value = int64[3] {1, 4, 81}> ()
        b = Reshape (a, shape)
        c = Transpose <perm = [0, 2, 1]> (b)
        y = Softmax (c)
    }"""
    found = sizes(write(tmp_path / "m.onnx", text, w=(4, 3, 3, 3)))
    assert found[0] == (3, 3)
    assert set(found[1:]) == {None}


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_maps_enlarged_by_whole_factors_are_seen_as_in_the_spec_that_was_exported(mode: str, tmp_path: Path):
    spec = rows(f"""rows:
      c: {{convolution: 3x3/2, filters: 4, padding: 1}}
      up: {{upsampling: 3x2, mode: {mode}}}
      d: {{convolution: 3x3, filters: 2}}
    """, 3, 12, 9)  # fmt: skip
    write_model(plan(spec), tmp_path / "m.onnx", "constant", 0)
    back = analyze(str(tmp_path / "m.onnx"))
    assert back.totals.element_ops == spec.totals.element_ops
    names = {cost.layer.name: place for place, cost in enumerate(back.layers)}
    found = receptive_fields(back.graph)
    for cost, field in zip(spec.layers, receptive_fields(spec.graph), strict=True):
        other = found[names[cost.layer.name]]
        assert field is not None
        assert other is not None
        assert (field.size, field.stride, field.offset) == (other.size, other.stride, other.offset)


def test_padding_and_means_of_maps_are_nodes_of_their_own_in_files_of_other_tools(tmp_path: Path):
    text = """g (float[1, 3, 9, 9] x) => (float[1, 4] y) {
        pads = Constant <value = int64[8] {0, 0, 0, 1, 0, 0, 2, 1}> ()
        a = Pad (x, pads)
        b = Conv <strides = [2, 2]> (a, w)
        c = Cast <to = 10> (b)
        axes = Constant <value = int64[2] {2, 3}> ()
        y = ReduceMean <keepdims = 0> (c, axes)
    }"""
    analysis = analyze(write(tmp_path / "m.onnx", text, w=(4, 3, 3, 3)))
    found = receptive_fields(analysis.graph)[:4]
    assert [field and field.size for field in found] == [(1, 1), (3, 3), (3, 3), (11, 11)]
    assert [field and field.offset for field in found] == [(0, -1), (0, -1), (0, -1), (0, -1)]


def test_windows_that_data_move_are_not_followed(tmp_path: Path):
    text = """g (float[1, 3, 9, 9] x, float[1, 18, 7, 7] offset) => (float[1, 4, 7, 7] y) {
        a = DeformConv (x, w, offset)
        y = Relu (a)
    }"""
    assert sizes(write(tmp_path / "m.onnx", text, w=(4, 3, 3, 3))) == [None, None]


def test_gates_and_branches_are_joined_as_in_specs(tmp_path: Path):
    text = """g (float[2, 4, 8, 8] x) => (float[2, 8, 8, 8] y) {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        mean = GlobalAveragePool (a)
        gate = Sigmoid (mean)
        b = Mul (a, gate)
        c = Conv <pads = [2, 2, 2, 2], dilations = [2, 2]> (x, w)
        y = Concat <axis = 1> (c, x)
    }"""
    found = sizes(write(tmp_path / "m.onnx", text, w=(4, 4, 3, 3)))
    assert found == [(3, 3), (10, 10), (10, 10), (10, 10), (5, 5), (5, 5)]


def test_a_signal_has_one_axis_and_an_input_that_no_window_reads_none(tmp_path: Path):
    text = """g (float[1, 2, 32] x, float[1, 4, 30] z) => (float[1, 4, 30] y) {
        a = Conv (x, w)
        b = Relu (z)
        y = Add (a, b)
    }"""
    assert sizes(write(tmp_path / "m.onnx", text, w=(4, 2, 3))) == [(3,), None, None]

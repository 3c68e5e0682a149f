"""What elements of a file's tensors see: behind windows, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import analyze
from inception_calc.analysis.receptive_field import receptive_fields
from tests.graph.onnx.models import write


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

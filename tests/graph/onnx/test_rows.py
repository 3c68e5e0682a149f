"""Rows: by module where names say it, run by run where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import analyze
from tests.graph.onnx.models import named, write


def chain(count: int) -> str:
    """So many pairs of a convolution and a ReLU."""
    lines = "".join(f"  c{i} = Conv (r{i}, w)\n  r{i + 1} = Relu (c{i})\n" for i in range(count))
    return f"g (float[1, 4, 8, 8] r0) => (float[1, 4, 8, 8] r{count}) {{\n{lines}}}"


def test_modules_interleave(tmp_path: Path):
    file = write(tmp_path / "m.onnx", chain(20), w=(4, 4, 1, 1))
    names = [f"/net/{'ab'[i % 2]}/{i}/{what}" for i in range(20) for what in ("Conv", "Relu")]
    found = analyze(named(file, *names))
    assert {row.name: row.totals.layers for row in found.rows} == {f"{'ab'[i % 2]}/{i}": 2 for i in range(20)}
    names = [f"/net/{'abcdefgh'[i % 8]}/{i}/{what}" for i in range(20) for what in ("Conv", "Relu")]
    found = analyze(named(file, *names))
    assert {row.name: row.totals.layers for row in found.rows} == {
        letter: 6 if letter in "abcd" else 4 for letter in "abcdefgh"
    }
    assert found.graph.rows[0].layers == [0, 1, 16, 17, 32, 33]


def test_nodes_outside_all_modules_stand_with_those_in_front_of_them(tmp_path: Path):
    file = write(tmp_path / "m.onnx", chain(40), w=(4, 4, 1, 1))
    names = [name for i in range(40) for name in (f"/{'ab'[i // 20]}/Conv_{i}", f"/Relu_{i}")]
    found = analyze(named(file, *names))
    assert {row.name: row.totals.layers for row in found.rows} == {"a": 40, "b": 40}


def test_a_part_that_its_inner_part_repeats_is_left_out(tmp_path: Path):
    file = write(tmp_path / "m.onnx", chain(9), w=(4, 4, 1, 1))
    names = [f"/layer1/layer1.{i}/conv1/{what}" for i in range(9) for what in ("Conv", "Relu")]
    assert [row.name for row in analyze(named(file, *names)).rows] == [f"layer1.{i}" for i in range(9)]


def test_few_layers_are_rows_of_their_own_and_many_without_names_run_to_the_next_convolution(tmp_path: Path):
    few = analyze(write(tmp_path / "few.onnx", chain(3), w=(4, 4, 1, 1)))
    assert [row.totals.layers for row in few.rows] == [1] * 6
    many = analyze(write(tmp_path / "many.onnx", chain(40), w=(4, 4, 1, 1)))
    assert [row.totals.layers for row in many.rows] == [2] * 40
    assert many.totals.params == 16  # one weight for all

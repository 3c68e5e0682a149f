"""Pad: `{pad: 3}`, `{pad: [[0, 1], [0, 1]], mode: reflect}`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem, rows
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, around: list[int]):
    top, bottom, left, right = around
    step = f"{{pad: [[{top}, {bottom}], [{left}, {right}]]}}"
    assert counted(step, x) == [loops.moved((x[0], x[1] + top + bottom, x[2] + left + right))]


@pytest.mark.parametrize(("mode", "numpys"), [("zeros", "constant"), ("reflect", "reflect"), ("edge", "edge")])
def test_it_runs_as_numpys_pad(mode: str, numpys: str):
    x, y, _ = run(f"{{pad: [[1, 2], [0, 1]], mode: {mode}}}", 2, 4, 3)
    assert (y == np.pad(x, ((0, 0), (1, 2), (0, 1)), numpys)).all()


def test_a_valid_convolution_behind_it_is_a_padded_one():
    padded = rows("rows: {p: {pad: 1}, c: {convolution: 3x3, filters: 2}}", 1, 8, 8)
    alike = rows("rows: {c: {convolution: 3x3, filters: 2, padding: 1}}", 1, 8, 8)
    assert padded.totals.multiply_adds == alike.totals.multiply_adds
    assert padded.layers[1].effective_multiply_adds > alike.layers[0].effective_multiply_adds


@pytest.mark.parametrize(
    ("step", "code", "at"),
    [
        ("pad", "no-size", "pad"),
        ("{pad: 16, mode: reflect}", "padding-too-large", "16"),
        ("{pad: 1, mode: wrap}", "unknown-word", "wrap"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(step: str, code: str, at: str):
    problem = row_problem(f"rows: {{a: {step}}}")
    assert (problem.code, meant(problem)) == (code, at)

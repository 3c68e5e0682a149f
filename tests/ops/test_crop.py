"""Crop: `{crop: 2}`, `{crop: , size: 56x56}`, `{crop: , as: ROW}` (U-Net, Figure 1)."""

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


@given(maps(side=4), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, cut: list[int]):
    top, bottom, left, right = cut
    large = (x[0], x[1] + top + bottom, x[2] + left + right)
    step = f"{{crop: [[{top}, {bottom}], [{left}, {right}]]}}"
    assert counted(step, large) == [loops.moved(x)]


@pytest.mark.parametrize(
    ("step", "rows_", "columns"),
    [
        ("{crop: 1}", slice(1, 6), slice(1, 7)),
        ("{crop: [2, 0]}", slice(2, 5), slice(0, 8)),
        ("{crop: [[0, 1], [3, 0]]}", slice(0, 6), slice(3, 8)),
        ("{crop: , size: 4x5}", slice(1, 5), slice(1, 6)),
    ],
)
def test_it_runs_as_a_slice(step: str, rows_: slice, columns: slice):
    x, y, _ = run(step, 2, 7, 8)
    assert (y == x[:, rows_, columns]).all()


def test_as_takes_the_size_of_an_earlier_row_from_the_middle():
    """U-Net, Figure 1: the 64x64 map that is copied beside the first up-convolution's 56x56."""
    text = """
    rows:
      big: {convolution: 1x1, filters: 2}
      small: {convolution: 9x9, filters: 2}
      c: {output of: big, then: {crop: , as: small}}
    """
    net = rows(text, 1, 64, 64)
    assert tuple(net.rows[-1].output) == (2, 56, 56)
    assert net.layers[-1].layer.op.amounts == ((4, 4), (4, 4))


@pytest.mark.parametrize(
    ("step", "code", "at"),
    [
        ("{crop: 8}", "crop-too-large", "8"),
        ("{crop: , size: 20x3}", "crop-too-large", "20x3"),
        ("{crop: , size: 2x2/2}", "no-setting", "2x2/2"),
        ("{crop: , as: late}", "later-row", "late"),
        ("{crop: , as: lat}", "unknown-row", "lat"),
        ("{crop: 1, size: 3x3}", "two-sizes", "size"),
        ("crop", "no-size", "crop"),
        ("{crop: same}", "bad-padding", "same"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(step: str, code: str, at: str):
    problem = row_problem(f"rows: {{a: {step}, late: relu}}")
    assert (problem.code, meant(problem)) == (code, at)
    assert problem.fix


def test_a_crop_beyond_the_map_names_both_numbers():
    problem = row_problem("rows: {a: {crop: , size: 20x3}}")
    assert "a height of 20 cannot be cut out of 16" in problem.what

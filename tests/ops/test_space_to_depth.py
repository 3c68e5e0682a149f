"""Space to depth: `{space to depth: 2}` (YOLO9000, section 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, names, row_problem, rows
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(), st.integers(1, 3))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, factor: int):
    large = (x[0], factor * x[1], factor * x[2])
    expected = [loops.moved((x[0] * factor * factor, *x[1:]))]
    assert counted(f"{{space to depth: {factor}}}", large) == expected


def test_a_pixel_shuffle_takes_it_back():
    x, y, _ = run("{sequence: [{space to depth: 2}, {pixel shuffle: 2}]}", 3, 4, 6)
    assert (y == x).all()


def test_blocks_are_those_of_pytorchs_pixel_unshuffle():
    x, y, _ = run("{space to depth: 2}", 2, 4, 6)
    for c, row, column in np.ndindex(x.shape):
        assert x[c, row, column] == y[4 * c + 2 * (row % 2) + column % 2, row // 2, column // 2]


def test_yolov2s_passthrough():
    """YOLO9000, section 2: a 26x26x512 map into a 13x13x2048 one."""
    net = rows("rows: {passthrough: {space to depth: 2}}", 512, 26, 26)
    assert (names(net), tuple(net.rows[0].output)) == (["passthrough"], (2048, 13, 13))


def test_blocks_that_do_not_tile_name_both_numbers():
    problem = row_problem("rows: {a: {space to depth: 3}}", 3, 16, 15)
    assert (problem.code, meant(problem)) == ("no-multiple", "3")
    assert "blocks of 3 do not tile a height of 16" in problem.what

"""Pixel shuffle: `{pixel shuffle: 2}` (Shi et al. 2016, equation 4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import analyzed, counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(), st.integers(1, 3))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, factor: int):
    deep = (x[0] * factor * factor, *x[1:])
    expected = [loops.moved((x[0], factor * x[1], factor * x[2]))]
    assert counted(f"{{pixel shuffle: {factor}}}", deep) == expected


def test_places_are_those_of_equation_4():
    """Row y r + i, column z r + j of map c comes from channel c r r + i r + j."""
    x, y, _ = run("{pixel shuffle: 2}", 8, 2, 3)
    for c, row, column in np.ndindex(y.shape):
        assert y[c, row, column] == x[4 * c + 2 * (row % 2) + column % 2, row // 2, column // 2]


@pytest.mark.parametrize(("size", "after"), [("6x5", (2, 15)), ("16x2x3x4", (2, 4, 6, 8))])
def test_signals_and_volumes_too(size: str, after: tuple[int, ...]):
    factor = 3 if len(after) == 2 else 2
    net = analyzed(f"name: t\ninput: {size}\nrows: {{a: {{pixel shuffle: {factor}}}}}")
    assert tuple(net.layers[0].layer.output) == after


def test_channels_that_make_no_block_name_both_numbers():
    problem = row_problem("rows: {a: {pixel shuffle: 2}}", 6)
    assert (problem.code, meant(problem)) == ("no-multiple", "2")
    assert "6 channels are no multiple of 4" in problem.what

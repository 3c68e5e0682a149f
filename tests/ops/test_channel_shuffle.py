"""Channel shuffle: `{channel shuffle: 2}` (ShuffleNet, section 3.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import maps

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from tests.onnx_export.test_values import run  # noqa: E402 - behind the question whether it is there


@given(maps(), st.integers(1, 3))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, groups: int):
    x = (x[0] * groups, *x[1:])
    assert counted(f"{{channel shuffle: {groups}}}", x) == [loops.moved(x)]


def test_the_groups_take_turns():
    x, y, _ = run("{channel shuffle: 2}", 6, 2, 3)
    assert (y == x[[0, 3, 1, 4, 2, 5]]).all()


def test_groups_that_do_not_divide_are_refused():
    problem = row_problem("rows: {a: {channel shuffle: 4}}", 6)
    assert (problem.code, meant(problem)) == ("no-multiple", "4")

"""Group normalization: `{group norm: 32}` (Wu and He 2018)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.analysis.measures import Measures
from tests.helpers import counted, meant, row_problem, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, flag, maps


@given(maps(), st.integers(1, 3), FLAGS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, groups: int, affine: bool):
    x = (x[0] * groups, *x[1:])
    assert counted(f"{{group norm: {groups}, affine: {flag(affine)}}}", x) == [loops.group_norm(x, groups, affine)]


def test_groups_that_do_not_divide_name_both_numbers():
    problem = row_problem("rows: {n: {group norm: 5}}", 12)
    assert (problem.code, meant(problem)) == ("no-multiple", "5")
    assert "12 channels" in problem.what
    assert "10 or 15" in problem.fix


def test_statistics_over_the_map_see_all_of_it():
    net = rows("rows: {n: {group norm: 2}}", 4, 9, 7)
    assert Measures(net).receptive_fields[0].size == (9, 7)


def test_it_runs_as_its_formula():
    np = pytest.importorskip("numpy")
    pytest.importorskip("onnxruntime")
    from tests.onnx_export.test_values import run

    x, y, arrays = run("{group norm: 2}", 4, 3, 5)
    groups = x.reshape(2, -1)
    even = (groups - groups.mean(1, keepdims=True)) / np.sqrt(groups.var(1, keepdims=True) + 1e-5)
    assert np.allclose(y, even.reshape(x.shape) * arrays["scale"] + arrays["shift"], atol=1e-4)

"""Gated linear unit: `glu`, `{glu: silu}` (Dauphin et al. 2016; Shazeer 2020)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.dims import substitute
from tests.helpers import counted, meant, row_problem, rows
from tests.ops import loops
from tests.ops.layers import maps

GATES = {"": ["sigmoid"], "silu": ["sigmoid", "product"], "relu": ["largest"], "none": []}


@given(maps(), st.sampled_from(list(GATES)))
def test_counts_are_those_of_the_walked_loops(x: loops.Map, gate: str):
    x = (2 * x[0], *x[1:])
    expected = loops.elementwise((x[0] // 2, *x[1:]), *GATES[gate], "product")
    assert counted(f"{{glu: {gate}}}", x) == [expected]


def test_channels_that_have_no_half_are_refused():
    problem = row_problem("rows: {a: glu}", 5)
    assert (problem.code, meant(problem)) == ("no-multiple", "glu")
    assert "5 channels" in problem.what
    assert "4 or 6" in problem.fix


def test_it_runs_as_its_formula():
    np = pytest.importorskip("numpy")
    pytest.importorskip("onnxruntime")
    from tests.onnx_export.test_values import run

    x, y, _ = run("{glu: silu}", 4, 3, 3)
    assert np.allclose(y, x[:2] * x[2:] / (1 + np.exp(-x[2:])), atol=1e-6)


def test_its_width_may_be_free():
    net = rows("symbols: {w: 8}\nrows: {c: {convolution: 1x1, filters: 2 * w}, g: glu}", symbols={"w": None})
    assert substitute(net.layers[1].layer.output.channels, {"w": 3}) == 3

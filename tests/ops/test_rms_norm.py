"""Root mean square normalization: `rms norm` (Zhang and Sennrich 2019, equation 4)."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.helpers import analyzed, counted, meant, row_problem
from tests.ops import loops
from tests.ops.layers import FLAGS, flag, maps


@given(maps(), FLAGS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, scale: bool):
    assert counted(f"{{rms norm: {{scale: {flag(scale)}}}}}", x) == [loops.rms_norm(x, scale)]
    assert counted("rms norm", x) == [loops.rms_norm(x)]


def test_llamas_norm_has_one_number_a_channel():
    assert analyzed("name: t\ninput: 4096x8\nrows: {norm: rms norm}").totals.params == 4096


def test_it_has_no_shift():
    problem = row_problem("rows: {n: {rms norm: {shift: true}}}")
    assert (problem.code, meant(problem)) == ("unknown-key", "shift")


def test_it_runs_as_its_formula():
    np = pytest.importorskip("numpy")
    pytest.importorskip("onnxruntime")
    from tests.onnx_export.test_values import run

    x, y, arrays = run("rms norm", 4, 3, 5)
    assert np.allclose(y, x / np.sqrt((x * x).mean(0) + 1e-5) * arrays["scale"], atol=1e-4)

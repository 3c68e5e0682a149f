"""Instance normalization: `instance norm`, `{instance norm: {scale: true, shift: true}}` (Ulyanov et al. 2016)."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.helpers import counted, problems
from tests.ops import loops
from tests.ops.layers import FLAGS, flag, maps


@given(maps(), FLAGS, FLAGS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, scale: bool, shift: bool):
    step = f"{{instance norm: {{scale: {flag(scale)}, shift: {flag(shift)}}}}}"
    assert counted(step, x) == [loops.instance_norm(x, scale, shift)]
    assert counted("instance norm", x) == [loops.instance_norm(x)]


def test_it_is_a_group_norm_of_one_channel_a_group():
    """Wu and He 2018, section 3.1."""
    assert counted("{instance norm: {scale: true, shift: true}}", (6, 4, 3)) == counted("{group norm: 6}", (6, 4, 3))


def test_a_vector_has_no_positions():
    (problem,) = problems("name: t\ninput: 784\nrows: {n: instance norm}")
    assert problem.code == "wrong-rank"


@pytest.mark.parametrize("affine", [False, True])
def test_it_runs_as_its_formula(affine: bool):
    np = pytest.importorskip("numpy")
    pytest.importorskip("onnxruntime")
    from tests.onnx_export.test_values import run

    x, y, arrays = run(f"{{instance norm: {{scale: {flag(affine)}, shift: {flag(affine)}}}}}", 4, 3, 5)
    expected = (x - x.mean((1, 2), keepdims=True)) / np.sqrt(x.var((1, 2), keepdims=True) + 1e-5)
    if affine:
        expected = expected * arrays["scale"].reshape(-1, 1, 1) + arrays["shift"].reshape(-1, 1, 1)
    assert np.allclose(y, expected, atol=1e-4)

"""L2 normalization: `l2 norm`, `{l2 norm: {scale: true}}` (ParseNet, section 3.3)."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.helpers import counted, rows
from tests.ops import loops
from tests.ops.layers import FLAGS, flag, maps


@given(maps(), FLAGS)
def test_counts_are_those_of_the_walked_loops(x: loops.Map, scale: bool):
    assert counted(f"{{l2 norm: {{scale: {flag(scale)}}}}}", x) == [loops.l2_norm(x, scale)]
    assert counted("l2 norm", x) == [loops.l2_norm(x)]


def test_ssds_conv4_3_has_512_scales():
    assert rows("rows: {n: {l2 norm: {scale: true}}}", 512, 38, 38).totals.params == 512


def test_it_runs_as_its_formula():
    np = pytest.importorskip("numpy")
    pytest.importorskip("onnxruntime")
    from tests.onnx_export.test_values import run

    x, y, arrays = run("{l2 norm: {scale: true}}", 4, 3, 5)
    assert np.allclose(y, x / np.sqrt((x * x).sum(0)) * arrays["scale"], atol=1e-5)
